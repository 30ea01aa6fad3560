"""How the cameras are, as consoles that show them tell: the last look at each, rates by centre, platforms' lights."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import camera_care, duty_care, labels
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.model.camera import Camera, CameraLook, CameraState
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import Check
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights import RANK, Label
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import (
    AskCameraHealth,
    CameraHealth,
    CamerasHeard,
    OnlineRate,
    TellCameras,
)

MOST_TOLD = 64
MOST_LOOKS = 5000
"""Of one answer; rates count all."""
COUNTS_NS = 24 * 3600 * NS_PER_S
"""A look that is older says nothing of how a camera is."""
LONGEST_REASON = 64
CHECK = "cameras"
LEAST_ONLINE = 90
"""Per cent of the cameras looked at that are to be online at a hand-over."""


def told(desk: Desk, ledger: Ledger, caller: Caller, ask: TellCameras) -> bytes:
    """Answer `camera.told`: keep what a console sees. State, not fact: the next look says it again."""
    if len(ask.looks) > MOST_TOLD:
        raise Refused("ask.out_of_range", after=0, limit=len(ask.looks), most=MOST_TOLD)
    now, taken = desk.clock.utc_ns(), 0
    with ledger.reading() as connection:
        for look in ask.looks:
            camera = desk.city.cameras.get(look.camera)
            if camera is None or len(look.reason) > LONGEST_REASON:
                continue
            camera_care.expect_cleared(connection, caller, camera)
            known = desk.cameras.looks.get(look.camera)
            same = known is not None and (known.state, known.reason) == (look.state, look.reason)
            since = known.since if same and known is not None else min(look.since, now)
            desk.cameras.looks[look.camera] = replace(look, since=since, told_at=now)
            taken += 1
    return codec.pack(CamerasHeard(taken=taken))


def health(desk: Desk, ledger: Ledger, caller: Caller, ask: AskCameraHealth) -> bytes:
    """Answer `camera.health`."""
    with ledger.reading() as connection:
        shown = list(_seen_by(desk, connection, caller))
    centre, wanted = ask.centre or duty_care.own_centre(desk), frozenset(ask.cameras)
    below = list(_below(desk, shown, centre))
    looks = [
        look for camera in below if (not wanted or camera.code in wanted)
        and (look := desk.cameras.looks.get(camera.code)) is not None
    ]  # fmt: skip
    looks.sort(key=lambda look: (look.state is CameraState.ONLINE, look.since))
    return codec.pack(
        CameraHealth(
            looks=tuple(looks[:MOST_LOOKS]), rates=_rates(desk, below), platforms=tuple(desk.cameras.platforms.values())
        )
    )


def online(desk: Desk, centre: str = "") -> tuple[int, int]:
    """Return how many cameras of a centre and below were seen within the last day, and how many of them online."""
    looked = list(_counting(desk, list(_below(desk, desk.city.cameras.values(), centre))))
    return len(looked), sum(look.state is CameraState.ONLINE for _, look in looked)


def check(desk: Desk) -> Check | None:
    """Return the self-check of a hand-over (WF1 step 4), None where the city has no cameras.

    It is signed with the sheet, so it says tens of per cent: a figure that changed with every camera that comes and
    goes would void a signature each time.
    """
    if not desk.city.cameras:
        return None
    looked, well = online(desk)
    if not looked:
        return Check(name=CHECK, good=False, reason="camera.none_looked")
    share = 100 * well // looked
    if share >= LEAST_ONLINE:
        return Check(name=CHECK, good=True)
    told = {"share": str(share // 10 * 10), "least": str(LEAST_ONLINE)}
    return Check(name=CHECK, good=False, reason="camera.few_online", params=told)


def _rates(desk: Desk, cameras: list[Camera]) -> tuple[OnlineRate, ...]:
    known = Counter(camera.centre for camera in cameras)
    looked, well = Counter[str](), Counter[str]()
    for camera, look in _counting(desk, cameras):
        looked[camera.centre] += 1
        well[camera.centre] += look.state is CameraState.ONLINE
    return tuple(
        OnlineRate(centre=centre, cameras=known[centre], looked_at=looked[centre], online=well[centre])
        for centre in sorted(known)
    )


def _below(desk: Desk, cameras: Iterable[Camera], centre: str) -> Iterator[Camera]:
    """Yield those of a centre and below; two thousand cameras stand in some hundreds of centres."""
    known: dict[str, bool] = {}
    for camera in cameras:
        if camera.centre not in known:
            known[camera.centre] = not centre or centre in desk.city.path(camera.centre)
        if known[camera.centre]:
            yield camera


def _counting(desk: Desk, cameras: list[Camera]) -> Iterator[tuple[Camera, CameraLook]]:
    since = desk.clock.utc_ns() - COUNTS_NS
    for camera in cameras:
        look = desk.cameras.looks.get(camera.code)
        if look is not None and look.told_at >= since:
            yield camera, look


def _seen_by(desk: Desk, connection: Connection, caller: Caller) -> Iterator[Camera]:
    """Hidden cameras are not even counted for who is not cleared."""
    clearance = None
    for camera in desk.city.cameras.values():
        if camera.label is Label.HIDE:
            clearance = clearance or labels.clearance_of(connection, caller)
            if RANK[clearance] < RANK[Label.HIDE]:
                continue
        yield camera

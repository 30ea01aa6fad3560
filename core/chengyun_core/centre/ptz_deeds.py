"""Moving a camera: one hand at a time, by name; taken, given back, left idle, or taken over by a higher post (Y2)."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import camera_care
from chengyun_core.centre.camera_desk import Held
from chengyun_core.centre.camera_office import CameraOffice
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.centre.workers import Job
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.camera import (
    LONGEST_PRESET,
    MOST_PRESETS,
    Camera,
    CameraKind,
    Preset,
    PtzLock,
    presets_of,
)
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Holding
from chengyun_core.model.permission import centre_of, kind_of
from chengyun_core.model.ptz_rules import IDLE_S, NO_RANK, RANKS, STOPS_AFTER_S, Rank, highest, may_take_over, rank_of
from chengyun_core.store import camera_table, session_table
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import AskPresets, MovePtz, Presets, PtzMoved, SendToPreset
from chengyun_core.wire.envelope import Done

KIND = "ptz_lock"


def take(desk: Desk, work: Work, caller: Caller, command: object) -> Done:
    """Take a camera's movement; one's own is kept, somebody else's only by a higher post and with a reason."""
    camera = _movable(desk, work.connection, caller, str(getattr(command, "camera", "")))
    reason = clean(str(getattr(command, "reason", "")), field="reason")
    holding = highest(caller.holdings)
    if caller.session is None or holding is None:
        raise Refused("ptz.no_seat")
    held = desk.cameras.held.get(camera.code)
    if held is not None and _is_own(held, caller):
        return Done(change=0, key=camera.code, version=held.lock.version)
    if held is not None:
        _expect_higher(desk, held, holding, reason)
    lock = PtzLock(
        camera=camera.code, account=caller.account, name=caller.session.name, seat=caller.session.seat,
        post=holding.post, since=work.at_ns, reason=reason if held else "",
        taken_from=held.lock.account if held else "", version=_next_version(work.connection, camera.code),
    )  # fmt: skip
    told = {"camera": camera.code, "name": camera.name, "reason": lock.reason, "from": lock.taken_from,
            "moves": held.moves if held else 0}  # fmt: skip
    change = work.note("ptz.take", KIND, camera.code, lock.version, lock, params=told)
    camera_table.put_lock(work.connection, lock, change)
    work.after_commit(partial(_hold, desk, lock))
    return Done(change=change, key=camera.code, version=lock.version)


def give(desk: Desk, work: Work, caller: Caller, command: object) -> Done:
    """Give one's own camera back."""
    code = str(getattr(command, "camera", ""))
    held = _expect_own(desk, caller, code)
    change = _end(desk, work, held, "ptz.give", "given")
    return Done(change=change, key=code, version=held.lock.version + 1)


def move(desk: Desk, ledger: Ledger, caller: Caller, ask: MovePtz) -> bytes:
    """Answer `ptz.move`: told on to the camera at once; nothing is written, movements are summed in the lock."""
    with ledger.reading() as connection:
        camera = _movable(desk, connection, caller, ask.camera, "ptz.move")
    held = _expect_own(desk, caller, ask.camera)
    speeds = tuple(max(-1.0, min(1.0, speed)) if speed == speed else 0.0 for speed in (ask.x, ask.y, ask.zoom))
    _expect_motor(camera)
    _count(held, desk.clock.monotonic_ns(), is_moving=any(speeds))
    desk.cameras.office.move(camera, *speeds)
    return codec.pack(PtzMoved(fault=desk.cameras.office.fault_of(camera.code)))


def send_to_preset(desk: Desk, ledger: Ledger, caller: Caller, ask: SendToPreset) -> Job:
    """Answer `ptz.preset`: in the journal first, then a worker tells the camera."""
    with ledger.reading() as connection:
        camera = _movable(desk, connection, caller, ask.camera, "ptz.preset")
    held = _expect_own(desk, caller, ask.camera)
    _expect_motor(camera)
    name = clean(ask.name, field="name", most=LONGEST_PRESET)
    if not 1 <= ask.preset <= MOST_PRESETS:
        raise Refused("ptz.no_preset", preset=ask.preset, most=MOST_PRESETS)
    held.moves += 1
    held.used_ns = desk.clock.monotonic_ns()
    holding = highest(caller.holdings)
    with ledger.work(CENTRE if holding is None else caller.actor(holding)) as work:
        told = {"camera": camera.code, "name": camera.name, "preset": ask.preset, "kept": ask.keep, "called": name}
        work.note("ptz.preset", "camera", camera.code, held.lock.version, params=told)
    return partial(_sent, desk.cameras.office, camera, ask.preset, name if ask.keep else None)


def presets(desk: Desk, ledger: Ledger, caller: Caller, ask: AskPresets) -> bytes | Job:
    """Answer `ptz.presets`: what the camera says; of one that cannot be asked what its row says."""
    with ledger.reading() as connection:
        camera, _ = camera_care.expect(desk, connection, caller, "ptz.presets", ask.camera)
    if camera.kind in (CameraKind.RTSP, CameraKind.DEMO):
        return codec.pack(Presets(presets=presets_of(camera)))
    return partial(_asked, desk.cameras.office, camera)


def tend(desk: Desk, ledger: Ledger) -> None:
    """Free what nobody used for a while, and what was held by a session that ended."""
    if not desk.cameras.held:
        return
    idle_ns = desk.clock.monotonic_ns() - round(IDLE_S * NS_PER_S)
    ended = [(held, "idle") for held in desk.cameras.held.values() if held.used_ns <= idle_ns]
    with ledger.reading() as connection:
        seated = {(session.seat, session.account) for session in session_table.living(connection)}
    ended += [
        (held, "signed_off") for held in desk.cameras.held.values()
        if held.used_ns > idle_ns and (held.lock.seat, held.lock.account) not in seated
    ]  # fmt: skip
    if ended:
        with ledger.work(CENTRE) as work:
            for held, why in ended:
                _end(desk, work, held, "ptz.free", why)


def load(desk: Desk, connection: Connection) -> None:
    """Know who moves which camera, at start: as if each had just been used."""
    now = desk.clock.monotonic_ns()
    desk.cameras.held = {
        lock.camera: Held(lock=lock, used_ns=now, moves=lock.moves) for lock, _ in camera_table.locks(connection)
    }  # fmt: skip


def _movable(desk: Desk, connection: Connection, caller: Caller, code: str, action: str = "ptz.take") -> Camera:
    camera, _ = camera_care.expect(desk, connection, caller, action, code)
    if not camera.ptz:
        raise Refused("ptz.fixed", camera=camera.name)
    return camera


def _count(held: Held, now_ns: int, *, is_moving: bool) -> None:
    """Count a run of movements as one: it ends when it is told to, or when its time is over."""
    goes_on = held.is_moving and now_ns - held.used_ns <= round(STOPS_AFTER_S * NS_PER_S)
    held.moves += is_moving and not goes_on
    held.is_moving, held.used_ns = is_moving, now_ns


def _expect_motor(camera: Camera) -> None:
    if camera.kind is CameraKind.DEMO:
        raise Refused("ptz.demo_still", camera=camera.name)
    if camera.kind is CameraKind.RTSP:
        raise Refused("camera.no_port", camera=camera.name)


def _expect_own(desk: Desk, caller: Caller, code: str) -> Held:
    held = desk.cameras.held.get(code)
    if held is None:
        raise Refused("ptz.not_taken", camera=code[:64])
    if not _is_own(held, caller):
        raise Refused("ptz.held", **_who(desk, held.lock))
    return held


def _expect_higher(desk: Desk, held: Held, holding: Holding, reason: str) -> None:
    if not may_take_over(_rank(desk, held.lock), rank_of(holding)):
        raise Refused("ptz.held", **_who(desk, held.lock))
    if not reason:
        raise Refused("ptz.reason", **_who(desk, held.lock))


def _is_own(held: Held, caller: Caller) -> bool:
    seat = caller.session.seat if caller.session else ""
    return (held.lock.account, held.lock.seat) == (caller.account, seat)


def _rank(desk: Desk, lock: PtzLock) -> Rank:
    kind, place = kind_of(lock.post), desk.city.centres.get(centre_of(lock.post))
    if kind is None or kind not in RANKS:
        return NO_RANK
    return rank_of(Holding(post=lock.post, kind=kind, level=place.level if place else None))


def _who(desk: Desk, lock: PtzLock) -> dict[str, object]:
    post = desk.city.posts.get(lock.post)
    return {"camera": lock.camera, "who": lock.name, "post": post.name if post else lock.post, "seat": lock.seat,
            "since": desk.shown(lock.since)}  # fmt: skip


def _end(desk: Desk, work: Work, held: Held, action: str, why: str) -> int:
    lock = replace(
        held.lock, ended_at=work.at_ns, ended_by=why, moves=held.moves, version=held.lock.version + 1
    )  # fmt: skip
    told = {"camera": lock.camera, "why": why, "moves": lock.moves, "who": lock.account}
    change = work.note(action, KIND, lock.camera, lock.version, lock, params=told)
    camera_table.put_lock(work.connection, lock, change)
    work.after_commit(partial(_let_go, desk, lock))
    return change


def _hold(desk: Desk, lock: PtzLock) -> None:
    desk.cameras.held[lock.camera] = Held(lock=lock, used_ns=desk.clock.monotonic_ns())


def _let_go(desk: Desk, lock: PtzLock) -> None:
    desk.cameras.held.pop(lock.camera, None)


def _next_version(connection: Connection, code: str) -> int:
    last = camera_table.lock_of(connection, code)
    return 1 if last is None else last.version + 1


def _sent(office: CameraOffice, camera: Camera, preset: int, keep_as: str | None) -> bytes:
    async def deed(office: CameraOffice) -> None:
        port = await office.camera(camera)
        await (port.go_to(preset) if keep_as is None else port.keep(preset, keep_as))

    office.done(deed)
    return codec.pack(PtzMoved())


def _asked(office: CameraOffice, camera: Camera) -> bytes:
    async def deed(office: CameraOffice) -> tuple[Preset, ...]:
        return await (await office.camera(camera)).presets()

    told = {one.number: one for one in (*presets_of(camera), *office.done(deed))}
    return codec.pack(Presets(presets=tuple(told[number] for number in sorted(told))))

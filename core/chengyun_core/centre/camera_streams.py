"""Streams given out one by one: who may see which camera, with whose credentials, and that it was so in the journal."""

from functools import partial

from chengyun_core.centre import camera_care
from chengyun_core.centre.camera_desk import CameraDesk
from chengyun_core.centre.camera_office import CameraOffice
from chengyun_core.centre.camera_ports import Login, Streams
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.workers import Job
from chengyun_core.model.camera import Camera, CameraKind, StreamGrant, StreamQuality
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Holding
from chengyun_core.video.fence import DEMO_HOST
from chengyun_core.wire import codec
from chengyun_core.wire.camera_asks import AskStream

GRANTED_S = 60
"""How long a grant may be used to open a stream; one that runs then goes on."""
DEMO = "demo:"
HOUR_NS = 3600 * NS_PER_S
MOST_NOTED = 20_000
"""Pairs of session and camera remembered; beyond it what is older than an hour is forgotten."""


def stream(desk: Desk, ledger: Ledger, caller: Caller, ask: AskStream) -> bytes | Job:
    """Answer `camera.stream`. A camera that has to be asked is asked by a worker."""
    with ledger.reading() as connection:
        camera, holding = camera_care.expect(desk, connection, caller, "camera.stream", ask.camera)
    cameras = desk.cameras
    if cameras.fault is not None:
        raise Refused(cameras.fault.code, **cameras.fault.params)
    until = desk.clock.utc_ns() + GRANTED_S * NS_PER_S
    _note(desk, ledger, caller, holding, camera)
    if camera.kind is CameraKind.DEMO:
        return codec.pack(_demo(cameras, camera, ask.quality, until))
    return partial(_granted, cameras, cameras.office, camera, ask.quality, until)


def address_of_demo(camera: Camera, quality: StreamQuality) -> str:
    """Return where the demo's own server has a camera; raise Refused `camera.no_address` for a row it cannot mean."""
    if not camera.address.startswith(f"{DEMO}/"):
        raise Refused("camera.no_address", camera=camera.code)
    path = camera.address.removeprefix(DEMO)
    return f"rtsp://{DEMO_HOST}{path}{'/sub' if quality is StreamQuality.SUB else ''}"


def _demo(cameras: CameraDesk, camera: Camera, quality: StreamQuality, until: int) -> StreamGrant:
    if not cameras.settings.demo_server:
        raise Refused("camera.no_demo", camera=camera.code)
    return StreamGrant(
        camera=camera.code, quality=quality, address=address_of_demo(camera, quality),
        sub_address=address_of_demo(camera, StreamQuality.SUB), until=until, demo=cameras.settings.demo_server,
    )  # fmt: skip


def _granted(cameras: CameraDesk, office: CameraOffice, camera: Camera, quality: StreamQuality, until: int) -> bytes:
    """Find out where the stream is; a worker's."""
    login = cameras.secrets.book().login(camera)
    if camera.kind is CameraKind.RTSP:
        found = Streams(main=camera.address, sub=camera.sub_address)
    else:
        found = office.done(partial(_asked, camera=camera, quality=quality))
    if camera.kind is CameraKind.PLATFORM:
        login = Login()  # ours are the platform's; what its address carries opens the stream
    wanted = found.sub or found.main if quality is StreamQuality.SUB else found.main
    if not wanted:
        raise Refused("camera.no_address", camera=camera.code)
    cameras.fence.pin(wanted)  # what a camera says of itself leads nowhere else, either (RS11)
    return codec.pack(
        StreamGrant(
            camera=camera.code, quality=quality, address=wanted, sub_address=found.sub, user=login.user,
            password=login.password, until=until,
        )
    )  # fmt: skip


async def _asked(office: CameraOffice, *, camera: Camera, quality: StreamQuality) -> Streams:
    return await (await office.camera(camera)).streams(quality)


def _note(desk: Desk, ledger: Ledger, caller: Caller, holding: Holding, camera: Camera) -> None:
    """Tell the journal who got to see a camera: once for each session, camera and hour, before the address is told."""
    noted, hour = desk.cameras.noted, desk.clock.utc_ns() // HOUR_NS
    session = caller.session.token_hash.hex() if caller.session else caller.account
    if noted.get((session, camera.code)) == hour:
        return
    with ledger.work(caller.actor(holding)) as work:
        params = {"camera": camera.code, "name": camera.name}
        work.note("camera.stream", "camera", camera.code, hour, params=params)
    if len(noted) >= MOST_NOTED:
        desk.cameras.noted = {pair: at for pair, at in noted.items() if at == hour}
    desk.cameras.noted[session, camera.code] = hour

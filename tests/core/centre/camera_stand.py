"""A centre with cameras of every kind, and short words for what tests of them do again and again."""

from collections.abc import Sequence
from dataclasses import replace

from chengyun_core.centre.camera_desk import CameraDesk
from chengyun_core.centre.camera_http import Route, straight
from chengyun_core.centre.camera_secrets import Book, CameraSecrets, Entry, PlatformEntry
from chengyun_core.model.camera import Camera, CameraKind
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.rights import Label
from chengyun_core.video.fence import Fence
from chengyun_core.video.settings import VideoSettings
from tests.core.centre.event_room import peopled_city
from tests.core.centre.room import Room
from tests.support.wvp_stand import CHANNELS, DEVICE

DEMO = "127.0.0.1:18554"
CAMERAS = (
    Camera(code="C-RTSP", name="寸滩码头 01", centre="500103", address="rtsp://10.9.0.5/main",
           sub_address="rtsp://10.9.0.5/sub", longitude=106.6, latitude=29.6, watches="SW-YUZHONG"),
    Camera(code="C-ONVIF", name="朝天门沿江 03", centre="500103", kind=CameraKind.ONVIF, ptz=True,
           address="http://10.9.0.7/onvif/device_service", presets="1 全景 | 9 备用"),
    Camera(code="C-GB", name="解放碑 02", centre="500000", kind=CameraKind.PLATFORM, ptz=True, platform="city",
           platform_id=f"{DEVICE}/{CHANNELS[0]}"),
    Camera(code="C-DEMO", name="演示 01", centre="500103", kind=CameraKind.DEMO, ptz=True,
           address="demo:/cam/C-DEMO"),
    Camera(code="C-FAR", name="沙坪坝 01", centre="500106", address="rtsp://10.9.0.6/main"),
    Camera(code="C-DIM", name="内部 01", centre="500103", address="rtsp://10.9.0.8/main", label=Label.DIM),
    Camera(code="C-HIDE", name="机密 01", centre="500103", address="rtsp://10.9.0.9/main", label=Label.HIDE),
    Camera(code="C-BAD", name="错址 01", centre="500103", address="rtsp://127.0.0.1/main"),
)  # fmt: skip


def city_with_cameras(cameras: Sequence[Camera] = CAMERAS) -> Catalogue:
    """Return the peopled city with cameras."""
    return replace(peopled_city(), cameras=tuple(cameras))


def furnished(room: Room, *, route: Route = straight, platform_user: str = "chengyun") -> None:
    """Give a centre cameras, credentials and a fence; its network is where `route` leads."""
    settings = VideoSettings(networks=("10.9.0.0/16",), demo_server=DEMO)
    secrets = CameraSecrets(room.folder / "keys" / "cameras.toml")
    secrets.keep(
        Book(
            default=Entry(user="viewer", password="s3cret"),
            cameras={"C-RTSP": Entry(user="own", password="own-pass")},
            platforms={
                "city": PlatformEntry(
                    kind="wvp", name="市平台", url="http://10.9.0.8:18080", user=platform_user, password="plat-form"
                )
            },
        )
    )
    room.desk.cameras = CameraDesk(settings=settings, fence=Fence.of(settings), secrets=secrets, route=route)
    room.adopt(city_with_cameras())

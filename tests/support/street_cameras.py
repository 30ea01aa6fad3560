"""Real cameras for tests: drawn scenes looped by GStreamer's RTSP server, a main and a small stream of each camera.

    with street_cameras(folder, {"CAM-1": "flooded", "CAM-2": "street"}) as cameras:
        cameras.furnish(profile_folder)  # before the centre starts: `[video] demo_server` of its settings
        rows = [Camera(code="CAM-1", …, kind=CameraKind.DEMO, address=address_of("CAM-1"))]

Whoever starts a profile's daemons leaves out the demo's own camera server (child `cameras`), as `living_city` does:
its place is taken.
"""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from chengyun_core.video.demo_cameras import scenes
from chengyun_core.video.demo_cameras.brush import HEIGHT, WIDTH, Picture
from chengyun_core.video.demo_cameras.moving import Water
from chengyun_core.video.demo_cameras.scenes import Painter

SERVER = Path(__file__).with_name("gst_cameras.py")
SYSTEM_PYTHON = "/usr/bin/python3"
"""The one that has GStreamer's bindings (`gi`)."""
FPS, FRAMES = 10, 100
"""Pictures a second, and of a loop; every second has a key picture."""
SMALL = (480, 270)
LIMIT_S = 10.0
_QUALITY = 85
_POOL = (430.0, 430.0, 300.0, 70.0)
"""Middle and radii of the water on the flooded street, pixels."""
_DEEP = 60.0
_CAR = 16.0
"""Levels of 255 by which a car differs from the empty road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetCameras:
    """A server that runs: the one place of this machine that its city's fence lets through."""

    port: int

    @property
    def place(self) -> str:
        """Return it as `[video] demo_server` and `VideoSettings.demo_server` want it."""
        return f"127.0.0.1:{self.port}"

    def furnish(self, folder: Path) -> None:
        """Let a profile that is about to start reach it."""
        with (folder / "profile.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[video]\ndemo_server = "{self.place}"\n')


def address_of(camera: str) -> str:
    """Return the address of the catalogue's row; its kind is `demo`."""
    return f"demo:/cam/{camera}"


@contextmanager
def street_cameras(folder: Path, shown: Mapping[str, str], *, frames: int = FRAMES) -> Iterator[StreetCameras]:
    """Run a camera for each code, which shows a scene: one of the demo's, or `flooded`.

    `folder` takes the pictures of the scenes, `frames` of each: 10 ms and 50 KB a piece.
    """
    for scene in sorted(set(shown.values())):
        _draw(folder / scene, scene, frames)
    mounts = [mount for code, scene in shown.items() for mount in _mounts(code, folder / scene, frames)]
    command = [SYSTEM_PYTHON, "-W", "ignore", str(SERVER), *mounts]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        yield StreetCameras(port=int(server.stdout.readline()))
    finally:
        server.stdin.close()
        server.wait(LIMIT_S)
        server.stdout.close()


def painter(scene: str) -> tuple[Painter, str]:
    """Return what paints a scene, and its code as it stands in the picture."""
    if scene == "flooded":
        return _flooded(), "STREET 11"
    return scenes.SCENES[scene].begin(), scenes.SCENES[scene].code


def _mounts(code: str, pictures: Path, frames: int) -> Iterator[str]:
    read = f"multifilesrc location={pictures}/%03d.jpg stop-index={frames - 1} loop=true "
    read += f"caps=image/jpeg,framerate={FPS}/1 ! jpegdec ! videoconvert"
    sizes = {"": "", "/sub": f" ! videoscale ! video/x-raw,width={SMALL[0]},height={SMALL[1]}"}
    for path, scaled in sizes.items():
        encode = f"x264enc tune=zerolatency speed-preset=ultrafast key-int-max={FPS} bitrate=800"
        plain = "video/x-raw,format=I420"
        yield f"cam/{code}{path}={read}{scaled} ! videoconvert ! {plain} ! {encode} ! rtph264pay name=pay0 pt=96"


def _draw(folder: Path, scene: str, frames: int) -> None:
    folder.mkdir(parents=True)
    paint, code = painter(scene)
    for at in range(frames):
        picture = scenes.marked(paint(at / frames), code, round(at / frames * scenes.FRAMES))
        image = QImage(picture.tobytes(), WIDTH, HEIGHT, WIDTH * 3, QImage.Format.Format_RGB888)
        assert image.save(str(folder / f"{at:03}.jpg"), "JPG", _QUALITY)


def _flooded() -> Painter:
    """The street by day with a pool of water on it, through which cars go: a main has burst beneath."""
    street, (middle_x, middle_y, wide, high) = scenes.SCENES["street"].begin(), _POOL
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    away = np.hypot((x - middle_x) / wide, (y - middle_y) / high) + 0.05 * np.sin(x / 31) + 0.04 * np.sin(y / 9)
    water = Water(heights=_DEEP * away, top=340, near=(112, 118, 112), far=(150, 160, 166), flow=10)
    empty = np.median([street(at / 15) for at in range(15)], axis=0)

    def paint(phase: float) -> Picture:
        picture = street(phase)
        cars = np.abs(picture - empty).max(2) > _CAR
        wet = picture.copy()
        water.cover(wet, phase, _DEEP)
        wet[cars] = picture[cars]
        return wet

    return paint

"""Pictures of seats beside each other: 本席, the row of other seats, 全部, F8's coverage."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QImage

from tests.console.routing_scenes import SCENES
from tests.console.scenes import Look, seat, stand
from tests.gallery.chain import LOOKS

STORED = ("seats own", "F8 coverage")
"""What the suite compares with its stored picture."""
SMALL = LOOKS[2]


def pictures(look: Look, folder: Path, only: tuple[str, ...] = tuple(SCENES)) -> Iterator[tuple[str, QImage]]:
    """Play the scenes in one window; give the name of each picture that is wanted and what is on the screen."""
    with stand(folder, look) as at:
        seat(at)
        for name, show in SCENES.items():
            show(at)
            at.beat()
            at.beat()
            if name in only:
                size = f"{look.width}x{look.height}"
                yield f"{name.replace(' ', '-')}-{look.theme}-{look.language}-{size}", at.window.grab().toImage()


def stored(folder: Path) -> Iterator[tuple[str, QImage]]:
    """Give the pictures the suite compares, small, by night, in Chinese."""
    yield from pictures(SMALL, folder, STORED)

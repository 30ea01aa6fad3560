"""Pictures of duty: the log-in with its seats, F8 and the hand-over's sheet in every state the walk goes through."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QImage

from tests.console.duty_scenes import SCENES, SIGN_ON
from tests.console.scenes import Look, seat, stand
from tests.gallery.chain import LOOKS

STORED = ("sign on over", "F8", "handover half", "form shift", "form call list")
"""What the suite compares with its stored picture: each of them once."""
STORED_LARGE = ("form preset", "form swap")
LARGE, SMALL = LOOKS[0], LOOKS[2]


def pictures(look: Look) -> Iterator[tuple[str, QImage]]:
    """Show each state in a window of its own; give the name of each picture and what is on the screen."""
    for name in SCENES:
        with TemporaryDirectory() as folder:
            yield _taken(look, Path(folder), name)


def stored(folder: Path) -> Iterator[tuple[str, QImage]]:
    """Give the pictures the suite compares, by night, in Chinese: most of them small."""
    for look, names in ((SMALL, STORED), (LARGE, STORED_LARGE)):
        for name in names:
            yield _taken(look, folder / name.replace(" ", "-"), name)


def _taken(look: Look, folder: Path, name: str) -> tuple[str, QImage]:
    folder.mkdir(exist_ok=True)
    with stand(folder, look) as at:
        if name not in SIGN_ON:
            seat(at)
        SCENES[name](at)
        at.beat()
        at.beat()
        file = name if name.startswith("F8") or name in SIGN_ON else f"F8-{name}"
        size = f"{look.width}x{look.height}"
        return f"{file.replace(' ', '-')}-{look.theme}-{look.language}-{size}", at.window.grab().toImage()

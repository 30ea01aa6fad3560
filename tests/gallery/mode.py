"""Pictures of the mode, warnings, F6 and the journal, in the states the walk of tests/console goes through."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.console.audit_scenes import AUDIT_SCENES
from tests.console.command_scenes import COMMAND_SCENES
from tests.console.glass_scenes import GLASS_SCENES
from tests.console.mode_scenes import MODE_SCENES
from tests.console.scenes import Look, seat, stand
from tests.console.warning_scenes import WARNING_SCENES

SCENES = {**MODE_SCENES, **COMMAND_SCENES, **WARNING_SCENES, **AUDIT_SCENES, **GLASS_SCENES}
STORED = ("F6", "warning calls", "warning form", "audit", "mode sheet", "glass page", "phone sheet", "glass refused")
"""What the suite compares with its stored picture."""
SMALL = Look(theme="night", language="zh_CN", width=1366, height=768)


def pictures(look: Look, folder: Path, only: tuple[str, ...] = tuple(SCENES)) -> Iterator[tuple[str, QImage]]:
    """Play these scenes of a look in one window; give the name of each picture and what is on the screen."""
    with stand(folder, look) as at:
        seat(at)
        for name, show in SCENES.items():
            if name not in only:
                continue
            show(at)
            at.beat()
            at.beat()
            file = f"{name.replace(' ', '-')}-{look.theme}-{look.language}-{look.width}x{look.height}"
            yield file, at.window.grab().toImage()
            at.press(Qt.Key.Key_Escape)


def stored(folder: Path) -> Iterator[tuple[str, QImage]]:
    """Give the pictures the suite compares, small, by night, in Chinese."""
    return pictures(SMALL, folder, STORED)

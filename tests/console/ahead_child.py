"""Makes every page and room of a window ahead in a process that has imported none of them; prints the steps as JSON.

Run by test_ahead.py: a step is told by what it is of, how many modules of ours it imported, and widgets it made. With
the name of a page that one is asked for first, and nothing else is made.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from PySide6.QtWidgets import QApplication

from chengyun_console.desk import Desk
from chengyun_console.frame_tick import FrameTick
from chengyun_console.preferences import Preferences
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_resources.texts import Texts
from chengyun_widgets.theme import apply_theme, load_theme
from tests.console.still_session import StillSession


def _imported() -> int:
    return sum(name.startswith("chengyun_") for name in sys.modules)


def _steps(window: ConsoleWindow, page: str) -> list[tuple[str, int, int]]:
    told = []
    wanted = window.rooms.names_for(page) if page else window.rooms.missing()
    while missing := [name for name in wanted if not window.rooms.stands(name)]:
        modules, widgets = _imported(), len(QApplication.allWidgets())
        next(window.rooms.making(missing[0]), None)
        told.append((missing[0], _imported() - modules, len(QApplication.allWidgets()) - widgets))
    return told


def main() -> None:
    """Print a list of [name, modules, widgets]."""
    app = QApplication([])
    theme = load_theme("night")
    apply_theme(app, theme)
    with TemporaryDirectory() as profile:
        session = cast("Session", StillSession())
        desk = Desk(session, Path(profile), theme, Texts("zh_CN"), Preferences())
        window = ConsoleWindow(desk, FrameTick())
        sys.stdout.write(json.dumps(_steps(window, *sys.argv[1:] or [""])))
        window.close()


if __name__ == "__main__":
    main()

"""Pictures of the map's canvas as such, and of the page it makes, F5, with its layers and without any."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from chengyun_widgets.theme import apply_theme, load_theme
from tests.console.map_scenes import MAP_SCENES
from tests.console.scenes import Look, seat, stand
from tests.widgets.mapping import scenes

STORED = (("command", "night"), ("drawn", "day"))
SMALL = (1366, 768)
PAGE = "F5"
"""The one of MAP_SCENES the suite compares with its stored picture."""


def pictures(look: Look, folder: Path, only: tuple[str, ...] = tuple(MAP_SCENES)) -> Iterator[tuple[str, QImage]]:
    """Show the page in these scenes of a look, each in a window of its own; give the name and what is on the screen."""
    for name, show in MAP_SCENES.items():
        if name not in only:
            continue
        with stand(folder / name.replace(" ", "-"), look) as at:
            seat(at)
            at.session.enter(allowed=())
            show(at)
            at.beat()
            file = f"{name.replace(' ', '-')}-{look.theme}-{look.language}-{look.width}x{look.height}"
            yield file, at.window.grab().toImage()


def stored(folder: Path) -> Iterator[tuple[str, QImage]]:
    """Give the pictures the suite compares."""
    yield from _canvas()
    small = Look(theme="night", language="zh_CN", width=SMALL[0], height=SMALL[1])
    yield from pictures(small, folder, (PAGE,))


def _canvas() -> Iterator[tuple[str, QImage]]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for scene, name in STORED:
        theme = load_theme(name)
        apply_theme(app, theme)
        canvas = scenes.SCENES[scene](theme, *SMALL)
        yield f"map-{scene}-{name}-{SMALL[0]}x{SMALL[1]}", scenes.taken(canvas)
        canvas.deleteLater()

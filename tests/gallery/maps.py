"""Pictures of the map's canvas as such: the command view of the reference city, and what is drawn on an event."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from chengyun_widgets.theme import apply_theme, load_theme
from tests.widgets.mapping import scenes

STORED = (("command", "night"), ("drawn", "day"))
SMALL = (1366, 768)


def stored(_folder: Path) -> Iterator[tuple[str, QImage]]:
    """Give the pictures the suite compares."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for scene, name in STORED:
        theme = load_theme(name)
        apply_theme(app, theme)
        canvas = scenes.SCENES[scene](theme, *SMALL)
        yield f"map-{scene}-{name}-{SMALL[0]}x{SMALL[1]}", scenes.taken(canvas)
        canvas.deleteLater()

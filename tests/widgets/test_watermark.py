"""Account, seat and time over everything: faint, legible, in every picture of the window, and cheap."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets import watermark
from chengyun_widgets.theme import load_theme
from chengyun_widgets.watermark import Watermark
from tests.support.walk import contrast, pixels

TEXT = "A-03 李值班 2026-07-18 14:32"


def marked(qtbot: QtBot, theme: str) -> tuple[QWidget, Watermark]:
    """Return a window on the theme's ground with the mark over it."""
    made = load_theme(theme)
    window = QWidget()
    window.setStyleSheet(f"background: {made.colour(Colour.GROUND).name()}")
    mark = Watermark(made, window)
    mark.set_text(TEXT)
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    return window, mark


@pytest.mark.parametrize("theme", ["night", "day"])
def test_that_the_mark_can_be_read_and_does_not_compete_with_what_is_under_it(qtbot: QtBot, theme: str) -> None:
    window, _mark = marked(qtbot, theme)
    ground = load_theme(theme).colour(Colour.GROUND)
    seen = pixels(window.grab().toImage())
    under = np.array([ground.red(), ground.green(), ground.blue()])
    strongest = seen[np.abs(seen[..., :3].astype(int) - under).sum(axis=2).argmax() // seen.shape[1]]
    far = strongest[np.abs(strongest[:, :3].astype(int) - under).sum(axis=1).argmax()]
    found = contrast(tuple(int(part) for part in far[:3]), tuple(int(part) for part in under))
    assert 1.04 <= found <= 1.35


def test_that_the_mark_is_in_every_picture_taken_of_the_window(qtbot: QtBot) -> None:
    window, mark = marked(qtbot, "night")
    with_mark = pixels(window.grab().toImage())
    mark.set_text("")
    assert (with_mark != pixels(window.grab().toImage())).any()


def test_that_one_text_is_drawn_once_and_laid_over_again_from_its_tile(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of a picture costs a fraction of a millisecond; slanted writing of the whole window would not."""
    window, mark = marked(qtbot, "night")
    made = []
    paint = watermark._tile_of
    monkeypatch.setattr(watermark, "_tile_of", lambda *given: made.append(given) or paint(*given))
    mark.set_text("B-02")
    for _ in range(20):
        window.grab()
    assert len(made) == 1


def test_that_a_picture_of_a_part_of_the_window_gets_the_line_of_its_own(qtbot: QtBot) -> None:
    window, mark = marked(qtbot, "night")
    mark.set_text("")
    bare = window.grab()
    told = watermark.marked(window.grab(), mark.theme, "A-03 李值班 2026-07-18 14:32")
    assert told.size() == bare.size()
    assert (pixels(told.toImage()) != pixels(bare.toImage())).any()


def test_that_the_mark_lets_every_click_through(qtbot: QtBot) -> None:
    window, _mark = marked(qtbot, "day")
    button = QPushButton("x", window)
    button.setGeometry(10, 10, 200, 40)
    button.show()
    pressed = []
    button.clicked.connect(lambda: pressed.append(1))
    QTest.mouseClick(window.childAt(QPoint(50, 25)) or window, Qt.MouseButton.LeftButton)
    assert pressed == [1]

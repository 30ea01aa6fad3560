"""Panes that are nested a step at a time belong to their page all the while."""

from pathlib import Path

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.pages.command.page import CommandPage
from tests.console import scenes
from tests.console.command_scenes import show_command


def test_that_a_page_that_goes_while_a_layout_comes_takes_its_panes_along(qapp: QApplication, tmp_path: Path) -> None:
    with scenes.stand(tmp_path, scenes.Look()) as at:
        scenes.seat(at)
        show_command(at)
        page = at.window.stack.of(CommandPage)
        QTest.keyClick(page.timeline, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        for _ in range(3):
            next(page.panes.steps())
        panes = (page.map, page.video, page.plan, page.receipts, page.timeline, page.charts)
    assert [pane for pane in panes if shiboken6.isValid(pane)] == []


def test_that_a_narrower_window_in_the_middle_of_a_change_has_the_panes_of_its_width(
    qapp: QApplication, tmp_path: Path
) -> None:
    with scenes.stand(tmp_path, scenes.Look(width=2560, height=1440)) as at:
        scenes.seat(at)
        show_command(at)
        page = at.window.stack.of(CommandPage)
        assert page.charts.isVisible()
        QTest.keyClick(page.timeline, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
        next(page.panes.steps())
        at.window.resize(1366, 768)
        QApplication.processEvents()
        at.beat()
        assert page.laid.layout.code == "map"
        assert set(page.panes.splits) == {"whole", "upper", "right"}
        assert not page.charts.isVisible()
        assert page.panes.updatesEnabled()
        assert all(pane.isVisible() for pane in (page.map, page.video, page.plan, page.receipts, page.timeline))

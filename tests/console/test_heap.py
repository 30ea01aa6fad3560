"""What the console keeps for its whole life is walked over no more; a window that was replaced can still go."""

import gc
import weakref
from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from chengyun_console.shell.heap import Heap
from chengyun_console.shell.stage import Stage
from chengyun_console.shell.warming import Warming
from tests.console.conftest import Room


class ChangingStage(QObject):
    """Tells of another window when the test wants it."""

    window_did_change = Signal()
    page_comes = Signal()


class WarmedUp(QObject):
    """Says that everything stands when the test wants it."""

    did_end = Signal()


class Circle:
    """What nobody holds and only the collector finds."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def stage() -> Iterator[ChangingStage]:
    """Give a stage; afterwards everything is the collector's again."""
    yield ChangingStage()
    gc.unfreeze()


def made(stage: ChangingStage) -> tuple[Heap, WarmedUp]:
    """Return the heap of a stage, and what says that everything stands."""
    warming = WarmedUp(stage)
    return Heap(cast("Stage", stage), cast("Warming", warming)), warming


def test_that_what_stands_is_walked_over_no_more_and_what_comes_later_is(stage: ChangingStage) -> None:
    before = gc.get_freeze_count()
    _heap, warming = made(stage)
    warming.did_end.emit()
    assert gc.get_freeze_count() > before + 10_000
    later = weakref.ref(Circle())
    gc.collect()
    assert later() is None


def test_that_no_walk_over_what_stands_falls_into_the_making_of_a_page_somebody_waits_for(
    stage: ChangingStage,
) -> None:
    before = gc.get_freeze_count()
    _heap, _warming = made(stage)
    stage.page_comes.emit()
    assert gc.get_freeze_count() > before + 10_000


def test_that_a_stage_tells_of_a_page_that_comes_in_either_of_its_windows(desk_room: Room, qtbot: QtBot) -> None:
    desk_room.tick.start()
    stage, told = Stage(desk_room.desk, desk_room.tick), list[str]()
    stage.page_comes.connect(lambda: told.append(stage.window.page))
    try:
        stage.window.take_present()
        stage.window.show_page("F2")
        assert told == ["F2"]
        desk_room.desk.choose_next("language")
        qtbot.waitUntil(lambda: desk_room.desk.texts.language == "en")
        told.clear()
        stage.window.show_page("F3")
        desk_room.beat()
        desk_room.beat()
        assert "F3" in told
    finally:
        desk_room.tick.stop()
        stage.window.close()
        for one in (stage.window, stage):
            one.deleteLater()


def test_that_a_window_that_was_replaced_goes_and_the_next_one_is_put_aside(stage: ChangingStage, qtbot: QtBot) -> None:
    heap, warming = made(stage)
    heap._timer.setInterval(0)
    window = weakref.ref(Circle())
    warming.did_end.emit()
    gc.collect()
    assert window() is not None, "put aside, with all that stood"
    stage.window_did_change.emit()
    qtbot.waitUntil(lambda: window() is None)
    assert gc.get_freeze_count() > 10_000

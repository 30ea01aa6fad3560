"""The panes of a frame take turns with the event loop, and none piles up."""

import gc

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from chengyun_console.frame_tick import BEATS_PER_FRAME, FrameTick
from chengyun_console.frame_turns import FrameTurns, Steps, finish
from tests.console.conftest import Room
from tests.support.small_city import small_city


class Pane(QObject):
    """Notes its steps in a list it shares with others."""

    def __init__(self, name: str, notes: list[str], steps: int = 3) -> None:
        super().__init__()
        self.name, self.notes, self.count = name, notes, steps

    def steps(self, now_s: float) -> Steps:
        """Do `count` steps with a pause between them."""
        for step in range(self.count):
            if step:
                yield
            self.notes.append(f"{self.name}{step}@{now_s:g}")
        yield from ()


@pytest.fixture
def notes() -> list[str]:
    return []


def test_that_the_event_loop_has_its_turn_between_two_steps(qtbot: QtBot, notes: list[str]) -> None:
    turns, pane = FrameTurns(), Pane("a", notes)
    turns.join(pane, pane.steps)
    turns.begin(1.0)
    assert notes == ["a0@1"]
    QTimer.singleShot(0, lambda: notes.append("loop"))
    qtbot.waitUntil(lambda: "a2@1" in notes)
    assert notes.index("loop") < notes.index("a2@1")


def test_that_a_frame_that_is_not_finished_is_finished_before_another_begins(notes: list[str]) -> None:
    turns, pane = FrameTurns(), Pane("a", notes)
    turns.join(pane, pane.steps)
    for second in (1.0, 2.0, 3.0, 4.0):
        turns.begin(second)
    assert notes == ["a0@1", "a1@1", "a2@1", "a0@4"]


def test_that_two_windows_both_come_to_their_end(notes: list[str]) -> None:
    turns, panes = FrameTurns(), [Pane("a", notes), Pane("b", notes, 1)]
    for pane in panes:
        turns.join(pane, pane.steps)
    turns.run(1.0)
    assert sorted(notes) == ["a0@1", "a1@1", "a2@1", "b0@1"]


@pytest.mark.parametrize("is_deleted", [True, False])
def test_that_a_window_that_went_has_no_more_frames(notes: list[str], is_deleted: bool) -> None:
    turns, other = FrameTurns(), Pane("b", notes, 1)
    panes = [Pane("a", notes)]
    turns.join(panes[0], panes[0].steps)
    turns.join(other, other.steps)
    turns.begin(1.0)
    if is_deleted:
        shiboken6.delete(panes[0])
    else:
        # Nothing but the joining would keep it.
        turns.stop()
        panes.clear()
        gc.collect()
    turns.run(2.0)
    assert [note for note in notes if note.endswith("@2")] == ([] if is_deleted else ["b0@2"])
    turns.run(3.0)
    assert notes[0] == "a0@1"
    assert notes[-1] == "b0@3"


def test_that_what_stopped_begins_again_with_the_next_frame(notes: list[str]) -> None:
    turns, pane = FrameTurns(), Pane("a", notes)
    turns.join(pane, pane.steps)
    turns.begin(1.0)
    turns.stop()
    turns.run(2.0)
    assert notes == ["a0@1", "a0@2", "a1@2", "a2@2"]


def test_that_a_beat_told_from_outside_does_the_whole_frame(qtbot: QtBot, notes: list[str]) -> None:
    tick, pane = FrameTick(), Pane("a", notes)
    tick.join(pane, pane.steps)
    for beat in range(BEATS_PER_FRAME):
        tick.beat(float(beat))
    assert notes == ["a0@1", "a1@1", "a2@1"]


def test_that_finishing_does_every_step(notes: list[str]) -> None:
    finish(Pane("a", notes).steps(1.0))
    assert notes == ["a0@1", "a1@1", "a2@1"]


@pytest.mark.parametrize(("page", "panes"), [("F1", 5), ("F2", 4)])
def test_that_no_turn_of_a_page_brings_two_heavy_panes_to_now(desk_room: Room, page: str, panes: int) -> None:
    desk_room.window.show_page(page)
    desk_room.beat()
    desk_room.session.clock.advance(1.0)
    desk_room.session.put({0: 11.0})
    assert sum(1 for _pause in desk_room.window.steps(desk_room.now_s + 1.0)) >= panes


@pytest.mark.parametrize("done", range(6))
def test_that_values_of_another_catalogue_in_the_middle_of_a_frame_are_not_shown_under_its_names(
    desk_room: Room, done: int
) -> None:
    desk_room.session.clock.advance(1.0)
    desk_room.session.put({0: 12.0})
    steps = desk_room.window.steps(desk_room.now_s + 1.0)
    for _step, _pause in zip(range(done), steps, strict=False):
        continue
    desk_room.session.state.resize(np.full(3, 5.0, np.float32))
    finish(steps)
    desk_room.session.show_city(small_city(8, period_s=5.0))
    desk_room.beat()
    assert desk_room.window.cockpit.heat.isVisible()

"""A hand on the map beside other hands: what is drawn is of the event it was begun on, and writes over nobody's."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.maps.draw_line import DrawLine
from chengyun_console.maps.drawing_hand import DrawingHand
from chengyun_core.model.drawing import DrawingKind, Meaning
from chengyun_core.model.drawing_commands import PutDrawing
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.tools import Tool
from chengyun_widgets.mapping.view import MapView
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.map_scenes import RING, drawing

RIGHTS = ("drawing.put", "drawing.erase")


class Stand:
    """A hand with its canvas and its line; what it sends is written down."""

    def __init__(self, room: Room) -> None:
        self.room, desk = room, room.desk
        self.canvas, self.line = MapCanvas(desk.theme), DrawLine(desk)
        for widget in (self.canvas, self.line):
            room.qtbot.addWidget(widget)
        self.canvas.look_at(MapView(0.796, 0.414, 12.0))
        self.hand = DrawingHand(desk, desk.maps, self.canvas, self.line, self.canvas)
        self.sent: list[PutDrawing] = []
        self.said: list[str] = []
        desk.maps.deed_was_made.connect(lambda command, _title: self.sent.append(command))
        self.hand.said.connect(self.said.append)

    def keys(self, *keys: Qt.Key) -> None:
        """Press keys on the canvas."""
        for key in keys:
            QTest.keyClick(self.canvas, key)


@pytest.fixture
def at(desk_room: Room) -> Iterator[Stand]:
    """Two events with an area drawn on the first, which is in focus."""
    desk_room.session.enter(allowed=RIGHTS)
    put_events(desk_room.session, event(7), event(8))
    desk_room.session.put_fact("drawing", "1", drawing(event=7, version=3), version=3)
    desk_room.desk.event_focus.select(7)
    made = Stand(desk_room)
    yield made
    made.canvas.cancel_drawing()


def test_that_what_another_officer_changed_meanwhile_is_not_written_over(at: Stand) -> None:
    at.hand.change(1)
    theirs = drawing(event=7, version=4, text="已扩大到码头", meaning=Meaning.CORDON)
    at.room.session.put_fact("drawing", "1", theirs, version=4)
    at.keys(Qt.Key.Key_Right, Qt.Key.Key_Return)
    QTest.keyClick(at.line.line, Qt.Key.Key_Return)
    (sent,) = at.sent
    assert (sent.drawing, sent.version) == (1, 3), "the centre refuses what was not changed from its newest state"


def test_that_a_drawing_erased_by_another_meanwhile_is_still_sent_and_so_refused_aloud(at: Stand) -> None:
    at.hand.change(1)
    at.room.session.drop_fact("drawing", "1")
    at.keys(Qt.Key.Key_Right, Qt.Key.Key_Return)
    QTest.keyClick(at.line.line, Qt.Key.Key_Return)
    assert [(one.drawing, one.version) for one in at.sent] == [(1, 3)]


def test_that_a_changed_drawing_keeps_its_meaning_and_words_and_its_other_corners(at: Stand) -> None:
    at.hand.change(1)
    assert at.hand.edited == "drawing:1"
    at.keys(Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert at.hand.edited == ""
    QTest.keyClick(at.line.line, Qt.Key.Key_Return)
    (sent,) = at.sent
    assert (sent.kind, sent.meaning, sent.text, sent.event) == (DrawingKind.AREA, Meaning.DANGER, "沿江低洼段", 7)
    moved = [at_ for at_, (was, now) in enumerate(zip(RING, sent.places, strict=True)) if was != now]
    assert moved == [0]


def test_that_a_drawing_is_of_the_event_it_was_begun_on_wherever_the_focus_went(at: Stand) -> None:
    at.hand.begin(Tool.NOTE)
    at.room.desk.event_focus.select(8)
    at.keys(Qt.Key.Key_Space)
    QTest.keyClicks(at.line.line, "road is under water")
    QTest.keyClick(at.line.line, Qt.Key.Key_Return)
    assert [one.event for one in at.sent] == [7]


def test_that_another_drawing_cannot_be_taken_without_the_right_or_when_it_is_gone(at: Stand) -> None:
    at.hand.change(99)
    at.room.session.signed_on = replace(at.room.session.signed_on, allowed=())  # type: ignore[type-var]
    at.hand.change(1)
    at.hand.begin(Tool.AREA)
    assert not at.canvas.is_drawing
    assert len(at.said) == 3
    assert at.sent == []


def test_that_esc_leaves_the_question_first_and_the_tool_after_it(at: Stand) -> None:
    at.hand.begin(Tool.NOTE)
    assert at.hand.leave()
    assert not at.canvas.is_drawing
    assert not at.hand.leave()
    at.hand.begin(Tool.NOTE)
    at.keys(Qt.Key.Key_Space)
    assert not at.line.isHidden()
    assert at.hand.leave()
    assert at.line.isHidden()
    assert at.sent == []

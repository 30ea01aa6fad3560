"""Another language or theme leaves a map where it was: view and lock, layers, time, question, what is half drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.presets import Show
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.pages.map.page import MapPage
from chengyun_core.model.drawing_commands import PutDrawing
from chengyun_core.wire.drawing_asks import AskPast
from chengyun_core.wire.map_asks import AskWithin
from chengyun_widgets.mapping.tools import Tool
from chengyun_widgets.mapping.view import MapView
from tests.console.event_samples import event
from tests.console.map_scenes import drawing
from tests.console.staged import StagedRoom, staged
from tests.console.still_session import S

LOOKED_AT, BEFORE = MapView(0.7961, 0.4142, 14.25), MapView(0.7955, 0.4139, 11.0)
CORNERS = ((0.7960, 0.4140), (0.7962, 0.4140), (0.7962, 0.4142))


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[StagedRoom]:
    """A window with F5 in front and an event in focus."""
    with staged(qtbot, tmp_path) as made:
        made.session.enter(allowed=("drawing.put", "drawing.erase"))
        made.session.put_fact("event", "7", event(7, longitude=106.58, latitude=29.56))
        made.session.put_fact("drawing", "1", drawing(event=7))
        made.desk.event_focus.select(7)
        made.window.show_page("F5")
        made.beat()
        yield made


def panel(room: StagedRoom, page: str = "F5") -> MapPanel:
    """Return the map of a page of the window that stands."""
    room.qtbot.waitUntil(lambda: room.window.stack.front == page)
    stack = room.window.stack
    return stack.of(CommandPage).map if page == "F6" else stack.of(MapPage).map


def look(at: MapPanel) -> None:
    """Look somewhere, and before that somewhere else."""
    for view in (BEFORE, LOOKED_AT):
        at.look_at((view.x, view.y), view.zoom)


@pytest.mark.parametrize("what", ["language", "theme"])
@pytest.mark.parametrize("page", ["F5", "F6"])
def test_that_the_map_looks_where_it_looked_and_the_way_back_is_the_same(
    room: StagedRoom, what: str, page: str
) -> None:
    room.window.show_page(page)
    room.beat()
    look(panel(room, page))
    room.change(what)
    for _ in range(3):
        room.beat()
    after = panel(room, page)
    assert after.canvas.view == LOOKED_AT, "not where the event in focus is, nor the seat's own area"
    after.go_back()
    assert after.canvas.view == BEFORE


def test_that_a_locked_view_stays_locked(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.lock()
    room.change("theme")
    room.beat()
    after = panel(room)
    assert after.canvas.is_locked
    after.look_at((0.5, 0.5))
    assert after.canvas.view == LOOKED_AT


def test_that_a_map_nobody_looked_at_is_placed_as_ever(room: StagedRoom) -> None:
    room.window.show_page("F6")
    room.beat()
    fresh = MapPanel(room.desk, "fresh")
    assert fresh.carried() is None
    fresh.take_carried(None)
    fresh.deleteLater()


def test_that_layers_an_officer_turned_stay_as_he_has_them(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.toggles.turn(f"show:{Show.CAMERAS.value}")
    at.toggles.turn(f"show:{Show.ALARMS.value}")
    shows = at.toggles.shows
    room.change("language")
    room.beat()
    after = panel(room)
    assert (after.toggles.shows, after.toggles.is_own) == (shows, True)


def test_that_layers_of_the_mode_go_on_following_it(room: StagedRoom) -> None:
    look(panel(room))
    room.change("theme")
    room.beat()
    assert not panel(room).toggles.is_own


def test_that_the_time_that_is_looked_at_is_asked_for_again(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.turn_slider()
    then = room.desk.now_ns() - 600 * S
    at.past.go_to(then)
    room.session.sent.asks.clear()
    room.change("language")
    room.beat()
    after = panel(room)
    assert after.slider.isVisible()
    assert after.past.at_ns == then
    assert room.session.sent.asks["past.facts.F5"][1] == AskPast(at=then)


def test_that_what_was_asked_is_asked_anew_and_widened_from_there(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.ask_around()
    at.widen(1)
    asked = room.session.sent.asks["map.within.F5"][1]
    room.session.sent.asks.clear()
    room.change("language")
    room.beat()
    assert room.session.sent.asks["map.within.F5"][1] == asked
    panel(room).widen(1)
    wider = room.session.sent.asks["map.within.F5"][1]
    assert isinstance(asked, AskWithin)
    assert isinstance(wider, AskWithin)
    assert (asked.radius_m, wider.radius_m) == (10_000.0, 20_000.0)


def test_that_a_half_drawn_area_is_drawn_to_its_end(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.hand.begin(Tool.AREA)
    for corner in CORNERS[:2]:
        at.canvas.put_world(corner)
    room.desk.event_focus.select(None)
    room.change("language")
    room.beat()
    after = panel(room)
    assert after.canvas.is_drawing
    after.canvas.put_world(CORNERS[2])
    after.canvas.finish_drawing()
    after.draw_line.line.setText("x")
    after.draw_line.submit()
    made = room.session.sent.commands[-1]
    assert isinstance(made, PutDrawing)
    assert (made.event, len(made.places), made.text) == (7, 3, "x"), "on the event it was begun on"


def test_that_a_whole_drawing_is_asked_about_again_with_its_words(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.hand.begin(Tool.AREA)
    for corner in CORNERS:
        at.canvas.put_world(corner)
    at.canvas.finish_drawing()
    assert at.draw_line.isVisible()
    QTest.keyClick(at.draw_line.line, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    at.draw_line.line.setText("half a wo")
    meant = at.draw_line.meaning.currentData()
    room.change("language")
    room.beat()
    after = panel(room)
    assert after.draw_line.isVisible()
    assert (after.draw_line.line.text(), after.draw_line.meaning.currentData()) == ("half a wo", meant)
    after.draw_line.submit()
    made = room.session.sent.commands[-1]
    assert isinstance(made, PutDrawing)
    assert (len(made.places), made.meaning.value) == (3, meant)
    room.change("theme")
    room.beat()
    assert not panel(room).draw_line.isVisible(), "what was kept is in no hand"


def test_that_a_drawing_that_is_changed_goes_on_being_changed(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.hand.change(1)
    assert at.canvas.pencil is not None
    at.canvas.pencil.points[0] = CORNERS[0]
    room.change("theme")
    room.beat()
    after = panel(room)
    assert after.hand.edited == "drawing:1"
    assert after.canvas.pencil is not None
    assert after.canvas.pencil.points[0] == CORNERS[0]
    after.canvas.finish_drawing()
    after.draw_line.submit()
    made = room.session.sent.commands[-1]
    assert isinstance(made, PutDrawing)
    assert (made.drawing, made.version, len(made.places)) == (1, 1, 4)


def test_that_a_length_half_measured_is_measured_to_its_end(room: StagedRoom) -> None:
    at = panel(room)
    look(at)
    at.measure("map.length", Tool.LENGTH)
    at.canvas.put_world(CORNERS[0])
    room.change("language")
    room.beat()
    said: list[str] = []
    room.desk.message_came.connect(lambda text, _trouble: said.append(text))
    after = panel(room)
    after.canvas.put_world(CORNERS[1])
    after.canvas.finish_drawing()
    assert said
    assert "km" in said[-1] or "m" in said[-1]
    assert room.session.sent.commands == []

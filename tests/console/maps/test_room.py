"""What the window does for maps: where a thing on a map leads, what is sent once, and what another window leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.maps.room import MapRoom
from chengyun_console.pages.map.page import MapPage
from chengyun_console.warnings.page import WarningsPage
from chengyun_core.model.drawing_commands import EraseDrawing
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.warning_asks import AskWarning
from chengyun_widgets.mapping.view import MapView
from tests.console import map_scenes, scenes, warning_samples
from tests.console.event_samples import event
from tests.console.staged import StagedRoom, staged
from tests.console.still_session import alarm
from tests.support.small_city import small_city
from tests.support.still_cameras import with_cameras


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests: F5 with everything on it, and cameras."""
    folder: Path = tmp_path_factory.mktemp("map-room")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        made.session.show_city(with_cameras(small_city(24)))
        map_scenes.show_map(made)
        made.session.put_fact("warning", "7", warning_samples.warning())
        yield made
        made.desk.video.stop()


@pytest.fixture
def room(at: scenes.Stand) -> Iterator[MapRoom]:
    """The room of maps, F5 in front, nothing said."""
    at.window.show_page("F5")
    at.beat()
    at.session.sent.commands.clear()
    yield at.window.rooms.maps
    at.window.layers.close_nearest()
    at.window.layers.close_nearest()
    map_scenes.page_of(at).map.canvas.lock_view(False)


@pytest.fixture
def said(at: scenes.Stand) -> Iterator[list[str]]:
    """What the desk says."""
    told: list[str] = []

    def hear(text: str, _trouble: bool) -> None:
        told.append(text)

    at.desk.message_came.connect(hear)
    yield told
    at.desk.message_came.disconnect(hear)


def opened(at: scenes.Stand, kind: str, key: str) -> None:
    """Open a thing of a map, as a double click or Enter does."""
    at.desk.maps.item_was_opened.emit(kind, key)
    QApplication.processEvents()


def test_that_an_alarm_leads_to_its_row_in_the_cockpit(at: scenes.Stand, room: MapRoom, qtbot: QtBot) -> None:
    opened(at, "alarm", "2")
    qtbot.waitUntil(lambda: at.window.stack.front == "F1")
    assert at.desk.alarm() is at.session.facts.alarms[2]


def test_that_an_event_leads_to_its_page_and_comes_into_focus(at: scenes.Stand, room: MapRoom, qtbot: QtBot) -> None:
    number = next(iter(at.session.facts.events))
    at.desk.event_focus.select(None)
    opened(at, "event", str(number))
    qtbot.waitUntil(lambda: at.window.stack.front == "F3")
    assert at.desk.event_focus.number == number


def test_that_a_warning_leads_to_its_document(at: scenes.Stand, room: MapRoom, qtbot: QtBot) -> None:
    opened(at, "warning", "7")
    qtbot.waitUntil(lambda: at.window.stack.front == "warnings")
    slot = next(slot for slot, (_kind, ask, _answer) in at.session.sent.asks.items() if ask == AskWarning(warning=7))
    at.session.answer_ask(slot, warning_samples.told())
    told = at.window.stack.of(WarningsPage).warning()
    assert told is not None
    assert told.number == 7


def test_that_a_camera_leads_to_its_picture_first(at: scenes.Stand, room: MapRoom) -> None:
    opened(at, "camera", "CAM-0003")
    sheet = at.window.rooms.video.sheet
    assert sheet.isVisible()
    assert sheet.panes.cameras[0] == "CAM-0003"


def test_that_a_device_of_a_series_leads_to_the_series(at: scenes.Stand, room: MapRoom, qtbot: QtBot) -> None:
    opened(at, "device", "D3#17")
    qtbot.waitUntil(lambda: at.window.stack.front == "devices")


def test_that_a_risk_point_leads_to_the_plans_by_its_name(at: scenes.Stand, room: MapRoom, qtbot: QtBot) -> None:
    opened(at, "risk_point", "FX-0005")
    qtbot.waitUntil(lambda: at.window.stack.front == "F7")
    asked = [ask for kind, ask, _answer in at.session.sent.asks.values() if kind.startswith("plan")]
    assert any("风险点5" in str(ask) for ask in asked), "its name, not its code"
    opened(at, "risk_point", "FX-GONE")
    asked = [ask for kind, ask, _answer in at.session.sent.asks.values() if kind.startswith("plan")]
    assert any("FX-GONE" in str(ask) for ask in asked), "one that left the library: its code is all there is"


@pytest.mark.parametrize(
    ("kind", "key"),
    [("alarm", "x"), ("alarm", ""), ("event", "-1"), ("warning", "７x"), ("camera", "gone"), ("unit", "U-1"), ("", "")],
)
def test_that_a_key_that_is_none_leads_nowhere(at: scenes.Stand, room: MapRoom, kind: str, key: str) -> None:
    at.window.rooms.video.sheet.close_over()
    opened(at, kind, key)
    at.beat()
    assert at.window.stack.front == "F5"
    assert not at.window.rooms.video.sheet.isVisible()


def test_that_without_an_alarm_or_an_event_in_focus_m_says_so_and_stays(
    at: scenes.Stand, room: MapRoom, said: list[str]
) -> None:
    at.window.show_page("F1")
    at.desk.select_alarm(None)
    at.desk.event_focus.select(None)
    room.show_alarm()
    room.show_event()
    assert said == [at.desk.say("console.no_alarm"), at.desk.say("events.none_in_focus")]
    assert at.window.stack.front == "F1"
    at.desk.select_alarm(1)


def test_that_who_may_not_import_is_told_so_and_who_may_gets_the_sheet(at: scenes.Stand, room: MapRoom) -> None:
    room.import_layer()
    assert room.importing.isVisible()
    (overlay,) = room.overlays
    assert overlay is room.importing
    at.press(Qt.Key.Key_Escape)
    assert not room.importing.isVisible()
    signed_on = at.session.signed_on
    assert signed_on is not None
    at.session.enter(allowed=())
    room.import_layer()
    assert not room.importing.isVisible()
    message = at.window.message.message
    assert message is not None
    assert at.desk.say("console.not_allowed", action=at.desk.say("layers.action")) == message.text
    at.session.enter(allowed=signed_on.allowed)


def test_that_what_is_drawn_is_sent_once_and_its_end_is_told(at: scenes.Stand, room: MapRoom) -> None:
    made = EraseDrawing(drawing=1, version=1)
    at.desk.maps.deed_was_made.emit(made, "擦标绘")
    assert at.session.sent.commands == [made]
    at.session.command_ended.emit("command-1", Reply(id="command-1", outcome="refused", code="drawing.seen"))
    message = at.window.message.message
    assert message is not None
    assert message.text


def test_that_a_place_somebody_seeks_is_shown_unless_the_view_is_locked(
    at: scenes.Stand, room: MapRoom, said: list[str]
) -> None:
    panel = map_scenes.page_of(at).map
    at.window.show_page("F1")
    at.desk.maps.place_was_sought.emit(0.79, 0.41)
    assert at.window.stack.front == "F5"
    assert (panel.canvas.view.x, panel.canvas.view.y) == (0.79, 0.41)
    panel.canvas.lock_view(True)
    at.desk.maps.place_was_sought.emit(0.5, 0.5)
    assert (panel.canvas.view.x, panel.canvas.view.y) == (0.79, 0.41)
    assert said == [at.desk.say("maps.is_locked")]


@pytest.fixture
def two(qtbot: QtBot, tmp_path: Path) -> Iterator[StagedRoom]:
    """A window that may be replaced, with F5 made."""
    with staged(qtbot, tmp_path) as made:
        made.session.enter(allowed=("map.import", "drawing.erase"))
        made.session.put_fact("event", "7", event(7, longitude=106.58, latitude=29.56))
        made.session.put_alarms(alarm(1, 3))
        made.beat()
        made.window.show_page("F5")
        made.beat()
        yield made


@pytest.mark.parametrize("what", ["language", "theme"])
def test_that_after_another_window_came_a_deed_is_sent_once_and_a_thing_opens_there(
    two: StagedRoom, what: str, qtbot: QtBot
) -> None:
    two.change(what)
    two.desk.maps.deed_was_made.emit(EraseDrawing(drawing=1, version=1), "x")
    assert two.session.sent.commands == [EraseDrawing(drawing=1, version=1)]
    two.desk.select_alarm(None)
    two.desk.maps.item_was_opened.emit("alarm", "1")
    qtbot.waitUntil(lambda: two.window.stack.front == "F1")
    assert two.desk.alarm() is two.session.facts.alarms[1]


@pytest.mark.parametrize("what", ["language", "theme"])
def test_that_what_was_asked_by_a_map_that_went_is_answered_to_nobody(two: StagedRoom, what: str) -> None:
    """Silence, a refusal, half an answer: each comes when the map that asked is no more, and harms nothing."""
    panel = two.window.stack.of(MapPage).map
    two.desk.event_focus.select(7)
    panel.canvas.look_at(MapView(0.7961, 0.4142, 16.0))
    two.beat()
    panel.ask_around()
    panel.ask_reach()
    panel.inquiry.follow_pipe("pipes", "P1")
    panel.inquiry.warning(warning_samples.warning())
    before = set(two.session.sent.asks)
    assert {"map.within.F5", "density.within.F5", "map.reach.F5", "map.trace.F5", "warning.get.F5"} <= before
    two.session.sent.asks = {slot: two.session.sent.asks[slot] for slot in before if slot.endswith(".F5")}
    late = dict(two.session.sent.asks)
    two.change(what)
    two.session.sent.asks = late
    assert two.answer_all() == []
    two.beat()
    answer = two.window.stack.of(MapPage).map.inquiry.answer()
    assert answer is not None
    assert answer[1] == [], "asked anew by the map that stands, and answered by nothing the other one asked"

"""A map shown to all is seen as its sharer saw it at one key, and left at one; who saw nothing yet shows the event."""

from PySide6.QtCore import Qt

from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.presets import Show
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.pages.map.page import MapPage
from chengyun_core.model.room_share import MapSight, SharedMap, named
from chengyun_widgets.mapping.view import MapView
from tests.console.room_stand import TOWN
from tests.console.rooms.sharing import Sharing

SIGHT = MapSight(x=0.7962, y=0.4115, zoom=12.25, shows=("events", "cameras"))
SHARED = named(SharedMap(sight=SIGHT))


def map_of(sharing: Sharing) -> MapPanel:
    return sharing.room.window.stack.of(MapPage).map


def own_map(sharing: Sharing) -> MapPanel:
    """Bring the map to the front, look somewhere, and go back to the room."""
    window = sharing.room.window
    window.show_page("F5")
    sharing.room.beat(0.5)
    panel = map_of(sharing)
    panel.canvas.look_at(MapView(0.25, 0.5, 9.0))
    panel.toggles.turn("show:cameras")
    sharing.room.beat(0.5)
    return panel


def press_w(sharing: Sharing) -> None:
    sharing.sheet.matrix.setFocus()
    sharing.stand.press(Qt.Key.Key_W)
    sharing.room.beat(0.5)


def test_that_the_map_is_seen_as_its_sharer_saw_it(sharing: Sharing) -> None:
    sharing.share(SHARED)
    press_w(sharing)
    assert sharing.room.window.stack.front == "F5"
    assert not sharing.sheet.isVisible()
    panel = map_of(sharing)
    assert panel.canvas.view == MapView(SIGHT.x, SIGHT.y, SIGHT.zoom)
    assert panel.toggles.shows == {Show.EVENTS, Show.CAMERAS}
    assert panel.banner.isVisible()
    assert "周敏" in panel.banner.text()
    assert sharing.room.desk.event_focus.number == 7


def test_that_one_key_brings_back_ones_own_place_and_layers(sharing: Sharing) -> None:
    panel = own_map(sharing)
    own = panel.canvas.view, panel.toggles.shows
    sharing.stand.do("room.open_for_event")
    sharing.share(SHARED)
    press_w(sharing)
    assert (panel.canvas.view, panel.toggles.shows) != own
    sharing.share(named(SharedMap(sight=MapSight(x=0.1, y=0.2, zoom=8.0))))
    sharing.room.desk.event_focus.select(7)
    sharing.stand.do("room.open_for_event")
    press_w(sharing)
    assert panel.canvas.view == MapView(0.1, 0.2, 8.0)
    sharing.stand.press(Qt.Key.Key_Z)
    sharing.room.beat(0.5)
    assert (panel.canvas.view, panel.toggles.shows) == own, "one's own, not the first of the two that were shown"
    assert "周敏" not in panel.banner.text()
    sharing.stand.press(Qt.Key.Key_Z)
    assert panel.canvas.view == MapView(0.1, 0.2, 8.0), "after that it turns between the last two views, as ever"


def test_that_a_locked_map_stays_and_says_so(sharing: Sharing) -> None:
    panel = own_map(sharing)
    panel.canvas.lock_view(True)
    own = panel.canvas.view, panel.toggles.shows
    sharing.stand.do("room.open_for_event")
    sharing.share(SHARED)
    press_w(sharing)
    assert (panel.canvas.view, panel.toggles.shows) == own
    assert not panel.banner.isVisible() or "周敏" not in panel.banner.text()
    panel.canvas.lock_view(False)


def test_that_the_map_of_the_page_of_command_is_taken_where_it_is_in_front(sharing: Sharing) -> None:
    window = sharing.room.window
    window.show_page("F6")
    window.stack.of(CommandPage)
    sharing.room.beat(0.5)
    sharing.room.desk.event_focus.select(7)
    sharing.stand.do("room.open_for_event")
    sharing.share(SHARED)
    press_w(sharing)
    assert window.stack.front == "F6"
    panel = window.stack.of(CommandPage).map
    assert panel.canvas.view == MapView(SIGHT.x, SIGHT.y, SIGHT.zoom)
    sharing.room.beat(0.5)
    assert panel.canvas.view == MapView(SIGHT.x, SIGHT.y, SIGHT.zoom), "the event in focus does not draw it away"


def test_that_layers_this_machine_has_not_are_named(sharing: Sharing) -> None:
    said: list[str] = []
    sharing.room.desk.message_came.connect(lambda text, _is_bad: said.append(text))
    sharing.share(named(SharedMap(sight=MapSight(x=0.5, y=0.5, zoom=8.0, layers=("pipes-2031",)))))
    press_w(sharing)
    assert any("pipes-2031" in text for text in said)
    assert map_of(sharing).toggles.layers == frozenset()


def test_that_an_open_room_gives_way_to_another_page_and_one_stays_in_it(sharing: Sharing) -> None:
    sharing.room.window.show_page("F5")
    sharing.room.beat(0.5)
    assert not sharing.sheet.isVisible(), "it covers all of the page"
    sharing.sheet.rooms.beat()
    assert sharing.sheet.rooms.media is not None


def test_that_the_mode_changes_nothing_of_a_map_that_is_looked_at_so(sharing: Sharing) -> None:
    sharing.share(SHARED)
    press_w(sharing)
    panel = map_of(sharing)
    panel.toggles.follow()
    assert panel.toggles.shows == {Show.EVENTS, Show.CAMERAS}
    sharing.stand.press(Qt.Key.Key_Z)
    sharing.room.beat(0.5)
    assert not panel.toggles.is_own, "back, the mode has it again"


def test_that_the_map_one_saw_last_is_offered_as_one_saw_it(sharing: Sharing) -> None:
    assert "我的地图视图" not in [text for text, _value in sharing.offered()]
    own_map(sharing)
    offered = dict(sharing.offered())
    shown = ("alarms", "events", "risk_points", "cameras", "devices", "warnings", "drawings")
    assert offered["我的地图视图"] == named(SharedMap(sight=MapSight(x=0.25, y=0.5, zoom=9.0, shows=shown)))
    assert next(iter(offered)) == "地图上的本事件"


def test_that_a_name_this_build_does_not_know_is_said(sharing: Sharing) -> None:
    sharing.share("pane/F6/9")
    assert sharing.sheet.shared.isHidden()
    press_w(sharing)
    assert sharing.sheet.isVisible()
    rows = {row.key: row for row in sharing.sheet.matrix.rows()}
    assert "pane/F6/9" in rows[TOWN].detail

"""What the window does for maps: sends what is drawn, and leads from a thing on a map to where it is dealt with."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.maps.import_sheet import LayerSheet
from chengyun_console.maps.panel import ITEM_ZOOM, MapPanel
from chengyun_console.pages.map.page import MapPage
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_core.model.room_share import MapSight

PAGE, COMMAND = "F5", "F6"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapWays:
    """Where things on a map are dealt with."""

    alarm: Callable[[int], None]
    event: Callable[[int], None]
    warning: Callable[[int], None]
    plan: Callable[[str], None]
    """Words to look for among the plans."""
    camera: Callable[[str], None]
    device: Callable[[str], None]


class MapRoom(QObject):
    """Made once by the window, with the first page that has a map; goes with the window."""

    def __init__(
        self, desk: Desk, parent: QWidget, stack: PageStack, deeds: Deeds, ways: MapWays, *, area: Callable[[], QRect]
    ) -> None:
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._area, self.importing = area, LayerSheet(desk, parent)
        self._desk, self._stack, self._deeds, self._ways = desk, stack, deeds, ways
        desk.maps.deed_was_made.connect(self._send)
        desk.maps.item_was_opened.connect(self._open)
        desk.maps.place_was_sought.connect(self._look_at)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves: the sheet of a layer that is imported."""
        return (self.importing,)

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the actions that lead to the map do, by their ids."""
        return {"alarm.map": self.show_alarm, "event.map": self.show_event, "map.import": self.import_layer}

    def refresh(self) -> None:
        """Nothing of the room's own changes with a frame."""

    def import_layer(self) -> None:
        """I: take a layer from a file; who does not keep the catalogue is told so."""
        if self._deeds.may(BY_ID["map.import"]):
            self.importing.open_over(self._area())

    def show_alarm(self) -> None:
        """M on an alarm: show it on the map."""
        alarm = self._desk.alarm()
        if alarm is None:
            self._desk.message_came.emit(self._desk.say("console.no_alarm"), False)
            return
        self._on_page(lambda page: page.show_alarm(alarm.number))

    def show_event(self) -> None:
        """M on an event: show it on the map."""
        event = self._desk.event_focus.record
        if event is None:
            self._desk.message_came.emit(self._desk.say("events.none_in_focus"), False)
            return
        self._on_page(lambda page: page.show_event(event.number))

    def show_warning(self, number: int) -> None:
        """T on a warning: show its area on the map."""
        self._on_page(lambda page: page.show_warning(number))

    def show_sight(self, sight: MapSight, whose: str) -> None:
        """W on a map shown in a room: see it as `whose` map has it, on F6's map where that is in front, else on F5."""
        self._panel_in_front().show_sight(sight, whose)

    def _panel_in_front(self) -> MapPanel:
        if self._stack.front == COMMAND:
            from chengyun_console.pages.command.page import CommandPage  # noqa: PLC0415 - it stands, or is not in front

            panel = self._stack.of(CommandPage).map
            if panel.isVisible():
                return panel
        return self._page().map

    def _on_page(self, do: Callable[[MapPage], object]) -> None:
        """Do something on F5 once it is in front: it may have to come first."""
        self._stack.bring_forward(PAGE, lambda: do(self._stack.of(MapPage)))

    def _page(self) -> MapPage:
        self._stack.bring_forward(PAGE)
        return self._stack.of(MapPage)

    def _send(self, command: object, title: str) -> None:
        self._deeds.send(command, title)

    def _look_at(self, x: float, y: float) -> None:
        self._on_page(lambda page: page.map.look_at((x, y), ITEM_ZOOM))

    def _open(self, kind: str, key: str) -> None:
        match kind:
            case "alarm" if key.isdecimal():
                self._ways.alarm(int(key))
            case "event" if key.isdecimal():
                self._ways.event(int(key))
            case "warning" if key.isdecimal():
                self._ways.warning(int(key))
            case "camera":
                self._ways.camera(key)
            case "device":
                self._ways.device(key.partition("#")[0])
            case "risk_point":
                self._ways.plan(self._name_of(key))

    def _name_of(self, risk_point: str) -> str:
        places = self._desk.maps.risks.places
        number = (places.numbers or {}).get(risk_point)
        return places.names[number] if number is not None else risk_point

"""F5 一张图: the whole city on one map, with its layers, questions, drawings and the line of time (M1–M7)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from chengyun_console.actions.action import Where
from chengyun_console.actions.map_deeds import MAP_KEYS, ON_THE_PAGE
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps
from chengyun_console.maps.finding import PlaceFinder
from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.presets import Show
from chengyun_console.pages.map.side import MapSide
from chengyun_console.pages.page import Page
from chengyun_console.pages.plans.keyed import KeyedButtons, bind_keys
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_core.mirror.links import Links
from chengyun_resources.theme.tokens import SPACE_PX

if TYPE_CHECKING:
    from chengyun_console.shell.wall_stage import Staged


class MapPage(Page):
    """Single letters are about the map; Enter opens what is chosen on it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.map = MapPanel(desk, "F5")
        self.side = MapSide(desk, self.map)
        self.finder = PlaceFinder(desk, self.map, self.side.search)
        self.deeds = KeyedButtons(desk, {action: self._asker(action) for action in ON_THE_PAGE})
        self._lay_out()
        bind_keys(self, {action: self.map.doers()[action] for action in MAP_KEYS})
        self.side.row_was_opened.connect(self._on_row)

    @override
    def bring_to_now(self, links: Links, now_s: float) -> None:
        self.map.refresh(now_s)
        self.side.bring_to_now()

    @override
    def steps(self, links: Links, now_s: float) -> Steps:
        if self._desk.session.signed_on is None:
            return
        self.map.refresh(now_s)
        yield
        self.side.bring_to_now()
        self.finder.refresh()

    @override
    def take_preferences(self) -> None:
        self.deeds.show_only(ON_THE_PAGE)

    @override
    def subject(self) -> Where:
        return Where.MAP

    @override
    def doers(self) -> dict[str, Callable[[], object]]:
        return {
            **self.map.doers(), "map.find": self.side.search.setFocus, "map.list": self.side.layers.setFocus,
        }  # fmt: skip

    @override
    def staged(self) -> "Staged":
        from chengyun_console.shell.wall_stage import Staged  # noqa: PLC0415 - the wall has one when one is sent

        return Staged(event=self._desk.event_focus.number, view=self.map.canvas.view)

    @override
    def focus_front(self) -> None:
        self.map.canvas.setFocus()

    @override
    def step_back(self) -> bool:
        if self.finder.close_over():
            return True
        return self.map.step_back()

    def show_alarm(self, number: int) -> None:
        """Go to where an alarm is (M on an alarm)."""
        alarm = self._desk.session.facts.alarms.get(number)
        if alarm is not None:
            book = self.map.maps.book()
            area = self.map.maps.bounds_of(book.centre_of(alarm.vital))
            self.map.show_stand(Show.ALARMS, f"alarm:{number}", book.of_vital(alarm.vital), area)

    def show_event(self, number: int) -> None:
        """Go to where an event is (M on an event)."""
        event = self._desk.session.facts.events.get(number)
        if event is not None:
            stand = self.map.maps.book().of_event(event)
            area = self.map.maps.bounds_of(event.centre)
            self.map.show_stand(Show.EVENTS, f"event:{number}", stand, area)

    def show_warning(self, number: int) -> None:
        """Go to where an official warning holds (T on a warning)."""
        one = self._desk.session.facts.warned.warnings.get(number)
        if one is not None:
            self.map.show_warning(one)

    def _on_row(self, key: str) -> None:
        self.finder.go_to(key)

    def _asker(self, action: str) -> Callable[[], object]:
        return lambda: self.action_was_asked.emit(action)

    def _lay_out(self) -> None:
        panes = SplitPanes(self._desk, "map.whole", Qt.Orientation.Horizontal, (78, 22))
        panes.addWidget(self.map)
        panes.addWidget(self.side)
        page = QVBoxLayout(self)
        page.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX)
        page.setSpacing(SPACE_PX)
        page.addWidget(panes, 1)
        page.addWidget(self.deeds)

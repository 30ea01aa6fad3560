"""What explains a figure of the cockpit on request: the health sheet, the KPI drill, the call card, and the focus."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.cockpit.page import CockpitPage
from chengyun_console.shell.call_card import CallCard
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.health_sheet import HealthSheet
from chengyun_console.shell.kpi_sheet import KpiSheet
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.scope_banner import ScopeBanner
from chengyun_console.wording.calls import About
from chengyun_console.wording.scope import choices_around
from chengyun_core.mirror.scope import Scope
from chengyun_core.mirror.tree import Node
from chengyun_core.model.catalogue import Kpi
from chengyun_widgets.toast import MessageTone

MOST_CHOICES = 9


class Drills(QObject):
    """Made once by the window. Sheets lie over the left of the page; the alarm list stays in sight."""

    vital_was_asked = Signal(int)
    alarm_was_asked = Signal(int)

    def __init__(self, desk: Desk, window: QWidget, pages: QWidget, *, cockpit: CockpitPage, deeds: Deeds) -> None:
        """`pages`: what the sheets lie over, somewhere in `window`."""
        super().__init__(window)
        self._desk, self._cockpit, self._deeds = desk, cockpit, deeds
        self._window, self._pages = window, pages
        self.health = HealthSheet(desk, window)
        self.kpi = KpiSheet(desk, window)
        self.call = CallCard(desk, window)
        self._connect()

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return self.call, self.kpi, self.health

    def hide(self) -> None:
        """Hide all: nobody is signed on any more."""
        for sheet in self.overlays:
            sheet.hide()
        self._desk.scope.clear()

    def refresh(self) -> None:
        """Bring what is open to now."""
        self.health.refresh()
        self.kpi.refresh()
        self.call.refresh()

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the keys do."""
        return {
            "scope.choose": self._choose_scope,
            "health.explain": self._explain,
            "call.open": self._call,
            "call.copy": self._copy,
            "heat.find": self._find,
        }

    def open_kpi(self, code: str) -> None:
        """Show the four tabs of a KPI."""
        kpis = self._desk.names.view.catalogue.kpis if self._desk.names else ()
        found = next((kpi for kpi in kpis if kpi.code == code), None)
        if found is not None:
            self.health.hide()
            self.kpi.open_for(found, self._area())

    def open_health(self, node: Node) -> None:
        """Show what a node's health is made of."""
        self.health.open_for(node, self._area())

    def _explain(self) -> None:
        about = self._cockpit.in_focus()
        if isinstance(about, Node):
            self.open_health(about)
        elif isinstance(about, Kpi):
            self.open_kpi(about.code)
        else:
            path = self._desk.names.view.place_of(about) if self._desk.names and about is not None else ()
            if path:
                self.open_health(path[-1])
            else:
                self._deeds.tell(MessageTone.NOTE, self._desk.say("cockpit.health.which"))

    def _call(self) -> None:
        """H: whom to call about the sheet in front, else about what has the keyboard."""
        if self.call.close_over():
            return
        about = self._sheet_subject() or self._cockpit.in_focus()
        if about is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("cockpit.call.which"))
            return
        alarm = self._desk.alarm() if isinstance(about, int) else None
        self.call.open_for(about, alarm, self._area())

    def _sheet_subject(self) -> About | None:
        """Return what the sheet in front is about, None when none lies there."""
        if self.kpi.isVisible():
            return self.kpi.kpi
        return self.health.node if self.health.isVisible() else None

    def _find(self) -> None:
        if self._cockpit.isVisible():
            self._cockpit.heat.open_search()

    def _area(self) -> QRect:
        """Return where the page is, in the window's coordinates."""
        return QRect(self._pages.mapTo(self._window, self._pages.rect().topLeft()), self._pages.size())

    def _copy(self) -> None:
        if self.call.isVisible():
            self.call.copy()

    def _choose_scope(self) -> None:
        """F: ask on what every pane is to be focused; what is in front of the officer comes first."""
        desk, about = self._desk, self._cockpit.in_focus()
        node = self.health.node if self.health.isVisible() else about if isinstance(about, Node) else None
        vital = about if isinstance(about, int) else None
        choices: list[tuple[str, Scope | None]] = list(
            choices_around(desk, vital, node, desk.alarm() if vital else None)
        )
        if desk.scope.scope is not None:
            choices.append((desk.say("cockpit.scope.all"), None))
        if not choices:
            self._deeds.tell(MessageTone.NOTE, desk.say("cockpit.scope.nothing"))
            return
        choices = choices[:MOST_CHOICES]
        labels = [label for label, _scope in choices]
        self._deeds.ask(desk.say("cockpit.scope.which"), labels, lambda at: self._focus(choices[at][1]))

    def _focus(self, scope: Scope | None) -> None:
        for sheet in self.overlays:
            sheet.close_over()
        self._desk.scope.choose(scope, self._desk.session.facts)

    def _on_vital(self, number: int) -> None:
        for sheet in (self.health, self.kpi):
            sheet.close_over()
        self.vital_was_asked.emit(number)

    def _on_alarm(self, number: int) -> None:
        self.kpi.close_over()
        self.alarm_was_asked.emit(number)

    def _on_lost(self) -> None:
        self._desk.message_came.emit(self._desk.say("cockpit.scope.lost"), True)

    def _connect(self) -> None:
        self.health.vital_was_asked.connect(self._on_vital)
        self.health.kpi_was_asked.connect(self.open_kpi)
        self.kpi.vital_was_asked.connect(self._on_vital)
        self.kpi.alarm_was_asked.connect(self._on_alarm)
        self.call.note_was_asked.connect(self._deeds.send)
        self._cockpit.health_was_asked.connect(self.open_health)
        self._cockpit.kpi_was_asked.connect(self.open_kpi)
        self._desk.scope.was_lost.connect(self._on_lost)


def under_banner(desk: Desk, pages: QWidget) -> QVBoxLayout:
    """Return the pages with the banner above them that stands there while a focus holds; its button ends it."""
    banner = ScopeBanner(desk)
    banner.clear_was_asked.connect(desk.scope.clear)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(banner)
    column.addWidget(pages, 1)
    return column

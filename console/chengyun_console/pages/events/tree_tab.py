"""脉络: the events above, below and merged into the one in focus, with the clock of all of them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_console.pages.events.case_tab import CaseTab
from chengyun_console.wording.event_tree import TreeRows
from chengyun_core.model.event import Event
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence


class TreeTab(CaseTab):
    """Enter goes to the event of a row."""

    event_was_asked = Signal(int, object)
    """Number, and its record where it has ended."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._case: Case | None = None
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("events.tab.tree"))
        self.list.row_was_opened.connect(self._on_opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    @override
    def show_case(self, case: Case, now_ns: int) -> None:
        self._case = case
        rows = TreeRows(self._desk, case, now_ns).rows()
        self.list.set_rows(rows)
        told = self._desk.say("events.tab.tree.none")
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, told)

    @override
    def count(self, case: Case) -> int:
        file = case.file
        ties = len(file.children) + len(file.merged) if file is not None else case.event.children
        return ties + (case.event.parent is not None) + (case.event.merged_into is not None)

    def _on_opened(self, key: str) -> None:
        if key.isdigit():
            self.event_was_asked.emit(int(key), self._ended(int(key)))

    def _ended(self, number: int) -> Event | None:
        """Return the record of an event of the case: the mirror has living ones alone."""
        file = self._case.file if self._case is not None else None
        known = (*file.children, *file.merged_events) if file is not None else ()
        return next((event for event in known if event.number == number), None)

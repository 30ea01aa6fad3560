"""The tabs of an event's card in one table: each is a pane that shows a case. A tab is added by a row and its text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_console.lettered import Lettered
from chengyun_console.pages.events.case_tab import CaseTab
from chengyun_console.pages.events.files_tab import FilesTab
from chengyun_console.pages.events.tree_tab import TreeTab
from chengyun_console.pages.plans.runner import RunnerPane
from chengyun_console.wording.event_tabs import order_rows, report_sections
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.model.event import Hop
from chengyun_core.wire.event_asks import HopRow
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.hop_fall import FallRecord, HopFall
from chengyun_widgets.presence import Presence
from chengyun_widgets.time_lines import TimeLines


def _filled(tab: QWidget, body: QWidget) -> None:
    column = QVBoxLayout(tab)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(body)


_NEXT_HOPS = 3
"""Hops not reached that stand below those that are."""


class TimelineTab(CaseTab):
    """What happened, newest first; each line is a row of the journal."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.lines = TimeLines(desk.theme)
        self.lines.setAccessibleName(desk.say("events.tab.timeline"))
        _filled(self, self.lines)

    @override
    def show_case(self, case: Case, now_ns: int) -> None:
        words = TimelineWords(EventWords(self._desk.figures, self._desk.names))
        self.lines.show_lines([words.line(line) for line in case.lines])

    @override
    def count(self, case: Case) -> int:
        return len(case.lines)


class _RowsTab(CaseTab):
    """A list of rows, or the sentence that there are none."""

    name = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say(f"events.tab.{self.name}"))
        _filled(self, self.list)

    def rows(self, case: Case, now_ns: int) -> list[FactRow]:
        """Return the rows of a case."""
        raise NotImplementedError

    @override
    def show_case(self, case: Case, now_ns: int) -> None:
        rows = self.rows(case, now_ns)
        self.list.set_rows(rows)
        told = self._desk.say(f"events.tab.{self.name}.none")
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, told)


class OrdersTab(_RowsTab):
    """Who was told what, how far each receipt climbed, and which clock runs."""

    name = "orders"

    @override
    def rows(self, case: Case, now_ns: int) -> list[FactRow]:
        return order_rows(self._desk, case, now_ns)

    @override
    def count(self, case: Case) -> int:
        return len(case.receipts)


class PlanTab(CaseTab):
    """The plans started for the event, with everything an officer does with them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.pane = RunnerPane(desk)
        _filled(self, self.pane)

    @override
    def show_case(self, case: Case, now_ns: int) -> None:
        self.pane.show_event(case.event.number, case.event)
        self.pane.refresh()

    @override
    def count(self, case: Case) -> int:
        return len(case.run.steps) if case.run is not None else 0


class ReportsTab(CaseTab):
    """Reports that went up, each with what became of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.sheet = FactSheet(desk.theme)
        self.sheet.setAccessibleName(desk.say("events.tab.reports"))
        _filled(self, self.sheet)

    @override
    def show_case(self, case: Case, now_ns: int) -> None:
        self.sheet.show_sections(report_sections(self._desk, case, now_ns))

    @override
    def count(self, case: Case) -> int:
        return len(case.file.reports) if case.file else 0


class HopsTab(CaseTab):
    """The waterfall of the chain: what each hop took and its budget (W2)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.fall = HopFall(desk.theme)
        self.fall.setAccessibleName(desk.say("events.tab.hops"))
        _filled(self, self.fall)

    @override
    def show_case(self, case: Case, now_ns: int) -> None:
        self.fall.show_records(hop_records(self._desk, case), self._desk.say("events.tab.hops.none"))


class ChainPane(QWidget):
    """The same waterfall under the other tabs, where there is room: hops reached, and those that come next."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.fall = HopFall(desk.theme)
        self.fall.setAccessibleName(desk.say("events.tab.hops"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, 0, 0)
        column.setSpacing(0)
        column.addWidget(Lettered(desk.theme, TypeSize.BODY, Colour.TEXT, bold=True, text=desk.say("events.tab.hops")))
        column.addWidget(self.fall)

    def show_case(self, case: Case) -> bool:
        """Show a case, the same one costs little; return whether there is anything to see."""
        reached = len(case.hops.rows) if case.hops is not None else 0
        records = hop_records(self._desk, case)[: reached + _NEXT_HOPS]
        self.fall.show_records(records, self._desk.say("events.tab.hops.none"))
        return reached > 0


def hop_records(desk: Desk, case: Case) -> tuple[FallRecord, ...]:
    """Return the waterfall's bars: reached hops in the order of their times, then those not reached."""
    if case.hops is None:
        return ()
    began = {row.hop: row.since_source_s for row in case.hops.rows}
    missing = (FallRecord(name=desk.say(f"event.hop.{hop.value}")) for hop in case.hops.missing)
    return (*(_fall(desk, row, began) for row in case.hops.rows), *missing)


def _fall(desk: Desk, row: HopRow, began: Mapping[Hop, float]) -> FallRecord:
    limit = None
    if row.budget_s is not None and row.budget_from is not None:
        limit = began.get(row.budget_from, 0.0) + row.budget_s
    return FallRecord(
        name=desk.say(f"event.hop.{row.hop.value}"), clock=desk.figures.clock(row.at),
        begin_s=row.since_source_s - row.since_previous_s, end_s=row.since_source_s, limit_s=limit,
        is_late=row.late_s > 0, budget=_budget(desk, row),
        told=desk.say("events.hop.took", time=desk.figures.short_duration(row.since_previous_s)),
    )  # fmt: skip


def _budget(desk: Desk, row: HopRow) -> str:
    """Return what was allowed, and by how much it was missed."""
    if row.budget_s is None:
        return ""
    allowed = desk.figures.short_duration(row.budget_s)
    if row.late_s > 0:
        return desk.say("events.hop.late", budget=allowed, time=desk.figures.short_duration(row.late_s))
    begun = desk.say(f"event.hop.{row.budget_from.value}") if row.budget_from else ""
    return desk.say("events.hop.budget", time=allowed, hop=begun)


@dataclass(frozen=True, slots=True, kw_only=True)
class TabRow:
    """One tab; its text code is `events.tab.<id>`."""

    id: str
    make: Callable[[Desk], CaseTab]


TABS: tuple[TabRow, ...] = (
    TabRow(id="timeline", make=TimelineTab),
    TabRow(id="orders", make=OrdersTab),
    TabRow(id="plan", make=PlanTab),
    TabRow(id="reports", make=ReportsTab),
    TabRow(id="files", make=FilesTab),
    TabRow(id="hops", make=HopsTab),
    TabRow(id="tree", make=TreeTab),
)
"""In the order of the digits that turn to them."""

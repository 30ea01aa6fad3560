"""What each pane puts on paper: what it says itself (`printed`), or what is read from what it shows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

import numpy as np
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.alarm_rows import alarm_items
from chengyun_console.pages.cockpit.alarms import AlarmPanel
from chengyun_console.pages.cockpit.heat import HeatPanel, is_known
from chengyun_console.pages.vitals.page import VitalsPage
from chengyun_console.paper.heading import iso
from chengyun_console.paper.printed import (
    UNKNOWN_CELL,
    Block,
    Printed,
    PrintedChart,
    PrintedColumn,
    PrintedGrid,
    PrintedGroup,
    PrintedRow,
    PrintedTable,
)
from chengyun_console.paper.reading import blocks_of, columns_table
from chengyun_console.shell.unfolded import UnfoldedStrip
from chengyun_console.wording.scope import scope_name
from chengyun_core.mirror.state import Freshness
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_widgets.column_table import ColumnTable


@runtime_checkable
class Printable(Protocol):
    """A pane that knows better than its widgets what belongs on paper."""

    def printed(self) -> Printed:
        """Return what it prints now."""


def printed_of(pane: QWidget, desk: Desk) -> Printed:
    """Return what a pane prints now; without blocks when there is nothing on it. A focus filter is told on it."""
    printed = _printed(pane, desk)
    if desk.scope.scope is None or isinstance(pane, UnfoldedStrip):
        return printed
    told = desk.say("cockpit.scope.banner", name=scope_name(desk, desk.scope.scope))
    return replace(printed, filter=" · ".join(part for part in (told, printed.filter) if part))


def _printed(pane: QWidget, desk: Desk) -> Printed:
    if isinstance(pane, Printable):
        return pane.printed()
    for kind, make in _MAKERS:
        if isinstance(pane, kind):
            return make(pane, desk)
    page = _page_of(pane)
    if isinstance(page, VitalsPage) and pane is page.panel:
        return _vitals(page, desk)
    blocks = blocks_of(pane, desk)
    return Printed(title=title_of(pane, desk), blocks=blocks, span=_span(desk, blocks))


def title_of(pane: QWidget, desk: Desk) -> str:
    """Return the name of a pane: its title, which is its accessible name too; the row of sectors has none."""
    return pane.accessibleName() or desk.say("paper.sectors")


def _page_of(pane: QWidget) -> QWidget | None:
    above = pane.parentWidget()
    while above is not None and not isinstance(above, VitalsPage):
        above = above.parentWidget()
    return above


def _span(desk: Desk, blocks: Sequence[Block]) -> str:
    """Return the window of the charts in words."""
    charts = [block for block in blocks if isinstance(block, PrintedChart)]
    if not charts:
        return ""
    stamp = desk.figures.stamp
    return f"{stamp(min(c.t0_ns for c in charts))} — {stamp(max(c.t1_ns for c in charts))}"


def _alarms(pane: QWidget, desk: Desk) -> Printed:
    """Every living alarm, folded away on the screen or not: paper cannot be unfolded."""
    items = alarm_items(desk.session.facts, desk.board)
    alarms = [item.what for item in items if isinstance(item.what, Alarm)]
    if isinstance(pane, AlarmPanel):
        # The unfolded strip is never narrowed (C9): what is outside a focus still calls there.
        alarms = [alarm for alarm in alarms if desk.scope.lets(alarm.vital)]
    now_ns, names = desk.now_ns(), ("level", "what", "place", "value", "limit", "raised", "age", "status", "detail")
    widths = (54, 230, 180, 90, 80, 140, 64, 90, 220)
    columns = [
        PrintedColumn(title=desk.say(f"paper.{name}"), width=width) for name, width in zip(names, widths, strict=True)
    ]
    only_csv = ("number", "vital_code", "priority", "raised_iso", "acked_by", "acked_iso")
    columns += [PrintedColumn(title=desk.say(f"paper.{name}"), only_csv=True) for name in only_csv]
    table = PrintedTable(columns=tuple(columns), rows=(_alarm(desk, alarm, now_ns) for alarm in alarms), has_marks=True)
    told = desk.say("paper.alarms.count", count=desk.figures.count(len(alarms)))
    return Printed(title=title_of(pane, desk), blocks=(table,), filter=told)


def _alarm(desk: Desk, alarm: Alarm, now_ns: int) -> PrintedRow:
    words, lists = desk.words, desk.list_words
    vital = desk.names.vital(alarm.vital) if desk.names else None
    limit = desk.figures.with_unit(alarm.limit, vital.decimals, vital.unit) if vital else f"{alarm.limit:g}"
    detail = " · ".join((lists.priority(alarm), *lists.badges(alarm)))
    shown = (
        words.colour(alarm),
        words.title(alarm),
        words.place(alarm),
        words.value(alarm, alarm.value),
        limit,
        desk.figures.stamp(alarm.raised_at),
        words.age(alarm, now_ns),
        lists.status(alarm, now_ns),
        detail,
    )
    acked = iso(desk, alarm.acked_at) if alarm.acked_at is not None else ""
    more = (str(alarm.number), alarm.vital_code, str(int(alarm.priority)), iso(desk, alarm.raised_at), alarm.acked_by)
    return PrintedRow(cells=(*shown, *(part or "" for part in more), acked), severity=int(alarm.colour))


def _heat(pane: QWidget, desk: Desk) -> Printed:
    """The grid, and beside it the names of what is not grey in it; the CSV of it has every vital."""
    names, state = desk.names, desk.session.state
    if names is None or state.count != names.view.count:
        return Printed(title=title_of(pane, desk), blocks=())
    shown = np.zeros(names.view.count, bool)
    shown[list(names.shown)] = True
    shown &= True if desk.scope.mask is None else desk.scope.mask
    known, band = is_known(state, desk.now_ns()), state.band.copy()
    groups, listed = [], []
    for node in names.view.sectors(desk.scheme()):
        members = names.view.vitals_of(node)
        members = members[shown[members]]
        if not members.size and desk.scope.mask is not None:
            continue
        cells = np.where(known[members], band[members], UNKNOWN_CELL).astype(np.uint8)
        rank = np.where(cells == UNKNOWN_CELL, -1, cells.astype(np.int16))
        order = np.argsort(-rank, kind="stable")
        groups.append(PrintedGroup(title=node.name, severity=cells[order].tobytes()))
        listed += [int(number) for number in members[order] if band[number] or not known[number]]
    listed.sort(key=lambda number: (-int(band[number]) if known[number] else 1, number))
    table = replace(_numbered_vitals(desk, listed, desk.say("paper.heat.listed")), only="page")
    every = replace(_numbered_vitals(desk, np.flatnonzero(shown).tolist(), desk.say("paper.heat.all")), only="csv")
    return Printed(title=title_of(pane, desk), blocks=(PrintedGrid(groups=tuple(groups)), table, every))


def _numbered_vitals(desk: Desk, numbers: Sequence[int], title: str) -> PrintedTable:
    """Return vitals with value, age and quality as of now."""
    plain = (("level", 56), ("vital", 240), ("place", 120), ("value", 90), ("unit", 60), ("age", 80), ("quality", 80))
    figures = ("value", "age")
    columns = [
        PrintedColumn(title=desk.say(f"paper.{name}"), width=width, is_right=name in figures) for name, width in plain
    ]
    more = ("vital_code", "sample_iso", "freshness")
    columns += [PrintedColumn(title=desk.say(f"paper.{name}"), only_csv=True) for name in more]
    extra = _Extra(desk)
    state, now_ns = desk.session.state, desk.now_ns()
    value, band, times = state.value.copy(), state.band.copy(), state.time.copy()

    def rows() -> Iterator[PrintedRow]:
        for number in numbers:
            vital = desk.names.vital(number) if desk.names else None
            if vital is None or desk.names is None:
                continue
            iso_time, freshness, quality = extra.cells(number)
            age = desk.figures.duration((now_ns - int(times[number])) / NS_PER_S) if iso_time else ""
            figure = desk.figures.value(float(value[number]), vital.decimals)
            word = desk.say(f"console.band.{int(band[number])}")
            cells = (word, vital.name, desk.names.place(vital.centre), figure, vital.unit, age, quality)
            yield PrintedRow(
                cells=(*cells, vital.code, iso_time, freshness),
                severity=int(band[number]),
                is_stale=extra.is_stale(number),
            )

    return PrintedTable(title=title, columns=tuple(columns), rows=rows(), has_marks=True)


_EXTRA = ("sample_iso", "freshness", "quality")


class _Extra:
    """Sample time, freshness and quality of every vital at one moment, for the columns of the CSV."""

    def __init__(self, desk: Desk) -> None:
        self._desk, state = desk, desk.session.state
        self._fresh, self._times = state.freshness(desk.now_ns()).copy(), state.time.copy()
        self._quality = state.quality.copy()
        self._words = [desk.say(f"console.quality.{quality}") for quality in range(5)]
        self._fresh_words = [desk.say(f"paper.freshness.{fresh}") for fresh in range(5)]

    def cells(self, number: int) -> tuple[str, str, str]:
        """Return the three texts of a vital's number."""
        fresh = int(self._fresh[number])
        at = "" if fresh == Freshness.NEVER else iso(self._desk, int(self._times[number]))
        return at, self._fresh_words[fresh], self._words[int(self._quality[number])]

    def is_stale(self, number: int) -> bool:
        """Return whether its value is not of now."""
        return bool(self._fresh[number] != Freshness.FRESH)


def _vitals(page: VitalsPage, desk: Desk) -> Printed:
    """The table of F2 as it is filtered and sorted; its rows are numbers of vitals."""
    table: ColumnTable = page.table
    plain, extra = columns_table(table.rows), _Extra(desk)
    order = table.rows.order.tolist()
    titles = tuple(PrintedColumn(title=desk.say(f"paper.{name}"), only_csv=True) for name in _EXTRA)

    def rows() -> Iterator[PrintedRow]:
        for number, row in zip(order, plain.rows, strict=True):
            yield PrintedRow(cells=(*row.cells, *extra.cells(number)), severity=row.severity, is_stale=row.is_stale)

    whole = PrintedTable(columns=(*plain.columns, *titles), rows=rows(), has_marks=True)
    return Printed(title=title_of(page.panel, desk), blocks=(whole,), filter=_filters(page))


def _filters(page: VitalsPage) -> str:
    """Return the filters that hold, in the words they are chosen by."""
    bar = page.filters
    chosen = [box.currentText() for box in (bar.state, bar.sector) if box.currentIndex() > 0]
    return " · ".join(part for part in (bar.text.text().strip(), *chosen) if part)


_MAKERS: tuple[tuple[type[QWidget], Callable[[QWidget, Desk], Printed]], ...] = (
    (AlarmPanel, _alarms),
    (UnfoldedStrip, _alarms),
    (HeatPanel, _heat),
)

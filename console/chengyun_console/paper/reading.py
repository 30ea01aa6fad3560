"""Reads any pane by what is on it: lists, tables, sheets of facts, trends and cards become blocks to print."""

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtWidgets import QWidget

from chengyun_console.desk import Desk
from chengyun_console.paper.printed import (
    Block,
    PrintedBand,
    PrintedChart,
    PrintedColumn,
    PrintedMark,
    PrintedRow,
    PrintedSeries,
    PrintedSteps,
    PrintedTable,
)
from chengyun_widgets.column_model import ColumnKind, ColumnModel
from chengyun_widgets.column_table import ColumnTable
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import FactSheet, SheetSection
from chengyun_widgets.ladder_matrix import LadderMatrix
from chengyun_widgets.ladder_record import MatrixRecord
from chengyun_widgets.live_columns import TailSource
from chengyun_widgets.multi_record import Envelope, MultiLine, MultiRecord, TrendZone
from chengyun_widgets.multi_trend import MultiTrend
from chengyun_widgets.painted import Painted
from chengyun_widgets.summary_card import SummaryCard, SummaryRecord
from chengyun_widgets.time_window import TimeWindow
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import ColumnSource, TrendBand, TrendMark, TrendSeries

SCREEN_COLUMNS = 4_000
"""A source that cannot hand out its samples is asked for this many columns of the window."""
_READ = (FactList, ColumnTable, FactSheet, LadderMatrix, TrendView, MultiTrend, SummaryCard, Painted)


def blocks_of(pane: QWidget, desk: Desk) -> tuple[Block, ...]:
    """Return what stands on a pane, from the top down; only what the officer can see or scroll to."""
    found = [child for child in (pane, *pane.findChildren(QWidget)) if isinstance(child, _READ)]
    shown = [child for child in found if child is pane or child.isVisibleTo(pane)]
    # A widget is its own ancestor to Qt.
    shown = [
        child for child in shown if not any(o.isAncestorOf(child) for o in shown if o is not child and o is not pane)
    ]
    cards = [child.record for child in shown if isinstance(child, SummaryCard)]
    blocks: list[Block] = [_cards(desk, cards)] if cards else []
    for child in sorted(shown, key=lambda one: _corner(one, pane)):
        block = _block(child, desk)
        if block is not None:
            blocks.extend(block)
    return tuple(blocks)


def _corner(child: QWidget, pane: QWidget) -> tuple[int, int]:
    at = child.mapTo(pane, child.rect().topLeft()) if child is not pane else child.rect().topLeft()
    return at.y(), at.x()


def _block(child: QWidget, desk: Desk) -> tuple[Block, ...] | None:
    match child:
        case FactList():
            return (facts_table(desk, child.rows()),)
        case ColumnTable():
            return (columns_table(child.rows),)
        case FactSheet():
            return (_sheet(child.text.sections),)
        case LadderMatrix():
            return (matrix_table(child.rows.record),)
        case TrendView():
            return (chart_of(child),)
        case MultiTrend():
            return charts_of(child, desk)
        case SummaryCard():
            return None
        case Painted():
            return _spoken(child)
        case _:
            return None


def _spoken(child: Painted) -> tuple[Block, ...] | None:
    """Return what a painted widget says to those who cannot see it; nothing when it has nothing to say."""
    lines = child.accessibleDescription().splitlines()
    if not lines:
        return None
    rows = [PrintedRow(cells=(line,)) for line in lines]
    return (PrintedTable(title=child.accessibleName(), columns=(PrintedColumn(title=""),), rows=rows),)


def facts_table(desk: Desk, rows: Sequence[FactRow]) -> PrintedTable:
    """Return a list as a table: band in words, what, detail, age, status."""
    say = desk.say
    columns = tuple(
        PrintedColumn(title=say(code), width=width)
        for code, width in (
            ("paper.level", 60),
            ("paper.what", 260),
            ("paper.detail", 340),
            ("paper.age", 70),
            ("paper.status", 90),
        )
    )
    bands = [say(f"console.band.{band}") for band in range(5)]
    return PrintedTable(columns=columns, rows=[_fact(row, bands) for row in rows], has_marks=True)


def _fact(row: FactRow, bands: Sequence[str]) -> PrintedRow:
    band = "" if row.is_heading or not row.severity else bands[int(row.severity)]
    title = "  ".join((row.title, *(f"[{badge}]" for badge in row.badges)))
    return PrintedRow(
        cells=(band, title, row.detail, row.age, row.status),
        severity=int(row.severity),
        is_stale=row.is_stale,
        depth=row.depth,
        is_heading=row.is_heading,
    )


def matrix_table(record: MatrixRecord) -> PrintedTable:
    """Return a ladder matrix as a table: each cell with its time and its word, so that no shape is needed."""
    columns = (
        PrintedColumn(title=record.who, width=260), *(PrintedColumn(title=name, width=90) for name in record.columns)
    )  # fmt: skip
    empty = ("",) * len(record.columns)
    rows = [
        PrintedRow(
            cells=(
                "  ".join(part for part in (row.title, f"[{row.badge}]" if row.badge else "", row.note) if part),
                *((f"{cell.text} {cell.word}".strip() for cell in row.cells) if row.cells else empty),
            ),
            is_heading=row.is_heading,
        )
        for row in record.rows
    ]
    return PrintedTable(columns=columns, rows=rows)


def columns_table(model: ColumnModel) -> PrintedTable:
    """Return a table as it is filtered and sorted now; its figures are copied, so that all rows are of one moment."""
    data, order = model.data_columns, model.order.copy()
    columns = tuple(
        PrintedColumn(title=column.title, width=column.width, is_right=column.is_right) for column in model.columns
    )
    numbers = {c.key: data.cells[c.key].copy() for c in model.columns if c.kind is ColumnKind.NUMBER}
    words = {c.key: data.cells[c.key].copy() for c in model.columns if c.kind is not ColumnKind.NUMBER}
    severity, is_stale, decimals = data.severity.copy(), data.is_stale.copy(), data.decimals

    def text(key: str, row: int) -> str:
        if key not in numbers:
            return str(words[key][row])
        value = float(numbers[key][row])
        return f"{value:.{int(decimals[row]) if len(decimals) else 2}f}" if np.isfinite(value) else "—"

    def rows() -> Iterator[PrintedRow]:
        for row in order.tolist():
            cells = tuple(text(column.key, row) for column in model.columns)
            yield PrintedRow(cells=cells, severity=int(severity[row]), is_stale=bool(is_stale[row]))

    return PrintedTable(columns=columns, rows=rows(), has_marks=True)


def _sheet(sections: Sequence[SheetSection]) -> PrintedTable:
    """Return a sheet of facts as one table, so that all its labels stand below each other."""
    columns = (PrintedColumn(title="", width=0), PrintedColumn(title="", width=600))
    rows = [row for section in sections for row in _section(section)]
    return PrintedTable(columns=columns, rows=rows)


def _section(section: SheetSection) -> Iterator[PrintedRow]:
    yield PrintedRow(cells=(section.title, section.note), is_heading=True)
    for line in section.lines:
        yield PrintedRow(cells=(line.label, line.text))


def _cards(desk: Desk, cards: Sequence[SummaryRecord]) -> PrintedTable:
    say = desk.say
    facts = tuple(label for label, _ in cards[0].facts)
    titles = (*(say(f"paper.{name}") for name in ("level", "card.name", "card.figure", "card.note")), *facts)
    columns = tuple(PrintedColumn(title=title, width=160 if at == 1 else 90) for at, title in enumerate(titles))
    rows = [_card(card, len(facts), say(f"console.band.{int(card.severity)}")) for card in cards]
    return PrintedTable(columns=columns, rows=rows, has_marks=True)


def _card(card: SummaryRecord, count: int, band: str) -> PrintedRow:
    figures = [figure for _, figure in card.facts[:count]]
    figures += [""] * (count - len(figures))
    return PrintedRow(
        cells=(band, card.title, card.figure, card.note, *figures),
        severity=int(card.severity),
        is_stale=bool(card.age),
    )


def chart_of(view: TrendView) -> PrintedChart:
    """Return a trend with the samples of its window."""
    record, (t0_ns, t1_ns) = view.record, view.shown_window()
    return PrintedChart(
        title=record.title,
        value=record.value,
        unit=record.unit,
        severity=int(record.severity),
        limits=record.limits,
        age=record.age,
        notice=record.notice,
        t0_ns=t0_ns,
        t1_ns=t1_ns,
        bands=_bands(record.bands),
        marks=_marks(record.marks),
        series=tuple(
            _sampled(one.source, t0_ns, t1_ns, code=one.key, name=one.name, line=one) for one in record.series
        ),
    )


def _bands(bands: Sequence[TrendBand]) -> tuple[PrintedBand, ...]:
    return tuple(
        PrintedBand(low=band.low, high=band.high, severity=int(band.severity), edge=band.edge) for band in bands
    )


def _marks(marks: Sequence[TrendMark]) -> tuple[PrintedMark, ...]:
    return tuple(PrintedMark(time_ns=mark.time_ns, severity=int(mark.severity)) for mark in marks)


def _sampled(
    source: ColumnSource, t0_ns: int, t1_ns: int, *, code: str, name: str, line: TrendSeries | MultiLine
) -> PrintedSeries:
    """Return the samples of a window; of a source that has none to hand out, the extremes of fine columns."""
    if isinstance(source, TailSource):
        times, values = source.raw(t0_ns, t1_ns)
        is_whole = True
    else:
        columns = source.columns(t0_ns, t1_ns, SCREEN_COLUMNS)
        times = np.repeat(columns.time, 2)
        values = np.stack((columns.low, columns.high), axis=1).reshape(-1)
        is_whole = False
    return PrintedSeries(
        code=code,
        name=name,
        unit=line.unit,
        decimals=line.decimals,
        times=times.astype("<i8").tobytes(),
        values=values.astype("<f8").tobytes(),
        gap_ns=line.gap_ns,
        is_whole=is_whole,
    )


def charts_of(view: MultiTrend, desk: Desk) -> tuple[Block, ...]:
    """Return a chart of several lines: on paper one chart per unit, or per line where they are stacked."""
    record, window = view.record, view.window_shown
    groups: dict[str, list[MultiLine]] = {}
    for line in record.lines:
        groups.setdefault(line.key if record.is_stacked else line.unit, []).append(line)
    charts = [_chart_of_lines(desk, record, lines, window) for lines in groups.values()]
    notes = [PrintedRow(cells=_zone(desk, zone)) for zone in record.zones if zone.note and _in(zone, window)]
    if not notes:
        return tuple(charts)
    columns = (PrintedColumn(title="", width=200), PrintedColumn(title="", width=500))
    return *charts, PrintedTable(title=record.caption, columns=columns, rows=notes)


def _chart_of_lines(desk: Desk, record: MultiRecord, lines: Sequence[MultiLine], window: TimeWindow) -> PrintedChart:
    first, t0_ns, t1_ns = lines[0], window.t0_ns, window.t1_ns
    is_main = first is record.lines[0]
    series = [_line_series(line, t0_ns, t1_ns) for line in lines]
    if is_main and record.envelope is not None:
        series += _envelope(desk, record.envelope, record.envelope_name, first)
    return PrintedChart(
        title=record.title if is_main else first.name,
        value=first.value,
        unit=first.unit,
        severity=int(first.severity),
        limits=record.caption if is_main else "",
        age=first.age,
        notice=record.notice,
        t0_ns=t0_ns,
        t1_ns=t1_ns,
        bands=_bands(record.bands) if is_main else (),
        steps=_steps(record) if is_main else (),
        marks=_marks(record.marks) if is_main else (),
        series=tuple(series),
    )


def _steps(record: MultiRecord) -> tuple[PrintedSteps, ...]:
    return tuple(PrintedSteps(severity=int(limit.severity), steps=limit.steps) for limit in record.steps)


def _line_series(line: MultiLine, t0_ns: int, t1_ns: int) -> PrintedSeries:
    name = f"{line.number} {line.name}".strip()
    return _sampled(line.source, t0_ns, t1_ns, code=line.key, name=name, line=line)


def _envelope(desk: Desk, envelope: Envelope, name: str, first: MultiLine) -> list[PrintedSeries]:
    """Return what is usual as two lines, its lower and its upper edge."""
    edges = (("low", envelope.low), ("high", envelope.high))
    return [
        PrintedSeries(
            code=f"{first.key}.{edge}",
            name=desk.say(f"paper.envelope.{edge}", name=name),
            unit=first.unit,
            decimals=first.decimals,
            times=envelope.time.astype("<i8").tobytes(),
            values=values.astype("<f8").tobytes(),
            is_whole=False,
        )
        for edge, values in edges
    ]


def _zone(desk: Desk, zone: TrendZone) -> tuple[str, str]:
    stamp = desk.figures.stamp
    return f"{stamp(zone.from_ns)} — {stamp(zone.to_ns)}", zone.note


def _in(zone: TrendZone, window: TimeWindow) -> bool:
    return zone.to_ns > window.t0_ns and zone.from_ns < window.t1_ns

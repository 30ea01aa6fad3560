"""Writes a job as CSV: a few lines that say what it is, then every table and every point of every chart."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from chengyun_console.paper.job import PrintOrder
from chengyun_console.paper.printed import Block, PrintedChart, PrintedSeries, PrintedTable, PrintHead
from chengyun_resources.texts import Texts

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheet programs take a file for UTF-8 only when it begins with this."""
_SIGNS = "=+-@"
_FULL_WIDTH = 0xFEE0
"""Distance from a sign to its full-width form, which a Chinese spreadsheet takes for the same."""
_FORMULA = (*_SIGNS, *(chr(ord(sign) + _FULL_WIDTH) for sign in _SIGNS), "\t", "\r", "\n")
"""What a spreadsheet may take for a formula (OWASP: CSV injection)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write(out: TextIO, order: PrintOrder, blocks: Iterable[Block]) -> None:
    """Write everything; `out` is opened as UTF-8 with newline=""."""
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    texts, zone = Texts(order.language), timezone(timedelta(minutes=order.utc_offset_minutes))
    for line in _head(order.head, texts):
        writer.writerow([harmless(cell) for cell in line])
    for block in blocks:
        writer.writerow(())
        for cells in _lines(block, texts, zone):
            writer.writerow([harmless(cell) for cell in cells])


def harmless(cell: str) -> str:
    """Return a cell no spreadsheet runs as a formula: an apostrophe goes before what is not a plain number."""
    cell = cell.replace("\x00", "")
    begins = cell.startswith(_FORMULA) or cell.strip().startswith(_FORMULA)
    if begins and not _is_number(cell):
        return "'" + cell
    return cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _head(head: PrintHead, texts: Texts) -> Iterator[tuple[str, str]]:
    told = {
        "title": head.title,
        "mode": head.mode,
        "centre": head.centre,
        "filter": head.filter,
        "span": head.span,
        "as_of": head.as_of_iso,
        "account": head.account,
        "seat": head.seat,
        "journal_head": str(head.journal_head),
    }
    for name, value in told.items():
        if value:
            yield texts.say(f"paper.head.{name}"), value


def _lines(block: Block, texts: Texts, zone: timezone) -> Iterator[tuple[str, ...]]:
    match block:
        case PrintedTable():
            if block.title:
                yield (block.title,)
            yield tuple(column.title for column in block.columns)
            for row in block.rows:
                yield row.cells
        case PrintedChart():
            yield (block.title,)
            yield tuple(texts.say(f"paper.chart.{name}") for name in _CHART_COLUMNS)
            for at, series in enumerate(block.series):
                yield from _samples(block, series, texts, zone, has_bands=at == 0)


_CHART_COLUMNS = ("time", "code", "name", "value", "unit", "band", "quality")


def _samples(
    chart: PrintedChart, series: PrintedSeries, texts: Texts, zone: timezone, *, has_bands: bool
) -> Iterator[tuple[str, ...]]:
    times, values = samples(series)
    bands = band_of(chart, values) if has_bands else np.zeros(0, np.uint8)
    words = [texts.say(f"console.band.{band}") for band in range(5)]
    none = texts.say("paper.chart.no_value")
    whole = texts.say("paper.chart.sample" if series.is_whole else "paper.chart.extreme")
    for at, (time_ns, value) in enumerate(zip(times.tolist(), values.tolist(), strict=True)):
        is_value = value == value
        yield (
            iso(time_ns, zone),
            series.code,
            series.name,
            f"{value:.{series.decimals}f}" if is_value else "",
            series.unit,
            words[bands[at]] if has_bands and is_value else "",
            whole if is_value else none,
        )


def samples(series: PrintedSeries) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return a series' times (int64[n] ns UTC) and values (float64[n])."""
    times, values = np.frombuffer(series.times, "<i8"), np.frombuffer(series.values, "<f8")
    if times.size != values.size:
        raise ValueError(f"series {series.code}: {times.size} times, {values.size} values")
    return times.astype(np.int64), values.astype(np.float64)


def band_of(chart: PrintedChart, values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the gravest band each value lies in, uint8[n]; both ends of a band count."""
    found = np.zeros(values.size, np.uint8)
    for band in chart.bands:
        inside = (values >= band.low) & (values <= band.high)
        found[inside] = np.maximum(found[inside], band.severity)
    return found


def iso(time_ns: int, zone: timezone) -> str:
    """Return a time as ISO 8601 with milliseconds and zone: `2026-07-18T14:32:07.000+08:00`."""
    return (_EPOCH + timedelta(microseconds=time_ns // 1000)).astimezone(zone).isoformat(timespec="milliseconds")

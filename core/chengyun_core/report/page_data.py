"""A document as the template gets it: every cell worded, every sign one that can be drawn."""

from collections.abc import Container
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from chengyun_core.report.document import CellKind, Column, Document, Table, type_of_cell
from chengyun_core.report.plain_text import shown_throughout

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def page_data(document: Document, drawable: Container[int]) -> dict[str, Any]:
    """Return a document as plain lists, tables and texts for the template."""
    clean = shown_throughout(document, drawable)
    data = asdict(clean)
    for section, told in zip(clean.sections, data["sections"], strict=True):
        for table, sheet in zip(section.tables, told["tables"], strict=True):
            sheet["rows"] = worded_rows(table, clean.zone_minutes)
    return data


def worded_rows(table: Table, zone_minutes: int) -> list[list[str]]:
    """Return the cells of a table as they are read."""
    return [
        [worded(cell, column, zone_minutes) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]  # fmt: skip


def worded(cell: type_of_cell, column: Column, zone_minutes: int) -> str:
    """Return one cell as it is read: times to the second in the document's zone, figures without idle digits."""
    if cell is None:
        return ""
    if column.kind is CellKind.TIME and isinstance(cell, int):
        return local_time(cell, zone_minutes).strftime("%Y-%m-%d %H:%M:%S")
    return (
        f"{cell:.4g}"
        if isinstance(cell, float) and abs(cell) < 10_000
        else f"{cell:.0f}"
        if isinstance(cell, float)
        else str(cell)
    )


def local_time(at_ns: int, zone_minutes: int) -> datetime:
    """Return ns UTC as a time of day in a zone, cut to microseconds."""
    at = _EPOCH + timedelta(microseconds=at_ns // 1000)
    return at.astimezone(timezone(timedelta(minutes=zone_minutes)))

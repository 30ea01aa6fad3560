"""A document as the template gets it: every cell worded, every sign one that can be drawn."""

from collections.abc import Container
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from chengyun_core.report.document import CellKind, Column, Document, Table, type_of_cell
from chengyun_core.report.plain_text import shown_throughout

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WITH_FRACTIONS = 1000
"""Figures below it are told with up to four digits, others whole."""


def page_data(document: Document, drawable: Container[int]) -> dict[str, Any]:
    """Return a document as plain lists, tables and texts for the template."""
    clean = shown_throughout(document, drawable)
    data = asdict(clean)
    for section, told in zip(clean.sections, data["sections"], strict=True):
        for table, sheet in zip(section.tables, told["tables"], strict=True):
            rows = worded_rows(table, clean.zone_minutes)
            sheet["rows"] = _beside(rows, table.side_by_side)
            sheet["columns"] = list(sheet["columns"]) * table.side_by_side
    return data


def worded_rows(table: Table, zone_minutes: int) -> list[list[str]]:
    """Return the cells of a table as they are read."""
    return [
        [worded(cell, column, zone_minutes) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]  # fmt: skip


def _beside(rows: list[list[str]], pieces: int) -> list[list[str]]:
    """Return rows cut into pieces of one length, side by side; what is missing at the end is empty."""
    height = -(-len(rows) // pieces)
    cut = [rows[at : at + height] for at in range(0, len(rows), height)] if rows else []
    width = len(rows[0]) if rows else 0
    return [
        [cell for piece in range(pieces) for cell in _at(cut, piece, line) or [""] * width] for line in range(height)
    ]


def _at(cut: list[list[list[str]]], piece: int, line: int) -> list[str]:
    return cut[piece][line] if piece < len(cut) and line < len(cut[piece]) else []


def worded(cell: type_of_cell, column: Column, zone_minutes: int) -> str:
    """Return one cell as it is read: times to the second in the document's zone, figures without idle digits."""
    if cell is None:
        return ""
    if column.kind is CellKind.TIME and isinstance(cell, int):
        return local_time(cell, zone_minutes).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < _WITH_FRACTIONS else f"{cell:.0f}"
    return str(cell)


def local_time(at_ns: int, zone_minutes: int) -> datetime:
    """Return ns UTC as a time of day in a zone, cut to microseconds."""
    at = _EPOCH + timedelta(microseconds=at_ns // 1000)
    return at.astimezone(timezone(timedelta(minutes=zone_minutes)))

"""Reads a table file in chunks of columns: CSV as text, Parquet as what it holds, with true row numbers."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from chengyun_core.model.failure import Trouble

ROWS_PER_CHUNK = 8192
LONGEST_CELL = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some rows as columns of equal length; cells are texts, numbers or None."""

    row: list[int]
    """Line number (CSV) or row number from 1 (Parquet) of each row."""
    columns: dict[str, list[Any]]
    bad: list[tuple[int, str]]
    """Rows that could not be read at all: (number, reason)."""


def chunks(file: Path, *, delimiter: str, encoding: str) -> Iterator[Chunk]:
    """Yield the rows in file order. Raises Trouble when the file cannot be read (any further)."""
    try:
        if file.suffix.lower() in (".parquet", ".pq"):
            yield from _parquet(file)
        else:
            yield from _csv(file, delimiter, encoding)
    except (OSError, pa.ArrowException) as fault:
        raise Trouble("ingest.replay_unreadable", file=file, reason=str(fault)) from fault
    except (UnicodeDecodeError, LookupError) as fault:
        raise Trouble("ingest.replay_encoding", file=file, encoding=encoding, reason=str(fault)) from fault


def _csv(file: Path, delimiter: str, encoding: str) -> Iterator[Chunk]:
    csv.field_size_limit(LONGEST_CELL)
    with file.open(encoding=encoding, newline="") as opened:
        reader = csv.reader(opened, delimiter=delimiter, strict=True)
        try:
            names = [name.strip() for name in next(reader)]
        except StopIteration:
            raise Trouble("ingest.replay_unreadable", file=file, reason="the file is empty") from None
        except csv.Error as fault:
            raise Trouble("ingest.replay_unreadable", file=file, reason=f"line 1: {fault}") from fault
        if len(set(names)) != len(names):
            raise Trouble("ingest.replay_unreadable", file=file, reason="line 1: a column name is given twice")
        ended = False
        while not ended:
            chunk, ended = _csv_chunk(reader, names)
            if chunk.row or chunk.bad:
                yield chunk


def _csv_chunk(reader: Any, names: list[str]) -> tuple[Chunk, bool]:
    rows: list[list[str]] = []
    numbers: list[int] = []
    bad: list[tuple[int, str]] = []
    ended = False
    while len(rows) + len(bad) < ROWS_PER_CHUNK:
        try:
            row = next(reader)
        except StopIteration:
            ended = True
            break
        except csv.Error as fault:
            bad.append((reader.line_num, str(fault)))
            continue
        if len(row) == len(names):
            rows.append(row)
            numbers.append(reader.line_num)
        elif row:
            bad.append((reader.line_num, f"{len(row)} columns, expected {len(names)}"))
    columns: dict[str, list[Any]] = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    return Chunk(row=numbers, columns=columns, bad=bad), ended


def _parquet(file: Path) -> Iterator[Chunk]:
    with parquet.ParquetFile(file) as opened:
        row = 1
        for batch in opened.iter_batches(ROWS_PER_CHUNK):
            columns = {name: _cells(column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}
            yield Chunk(row=list(range(row, row + batch.num_rows)), columns=columns, bad=[])
            row += batch.num_rows


def _cells(column: pa.Array) -> list[Any]:
    if pa.types.is_timestamp(column.type):
        # Nanoseconds as an exact number; a time without zone stays a text without one, so that the map must name it.
        if column.type.tz is None:
            return [
                None if at is None else _naive_text(at)
                for at in column.cast(pa.timestamp("ns")).cast(pa.int64()).to_pylist()
            ]
        return [
            None if at is None else _Instant(at)
            for at in column.cast(pa.timestamp("ns", "UTC")).cast(pa.int64()).to_pylist()
        ]
    cells: list[Any] = column.to_pylist()
    return cells


class _Instant(int):
    """Nanoseconds UTC of a Parquet time with a zone: needs no parsing."""


def is_instant(cell: object) -> bool:
    """Return whether a cell already is nanoseconds UTC."""
    return isinstance(cell, _Instant)


def _naive_text(at_ns: int) -> str:
    seconds, fraction = divmod(at_ns, 1_000_000_000)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{fraction:09d}" if fraction else whole

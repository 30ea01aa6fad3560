"""How rows become Parquet: encodings chosen by measurement on real series (docs/archive.md), open to any reader."""

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chengyun_core.series.columns import Values
from chengyun_core.store.archive.rows import Rows

ROW_GROUP = 1 << 17
"""Rows of a row group: a dictionary pays off, and one series' hour is read without the rest of the day."""
FRESH_ZSTD, MERGED_ZSTD = 1, 9
"""Levels of zstd: fast while samples come, small once a day is finished (beyond 9 the time doubles for 1 to 2 %)."""
TRIED_ROWS = 1 << 16
_DICTIONARY_BYTES = 8 << 20

Table = Any
"""A pyarrow Table; the library ships no types."""


def table_of(rows: Rows) -> Table:
    """Return ordered rows as a table: series uint32, time timestamp[ns, UTC], value double, quality uint8."""
    return pa.table(
        {
            "series": pa.array(rows.series),
            "time": pa.array(rows.time, pa.timestamp("ns", "UTC")),
            "value": pa.array(rows.value),
            "quality": pa.array(rows.quality),
        }
    )


def rows_of(table: Table) -> Rows:
    """Return a table's rows; values keep every bit."""
    return Rows.of(
        table["series"].to_numpy(), table["time"].cast(pa.int64()).to_numpy(), table["value"].to_numpy(),
        table["quality"].to_numpy(),
    )  # fmt: skip


def write(table: Table, target: Any, *, level: int, notes: dict[str, str]) -> None:
    """Write a table with a `series` and a `time` column to a path or file; `notes` go into the file's metadata."""
    pq.write_table(
        table.replace_schema_metadata({f"chengyun.{name}": text for name, text in notes.items()}),
        target, row_group_size=ROW_GROUP, compression="zstd", compression_level=level, write_page_checksum=True,
        write_statistics=True, sorting_columns=[pq.SortingColumn(0), pq.SortingColumn(1)],
        dictionary_pagesize_limit=_DICTIONARY_BYTES, **_encodings(table, level),
    )  # fmt: skip


def _encodings(table: Table, level: int) -> dict[str, Any]:
    """Series and times as differences; doubles by dictionary or plainly, what is smaller for their middle rows."""
    dictionary, encoding = [], {}
    for field in table.schema:
        if field.name == "series" or field.name.endswith("time"):
            encoding[field.name] = "DELTA_BINARY_PACKED"
        elif pa.types.is_floating(field.type) and not _repeats(table[field.name], level):
            encoding[field.name] = "PLAIN"
        else:
            dictionary.append(field.name)
    return {"use_dictionary": dictionary, "column_encoding": encoding}


def _repeats(column: Any, level: int) -> bool:
    """Return whether a dictionary makes a column of doubles smaller."""
    begin = max(0, (len(column) - TRIED_ROWS) // 2)
    some = pa.table({"value": column.slice(begin, TRIED_ROWS)})
    if _mostly_different(some["value"].to_numpy()):
        return False
    return _size(some, level, dictionary=True) <= _size(some, level, dictionary=False)


def _mostly_different(value: Values) -> bool:
    return np.unique(value[: TRIED_ROWS // 8]).size > 0.9 * min(value.size, TRIED_ROWS // 8)


def _size(table: Table, level: int, *, dictionary: bool) -> int:
    told = io.BytesIO()
    pq.write_table(
        table, told, compression="zstd", compression_level=level, use_dictionary=dictionary,
        dictionary_pagesize_limit=_DICTIONARY_BYTES,
    )  # fmt: skip
    return told.tell()

"""Whether tables make a catalogue: every fault with table, line, column and reason; nothing is changed here."""

from collections.abc import Iterable

from chengyun_core.model import (
    catalogue_cameras,
    catalogue_dispatch,
    catalogue_limits,
    catalogue_orders,
    catalogue_responses,
    catalogue_rules,
)
from chengyun_core.model.catalogue_nearest import Nearest
from chengyun_core.model.catalogue_rows import CellFault, Faults, Index, Row, Rows, rows_of
from chengyun_core.model.catalogue_tables import TABLES, Tables
from chengyun_core.model.failure import Reason

MOST_FAULTS = 200
"""Listed at most; the rest is counted."""


def check(tables: Tables) -> list[CellFault]:
    """Return every reason why the tables are no catalogue, empty when they are one.

    At most MOST_FAULTS are listed, in the order of tables and lines; a last `catalogue.more_faults` counts the rest.
    """
    faults = Faults(MOST_FAULTS)
    rows = rows_of(tables, faults)
    index = _index(rows, faults)
    nearest = Nearest(index)
    _check_references(rows, index, nearest, faults)
    catalogue_rules.check_rules(rows, index, nearest, faults)
    catalogue_limits.check_limits(rows, index, faults)
    catalogue_responses.check_responses(rows, index, nearest, faults)
    catalogue_dispatch.check_dispatch(rows, index, nearest, faults)
    catalogue_orders.check_orders(rows, faults)
    catalogue_cameras.check_cameras(rows, index, faults)
    return faults.listed()


def warnings(tables: Tables) -> list[Reason]:
    """Return what is no fault but a defect of data quality, to be told with an import that is carried out."""
    rows = rows_of(tables, Faults(0))
    return [*catalogue_responses.warnings(rows), *catalogue_dispatch.warnings(rows)]


def _index(rows: Rows, faults: Faults) -> Index:
    """Index each table. One whose rows all lack a key is left out: its fault is told, and everything would dangle."""
    uniques = {name: _unique(table_rows, faults) for name, table_rows in rows.items()}
    return {name: unique for name, unique in uniques.items() if unique or not rows[name]}


def _unique(rows: Iterable[Row], faults: Faults) -> dict[str, Row]:
    """Index by key, telling each key that comes again. A key of several columns is joined by a dot."""
    first: dict[str, Row] = {}
    for row in rows:
        parts = row.key()
        if parts is None:
            continue
        key = ".".join(parts)
        earlier = first.setdefault(key, row)
        if earlier is not row:
            column = row.table.key[-1]
            faults.add(row.table.name, row.line, column, parts[-1], "catalogue.duplicate", key=key, first=earlier.line)
    return first


def _check_references(rows: Rows, index: Index, nearest: Nearest, faults: Faults) -> None:
    for table_rows in rows.values():
        for row in table_rows:
            _check_row(row, index, nearest, faults)


def _check_row(row: Row, index: Index, nearest: Nearest, faults: Faults) -> None:
    for column in _REFERRING[row.table.name]:
        code, known = row.text(column.name), index.get(column.refers)
        if code and known is not None and code not in known:
            suggestion = "" if faults.is_full() else nearest.to(code, column.refers)
            reason = "catalogue.dangling_nearest" if suggestion else "catalogue.dangling"
            faults.add(row.table.name, row.line, column.name, code, reason, refers=column.refers, suggestion=suggestion)


_REFERRING = {name: tuple(column for column in table.columns if column.refers) for name, table in TABLES.items()}

"""Tables of text to rows of values, with every unacceptable cell told by table, line and column."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chengyun_core.model.catalogue_cells import Value, value_of
from chengyun_core.model.catalogue_tables import EXTRA_PREFIX, LINE_KEY, TABLES, Column, Table, Tables, line_of
from chengyun_core.model.failure import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFault:
    """One reason why tables are refused. `line` counts from 1 with the header as line 1; 0 when no line is to blame.

    `code` is a code of the message catalogue, `params` its parameters; among them always `value`.
    """

    table: str
    line: int
    column: str
    value: str
    code: str
    params: dict[str, str] = field(default_factory=dict)


class Faults:
    """Collects faults up to a cap; what comes after is only counted, so that a wrong file cannot bury the officer."""

    def __init__(self, cap: int, known: Mapping[str, Table] = TABLES) -> None:
        """Take how many are kept, and the tables they are told of, in their order."""
        self._cap = cap
        self._order = {name: place for place, name in enumerate(known)}
        self._kept: list[CellFault] = []
        self._rest = 0

    def add(self, table: str, line: int, column: str, value: str, code: str, **params: object) -> None:
        """Add one fault."""
        if self.is_full():
            self._rest += 1
            return
        shown = value if len(value) <= 80 else value[:79] + "…"
        told = {"value": shown, **{key: str(param) for key, param in params.items()}}
        self._kept.append(CellFault(table=table, line=line, column=column, value=shown, code=code, params=told))

    def is_full(self) -> bool:
        """Return whether further faults are only counted (a reason not to search for a suggestion)."""
        return len(self._kept) >= self._cap

    def listed(self) -> list[CellFault]:
        """Return the faults in the order of tables and lines; the last one counts those not listed."""
        listed = sorted(self._kept, key=lambda fault: (self._order.get(fault.table, -1), fault.line))
        if self._rest:
            rest = {"rest": str(self._rest)}
            listed.append(CellFault(table="", line=0, column="", value="", code="catalogue.more_faults", params=rest))
        return listed


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the values of its acceptable, non-empty cells."""

    table: Table
    line: int
    values: dict[str, Value]

    def text(self, column: str) -> str:
        """Return a text cell, empty when there is none."""
        value = self.values.get(column, "")
        return value if isinstance(value, str) else ""

    def figure(self, column: str) -> float | None:
        """Return a number, None when there is none."""
        value = self.values.get(column)
        return None if value is None or isinstance(value, str) else float(value)

    def count(self, column: str, default: int) -> int:
        """Return an integer cell."""
        value = self.values.get(column)
        return value if isinstance(value, int) else default

    def key(self) -> tuple[str, ...] | None:
        """Return what must be unique in the table; None when a part of it is missing."""
        parts = tuple(self.text(column) for column in self.table.key)
        return parts if all(parts) else None


Rows = dict[str, list[Row]]
"""Table name → its rows; a table the import did not bring is absent."""
Index = dict[str, dict[str, Row]]
"""Table name → key (of several columns: joined by a dot) → its first row."""


def rows_of(tables: Tables, faults: Faults, known: Mapping[str, Table] = TABLES) -> Rows:
    """Return the rows of the known tables; unknown, absent and unacceptable things go to `faults`."""
    for name in tables.keys() - known.keys():
        faults.add(name, 0, "", "", "catalogue.table_unknown", known=", ".join(known))
    for name in known.keys() - tables.keys():
        if not known[name].optional:
            faults.add(name, 0, "", "", "catalogue.table_missing")
    given = {name: tables.get(name, []) for name, table in known.items() if table.optional or name in tables}
    return {name: list(_rows(known[name], rows, faults)) for name, rows in given.items()}


def _rows(table: Table, rows: list[dict[str, str]], faults: Faults) -> Iterator[Row]:
    columns = {column.name: column for column in table.columns}
    given = set[str]().union(*rows)
    if rows:
        _check_headings(table, columns, given, faults)
    required = [column.name for column in table.columns if column.required and column.name in given]
    for index, row in enumerate(rows):
        line = line_of(row, index)
        values = dict(_values(table.name, line, columns, row.items(), faults))
        for name in required:
            if name not in values and not row.get(name, "").strip():
                faults.add(table.name, line, name, "", "catalogue.cell_missing")
        yield Row(table, line, values)


def _check_headings(table: Table, columns: dict[str, Column], given: set[str], faults: Faults) -> None:
    """Tell a wrong heading once, on the heading's line, not once in every row."""
    unknown = {name for name in given - columns.keys() if name != LINE_KEY and not name.startswith(EXTRA_PREFIX)}
    for name in sorted(unknown):
        faults.add(table.name, 1, name, "", "catalogue.column_unknown", known=", ".join(columns))
    for name, column in columns.items():
        if column.required and name not in given:
            faults.add(table.name, 1, name, "", "catalogue.column_missing", known=", ".join(columns))


def _values(
    table: str, line: int, columns: dict[str, Column], cells: Iterable[tuple[str, str]], faults: Faults
) -> Iterator[tuple[str, Value]]:
    for name, raw in cells:
        text, column = raw.strip(), columns.get(name)
        if column is None:
            if name.startswith(EXTRA_PREFIX) and text:
                faults.add(table, line, name, text, "catalogue.row_too_long")
        elif text:
            try:
                yield name, value_of(column, text)
            except Refused as no:
                faults.add(table, line, name, text, no.reason.code, **no.reason.params)

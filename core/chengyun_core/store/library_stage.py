"""A whole library written beside the one in force, part by part, and put in force by one number: no row is moved.

Risk points, the vitals that watch them and bindings carry the number of the library they are of. Whoever reads sees the
rows of the number in force alone; what an import writes under the next number nobody sees before it is put in force.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, select

from chengyun_core.store import counters
from chengyun_core.store.chain_tables import PLAN_BINDINGS, RISK_POINT_VITALS, RISK_POINTS
from chengyun_core.store.tables import COUNTERS

IN_FORCE, STAGED = "plan_library_in_force", "plan_library_staged"
"""Counters: the number in force, and the last one given to an import."""
CHANGES = "plan_library"
"""Counter: every import and every single deed on the library takes a number."""
TABLES = (RISK_POINTS, RISK_POINT_VITALS, PLAN_BINDINGS)
POINT_COLUMNS = ("code", "name", "centre", "kind", "longitude", "latitude", "record")
VITAL_COLUMNS = ("vital", "risk_point")
BINDING_COLUMNS = ("risk_point", "template", "record")
_FIRST_KEY = {RISK_POINTS: "code", RISK_POINT_VITALS: "vital", PLAN_BINDINGS: "risk_point"}
"""Column by which a part of a library is cut off: the first of the key behind the number."""


def here(table: Table) -> ColumnElement[bool]:
    """Return that a row of one of these tables is of the library in force."""
    number = select(COUNTERS.c.value).where(COUNTERS.c.name == IN_FORCE).scalar_subquery()
    return table.c.library == func.coalesce(number, 0)


def in_force(connection: Connection) -> int:
    """Return the number in force, 0 of the first."""
    return counters.last(connection, IN_FORCE)


def stamp(connection: Connection) -> tuple[int, int]:
    """Return what is another whenever the library is: the last number of a change, and that of the library."""
    return counters.last(connection, CHANGES), in_force(connection)


def begin(connection: Connection) -> int:
    """Return a number that no row has yet."""
    return counters.take(connection, STAGED, 1)


def last_begun(connection: Connection) -> int:
    """Return the last number an import was given, 0 when there was none."""
    return counters.last(connection, STAGED)


def write(
    connection: Connection, library: int, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:  # fmt: skip
    """Write rows of a library that is not in force: values in the order of the columns."""
    # Without what SQLAlchemy does to each row, which takes longer than the database itself.
    fixed: dict[str, object] = {"library": library}
    if "change" in table.c:
        fixed["change"] = 0
    compiled = insert(table).values(dict.fromkeys((*fixed, *columns))).compile(dialect=connection.dialect)
    names = compiled.positiontup or ()
    given: list[Any] = [fixed | dict(zip(columns, row, strict=True)) for row in rows]
    if names:
        given = [tuple(row[name] for name in names) for row in given]
    if given:
        connection.exec_driver_sql(str(compiled), given)


def counts(connection: Connection, library: int) -> tuple[int, ...]:
    """Return how many rows of each of TABLES a library has."""
    return tuple(
        connection.execute(select(func.count()).select_from(table).where(table.c.library == library)).scalar_one()
        for table in TABLES
    )


def put_in_force(connection: Connection, library: int) -> None:
    """Have a library be the one that is read, in the transaction of whoever calls."""
    counters.put(connection, IN_FORCE, library)


def sweep(connection: Connection, bound: int, most: int) -> bool:
    """Delete some rows that are not in force and whose number is `bound` at most; return whether more are left.

    `most`: rows of one table at a time, about; so that nobody waits for the sweeper.
    """
    now = in_force(connection)
    for table in TABLES:
        found = _left_over(connection, table, now, bound)
        if found is not None:
            _cut(connection, table, found, most)
            return True
    return False


def _left_over(connection: Connection, table: Table, now: int, bound: int) -> int | None:
    library = table.c.library
    for wanted in (library < now, and_(library > now, library <= bound)):
        found = connection.execute(select(library).where(wanted).limit(1)).scalar_one_or_none()
        if found is not None:
            return int(found)
    return None


def _cut(connection: Connection, table: Table, library: int, most: int) -> None:
    key, own = table.c[_FIRST_KEY[table]], table.c.library == library
    edge = connection.execute(select(key).where(own).order_by(key).offset(most - 1).limit(1)).scalar_one_or_none()
    connection.execute(delete(table).where(own) if edge is None else delete(table).where(own, key <= edge))

"""Dense numbers: a counter row changed in the same transaction, so that a rolled-back number is given again."""

from sqlalchemy import Connection, insert, select, update

from chengyun_core.store.tables import COUNTERS


def last(connection: Connection, name: str) -> int:
    """Return the last number given, 0 when none was."""
    return connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == name)).scalar_one_or_none() or 0


def put(connection: Connection, name: str, value: int) -> None:
    """Have a counter stand at a value."""
    if connection.execute(update(COUNTERS).where(COUNTERS.c.name == name).values(value=value)).rowcount == 0:
        connection.execute(insert(COUNTERS).values(name=name, value=value))


def take(connection: Connection, name: str, count: int) -> int:
    """Take `count` consecutive numbers and return the first."""
    changed = connection.execute(
        update(COUNTERS).where(COUNTERS.c.name == name).values(value=COUNTERS.c.value + count),
    )
    if changed.rowcount == 0:
        connection.execute(insert(COUNTERS).values(name=name, value=count))
        return 1
    return last(connection, name) - count + 1

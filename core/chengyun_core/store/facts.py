"""Single facts of the profile (realm, epoch, clock law, mode) as named texts."""

from sqlalchemy import Connection, insert, select, update

from chengyun_core.store.tables import FACTS


def get(connection: Connection, name: str) -> str | None:
    """Return a fact's value, None when it was never set."""
    value: str | None = connection.execute(select(FACTS.c.value).where(FACTS.c.name == name)).scalar_one_or_none()
    return value


def put(connection: Connection, name: str, value: str) -> None:
    """Set a fact."""
    if connection.execute(update(FACTS).where(FACTS.c.name == name).values(value=value)).rowcount == 0:
        connection.execute(insert(FACTS).values(name=name, value=value))

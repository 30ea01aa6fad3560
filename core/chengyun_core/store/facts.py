"""Single facts of the profile (realm, epoch, clock law, mode) as named texts."""

from sqlalchemy import Connection, bindparam, insert, select, update

from chengyun_core.store.tables import FACTS


def get(connection: Connection, name: str) -> str | None:
    """Return a fact's value, None when it was never set."""
    value: str | None = connection.execute(select(FACTS.c.value).where(FACTS.c.name == name)).scalar_one_or_none()
    return value


def held(connection: Connection, name: str, *, alone: bool = False) -> str | None:
    """Return a fact's value and keep others from changing it until this transaction ends; `alone`: from holding it.

    A file has one writer at a time anyway; on a server the row is locked.
    """
    value: str | None = connection.execute(_ALONE if alone else _HELD, {"wanted": name}).scalar_one_or_none()
    return value


def put(connection: Connection, name: str, value: str) -> None:
    """Set a fact."""
    if connection.execute(update(FACTS).where(FACTS.c.name == name).values(value=value)).rowcount == 0:
        connection.execute(insert(FACTS).values(name=name, value=value))


# Made once: it is asked in every unit of work.
_WANTED = select(FACTS.c.value).where(FACTS.c.name == bindparam("wanted"))
_HELD, _ALONE = _WANTED.with_for_update(read=True), _WANTED.with_for_update()

"""Reads for documents what has no page of its own: the events of a time."""

from sqlalchemy import Connection, or_, select

from chengyun_core.model.event import Event
from chengyun_core.store.chain_tables import EVENTS
from chengyun_core.wire import codec


def events(
    connection: Connection, from_ns: int, to_ns: int, numbers: tuple[int, int], most: int
) -> list[Event]:  # fmt: skip
    """Return events opened in [from, to), profile ns UTC, and those that live: the gravest first, then the oldest.

    Args:
        numbers: first and last event number in which those opened in this time lie (`duty_figures.bounds`).
        most: how many at most.
    """
    opened = EVENTS.c.number.between(*numbers) & (EVENTS.c.opened_at >= from_ns) & (EVENTS.c.opened_at < to_ns)
    living = EVENTS.c.living.is_(True) & (EVENTS.c.opened_at < to_ns)
    statement = select(EVENTS.c.record).where(or_(opened, living))
    ordered = statement.order_by(EVENTS.c.grade.desc(), EVENTS.c.number).limit(most)
    return [codec.unpack(packed, Event) for packed in connection.execute(ordered).scalars()]

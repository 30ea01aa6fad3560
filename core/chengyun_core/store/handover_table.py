"""Hand-overs as rows: columns to find by, and the whole sheet packed."""

from sqlalchemy import Connection, insert, select, update

from chengyun_core.model.duty import Handover, HandoverState
from chengyun_core.store.duty_tables import HANDOVERS
from chengyun_core.wire import codec

COUNTER = "handover"
LIVING = frozenset({HandoverState.OPEN, HandoverState.GIVEN})


def get(connection: Connection, number: int) -> Handover | None:
    """Return a sheet as it was last written, None when there is none of that number."""
    statement = select(HANDOVERS.c.record).where(HANDOVERS.c.number == number)
    packed = connection.execute(statement).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Handover)


def living(connection: Connection) -> list[tuple[Handover, int]]:
    """Return the sheets that are not locked yet, with the journal number of their last change."""
    statement = select(HANDOVERS.c.record, HANDOVERS.c.change).where(HANDOVERS.c.living.is_(True))
    rows = connection.execute(statement.order_by(HANDOVERS.c.number))
    return [(codec.unpack(row.record, Handover), row.change) for row in rows]


def living_at(connection: Connection, seat: str) -> Handover | None:
    """Return the sheet of a seat that is not locked yet; a seat has one at most."""
    statement = select(HANDOVERS.c.record).where(HANDOVERS.c.living.is_(True), HANDOVERS.c.seat == seat)
    packed = connection.execute(statement.order_by(HANDOVERS.c.number.desc()).limit(1)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Handover)


def last_signed(connection: Connection, seat: str) -> Handover | None:
    """Return the last locked sheet of a seat."""
    statement = select(HANDOVERS.c.record).where(HANDOVERS.c.seat == seat, HANDOVERS.c.signed_at.is_not(None))
    packed = connection.execute(statement.order_by(HANDOVERS.c.number.desc()).limit(1)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Handover)


def signed_in(connection: Connection, shift: int) -> dict[str, int]:
    """Return seat → journal number with which it was handed over in a shift for the last time."""
    columns = select(HANDOVERS.c.seat, HANDOVERS.c.change)
    wanted = columns.where(HANDOVERS.c.shift == shift, HANDOVERS.c.signed_at.is_not(None))
    return {row.seat: row.change for row in connection.execute(wanted.order_by(HANDOVERS.c.number))}


def page(connection: Connection, centre: str, before: int, limit: int) -> list[Handover]:
    """Return the sheets of a centre below a number (0: the newest), newest first; of all centres when none is named."""
    statement = select(HANDOVERS.c.record).order_by(HANDOVERS.c.number.desc()).limit(limit)
    if centre:
        statement = statement.where(HANDOVERS.c.centre == centre)
    if before:
        statement = statement.where(HANDOVERS.c.number < before)
    return [codec.unpack(packed, Handover) for packed in connection.execute(statement).scalars()]


def put(connection: Connection, held: Handover, change: int) -> None:
    """Write a sheet, new or known."""
    locked = held.state is HandoverState.SIGNED
    row = {
        "code": held.code, "centre": held.centre, "seat": held.seat, "shift": held.shift, "state": held.state.value,
        "living": held.state in LIVING, "signed_at": held.signatures[-1].at if locked else None,
        "record": codec.pack(held), "version": held.version, "change": change,
    }  # fmt: skip
    if connection.execute(update(HANDOVERS).where(HANDOVERS.c.number == held.number).values(**row)).rowcount == 0:
        connection.execute(insert(HANDOVERS).values(number=held.number, **row))

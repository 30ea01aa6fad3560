"""Repair tickets as rows; what each was before is in the journal."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from chengyun_core.model.device_file import Repair, RepairState, is_living
from chengyun_core.store.repair_tables import REPAIRS
from chengyun_core.wire import codec

COUNTER = "repair"


def get(connection: Connection, number: int) -> Repair | None:
    """Return one ticket."""
    packed = connection.execute(select(REPAIRS.c.record).where(REPAIRS.c.number == number)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Repair)


def living_of(connection: Connection, device: str, member: int, fault: str) -> Repair | None:
    """Return the ticket that lives for this fault of this device, None when there is none."""
    where = (
        REPAIRS.c.living.is_(True), REPAIRS.c.device == device, REPAIRS.c.member == member, REPAIRS.c.fault == fault,
    )  # fmt: skip
    packed = connection.execute(select(REPAIRS.c.record).where(*where).limit(1)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Repair)


def living(connection: Connection) -> list[tuple[Repair, int]]:
    """Return every ticket somebody has to see to, with the journal number of its last change, by number."""
    columns = select(REPAIRS.c.record, REPAIRS.c.change).where(REPAIRS.c.living.is_(True))
    return [
        (codec.unpack(row.record, Repair), row.change) for row in connection.execute(columns.order_by(REPAIRS.c.number))
    ]


def page(
    connection: Connection, *, centres: Sequence[str] | None, states: Sequence[RepairState], device: str, before: int,
    limit: int,
) -> list[Repair]:  # fmt: skip
    """Return tickets, newest first. centres None: of every centre."""
    where = _of(centres, device)
    if states:
        where.append(REPAIRS.c.state.in_([state.value for state in states]))
    if before:
        where.append(REPAIRS.c.number < before)
    statement = select(REPAIRS.c.record).where(*where).order_by(REPAIRS.c.number.desc()).limit(limit)
    return [codec.unpack(packed, Repair) for packed in connection.execute(statement).scalars()]


def counts(connection: Connection, *, centres: Sequence[str] | None, device: str, now_ns: int) -> dict[str, int]:
    """Return how many there are by state, and how many living ones are overdue."""
    where = _of(centres, device)
    by_state = select(REPAIRS.c.state, func.count().label("held")).where(*where).group_by(REPAIRS.c.state)
    found = {row.state: row.held for row in connection.execute(by_state)}
    where += [REPAIRS.c.living.is_(True), REPAIRS.c.due_at < now_ns]
    late = connection.execute(select(func.count()).select_from(REPAIRS).where(*where)).scalar_one()
    return {**found, "overdue": late}


def add(connection: Connection, repair: Repair, change: int) -> None:
    """Write a new ticket."""
    connection.execute(insert(REPAIRS).values(number=repair.number, **_row(repair, change)))


def replace(connection: Connection, repair: Repair, change: int) -> None:
    """Write a known ticket anew."""
    connection.execute(update(REPAIRS).where(REPAIRS.c.number == repair.number).values(**_row(repair, change)))


def _of(centres: Sequence[str] | None, device: str) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [] if centres is None else [REPAIRS.c.centre.in_(list(centres))]
    return [*where, REPAIRS.c.device == device] if device else where


def _row(repair: Repair, change: int) -> dict[str, object]:
    return {
        "device": repair.device, "member": repair.member, "centre": repair.centre, "fault": repair.fault,
        "state": repair.state.value, "living": is_living(repair), "due_at": repair.due_at,
        "record": codec.pack(repair), "version": repair.version, "change": change,
    }  # fmt: skip

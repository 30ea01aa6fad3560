"""People on duty, shifts and free lines of the log as rows: columns to find by, and the whole record packed."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, insert, select, update

from chengyun_core.model.duty import LogKind, LogLine, Person, Shift, ShiftState
from chengyun_core.store.duty_tables import DUTY_PEOPLE, DUTY_SHIFTS, LOG_LINES
from chengyun_core.wire import codec

SHIFT_COUNTER = "shift"
LINE_COUNTER = "log_line"
MOST_SHIFTS = 2000
LIVING = (ShiftState.RUNNING.value, ShiftState.HANDING_OVER.value)


def person(connection: Connection, code: str) -> Person | None:
    """Return somebody with his telephones, None when nobody has that code."""
    statement = select(DUTY_PEOPLE.c.record).where(DUTY_PEOPLE.c.code == code)
    packed = connection.execute(statement).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Person)


def of_account(connection: Connection, account: str) -> list[Person]:
    """Return the people behind an account: one, mostly."""
    if not account:
        return []
    statement = select(DUTY_PEOPLE.c.record).where(DUTY_PEOPLE.c.account == account).order_by(DUTY_PEOPLE.c.code)
    return [codec.unpack(packed, Person) for packed in connection.execute(statement).scalars()]


def people(connection: Connection, centre: str = "") -> list[Person]:
    """Return everybody of a centre, or of all, by code."""
    statement = select(DUTY_PEOPLE.c.record).order_by(DUTY_PEOPLE.c.code)
    if centre:
        statement = statement.where(DUTY_PEOPLE.c.centre == centre)
    return [codec.unpack(packed, Person) for packed in connection.execute(statement).scalars()]


def put_person(connection: Connection, held: Person, change: int) -> None:
    """Write somebody, new or known."""
    row = {
        "centre": held.centre, "name": held.name, "account": held.account, "record": codec.pack(held),
        "version": held.version, "change": change,
    }  # fmt: skip
    known = update(DUTY_PEOPLE).where(DUTY_PEOPLE.c.code == held.code).values(**row)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(DUTY_PEOPLE).values(code=held.code, **row))


def shift(connection: Connection, number: int) -> Shift | None:
    """Return a shift, None when there is none of that number."""
    statement = select(DUTY_SHIFTS.c.record).where(DUTY_SHIFTS.c.number == number)
    packed = connection.execute(statement).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Shift)


def shifts(connection: Connection, from_ns: int, to_ns: int, centre: str = "") -> list[Shift]:
    """Return the shifts that touch [from, to), oldest first; of all centres when none is named.

    One that was cancelled is on no roster: the journal keeps it.
    """
    wanted = [DUTY_SHIFTS.c.begins_at < to_ns, DUTY_SHIFTS.c.ends_at > from_ns]
    wanted.append(DUTY_SHIFTS.c.state != ShiftState.CANCELLED.value)
    if centre:
        wanted.append(DUTY_SHIFTS.c.centre == centre)
    statement = select(DUTY_SHIFTS.c.record).where(*wanted)
    ordered = statement.order_by(DUTY_SHIFTS.c.begins_at, DUTY_SHIFTS.c.number).limit(MOST_SHIFTS)
    return [codec.unpack(packed, Shift) for packed in connection.execute(ordered).scalars()]


def living_shifts(connection: Connection, centre: str = "") -> list[tuple[Shift, int]]:
    """Return the shifts that run or hand over, oldest first, with the journal number of their last change."""
    wanted: list[ColumnElement[bool]] = [DUTY_SHIFTS.c.state.in_(LIVING)]
    if centre:
        wanted.append(DUTY_SHIFTS.c.centre == centre)
    return _with_change(connection, wanted)


def planned_shifts(connection: Connection, before_ns: int) -> list[tuple[Shift, int]]:
    """Return the shifts that are planned to begin before a time, oldest first, with their journal numbers."""
    planned = DUTY_SHIFTS.c.state == ShiftState.PLANNED.value
    return _with_change(connection, [planned, DUTY_SHIFTS.c.begins_at < before_ns])


def put_shift(connection: Connection, held: Shift, change: int) -> None:
    """Write a shift, new or known."""
    row = {
        "centre": held.centre, "name": held.name, "begins_at": held.begins_at, "ends_at": held.ends_at,
        "state": held.state.value, "record": codec.pack(held), "version": held.version, "change": change,
    }  # fmt: skip
    known = update(DUTY_SHIFTS).where(DUTY_SHIFTS.c.number == held.number).values(**row)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(DUTY_SHIFTS).values(number=held.number, **row))


def line(connection: Connection, number: int) -> LogLine | None:
    """Return a free line, None when there is none of that number."""
    statement = select(LOG_LINES.c.record).where(LOG_LINES.c.number == number)
    packed = connection.execute(statement).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, LogLine)


def add_line(connection: Connection, held: LogLine, centre: str, change: int) -> None:
    """Write a new free line; the line it corrects is settled by it."""
    if held.corrects is not None:
        connection.execute(update(LOG_LINES).where(LOG_LINES.c.number == held.corrects).values(settled=True))
    connection.execute(
        insert(LOG_LINES).values(
            number=held.number, centre=centre, shift=held.shift, kind=held.kind.value, corrects=held.corrects,
            settled=False, record=codec.pack(held), change=change,
        )
    )  # fmt: skip


def notices(connection: Connection, centre: str, most: int) -> list[LogLine]:
    """Return the notices of a centre that no later line settled, oldest first."""
    statement = select(LOG_LINES.c.record).where(
        LOG_LINES.c.kind == LogKind.NOTICE.value, LOG_LINES.c.settled.is_(False), LOG_LINES.c.centre == centre
    )
    rows = connection.execute(statement.order_by(LOG_LINES.c.number).limit(most)).scalars()
    return [codec.unpack(packed, LogLine) for packed in rows]


def corrections(connection: Connection, numbers: Iterable[int]) -> dict[int, int]:
    """Return line → number of the last line that corrects it, of those that one does."""
    wanted = list(numbers)
    if not wanted:
        return {}
    columns = select(LOG_LINES.c.corrects, LOG_LINES.c.number).where(LOG_LINES.c.corrects.in_(wanted))
    return {row.corrects: row.number for row in connection.execute(columns.order_by(LOG_LINES.c.number))}


def _with_change(connection: Connection, wanted: Sequence[ColumnElement[bool]]) -> list[tuple[Shift, int]]:
    statement = select(DUTY_SHIFTS.c.record, DUTY_SHIFTS.c.change).where(*wanted)
    rows = connection.execute(statement.order_by(DUTY_SHIFTS.c.begins_at, DUTY_SHIFTS.c.number))
    return [(codec.unpack(row.record, Shift), row.change) for row in rows]

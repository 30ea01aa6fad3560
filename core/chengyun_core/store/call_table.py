"""Call-outs and their calls as rows; the numbers that were tried stand beside the record, which shows them masked."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, insert, select, update

from chengyun_core.model.call_rules import OPEN
from chengyun_core.model.callout import Call, CallOut
from chengyun_core.store.warning_tables import CALL_OUTS, CALLS
from chengyun_core.wire import codec

COUNTER = "call_out"
_NUMBERS = msgspec.msgpack.Decoder(tuple[str, ...])


def call_out(connection: Connection, number: int) -> CallOut | None:
    """Return one call-out, running or ended."""
    packed = connection.execute(select(CALL_OUTS.c.record).where(CALL_OUTS.c.number == number)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, CallOut)


def running(connection: Connection) -> list[tuple[CallOut, int]]:
    """Return the call-outs that run, with the journal number of their last change, by number."""
    columns = select(CALL_OUTS.c.record, CALL_OUTS.c.change).where(CALL_OUTS.c.living.is_(True))
    rows = connection.execute(columns.order_by(CALL_OUTS.c.number))
    return [(codec.unpack(row.record, CallOut), row.change) for row in rows]


def page(connection: Connection, about: str, limit: int) -> list[CallOut]:
    """Return call-outs, those that run first, then the newest; `about` empty: of everything."""
    columns = select(CALL_OUTS.c.record).order_by(CALL_OUTS.c.living.desc(), CALL_OUTS.c.number.desc()).limit(limit)
    wanted = columns.where(CALL_OUTS.c.about == about) if about else columns
    return [codec.unpack(packed, CallOut) for packed in connection.execute(wanted).scalars()]


def of_about(connection: Connection, abouts: Iterable[str]) -> list[CallOut]:
    """Return every call-out about these things, oldest first."""
    columns = select(CALL_OUTS.c.record).where(CALL_OUTS.c.about.in_(list(abouts))).order_by(CALL_OUTS.c.number)
    return [codec.unpack(packed, CallOut) for packed in connection.execute(columns).scalars()]


def put_call_out(connection: Connection, held: CallOut, change: int) -> None:
    """Write a call-out, new or known, with the journal number of its last change."""
    row = {
        "about": held.about, "living": held.ended_at is None, "record": codec.pack(held), "version": held.version,
        "change": change,
    }  # fmt: skip
    known = connection.execute(update(CALL_OUTS).where(CALL_OUTS.c.number == held.number).values(**row))
    if known.rowcount == 0:
        connection.execute(insert(CALL_OUTS).values(number=held.number, **row))


def call(connection: Connection, number: int, place: int) -> Call | None:
    """Return the call of one addressee."""
    wanted = (CALLS.c.call_out == number, CALLS.c.place == place)
    packed = connection.execute(select(CALLS.c.record).where(*wanted)).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Call)


def calls_of(connection: Connection, number: int) -> list[tuple[Call, tuple[str, ...], int]]:
    """Return the calls of a call-out by place: record, numbers tried in whole, journal number of the last change."""
    columns = select(CALLS.c.record, CALLS.c.numbers, CALLS.c.change).where(CALLS.c.call_out == number)
    rows = connection.execute(columns.order_by(CALLS.c.place))
    return [(codec.unpack(row.record, Call), _NUMBERS.decode(row.numbers), row.change) for row in rows]


def waiting(connection: Connection) -> list[Call]:
    """Return the calls in which somebody is still to be called: their timers are armed at start."""
    columns = select(CALLS.c.record).where(CALLS.c.waits.is_(True)).order_by(CALLS.c.call_out, CALLS.c.place)
    return [codec.unpack(packed, Call) for packed in connection.execute(columns).scalars()]


def anybody_waits(connection: Connection, number: int) -> bool:
    """Return whether somebody of a call-out is still to be called."""
    wanted = (CALLS.c.call_out == number, CALLS.c.waits.is_(True))
    return connection.execute(select(CALLS.c.place).where(*wanted).limit(1)).first() is not None


def put_call(connection: Connection, held: Call, change: int, number: str | None = None) -> None:
    """Write a call, new or known; `number`: the one just tried, kept in whole beside those before it."""
    row = {
        "waits": held.state in OPEN, "due_at": held.due_at, "record": codec.pack(held), "version": held.version,
        "change": change,
    }  # fmt: skip
    wanted = (CALLS.c.call_out == held.call_out, CALLS.c.place == held.place)
    before = connection.execute(select(CALLS.c.numbers).where(*wanted)).scalar_one_or_none()
    tried = () if before is None else _NUMBERS.decode(before)
    row["numbers"] = msgspec.msgpack.encode(tried if number is None else (*tried, number))
    if before is None:
        connection.execute(insert(CALLS).values(call_out=held.call_out, place=held.place, **row))
    else:
        connection.execute(update(CALLS).where(*wanted).values(**row))

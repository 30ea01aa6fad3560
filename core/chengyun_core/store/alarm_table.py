"""Alarms as rows: living ones by vital or number, written in bulk."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, insert, select, update

from chengyun_core.model.alarm import Alarm, NoteCode, Override
from chengyun_core.model.scales import AlarmPriority, Aspect, Side, WarningColour
from chengyun_core.store.tables import ALARMS
from chengyun_core.wire import codec

Living = dict[tuple[int, Aspect], Alarm]
"""Living alarms by what they are of: a vital has one for its value and one for its link at most (A19)."""

COUNTER = "alarm"
_OVERRIDES = msgspec.msgpack.Decoder(tuple[Override, ...])
_COLUMNS = tuple(ALARMS.columns.keys())
_COLOURS = {one.value: one for one in WarningColour}
_SIDES = {one.value: one for one in Side}
_ASPECTS = {one.value: one for one in Aspect}
_PRIORITIES = {one.value: one for one in AlarmPriority}
_CHUNK = 500
"""Values in one IN list; SQLite's oldest limit is 999."""


def living(connection: Connection) -> list[tuple[Alarm, int]]:
    """Return every alarm that is not closed, with the journal number of its last change, by number."""
    statement = select(ALARMS).where(ALARMS.c.closed.is_(False)).order_by(ALARMS.c.number)
    return [(_alarm_of(row), row.change) for row in connection.execute(statement)]


def living_of(connection: Connection, vitals: Iterable[int]) -> Living:
    """Return the living alarms of these vitals, by vital and aspect."""
    wanted = sorted(set(vitals))
    found: Living = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        statement = select(ALARMS).where(ALARMS.c.closed.is_(False), ALARMS.c.vital.in_(chunk))
        found.update(_by_identity(connection.execute(statement)))
    return found


def living_between(connection: Connection, vitals_from: int, vitals_to: int) -> Living:
    """Return the living alarms of the vitals in [from, to), by vital and aspect."""
    statement = select(ALARMS).where(
        ALARMS.c.closed.is_(False), ALARMS.c.vital >= vitals_from, ALARMS.c.vital < vitals_to
    )
    return _by_identity(connection.execute(statement))


def shelved(connection: Connection) -> list[Alarm]:
    """Return the alarms on the shelf."""
    statement = select(ALARMS).where(ALARMS.c.closed.is_(False), ALARMS.c.shelved_at.is_not(None))
    return [_alarm_of(row) for row in connection.execute(statement)]


def get(connection: Connection, number: int) -> Alarm | None:
    """Return one alarm, living or closed."""
    row = connection.execute(select(ALARMS).where(ALARMS.c.number == number)).one_or_none()
    return _alarm_of(row) if row else None


def add(connection: Connection, alarms: Sequence[tuple[Alarm, int]]) -> None:
    """Write new alarms with the journal number of their last change."""
    if alarms:
        connection.execute(insert(ALARMS), [_row_of(alarm, change) for alarm, change in alarms])


def replace(connection: Connection, alarms: Sequence[tuple[Alarm, int]]) -> None:
    """Write known alarms anew."""
    if alarms:
        changed = [name for name in _COLUMNS if name != "number"]
        statement = (
            update(ALARMS)
            .where(ALARMS.c.number == bindparam("which"))
            .values({name: bindparam(f"new_{name}") for name in changed})
        )
        rows = [_row_of(alarm, change) for alarm, change in alarms]
        connection.execute(
            statement,
            [{"which": row["number"], **{f"new_{name}": row[name] for name in changed}} for row in rows],
        )


def _by_identity(rows: Iterable[Row[Any]]) -> Living:
    alarms = map(_alarm_of, rows)
    return {(alarm.vital, alarm.aspect): alarm for alarm in alarms}


def _alarm_of(row: Row[tuple[object, ...]]) -> Alarm:
    # A snapshot and a hand-over in a flood read thousands of these: looked up, not made.
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    del values["change"]
    values["colour"] = _COLOURS[values["colour"]]
    values["band"] = _COLOURS[values["band"]]
    values["side"] = _SIDES[values["side"]]
    values["aspect"] = _ASPECTS[values["aspect"]]
    values["priority"] = _PRIORITIES[values["priority"]]
    packed = values["overrides"]
    values["overrides"] = _OVERRIDES.decode(packed) if packed else ()
    values["note_code"] = NoteCode(values["note_code"]) if values["note_code"] else None
    for name in ("value", "limit"):
        values[name] = math.nan if values[name] is None else values[name]
    return Alarm(**values)


def _row_of(alarm: Alarm, change: int) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(alarm, name) for name in _COLUMNS if name != "change"}
    row["colour"], row["band"], row["side"] = int(alarm.colour), int(alarm.band), int(alarm.side)
    row["aspect"], row["priority"] = int(alarm.aspect), int(alarm.priority)
    row["overrides"] = codec.pack(alarm.overrides) if alarm.overrides else None
    row["note_code"] = alarm.note_code.value if alarm.note_code else None
    for name in ("value", "limit"):
        number = getattr(alarm, name)
        row[name] = None if math.isnan(number) else number
    row["change"] = change
    return row

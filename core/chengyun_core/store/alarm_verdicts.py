"""What officers found of a vital's alarms: how many were acknowledged, how many of them as false."""

from collections.abc import Sequence

from sqlalchemy import Connection, case, func, select

from chengyun_core.model.alarm import NoteCode
from chengyun_core.store.tables import ALARMS

_CHUNK = 500


def verdicts(connection: Connection, since_ns: int, vitals: Sequence[int] = ()) -> list[tuple[int, int, int]]:
    """Return (vital, acknowledged, of these false) of alarms acknowledged since then, by vital.

    Without `vitals`: of all that have any. An alarm counts by the last acknowledgement that was not taken back.
    """
    if not vitals:
        return _found(connection, since_ns, None)
    chunks = (vitals[start : start + _CHUNK] for start in range(0, len(vitals), _CHUNK))
    return sorted(row for chunk in chunks for row in _found(connection, since_ns, chunk))


def _found(connection: Connection, since_ns: int, vitals: Sequence[int] | None) -> list[tuple[int, int, int]]:
    false = func.sum(case((ALARMS.c.note_code == NoteCode.FALSE_ALARM.value, 1), else_=0))
    statement = select(ALARMS.c.vital, func.count(), false).where(ALARMS.c.acked_at >= since_ns)
    if vitals is not None:
        statement = statement.where(ALARMS.c.vital.in_(vitals))
    rows = connection.execute(statement.group_by(ALARMS.c.vital).order_by(ALARMS.c.vital)).all()
    return [(int(vital), int(acked), int(wrong)) for vital, acked, wrong in rows]

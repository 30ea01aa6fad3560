"""Changes of thresholds, read from the journal itself: their rows hold the whole record, so they need no table."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, func, select

from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec

KIND = "threshold"
COUNTER = "threshold"
"""Numbers of changes, dense from 1."""


def get(connection: Connection, number: int) -> ThresholdChange | None:
    """Return a change as it was last written, None for a number never given."""
    change = journal_rows.last_of(connection, KIND, str(number))
    return None if change is None else codec.unpack(change.record, ThresholdChange)


def newest(connection: Connection, limit: int = 200) -> list[tuple[ThresholdChange, int]]:
    """Return the records that changed last with the journal number of that change, oldest first."""
    last = _last_rows().order_by(func.max(JOURNAL.c.number).desc()).limit(limit).subquery()
    statement = select(JOURNAL.c.number, JOURNAL.c.record).where(JOURNAL.c.number.in_(select(last.c.number)))
    rows = connection.execute(statement.order_by(JOURNAL.c.number)).all()
    return [(codec.unpack(record, ThresholdChange), number) for number, record in rows]


def standing(connection: Connection, states: Iterable[ThresholdState]) -> list[ThresholdChange]:
    """Return the changes that are in one of these states, by number."""
    wanted, last = frozenset(states), _last_rows().subquery()
    statement = select(JOURNAL.c.record).where(JOURNAL.c.number.in_(select(last.c.number)))
    found = (codec.unpack(record, ThresholdChange) for record in connection.execute(statement).scalars())
    return sorted((change for change in found if change.state in wanted), key=lambda change: change.number)


def _last_rows() -> Select[tuple[int]]:
    return select(func.max(JOURNAL.c.number).label("number")).where(JOURNAL.c.kind == KIND).group_by(JOURNAL.c.key)

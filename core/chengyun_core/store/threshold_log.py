"""Changes of thresholds as the journal holds them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.store.record_log import RecordLog

KIND = "threshold"
COUNTER = "threshold"
"""Numbers of changes, dense from 1."""


def get(connection: Connection, number: int) -> ThresholdChange | None:
    """Return a change as it was last written, None for a number never given."""
    return RecordLog(KIND, ThresholdChange).get(connection, number)


def newest(connection: Connection, limit: int = 200) -> list[tuple[ThresholdChange, int]]:
    """Return the records that changed last with the journal number of that change, oldest first."""
    return RecordLog(KIND, ThresholdChange).newest(connection, limit)


def standing(connection: Connection, states: Iterable[ThresholdState]) -> list[ThresholdChange]:
    """Return the changes that are in one of these states, by number."""
    wanted = frozenset(states)
    found = RecordLog(KIND, ThresholdChange).standing(connection, lambda change: change.state in wanted)
    return sorted((change for change, _ in found), key=lambda change: change.number)

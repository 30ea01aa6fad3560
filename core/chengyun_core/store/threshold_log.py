"""Changes of thresholds as the journal holds them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.change import CatalogueRecord
from chengyun_core.model.scope_sets import narrowest
from chengyun_core.store.record_log import RecordLog

KIND = "threshold"
COUNTER = "threshold"
"""Numbers of changes, dense from 1."""
TAKE_EFFECT = "threshold.take_effect"
"""Action of the row a change comes into force with."""
MOST_TOLD = 200
SWITCH_SET = "threshold.switch_set"
"""Action of the row another set comes into force with."""
SWITCH_MODE = "mode.thresholds"
"""Action of the row in which a switch of the mode gives scopes other sets."""
_OF_RULES = frozenset({TAKE_EFFECT, SWITCH_SET, SWITCH_MODE})
"""What makes a version of the catalogue besides an import, which may change any rule without saying which."""


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


def history(connection: Connection, vital_code: str) -> list[tuple[ThresholdChange, int]]:
    """Return the last `MOST_TOLD` changes of a vital's rules as they stand now, by number, each with the profile ns UTC
    at which it came into force (0: it did not).

    Changes are few (each needs two people), so the journal's rows of their kind are read rather than indexed by vital.
    """
    found: dict[int, ThresholdChange] = {}
    effect_at: dict[int, int] = {}
    for at_ns, action, change in RecordLog(KIND, ThresholdChange).since(connection, -1):
        if change.vital_code == vital_code and (change.number in found or len(found) < MOST_TOLD):
            found.setdefault(change.number, change)
            if action == TAKE_EFFECT:
                effect_at[change.number] = at_ns
    return [(found[number], effect_at.get(number, 0)) for number in sorted(found)]


def sets(
    connection: Connection, path: tuple[str, ...] = (), track: str = ""
) -> tuple[tuple[tuple[int, str], ...], int]:  # fmt: skip
    """Return ((since profile ns UTC, set in force), …) oldest first, and when a catalogue was last imported over
    another one (0: never): what limits were before that, changes and switches do not tell.

    path, track: place of a vital, for a scope in 急时 may have a set of its own.
    """
    rows = list(RecordLog("catalogue", CatalogueRecord).since(connection, -1))[::-1]
    imported = max((at_ns for at_ns, action, _ in rows[1:] if action not in _OF_RULES), default=0)
    found: list[tuple[int, str]] = []
    for at_ns, _action, record in rows:
        in_force = narrowest(record.scope_sets, path, track) or record.threshold_set
        if not found or found[-1][1] != in_force:
            found.append((at_ns, in_force))
    return tuple(found), imported

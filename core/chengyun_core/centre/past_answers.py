"""How alarms, events, units, warnings and drawings stood at a time, read from the journal (M5)."""

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.mirror.records import fact_of, is_living
from chengyun_core.model.change import Change
from chengyun_core.model.failure import Refused
from chengyun_core.store import journal_past
from chengyun_core.wire import codec
from chengyun_core.wire.drawing_asks import AskPast, PastFacts

KINDS = ("alarm", "drawing", "event", "unit", "warning")
"""What a map of then shows. Places of devices and of units at base are of the catalogue, as it is now."""
MOST_RECORDS = 5000


def facts(desk: Desk, connection: Connection, ask: AskPast) -> bytes:
    """Answer `past.facts`; raise Refused for a time that has not come."""
    now = desk.clock.utc_ns()
    if not 0 <= ask.at <= now:
        raise Refused("past.not_yet", at=desk.shown(ask.at), now=desk.shown(now))
    through = journal_past.last_row(connection, ask.at)
    found = [
        change for kind in KINDS for change in journal_past.last_of_each(connection, kind, through) if _lived(change)
    ]
    kept = sorted(found, key=lambda change: change.number)[-MOST_RECORDS:]
    begins_at = journal_past.begins_at(connection)
    return codec.pack(PastFacts(records=tuple(kept), begins_at=begins_at, left_out=len(found) - len(kept)))


def _lived(change: Change) -> bool:
    fact = fact_of(change) if change.record else None
    return fact is not None and is_living(fact)

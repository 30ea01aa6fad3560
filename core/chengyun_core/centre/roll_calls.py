"""Roll calls (T9): who answers within its windows; the missing are known when it ends."""

from sqlalchemy import Connection

from chengyun_core.model.order import RollAnswer, RollCall
from chengyun_core.store.record_log import RecordLog

LOG = RecordLog("roll_call", RollCall)
ANSWERS = RecordLog("roll_answer", RollAnswer)
LOOKED_AT = 50
"""Newest roll calls among which the running ones are: each ends by itself within minutes."""
MOST_ANSWERS = 2400


def running(connection: Connection) -> list[tuple[RollCall, int]]:
    """Return the roll calls that run, with the journal number of their last change."""
    return [(call, number) for call, number in LOG.newest(connection, LOOKED_AT) if call.ended_at is None]


def answers_of_running(connection: Connection) -> list[tuple[RollAnswer, int]]:
    """Return the answers to roll calls that run."""
    open_ones = {call.number for call, _ in running(connection)}
    if not open_ones:
        return []
    return [(answer, number) for answer, number in ANSWERS.newest(connection, MOST_ANSWERS) if answer.call in open_ones]

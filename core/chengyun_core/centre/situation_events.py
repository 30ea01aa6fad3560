"""Later alarms of a situation join the event that was made from it, until that ends (E5, A9; decision 0257).

What is to be joined follows from the records alone: the situation's alarms that no living event has. So nothing is lost
when a row is put off; and it is put off, because a flood that goes on for an hour is not told a thousand times.
"""

from dataclasses import dataclass, field
from functools import partial

from chengyun_core.centre import alarm_evidence, event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.situation import Situation
from chengyun_core.store.record_log import RecordLog

JOINED = "event.alarms_joined"
EVERY_NS = 15 * NS_PER_S
"""An event is told of later alarms at once, then not again before this time has passed. Profile time."""
MOST_ALARMS = 2000
"""Alarms of one event; what a situation has beyond them it still has."""
NAMED = 20
"""Alarms named in one row; the record names them all."""


_LOG = RecordLog("situation", Situation)


@dataclass(slots=True)
class Joining:
    """What is put off. Kept in memory only: at start every situation with an event is looked at once."""

    told_at: dict[int, int] = field(default_factory=dict)
    """Event → profile ns of its last row."""
    waiting: set[int] = field(default_factory=set)
    """Situations that grew and whose event has not been told."""


def owner(desk: Desk, situation: int) -> Event | None:
    """Return the living event made from a situation, or that such a one was merged into; the oldest of several."""
    of_it = (event for event in desk.events.values() if situation in (event.situation, *event.more_situations))
    return min(of_it, key=lambda event: event.number, default=None)


def grown(desk: Desk, joining: Joining, work: Work, situation: Situation) -> None:
    """Have a situation's new alarms join its event, now or soon."""
    event = owner(desk, situation.number)
    if event is None:
        return
    if work.at_ns - joining.told_at.get(event.number, -EVERY_NS) < EVERY_NS:
        joining.waiting.add(situation.number)
        return
    _join(desk, joining, work, event.number, situation)


def merged(desk: Desk, work: Work, other: int, into: int) -> None:
    """Two situations are one: an event made from the other one goes on with it, if no event was made from this one."""
    event = owner(desk, other)
    if event is not None and owner(desk, into) is None:
        now = event_care.get(work.connection, event.number)
        told = {"situation": into, "count": 0, "alarms": "", "left": 0}
        event_care.change(desk, work, now, JOINED, params=told, more_situations=(*now.more_situations, into))


def tend(desk: Desk, joining: Joining, ledger: Ledger) -> int:
    """Tell the events whose time has come of what joined them; return how many situations were looked at."""
    now = desk.clock.utc_ns()
    due = [number for number in sorted(joining.waiting) if _is_due(desk, joining, number, now)]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for number in due:
            # As it was written last: it may be over by now, and its alarms join all the same.
            event, situation = owner(desk, number), _LOG.get(work.connection, number)
            if event is not None and situation is not None:
                _join(desk, joining, work, event.number, situation)
        work.after_commit(partial(joining.waiting.difference_update, due))
    return len(due)


def begin(desk: Desk, joining: Joining) -> None:
    """Look at the situations of every living event once, at start: what was put off then is not lost."""
    for event in desk.events.values():
        joining.waiting.update(event.more_situations)
        if event.situation is not None:
            joining.waiting.add(event.situation)


def _is_due(desk: Desk, joining: Joining, number: int, now_ns: int) -> bool:
    event = owner(desk, number)
    return event is None or now_ns - joining.told_at.get(event.number, -EVERY_NS) >= EVERY_NS


def _join(desk: Desk, joining: Joining, work: Work, number: int, situation: Situation) -> None:
    # Read anew: it may have been told of another situation in this very transaction.
    event = event_care.get(work.connection, number)
    held = set(event.alarms) | {
        alarm for other in desk.events.values() if other.number != number for alarm in other.alarms
    }  # fmt: skip
    new = tuple(alarm for alarm in situation.alarms if alarm not in held)
    taken = new[: max(0, MOST_ALARMS - len(event.alarms))]
    if not taken:
        return
    told = {
        "situation": situation.number, "count": len(taken), "alarms": " ".join(map(str, taken[:NAMED])),
        "left": len(new) - len(taken),
    }  # fmt: skip
    files = alarm_evidence.taken_over(work.connection, event, taken)
    event_care.change_by_itself(desk, work, event, JOINED, params=told, alarms=(*event.alarms, *taken), **files)
    joining.told_at[number] = work.at_ns

"""What time does to calls: a try that is overdue is told, and whose time is over is given to his superior (H8)."""

from functools import partial

from chengyun_core.centre import call_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import call_rules
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.callout import CallState
from chengyun_core.store import call_table

AT_ONCE = 25
"""Calls looked after in one transaction; the rest are due again in the next turn, when requests were served."""


def tend(desk: Desk, ledger: Ledger) -> int:
    """Tell what is overdue and escalate whose time is over; return how many were looked at. Called by the loop."""
    due = [key for key in desk.due.due() if key[0] == call_care.TIMER][:AT_ONCE]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for timer in due:
            _tend(desk, work, timer)
    return len(due)


def _tend(desk: Desk, work: Work, timer: tuple[str, str]) -> None:
    number, _, place = timer[1].partition(".")
    call = call_table.call(work.connection, int(number), int(place))
    if call is None or call.state not in call_rules.OPEN:
        # The timer outlived what it was for (a commit whose outcome we never learned); it is let go.
        work.after_commit(partial(desk.due.wait, timer, None))
        return
    # The timer runs on the clock that never steps: a wall clock set back keeps nobody from being told (RF12).
    after = call_rules.late(call, max(work.at_ns, call.due_at or 0))
    if after.state is CallState.ESCALATED:
        after = call_care.escalation(desk, after)
        call_care.put_call(desk, work, after, "call.escalate", {"superior": after.superior}, actor=CENTRE)
        call_care.settle(work, call, after, CENTRE)
    else:
        call_care.put_call(desk, work, after, "call.overdue", actor=CENTRE)

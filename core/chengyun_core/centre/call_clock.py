"""What time does to calls: a try that is overdue is told, and whose time is over is given to his superior (H8)."""

from chengyun_core.centre import call_care, due_work
from chengyun_core.centre.desk import Desk, Due
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import call_rules
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.callout import CallState
from chengyun_core.store import call_table


def tend(desk: Desk, ledger: Ledger) -> int:
    """Tell what is overdue and escalate whose time is over; return how many were looked at. Called by the loop."""
    return due_work.tend(desk, ledger, {call_care.TIMER: _tend})


def _tend(desk: Desk, work: Work, timer: Due) -> None:
    number, _, place = timer[1].partition(".")
    call = call_table.call(work.connection, int(number), int(place))
    if call is None or call.state not in call_rules.OPEN:
        due_work.let_go(desk, work, timer)
        return
    # The timer runs on the clock that never steps: a wall clock set back keeps nobody from being told (RF12).
    after = call_rules.late(call, max(work.at_ns, call.due_at or 0))
    if after.state is CallState.ESCALATED:
        after = call_care.escalation(desk, after)
        call_care.put_call(desk, work, after, "call.escalate", {"superior": after.superior}, actor=CENTRE)
        call_care.settle(work, call, after, CENTRE)
    else:
        call_care.put_call(desk, work, after, "call.overdue", actor=CENTRE)

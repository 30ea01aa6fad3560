"""What time does to running plans: a step over its time is told once, in the timeline and to every console (P4)."""

from chengyun_core.centre import due_work, plan_care
from chengyun_core.centre.desk import Desk, Due
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import plan_run_rules as rules
from chengyun_core.store import plan_table


def tend(desk: Desk, ledger: Ledger) -> int:
    """Tell the steps that are over their time; return how many runs were looked at. Called by the loop."""
    return due_work.tend(desk, ledger, {plan_care.TIMER: _tend})


def _tend(desk: Desk, work: Work, timer: Due) -> None:
    run = plan_table.run(work.connection, int(timer[1]))
    first = None if run is None else rules.next_due(run)
    if run is None or first is None:
        due_work.let_go(desk, work, timer)
        return
    # The timer runs on the clock that never steps: a wall clock set back keeps no step from being told (RF12).
    told, codes = rules.told_overdue(run, max(first, work.at_ns))
    texts = "; ".join(plan_care.said(work.connection, run, code) for code in codes)
    plan_care.put(desk, work, told, plan_care.OVERDUE, {"steps": ", ".join(codes), "texts": texts})

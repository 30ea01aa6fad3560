"""What time does to running plans: a step over its time is told once, in the timeline and to every console (P4)."""

from functools import partial

from chengyun_core.centre import plan_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import plan_run_rules as rules
from chengyun_core.model.audit import CENTRE
from chengyun_core.store import plan_table

AT_ONCE = 25
"""Runs looked after in one transaction; the rest are due again in the next turn, when requests were served."""


def tend(desk: Desk, ledger: Ledger) -> int:
    """Tell the steps that are over their time; return how many runs were looked at. Called by the loop."""
    due = [key for key in desk.due.due() if key[0] == plan_care.TIMER][:AT_ONCE]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for timer in due:
            _tend(desk, work, timer)
    return len(due)


def _tend(desk: Desk, work: Work, timer: tuple[str, str]) -> None:
    run = plan_table.run(work.connection, int(timer[1]))
    first = None if run is None else rules.next_due(run)
    if run is None or first is None:
        # The timer outlived what it was for (a commit whose outcome we never learned); it is let go.
        work.after_commit(partial(desk.due.wait, timer, None))
        return
    # The timer runs on the clock that never steps: a wall clock set back keeps no step from being told (RF12).
    told, codes = rules.told_overdue(run, max(first, work.at_ns))
    texts = "; ".join(plan_care.said(work.connection, run, code) for code in codes)
    plan_care.put(desk, work, told, plan_care.OVERDUE, {"steps": ", ".join(codes), "texts": texts})

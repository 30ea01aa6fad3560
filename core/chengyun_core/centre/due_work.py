"""Timers that are due and what is done about them: some at once, in one transaction, the rest in the next turn."""

from collections.abc import Callable, Mapping
from functools import partial

from chengyun_core.centre.desk import Desk, Due
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model.audit import CENTRE

AT_ONCE = 25
"""Timers looked after in one transaction; the rest are due again in the next turn, when requests were served."""

Deed = Callable[[Desk, Work, Due], None]


def tend(desk: Desk, ledger: Ledger, deeds: Mapping[str, Deed]) -> int:
    """Do what timers of these kinds stand for, the earliest first; return how many were looked at."""
    due = [timer for timer in desk.due.due() if timer[0] in deeds][:AT_ONCE]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for timer in due:
            deeds[timer[0]](desk, work, timer)
    return len(due)


def let_go(desk: Desk, work: Work, timer: Due) -> None:
    """Wait no longer: the timer outlived what it was for (a commit whose outcome we never learned)."""
    work.after_commit(partial(desk.due.wait, timer, None))

"""The one-hour clock of the first report (条例 art. 28), suspensions that end, and what the timers do about both."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chengyun_core.centre import event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.work import Work
from chengyun_core.model import event_rules
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event, EventState
from chengyun_core.model.event_rules import Move
from chengyun_core.model.scales import Level
from chengyun_core.store import event_table

AT_ONCE = 200
"""Timers of events served in one transaction."""


def duty(desk: Desk, work: Work, event: Event, judged: Mapping[str, Any]) -> dict[str, Any]:
    """Return `report_due_at` and `report_overdue` as a grading leaves them.

    Within the hour from the receipt of the event (条例 art. 28); at once, measured from the grading, when it may become
    重大 (art. 34). A duty that was met, or that a lower grade takes away, is none.
    """
    graded = replace(event, **judged)
    if event.reports:
        # Met, in time or late: that it was late stays.
        return {"report_due_at": None}
    if not (event_rules.is_weighty(graded) or graded.may_escalate) or not _reports(desk, event):
        return {"report_due_at": None, "report_overdue": False}
    settings = desk.settings
    due = event.opened_at + round(settings.report_minutes * 60 * NS_PER_S)
    if graded.may_escalate:
        due = min(due, work.at_ns + round(settings.report_at_once_minutes * 60 * NS_PER_S))
    # Grading anew never gives more time; what was overdue stays so.
    return {"report_due_at": due if event.report_due_at is None else min(due, event.report_due_at)}


def _reports(desk: Desk, event: Event) -> bool:
    """Districts and towns report to the city; the city to its superior where the settings say so."""
    place = desk.city.centres.get(event.centre)
    return desk.settings.city_reports or place is None or place.level is not Level.CITY


def expire(desk: Desk, ledger: Ledger, due: list[tuple[str, str]]) -> int:
    """Resume what was suspended until now, and tell what is overdue; return how many. Called by the loop."""
    wanted = [(kind, int(key)) for kind, key in due if kind in (event_care.RESUME, event_care.REPORT)][:AT_ONCE]
    if not wanted:
        return 0
    with ledger.work(CENTRE) as work:
        for kind, number in wanted:
            event = event_table.get(work.connection, number)
            if event is None or not _told(desk, work, kind, event):
                # The timer outlived what it waited for (a commit whose outcome we never learned); it is let go.
                work.after_commit(lambda key=(kind, str(number)): desk.due.wait(key, None))  # type: ignore[misc]
    return len(wanted)


def _told(desk: Desk, work: Work, kind: str, event: Event) -> bool:
    if kind == event_care.RESUME:
        if event.state is not EventState.SUSPENDED:
            return False
        after = event_rules.after(event, Move.RESUME)
        event_care.change(desk, work, event, "event.resume", params={"by_itself": 1}, resume_at=None, **after)
        return True
    if event.report_due_at is None or event.report_overdue or not event_rules.is_living(event):
        return False
    told = {"due": event.report_due_at}
    event_care.change(desk, work, event, "event.report_overdue", params=told, report_overdue=True)
    return True

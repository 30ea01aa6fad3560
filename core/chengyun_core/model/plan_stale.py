"""Whether a plan has gone stale (P6): not drilled within twelve months, out of its validity."""

from datetime import date

from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanTemplate

DRILL_WITHIN_MONTHS = 12


def stale(template: PlanTemplate, today: str) -> tuple[Reason, ...]:
    """Return why a plan is stale on a day (ISO date); empty: it is not. An unknown drill is one that never was."""
    if not today:
        return ()
    if not template.drilled:
        return (Reason(code="plan.never_drilled"),)
    if template.drilled < months_before(today, DRILL_WITHIN_MONTHS):
        return (Reason(code="plan.drilled_long_ago", params={"drilled": template.drilled}),)
    return ()


def out_of_validity(template: PlanTemplate, today: str) -> tuple[Reason, ...]:
    """Return why a plan is not valid on a day: not yet, or no longer."""
    if today and template.valid_from and today < template.valid_from:
        return (Reason(code="plan.not_yet_valid", params={"since": template.valid_from}),)
    if today and template.valid_to and today >= template.valid_to:
        return (Reason(code="plan.no_longer_valid", params={"until": template.valid_to}),)
    return ()


def months_before(day: str, months: int) -> str:
    """Return the ISO date so many months earlier; a day that month has not becomes its last."""
    held = date.fromisoformat(day)
    year, month = divmod(held.year * 12 + held.month - 1 - months, 12)
    for last in range(held.day, 27, -1):
        try:
            return date(year, month + 1, last).isoformat()
        except ValueError:
            continue
    return date(year, month + 1, held.day).isoformat()

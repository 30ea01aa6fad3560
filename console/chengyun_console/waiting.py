"""How many things wait on a page for the officer of this seat: the badges of the rail."""

from chengyun_console import own_receipts
from chengyun_console.desk import Desk


def nothing(_desk: Desk) -> int:
    """Return 0: nothing ever waits there."""
    return 0


def alarms(desk: Desk) -> int:
    """Return the alarms nobody acknowledged."""
    return desk.session.facts.board.unacknowledged


def events(desk: Desk) -> int:
    """Count what waits for this centre: what nobody verified, what waits for a check, reports that are overdue."""
    rows = desk.session.facts.events.values()
    return sum(event.report_overdue or event.state.value in ("reported", "fed_back") for event in rows)


def orders(desk: Desk) -> int:
    """Return what waits here for this officer: own receipts nobody signed, what is late, requests to decide."""
    facts, may = desk.session.facts, desk.allowed()
    own = sum(own_receipts.not_signed(row) for row in own_receipts.own(desk))
    late = len(desk.late.over(desk.now_ns())) if "receipt.urge" in may else 0
    return own + late + (len(facts.requests) if "receipt.decide" in may else 0)

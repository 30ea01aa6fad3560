"""How many things wait on a page for the officer of this seat: the badges of the rail."""

from chengyun_console import own_receipts
from chengyun_console.desk import Desk


def nothing(_desk: Desk) -> int:
    """Return 0: nothing ever waits there."""
    return 0


def alarms(desk: Desk) -> int:
    """Return the alarms nobody acknowledged."""
    return desk.board.unacknowledged


def events(desk: Desk) -> int:
    """Count what waits for this seat: what nobody verified, what waits for a check, reports that are overdue."""
    rows = (event for event in desk.session.facts.events.values() if desk.routing.event_is_mine(event))
    return sum(event.report_overdue or event.state.value in ("reported", "fed_back") for event in rows)


def orders(desk: Desk) -> int:
    """Return what waits here for this officer: own receipts nobody signed, what is late, requests to decide."""
    facts, may = desk.session.facts, desk.allowed()
    own = sum(own_receipts.not_signed(row) for row in own_receipts.own(desk))
    routing = desk.routing
    late = sum(map(routing.receipt_is_mine, desk.late.over(desk.now_ns()))) if "receipt.urge" in may else 0
    requests = sum(routing.order_number_is_mine(row.order) for row in facts.requests.values())
    return own + late + (requests if "receipt.decide" in may else 0)

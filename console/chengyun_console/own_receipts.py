"""Which receipts the officer of this seat answers for: those of the units whose post he holds, and of his posts."""

from chengyun_console.desk import Desk
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.order import LIVING_ORDERS, Order, Receipt, ReceiptState, Step


def posts(desk: Desk) -> frozenset[str]:
    """Return the posts held at this seat; none before sign-on."""
    signed_on = desk.session.signed_on
    return frozenset(signed_on.posts) if signed_on is not None else frozenset()


def is_own(desk: Desk, recipient: str) -> bool:
    """Return whether a recipient, a unit or a post, is answered for at this seat."""
    held = posts(desk)
    if recipient in held:
        return True
    unit = desk.names.unit(recipient) if desk.names is not None else None
    return unit is not None and unit.post in held


def own(desk: Desk) -> list[Receipt]:
    """Return the living receipts answered for here, the newest order first."""
    rows = (row for row in desk.session.facts.receipts.values() if is_own(desk, row.recipient))
    return sorted(rows, key=lambda row: (-row.order, row.place))


def not_signed(receipt: Receipt) -> bool:
    """Return whether a receipt waits for its signature."""
    return receipt.state is ReceiptState.OPEN and Step.SIGNED not in receipt.climbed


def given(facts: FactMirror) -> list[Order]:
    """Return the living orders, the newest first."""
    living = (order for order in facts.orders.values() if order.state in LIVING_ORDERS)
    return sorted(living, key=lambda order: -order.number)

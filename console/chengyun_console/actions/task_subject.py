"""What a deed on orders is about: the order, the receipt in focus, those that are marked, the request that waits."""

from dataclasses import dataclass

from chengyun_core.model.order import Order, Receipt, SideRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSubject:
    """As the officer saw it when he pressed."""

    order: Order | None = None
    receipt: Receipt | None = None
    is_own: bool = False
    """The receipt in focus is answered for at this seat."""
    chosen: tuple[Receipt, ...] = ()
    """The marked receipts, else the one in focus."""
    request: SideRequest | None = None
    receipts: tuple[Receipt, ...] = ()
    """All of the order."""
    own_units: frozenset[str] = frozenset()
    """Units and posts that are answered for at this seat, of those the order in focus went to."""

"""Commands about orders, receipts and roll calls: frozen records and their kinds; merged into `command.COMMANDS`."""

from dataclasses import dataclass, field
from typing import Any

from chengyun_core.model.order import Role, Step
from chengyun_core.model.receipt_commands import RECEIPT_COMMANDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One who is to do something: a unit, or a post."""

    code: str
    role: Role = Role.ASSIST
    task: str = ""
    """What he is to do, when it is not the order's text."""
    over_capacity_reason: str = ""
    """Why he gets it although he is full (D4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAddress:
    """Whom an order is for, of which not every receipt is written yet (journal kind `order_address`)."""

    order: int
    recipients: tuple[Recipient, ...]
    """By place, from 1 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """One order as written, before it has a number."""

    event: int | None = None
    plan_run: int | None = None
    plan_step: str = ""
    title: str
    text: str
    place: str = ""
    centre: str = ""
    """Centre in whose area it is to be done; empty: that of the event."""
    critical: str = ""
    """As model.order.Order.critical."""
    template: str = ""
    """Deadline template; empty: the house's own."""
    within: dict[Step, float] = field(default_factory=dict)
    """Step of the ladder → minutes after sending, instead of the template's: what a plan's step is given."""
    recipients: tuple[Recipient, ...]
    instead_of: str = ""
    """Key of the returned receipt this order replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOrders:
    """Send one order or several, all or none; or keep them back (`hold`) until they are released (T1, T7)."""

    drafts: tuple[OrderDraft, ...]
    hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOrder:
    """Release an order that was kept back (T7). A critical one then waits for its second person."""

    order: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallOrder:
    """Take an order back before anybody has read it (T7)."""

    order: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidOrder:
    """Make an order void, read or not: by another person than who issued it (数字城管: 作废 needs approval)."""

    order: int
    version: int
    reason: str


ORDER_COMMANDS: dict[str, type[Any]] = {
    "order.recall": RecallOrder,
    "order.release": ReleaseOrder,
    "order.send": SendOrders,
    "order.void": VoidOrder,
    **RECEIPT_COMMANDS,
}
"""Kind on the wire → record. Alphabetical."""

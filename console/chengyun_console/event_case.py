"""One event with everything that belongs to it, as panes show it: a frozen record of one instant."""

from collections.abc import Iterable
from dataclasses import dataclass

from chengyun_core.model.event import Event
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Order, Receipt, SideRequest
from chengyun_core.model.plan import PlanRun
from chengyun_core.wire.event_asks import EventFile, Hops, TimelineLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One event with what belongs to it, as a pane shows it. `file` None: not heard from the centre yet."""

    event: Event
    file: EventFile | None = None
    lines: tuple[TimelineLine, ...] = ()
    hops: Hops | None = None
    orders: tuple[Order, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    requests: tuple[SideRequest, ...] = ()
    run: PlanRun | None = None
    failed: Reason | None = None
    """Why the centre did not answer."""


def receipts_of(receipts: Iterable[Receipt], event: int) -> tuple[Receipt, ...]:
    """Return the receipts of an event, by order and place."""
    return tuple(sorted((row for row in receipts if row.event == event), key=lambda row: (row.order, row.place)))

"""What happens to running plans when something else happens: a receipt climbs, a vital moves, an event ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.event import Event
from chengyun_core.model.order import Receipt
from chengyun_core.model.scales import WarningColour


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSeen:
    """What became of a vital, as activations and bands tell it."""

    vital: str
    """Its code."""
    band: WarningColour
    value: float
    """NaN when it is not told."""
    at_ns: int
    """Source time, profile ns UTC."""


def receipt_climbed(desk: Desk, work: Work, receipt: Receipt) -> None:
    """End the step of a running plan whose order this receipt is of, when it has climbed as far as the step asks."""
    del desk, work, receipt


def vitals_changed(desk: Desk, work: Work, seen: Sequence[VitalSeen]) -> None:
    """End the steps of running plans that wait for these vitals."""
    del desk, work, seen


def event_ended(desk: Desk, work: Work, event: Event) -> None:
    """Stop what still runs for an event that has ended."""
    del desk, work, event

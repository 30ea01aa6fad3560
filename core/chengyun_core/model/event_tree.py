"""What a major event sums up to with the events below it: how many live, the gravest grade, one clock (E5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chengyun_core.model.event import LIVING, Event, EventState, Hop
from chengyun_core.model.scales import EventGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """An event and its children as one."""

    living: int = 0
    """Children that live."""
    ended: int = 0
    """Children that have ended, void ones left out: they were nothing."""
    gravest: EventGrade | None = None
    """Gravest grade among all of them."""
    first: dict[Hop, int] = field(default_factory=dict)
    """Hop → when the first of them reached it, profile ns UTC."""
    last_closed_at: int | None = None
    """When the last of them was closed; None while one of them lives."""


def roll_up(event: Event, children: Sequence[Event]) -> RollUp:
    """Return the sum of an event and its children."""
    counted = [child for child in children if child.state is not EventState.VOID]
    every = [event, *counted]
    hops: dict[Hop, int] = {}
    for one in every:
        for hop, at in one.hops.items():
            hops[hop] = min(at, hops.get(hop, at))
    living = sum(child.state in LIVING for child in counted)
    ended = [one.closed_at for one in every if one.closed_at is not None]
    all_ended = all(one.state not in LIVING for one in every)
    gravest = max((one.grade for one in every if one.grade), default=None)
    return RollUp(
        living=living, ended=len(counted) - living, gravest=gravest,
        first=hops, last_closed_at=max(ended, default=None) if all_ended else None,
    )  # fmt: skip

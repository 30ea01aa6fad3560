"""The waterfall of one event: its hops in time, what each took, and by how much it missed its budget (W2, WF2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Hop

BUDGETS: dict[Hop, tuple[Hop, float]] = {
    Hop.RAISED: (Hop.SOURCE, 1.0),
    Hop.ACKNOWLEDGED: (Hop.SOURCE, 6.0),
    Hop.OPENED: (Hop.SOURCE, 16.0),
    Hop.GRADED: (Hop.SOURCE, 24.0),
    Hop.PLANNED: (Hop.SOURCE, 32.0),
    Hop.ORDERED: (Hop.SOURCE, 60.0),
    Hop.SIGNED: (Hop.ORDERED, 60.0),
    Hop.ARRIVED: (Hop.ORDERED, 300.0),
    Hop.CLOSED: (Hop.CHECKED, 30.0),
}
"""Hop → (from which hop, seconds): WF2's budgets and the 1-5-30 template. What handling takes is the matter's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One hop that was reached."""

    hop: Hop
    at: int
    since_source_s: float
    since_previous_s: float
    budget_s: float | None
    budget_from: Hop | None
    late_s: float


def medians(peers: Iterable[Mapping[Hop, int]]) -> dict[Hop, float]:
    """Return hop → median seconds from the source, among events that know their source."""
    found: dict[Hop, list[float]] = {}
    for hops in peers:
        source = hops.get(Hop.SOURCE)
        for hop, at in hops.items() if source is not None else ():
            found.setdefault(hop, []).append((at - (source or 0)) / NS_PER_S)
    return {hop: median(seconds) for hop, seconds in found.items()}


def waterfall(hops: Mapping[Hop, int], handle_min: float | None = None) -> tuple[Fall, ...]:
    """Return the hops in the order of their times.

    handle_min: minutes the event's matter allows from opening to feedback; None: unknown.
    """
    if not hops:
        return ()
    ordered = sorted(hops.items(), key=lambda item: (item[1], list(Hop).index(item[0])))
    budgets = dict(BUDGETS)
    if handle_min is not None:
        budgets[Hop.FED_BACK] = (Hop.OPENED, handle_min * 60)
    source = hops.get(Hop.SOURCE, ordered[0][1])
    falls = []
    previous = ordered[0][1]
    for hop, at in ordered:
        begun, allowed = budgets.get(hop, (None, None))
        counted = begun is not None and begun in hops
        late = (at - hops[begun]) / NS_PER_S - allowed if counted and begun and allowed is not None else 0.0
        falls.append(
            Fall(
                hop=hop, at=at, since_source_s=(at - source) / NS_PER_S, since_previous_s=(at - previous) / NS_PER_S,
                budget_s=allowed if counted else None, budget_from=begun if counted else None, late_s=max(0.0, late),
            )
        )  # fmt: skip
        previous = at
    return tuple(falls)

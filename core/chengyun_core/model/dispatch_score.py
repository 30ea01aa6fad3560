"""How well one unit serves one need: what bars it, what it scores, and every reason in codes and figures (D1, D3).

The score is ours, no standard's: 35 points for whose area it is, 30 for the time to arrive, 20 for free capacity, 15
for rest. Estimated times are a great circle with a detour factor: no road network, no
traffic; they are called estimates wherever they are shown.
"""

from collections.abc import Iterator, Sequence

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.dispatch import UnitKind, UnitState
from chengyun_core.model.dispatch_call import VERTICAL, Call, Judged, Need, Reach, Standing
from chengyun_core.model.dispatch_conditions import listed
from chengyun_core.model.failure import Reason
from chengyun_core.model.geo import metres_between

DETOUR = 1.4
"""Road over great circle: about 1.3 in flat cities; more in a mountain city with rivers between. Ours."""
TURN_OUT_MIN = 2.0
"""Minutes from the call until a unit moves."""
POINTS_REACH, POINTS_TIME, POINTS_LOAD, POINTS_REST = 35.0, 30.0, 20.0, 15.0
HALF_TIME_MIN = 15.0
"""Minutes to arrive at which half of the points for time are left."""
UNKNOWN_TIME = 0.3
"""Share of the points for time of a unit whose position nobody knows: as if it took 35 minutes."""
BUSY_SHARE = 0.5
"""What a busy unit keeps of its points for load: it may finish soon, but nobody knows."""
RESTED_H, SPENT_H = 4.0, 12.0
"""Hours without a rest until which nothing is lost, and from which the points for rest are gone."""
ABSENT = frozenset({UnitState.OUT, UnitState.RESTING})
_REACH_SHARE = {
    Reach.SAME: 1.0,
    Reach.BELOW: 0.9,
    Reach.DISTRICT: 0.75,
    Reach.CITY: 0.5,
    Reach.NEIGHBOUR: 0.35,
    Reach.OUTSIDE: 0.0,
}


def judge(standing: Standing, need: Need, call: Call, reach: Reach, *, able: bool = False) -> tuple[Judged, bool]:
    """Return a unit weighed for a need, and whether it could be picked; its reasons tell why, or what bars it.

    `reach` as `reach_of` says. `able`: it is known to be the one needed, or to have the capability. Equal in all but
    load, the emptier never scores less; the same holds for time to arrive and rest.
    """
    bars = tuple(_bars(standing, need, call, reach, able or can(standing, need)))
    minutes = minutes_to(standing, call.longitude, call.latitude)
    score = round(_points(standing, call, reach, minutes), 3)
    unit = standing.unit
    judged = Judged(
        unit=unit.code, name=unit.name, kind=unit.kind, need=need, score=score, reach=reach, minutes=minutes,
        load=standing.load, capacity=unit.capacity, reasons=bars or _reasons(standing, need, reach, minutes, call),
    )  # fmt: skip
    return judged, not bars


def reach_of(path: Sequence[str], call: Call) -> Reach:
    """Return how an area lies to the place of a call; `path` of its centre up to the root."""
    centre = path[0]
    if centre == call.centre:
        return Reach.SAME
    if call.centre in path:
        return Reach.BELOW
    if centre in call.path:
        return Reach.CITY if centre == call.path[-1] else Reach.DISTRICT
    # Two towns of one district: both have the district, which is not the root, in their path.
    if set(path[1:-1]) & set(call.path[1:-1]):
        return Reach.NEIGHBOUR
    return Reach.OUTSIDE


def minutes_to(standing: Standing, longitude: float | None, latitude: float | None) -> float | None:
    """Return the estimated minutes until a unit is at a place, None when a position is missing."""
    if longitude is None or latitude is None or standing.longitude is None or standing.latitude is None:
        return None
    metres = metres_between(standing.longitude, standing.latitude, longitude, latitude)
    return round(TURN_OUT_MIN + metres * DETOUR / 1000 / standing.unit.speed_kmh * 60, 1)


def can(standing: Standing, need: Need) -> bool:
    """Return whether a unit is the one needed, or has the capability needed."""
    if need.unit:
        return standing.unit.code == need.unit
    return need.capability in listed(standing.unit.capabilities)


def worked_h(standing: Standing, now_ns: int) -> float:
    """Return the hours a unit works without a rest."""
    return 0.0 if standing.busy_since is None else max(0, now_ns - standing.busy_since) / NS_PER_S / 3600


def _points(standing: Standing, call: Call, reach: Reach, minutes: float | None) -> float:
    arrival = UNKNOWN_TIME if minutes is None else HALF_TIME_MIN / (HALF_TIME_MIN + minutes)
    free = max(0.0, 1 - standing.load / standing.unit.capacity)
    if standing.state is not UnitState.AVAILABLE:
        free *= BUSY_SHARE
    spent = (worked_h(standing, call.now_ns) - RESTED_H) / (SPENT_H - RESTED_H)
    rested = min(1.0, max(0.0, 1 - spent))
    return (
        POINTS_REACH * _REACH_SHARE[reach] + POINTS_TIME * arrival + POINTS_LOAD * free + POINTS_REST * rested
    )  # fmt: skip


def _bars(standing: Standing, need: Need, call: Call, reach: Reach, able: bool) -> Iterator[Reason]:
    unit = standing.unit
    if not able:
        yield Reason(code="dispatch.cannot", params={"capability": need.capability, "needed": need.unit})
    if unit.code in call.aboard:
        yield Reason(code="dispatch.aboard")
    if unit.code in call.returned:
        yield Reason(code="dispatch.returned", params={"reason": call.returned[unit.code]})
    if standing.state in ABSENT:
        yield Reason(code=f"dispatch.is_{standing.state.value}")
    if standing.load >= unit.capacity:
        yield Reason(code="dispatch.full", params=_load(standing))
    if need.unit:
        return  # a route or plan that names a unit has decided whose area it is
    if reach is Reach.OUTSIDE:
        yield Reason(code="dispatch.outside", params={"centre": unit.centre})
    elif reach is Reach.NEIGHBOUR and unit.kind in VERTICAL:
        yield Reason(code="dispatch.other_area", params={"centre": unit.centre})


def _reasons(
    standing: Standing, need: Need, reach: Reach, minutes: float | None, call: Call
) -> tuple[Reason, ...]:  # fmt: skip
    told: list[Reason] = []
    if need.route:
        told.append(Reason(code="dispatch.by_route", params={"route": need.route}))
    if need.capability:
        told.append(Reason(code="dispatch.can", params={"capability": need.capability}))
    told.append(Reason(code=f"dispatch.reach_{reach.value}", params={"centre": standing.unit.centre}))
    if minutes is None:
        told.append(Reason(code="dispatch.time_unknown"))
    else:
        told.append(Reason(code="dispatch.time", params={"minutes": f"{minutes:.0f}"}))
    told.append(Reason(code="dispatch.load", params=_load(standing)))
    if standing.state is UnitState.BUSY:
        told.append(Reason(code="dispatch.is_busy"))
    if (hours := worked_h(standing, call.now_ns)) > RESTED_H:
        told.append(Reason(code="dispatch.no_rest", params={"hours": f"{hours:.1f}"}))
    return tuple(told)


def _load(standing: Standing) -> dict[str, str]:
    return {"load": str(standing.load), "capacity": str(standing.unit.capacity)}


def line_of(kind: UnitKind) -> str:
    """Return `vertical` for who answers for a place, `horizontal` for who answers for a subject (D2)."""
    return "vertical" if kind in VERTICAL else "horizontal"

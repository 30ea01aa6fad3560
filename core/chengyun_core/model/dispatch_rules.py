"""Whom to call: the best unit for each need, every other one with its reason, what is missing, who could come (D1-D3).

Pure and deterministic: the same call, routes and standings give the same proposal. It proposes; nothing is sent here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chengyun_core.model.dispatch import Route, UnitKind, UnitState
from chengyun_core.model.dispatch_call import (
    Call,
    Elsewhere,
    Judged,
    MoveUp,
    Need,
    Proposal,
    Reach,
    Shortfall,
    Standing,
)
from chengyun_core.model.dispatch_conditions import ANY_MATTER, listed
from chengyun_core.model.dispatch_routes import needs_of, routed
from chengyun_core.model.dispatch_score import ABSENT, can, judge, minutes_to, reach_of
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role

MOVE_UPS = 3
"""Told for each shortfall at most."""


@dataclass(frozen=True, slots=True)
class Roster:
    """How all units stand, findable by what they can."""

    standings: Mapping[str, Standing] = field(default_factory=dict)
    able: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Capability → codes of who has it."""

    def serving(self, need: Need) -> list[Standing]:
        """Return everybody who can serve a need, whatever state he is in."""
        if need.unit:
            return [found] if (found := self.standings.get(need.unit)) else []
        return self.who_can(need.capability)

    def who_can(self, capability: str) -> list[Standing]:
        """Return everybody who has a capability."""
        return [self.standings[code] for code in self.able.get(capability, ())]

    def with_changed(self, standings: Iterable[Standing]) -> "Roster":
        """Return the roster with some units standing otherwise; the units and what they can are the same."""
        return Roster({**self.standings, **{standing.unit.code: standing for standing in standings}}, self.able)


def roster_of(standings: Iterable[Standing]) -> Roster:
    """Return the roster of these standings."""
    held = {standing.unit.code: standing for standing in standings}
    able: dict[str, list[str]] = {}
    for code, standing in held.items():
        for capability in listed(standing.unit.capabilities):
            able.setdefault(capability, []).append(code)
    return Roster(held, {capability: tuple(codes) for capability, codes in able.items()})


def propose(call: Call, routes: Iterable[Route], roster: Roster) -> Proposal:
    """Return whom the routing rules of a call's matter would have called."""
    holding, skipped = routed(routes, call)
    proposal = propose_for(call, needs_of(holding), roster)
    doubts = [*proposal.doubts]
    sure = proposal.confidence
    if not any(route.matter != ANY_MATTER and route.lead for route in holding):
        doubts.append(Reason(code="dispatch.doubt_no_route", params={"matter": call.matter}))
        sure *= 0.5
    return replace(
        proposal, routes=tuple(route.code for route in holding), skipped=tuple(skipped), confidence=round(sure, 3),
        doubts=tuple(doubts),
    )  # fmt: skip


def propose_for(call: Call, needs: Sequence[Need], roster: Roster) -> Proposal:
    """Return who would serve these needs: of a plan's steps, of an officer's own wish, of the routes."""
    picks: list[Judged] = []
    rejections: list[Judged] = []
    elsewhere: list[Elsewhere] = []
    shortfalls: list[Shortfall] = []
    move_ups: list[MoveUp] = []
    for need in needs:
        served = _already(picks, need, roster)
        if served is not None:
            also = Reason(code="dispatch.also", params={"capability": need.capability or need.unit})
            picks[served] = replace(picks[served], reasons=(*picks[served].reasons, also))
            continue
        chosen, others, far = _choose(call, need, roster)
        rejections += others
        if far:
            elsewhere.append(Elsewhere(need=need, reason=Reason(code="dispatch.outside"), units=tuple(far)))
        if chosen is None:
            shortfalls.append(Shortfall(need=need, reason=_missing(need, len(others), len(far))))
            move_ups += _who_could_come(call, need, roster)
        else:
            picks.append(chosen)
            move_ups += _who_could_cover(call, chosen, roster)
    sure, doubts = _confidence(picks, shortfalls)
    picks.sort(key=lambda pick: (pick.need.role is not Role.LEAD, -pick.score, pick.unit))
    return Proposal(
        picks=tuple(picks), rejections=tuple(sorted(rejections, key=_rank)), elsewhere=tuple(elsewhere),
        shortfalls=tuple(shortfalls), move_ups=tuple(move_ups), confidence=sure, doubts=doubts,
    )  # fmt: skip


def _already(picks: Sequence[Judged], need: Need, roster: Roster) -> int | None:
    """Return the place of a pick that serves this need too; nobody is called twice for one event."""
    for at, pick in enumerate(picks):
        if can(roster.standings[pick.unit], need):
            return at
    return None


def _choose(call: Call, need: Need, roster: Roster) -> tuple[Judged | None, list[Judged], list[str]]:
    """Return the pick, everybody else who was weighed, and the codes of those of other districts.

    A unit that is named was chosen by somebody who knew whose area it is.
    """
    open_to: list[Judged] = []
    barred: list[Judged] = []
    far: list[str] = []
    reaches: dict[str, Reach] = {}
    for standing in roster.serving(need):
        centre = standing.unit.centre
        reach = reaches.get(centre) or reaches.setdefault(centre, reach_of(standing.path, call))
        if reach is Reach.OUTSIDE and not need.unit:
            far.append(standing.unit.code)
            continue
        judged, free = judge(standing, need, call, reach, able=True)
        (open_to if free else barred).append(judged)
    open_to.sort(key=_rank)
    lower = [_outranked(judged, open_to[0]) for judged in open_to[1:]]
    return (open_to[0] if open_to else None), [*lower, *barred], sorted(far)


def _rank(judged: Judged) -> tuple[float, float, str]:
    return (-judged.score, float("inf") if judged.minutes is None else judged.minutes, judged.unit)


def _outranked(judged: Judged, best: Judged) -> Judged:
    told = {"best": best.name, "score": f"{judged.score:.1f}", "best_score": f"{best.score:.1f}"}
    return replace(judged, reasons=(Reason(code="dispatch.outranked", params=told), *judged.reasons))


def _missing(need: Need, near: int, elsewhere: int) -> Reason:
    """Say why nobody serves a need: nobody can, nobody of this district, or everybody who can is barred."""
    told = {"capability": need.capability, "unit": need.unit, "count": str(near), "elsewhere": str(elsewhere)}
    if not near and not elsewhere:
        return Reason(code="dispatch.nobody_can" if need.capability else "dispatch.unit_unknown", params=told)
    return Reason(code="dispatch.nobody_free" if near else "dispatch.nobody_near", params=told)


def _who_could_come(call: Call, need: Need, roster: Roster) -> list[MoveUp]:
    """Return the nearest who could serve a need if somebody allowed it: from outside, or called from their rest."""
    capabilities = [need.capability] if need.capability else _capabilities_of(need.unit, roster)
    found: dict[str, MoveUp] = {}
    for capability in capabilities:
        for standing in roster.who_can(capability):
            if standing.unit.code != need.unit and _could(standing, call):
                resting = standing.state is UnitState.RESTING
                reason = Reason(code="dispatch.could_be_woken" if resting else "dispatch.could_come")
                minutes = minutes_to(standing, call.longitude, call.latitude)
                found.setdefault(standing.unit.code, _move_up(standing, capability, minutes, reason))
    return sorted(found.values(), key=_soonest)[:MOVE_UPS]


def _could(standing: Standing, call: Call) -> bool:
    unit = standing.unit
    away = unit.code in call.aboard or unit.code in call.returned or standing.state is UnitState.OUT
    return not away and standing.load < unit.capacity


def _who_could_cover(call: Call, pick: Judged, roster: Roster) -> list[MoveUp]:
    """Return who could stand in at a centre that a pick leaves with nobody free of what it was called for."""
    gone, capability = roster.standings[pick.unit], pick.need.capability
    if not capability or gone.unit.kind is not UnitKind.TEAM:
        return []  # who works from a desk leaves no place bare
    others = [one for one in roster.who_can(capability) if one.unit.code != pick.unit and _is_free(one, call)]
    if any(one.unit.centre == gone.unit.centre for one in others):
        return []
    nearest = [
        _move_up(
            one, capability, minutes_to(one, gone.longitude, gone.latitude),
            Reason(code="dispatch.could_cover", params={"leaves": pick.name}), covers=gone.unit.centre,
        )
        for one in others
    ]  # fmt: skip
    return sorted(nearest, key=_soonest)[:1]


def _is_free(standing: Standing, call: Call) -> bool:
    return _could(standing, call) and standing.state not in ABSENT


def _move_up(
    standing: Standing, capability: str, minutes: float | None, reason: Reason, *, covers: str = ""
) -> MoveUp:  # fmt: skip
    unit = standing.unit
    return MoveUp(
        unit=unit.code, name=unit.name, centre=unit.centre, capability=capability, minutes=minutes, covers=covers,
        reason=reason,
    )  # fmt: skip


def _soonest(move_up: MoveUp) -> tuple[float, str]:
    return (float("inf") if move_up.minutes is None else move_up.minutes, move_up.unit)


def _capabilities_of(unit: str, roster: Roster) -> list[str]:
    standing = roster.standings.get(unit)
    return [] if standing is None else list(listed(standing.unit.capabilities))


def _confidence(picks: Sequence[Judged], shortfalls: Sequence[Shortfall]) -> tuple[float, tuple[Reason, ...]]:
    """Return how sure the picks are: nothing without a lead, less for each shortfall and for what one does not know.

    Two equally good teams are no doubt: either is right. Factors are ours (docs/dispatch.md).
    """
    lead = next((pick for pick in picks if pick.need.role is Role.LEAD), None)
    if lead is None:
        return 0.0, (Reason(code="dispatch.doubt_no_lead"),)
    doubts: list[tuple[float, Reason]] = [(0.8, _doubt(shortfall)) for shortfall in shortfalls]
    if lead.minutes is None:
        doubts.append((0.8, Reason(code="dispatch.doubt_time")))
    if lead.reach is Reach.NEIGHBOUR or lead.reach is Reach.OUTSIDE:
        doubts.append((0.6, Reason(code="dispatch.doubt_reach", params={"name": lead.name})))
    if any(reason.code == "dispatch.is_busy" for reason in lead.reasons):
        doubts.append((0.7, Reason(code="dispatch.doubt_busy", params={"name": lead.name})))
    sure = 1.0
    for factor, _ in doubts:
        sure *= factor
    return round(sure, 3), tuple(reason for _, reason in doubts)


def _doubt(shortfall: Shortfall) -> Reason:
    need = shortfall.need
    return Reason(code="dispatch.doubt_shortfall", params={"need": need.capability or need.unit})

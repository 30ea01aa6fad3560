"""Which plans fit an event, ranked, each with the reasons for and against it and the tier its table decides (P1, P3).

Weights are ours: what is bound to the very place counts most, then what watches the vital that alarmed, then nearness,
then the matter alone. They only order what is shown; the officer chooses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanBinding, PlanTemplate, RiskPoint
from chengyun_core.model.plan_conditions import Verdict, judged, text_of
from chengyun_core.model.plan_stale import out_of_validity, stale
from chengyun_core.model.plan_tiers import TierVerdict, decide

AT_POINT, WATCHES, NEAR, MATTER, TRIGGERS, TIER = 100.0, 60.0, 40.0, 30.0, 15.0, 5.0
MISSING, STALE, NOT_VALID = -5.0, -3.0, -60.0
"""Weights of reasons for, and against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an event that asks for a plan; nothing of it need be known."""

    matter: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    longitude: float | None = None
    latitude: float | None = None
    risk_point: str = ""
    vitals: frozenset[str] = frozenset()
    """Codes of the vitals whose alarms it is made of."""
    radius_m: float = 500.0
    """How far a risk point may lie from it to speak for its plans."""
    today: str = ""
    """ISO date in the city's time: validity and last drill are judged against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One template, bound to a risk point or as it is."""

    template: PlanTemplate
    binding: PlanBinding | None = None
    point: RiskPoint | None = None
    metres: float | None = None
    """From the event to the risk point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One plan that may be started."""

    template: str
    edition: int
    name: str
    matter: str
    risk_point: str = ""
    risk_point_name: str = ""
    metres: float | None = None
    score: float
    reasons: tuple[Reason, ...]
    """What speaks for it, then against."""
    missing: tuple[str, ...] = ()
    """Attributes nobody measured that its triggers or a higher tier ask for."""
    tiers: TierVerdict
    attributes: dict[str, str] = field(default_factory=dict)
    """What was judged: the event's, and for what it lacks the risk point's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """One plan that was looked at and does not fit, and why."""

    template: str
    name: str
    risk_point: str = ""
    reason: Reason


def rank(facts: Facts, candidates: Iterable[Candidate]) -> tuple[list[Match], list[Misfit]]:
    """Return the plans that fit, best first, and those that do not, each with its reason. Deterministic."""
    fitting: list[Match] = []
    misfits: list[Misfit] = []
    for candidate in candidates:
        found = _looked_at(facts, candidate)
        (fitting if isinstance(found, Match) else misfits).append(found)  # type: ignore[arg-type]
    fitting.sort(key=lambda match: (-match.score, _far(match), match.template, match.risk_point))
    return fitting, misfits


def _looked_at(facts: Facts, candidate: Candidate) -> Match | Misfit:
    template, point = candidate.template, candidate.point
    attributes = {
        **(point.attributes if point else {}),
        **{code: text for code, text in facts.attributes.items() if text},
    }
    against = _against(facts, template, attributes)
    if against is not None:
        code = point.code if point else ""
        return Misfit(template=template.code, name=template.name, risk_point=code, reason=against)
    tiers = decide(template.tiers, attributes)
    weighed = [*_of_place(facts, candidate), *_of_matter(facts, template, attributes), *_of_tiers(template, tiers)]
    weighed += [(STALE, reason) for reason in stale(template, facts.today)]
    weighed += [(NOT_VALID, reason) for reason in out_of_validity(template, facts.today)]
    weighed.sort(key=lambda one: -one[0])
    return Match(
        template=template.code, edition=template.edition, name=template.name, matter=template.matter,
        risk_point=point.code if point else "", risk_point_name=point.name if point else "", metres=candidate.metres,
        score=round(sum(weight for weight, _ in weighed), 1), reasons=tuple(reason for _, reason in weighed),
        missing=tuple(dict.fromkeys((*_unmeasured(template, attributes), *tiers.missing))), tiers=tiers,
        attributes=attributes,
    )  # fmt: skip


def _against(facts: Facts, template: PlanTemplate, attributes: Mapping[str, str]) -> Reason | None:
    """Return what rules a plan out: another matter, or a trigger that is measured and does not hold."""
    if facts.matter and template.matter != facts.matter:
        return Reason(code="plan.other_matter", params={"matter": template.matter, "asked": facts.matter})
    for trigger in template.triggers:
        if judged(trigger, attributes) is Verdict.FAILS:
            told = {"condition": text_of((trigger,)), "value": attributes.get(trigger.attribute, "")}
            return Reason(code="plan.trigger_fails", params=told)
    return None


def _of_place(facts: Facts, candidate: Candidate) -> list[tuple[float, Reason]]:
    point = candidate.point
    if point is None:
        return []
    told = {"point": point.code, "name": point.name}
    found: list[tuple[float, Reason]] = []
    if point.code == facts.risk_point:
        found.append((AT_POINT, Reason(code="plan.bound_here", params=told)))
    elif candidate.metres is not None and candidate.metres <= facts.radius_m:
        nearness = NEAR * (1 - candidate.metres / facts.radius_m / 2)
        found.append((nearness, Reason(code="plan.bound_near", params={**told, "metres": f"{candidate.metres:.0f}"})))
    watching = sorted(facts.vitals & set(point.vitals))
    if watching:
        found.append((WATCHES, Reason(code="plan.watched", params={**told, "vital": watching[0]})))
    taken = sorted(point.attributes.keys() - {code for code, text in facts.attributes.items() if text})
    if taken:
        found.append((0.0, Reason(code="plan.attributes_of_point", params={**told, "attributes": ", ".join(taken)})))
    return found


def _of_matter(
    facts: Facts, template: PlanTemplate, attributes: Mapping[str, str]
) -> list[tuple[float, Reason]]:  # fmt: skip
    found: list[tuple[float, Reason]] = []
    if facts.matter:
        found.append((MATTER, Reason(code="plan.same_matter", params={"matter": template.matter})))
    for trigger in template.triggers:
        told = {"condition": text_of((trigger,)), "value": attributes.get(trigger.attribute, "")}
        if judged(trigger, attributes) is Verdict.HOLDS:
            found.append((TRIGGERS, Reason(code="plan.trigger_holds", params=told)))
        else:
            found.append((MISSING, Reason(code="plan.trigger_missing", params=told)))
    return found


def _of_tiers(template: PlanTemplate, tiers: TierVerdict) -> list[tuple[float, Reason]]:
    found: list[tuple[float, Reason]] = []
    if tiers.decided_by:
        row = next(tier for tier in template.tiers if tier.code == tiers.decided_by)
        told = {"tier": row.name, "conditions": text_of(row.conditions)}
        found.append((TIER, Reason(code="plan.tier_decided", params=told)))
    if tiers.missing:
        found.append((MISSING, Reason(code="plan.tier_missing", params={"attributes": ", ".join(tiers.missing)})))
    return found


def _unmeasured(template: PlanTemplate, attributes: Mapping[str, str]) -> list[str]:
    lacking = (Verdict.MISSING, Verdict.UNREADABLE)
    return [trigger.attribute for trigger in template.triggers if judged(trigger, attributes) in lacking]


def _far(match: Match) -> float:
    return float("inf") if match.metres is None else match.metres

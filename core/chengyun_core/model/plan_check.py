"""Whether one edition of a template can run: every fault with where it is; asked by the editor and by imports alike."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from chengyun_core.model.order import Step
from chengyun_core.model.plan import Action, Condition, DoneBy, PlanTemplate
from chengyun_core.model.plan_tables import CRITICAL, LONGEST_MIN, MOST_ACTIONS

PLACEHOLDERS = frozenset({"code", "grade", "matter", "narrative", "place", "risk_point", "time", "title", "unit"})
"""Names that texts may hold in braces, besides attributes: `{attribute:diameter_mm}`."""
VITAL_ATTRIBUTES = frozenset({"band", "value"})
"""What a condition on a step's vital may speak of; bands are none, blue, yellow, orange, red."""
_BRACES = re.compile(r"\{([^{}]*)\}")
_ATTRIBUTE = re.compile(r"attribute:\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the catalogue in force knows; an empty set of matters, units or vitals: that table is not kept there."""

    centres: frozenset[str] = frozenset()
    matters: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    vitals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFault:
    """One reason why a template cannot run. `table` and `key`: which part of it; `column`: which field of that."""

    table: str
    key: str
    column: str
    value: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


def faults_of(template: PlanTemplate, known: Known) -> list[TemplateFault]:
    """Return every reason why a template cannot run, empty when it can."""
    return [*_of_head(template, known), *_of_tiers(template), *_of_actions(template, known), *_of_texts(template)]


def fault(table: str, key: str, column: str, value: str, code: str, **params: object) -> TemplateFault:
    """Return a fault with its parameters as texts."""
    told = {name: str(param) for name, param in params.items()}
    return TemplateFault(table=table, key=key, column=column, value=value, code=code, params=told)


def _of_head(template: PlanTemplate, known: Known) -> Iterator[TemplateFault]:
    key = template.code
    if known.matters and template.matter not in known.matters:
        yield fault("templates", key, "matter", template.matter, "catalogue.dangling", refers="matters")
    if template.valid_from and template.valid_to and template.valid_to <= template.valid_from:
        yield fault("templates", key, "valid_to", template.valid_to, "plan.valid_backwards", since=template.valid_from)
    if not template.actions:
        yield fault("templates", key, "code", key, "plan.no_actions")
    if len(template.actions) > MOST_ACTIONS:
        yield fault("templates", key, "code", key, "plan.too_many_actions", most=MOST_ACTIONS)


def _of_tiers(template: PlanTemplate) -> Iterator[TemplateFault]:
    for code in _twice(tier.code for tier in template.tiers):
        yield fault("tiers", code, "code", code, "plan.code_twice")


def _of_actions(template: PlanTemplate, known: Known) -> Iterator[TemplateFault]:
    codes = {action.code for action in template.actions}
    tiers = {tier.code for tier in template.tiers}
    for code in _twice(action.code for action in template.actions):
        yield fault("actions", code, "code", code, "plan.code_twice")
    for action in template.actions:
        yield from _of_action(action, codes, tiers, known)
    ring = _ring(template.actions)
    if ring:
        yield fault("actions", ring[0], "after", " → ".join(ring), "plan.after_ring")


def _of_action(action: Action, codes: set[str], tiers: set[str], known: Known) -> Iterator[TemplateFault]:
    for before in action.after:
        if before not in codes:
            yield fault("actions", action.code, "after", before, "plan.after_unknown")
    if action.tier and action.tier not in tiers:
        yield fault("actions", action.code, "tier", action.tier, "plan.tier_not_there")
    if known.units and action.unit and action.unit not in known.units:
        yield fault("actions", action.code, "unit", action.unit, "catalogue.dangling", refers="units")
    if not 0 < action.within_min <= LONGEST_MIN:
        yield fault("actions", action.code, "within_min", str(action.within_min), "plan.within_wrong", most=LONGEST_MIN)
    if action.critical and action.critical not in CRITICAL:
        yield fault("actions", action.code, "critical", action.critical, "plan.critical_unknown")
    yield from _of_end(action, known)


def _of_end(action: Action, known: Known) -> Iterator[TemplateFault]:
    match action.done_by:
        case DoneBy.RECEIPT:
            if not (action.unit or action.capability):
                yield fault("actions", action.code, "capability", "", "plan.nobody_asked")
            if action.reached not in {step.value for step in Step}:
                yield fault("actions", action.code, "reached", action.reached, "plan.reached_unknown")
        case DoneBy.VITAL:
            yield from _of_vital(action, action.condition, known)
        case DoneBy.HAND:
            return


def _of_vital(action: Action, condition: Condition | None, known: Known) -> Iterator[TemplateFault]:
    if known.vitals and action.vital and action.vital not in known.vitals:
        yield fault("actions", action.code, "vital", action.vital, "catalogue.dangling", refers="vitals")
    if condition is None or condition.attribute not in VITAL_ATTRIBUTES:
        said = condition.attribute if condition else ""
        yield fault("actions", action.code, "condition", said, "plan.vital_condition", known="band, value")


def _of_texts(template: PlanTemplate) -> Iterator[TemplateFault]:
    said = [("actions", action.code, "text", action.text) for action in template.actions]
    said += [("messages", to, "text", text) for to, text in template.messages.items()]
    for table, key, column, text in said:
        for name in _BRACES.findall(text):
            if name not in PLACEHOLDERS and not _ATTRIBUTE.fullmatch(name):
                known = ", ".join((*sorted(PLACEHOLDERS), "attribute:…"))
                yield fault(table, key, column, f"{{{name}}}", "plan.placeholder_unknown", known=known)


def _twice(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]


def _ring(actions: Iterable[Action]) -> list[str]:
    """Return a chain of steps that comes back to its beginning, empty when there is none."""
    after = {action.code: action.after for action in actions}
    clear: set[str] = set()
    for begin in after:
        way: list[str] = []
        if (found := _walk(begin, after, way, clear)) is not None:
            return [*way[way.index(found) :], found]
    return []


def _walk(code: str, after: Mapping[str, tuple[str, ...]], way: list[str], clear: set[str]) -> str | None:
    if code in way:
        return code
    if code in clear or code not in after:
        return None
    way.append(code)
    for before in after[code]:
        if (found := _walk(before, after, way, clear)) is not None:
            return found
    way.pop()
    clear.add(code)
    return None

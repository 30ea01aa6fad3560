"""A library of plans as the tables that plan_import reads back to the same library."""

from collections.abc import Iterable, Iterator, Mapping

from chengyun_core.model.catalogue_cells import text_of as cell
from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.plan import Action, PlanBinding, PlanState, PlanTemplate, RiskPoint
from chengyun_core.model.plan_conditions import text_of
from chengyun_core.model.plan_import import BAR

Line = dict[str, str]


def tables_of(
    templates: Iterable[PlanTemplate], points: Iterable[RiskPoint], bindings: Iterable[PlanBinding]
) -> Tables:  # fmt: skip
    """Return the tables; a template that waits for approval is written as the draft it is until then."""
    held, bound = tuple(templates), tuple(bindings)
    return {
        "templates": [_template(one) for one in held],
        "tiers": [line for one in held for line in _tiers(one)],
        "actions": [_action(one.code, action) for one in held for action in one.actions],
        "resources": [line for one in held for line in _resources(one)],
        "messages": [_line(template=one.code, to=to, text=text) for one in held for to, text in one.messages.items()],
        "stop_rules": [line for one in held for line in _stop_rules(one)],
        "risk_points": [_point(one) for one in points],
        "bindings": [_line(risk_point=one.risk_point, template=one.template, cameras=BAR.join(one.cameras))
                     for one in bound],
        "overrides": [line for one in bound for line in _overrides(one)],
    }  # fmt: skip


def _line(**cells: object) -> Line:
    return {name: text for name, value in cells.items() if (text := cell(value))}


def _template(one: PlanTemplate) -> Line:
    return _line(
        code=one.code, edition=one.edition, name=one.name, matter=one.matter,
        state="in_force" if one.state is PlanState.IN_FORCE else "draft", triggers=text_of(one.triggers),
        parties=BAR.join(one.parties), cameras=BAR.join(one.cameras), layers=BAR.join(one.layers),
        valid_from=one.valid_from, valid_to=one.valid_to, drilled=one.drilled, written_by=one.written_by,
        approved_by=one.approved_by,
    )  # fmt: skip


def _tiers(one: PlanTemplate) -> Iterator[Line]:
    for tier in one.tiers:
        level = None if tier.response is None else int(tier.response)
        yield _line(
            template=one.code, code=tier.code, name=tier.name, conditions=text_of(tier.conditions), response=level
        )


def _action(template: str, one: Action) -> Line:
    return _line(
        template=template, code=one.code, text=one.text, tier=one.tier, capability=one.capability, unit=one.unit,
        lead=one.lead, within_min=one.within_min, after=BAR.join(one.after), done_by=one.done_by.value,
        reached=one.reached, vital=one.vital, condition=text_of((one.condition,)) if one.condition else "",
        critical=one.critical, order_template=one.order_template,
    )  # fmt: skip


def _resources(one: PlanTemplate) -> Iterator[Line]:
    for held in one.resources:
        yield _line(template=one.code, name=held.name, count=held.count, unit=held.unit, where=held.where)


def _stop_rules(one: PlanTemplate) -> Iterator[Line]:
    for rule in one.stop_rules:
        condition = text_of((rule.condition,)) if rule.condition else ""
        yield _line(template=one.code, text=rule.text, condition=condition, raises_tier=rule.raises_tier)


def _point(one: RiskPoint) -> Line:
    return _line(
        code=one.code, name=one.name, centre=one.centre, kind=one.kind, longitude=one.longitude,
        latitude=one.latitude, attributes=_attributes(one.attributes), vitals=BAR.join(one.vitals),
        owner_post=one.owner_post,
    )  # fmt: skip


def _attributes(held: Mapping[str, str]) -> str:
    return "; ".join(f"{code}={value}" for code, value in held.items())


def _overrides(one: PlanBinding) -> Iterator[Line]:
    here = (*one.units, *one.texts, *one.within_min, *one.left_out)
    for action in dict.fromkeys(here):
        yield _line(
            risk_point=one.risk_point, template=one.template, action=action, unit=one.units.get(action, ""),
            text=one.texts.get(action, ""), within_min=one.within_min.get(action), left_out=action in one.left_out,
        )  # fmt: skip

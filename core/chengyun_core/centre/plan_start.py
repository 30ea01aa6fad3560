"""Which plan would start for an event: the edition, the binding at its risk point, the tiers its attributes decide."""

from dataclasses import dataclass

from sqlalchemy import Connection

from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import PlanBinding, PlanRun, PlanTemplate, RiskPoint
from chengyun_core.model.plan_commands import StartPlan
from chengyun_core.model.plan_run_watch import measured
from chengyun_core.model.plan_tiers import TierVerdict, decide, up_to
from chengyun_core.store import event_table, plan_table, risk_point_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a start is made of."""

    template: PlanTemplate
    binding: PlanBinding | None
    point: RiskPoint | None
    tiers: TierVerdict
    attributes: dict[str, str]
    """The event's, and for what it lacks the risk point's."""

    @property
    def vitals(self) -> tuple[str, ...]:
        """Return the vitals that watch the risk point."""
        return self.point.vitals if self.point else ()


def chosen(connection: Connection, event: Event, command: StartPlan) -> Chosen:
    """Return what a start is made of; nothing is written.

    Raises:
        Refused: `plan.unknown`, `plan.point_unknown`, `plan.tier_unknown`; `text.missing.reason` when an officer names
            another tier than the table decides and does not say why.
    """
    template = edition(connection, command.template, command.edition)
    point = risk_point_table.point(connection, command.risk_point) if command.risk_point else None
    if command.risk_point and point is None:
        raise Refused("plan.point_unknown", point=command.risk_point)
    attributes = measured(event, point)
    return Chosen(
        template=template, binding=_bound(connection, template, point), point=point,
        tiers=_tiers(template, attributes, command), attributes=attributes,
    )  # fmt: skip


def suggested(connection: Connection, run: PlanRun) -> TierVerdict | None:
    """Return what the table of a run's edition says of what is measured now, so that a tier to go up to is seen."""
    template = plan_table.template(connection, run.template, run.edition)
    event = event_table.get(connection, run.event)
    if template is None or event is None:
        return None
    point = risk_point_table.point(connection, run.risk_point) if run.risk_point else None
    return decide(template.tiers, measured(event, point))


def edition(connection: Connection, code: str, number: int) -> PlanTemplate:
    """Return an edition; 0: the one in force, else the newest. Raises Refused `plan.unknown`."""
    if number:
        found = plan_table.template(connection, code, number)
    else:
        in_force = plan_table.in_force(connection, [code])
        found = next(iter(in_force or plan_table.editions(connection, code)[-1:]), None)
    if found is None:
        raise Refused("plan.unknown", template=code, edition=number)
    return found


def _bound(connection: Connection, template: PlanTemplate, point: RiskPoint | None) -> PlanBinding | None:
    if point is None:
        return None
    known = risk_point_table.binding(connection, point.code, template.code)
    return known or PlanBinding(risk_point=point.code, template=template.code)


def _tiers(template: PlanTemplate, attributes: dict[str, str], command: StartPlan) -> TierVerdict:
    decided = decide(template.tiers, attributes)
    if not command.tier or command.tier == decided.decided_by:
        return decided
    named = up_to(template.tiers, command.tier)
    if not command.reason.strip():
        raise Refused("text.missing.reason")
    return named

"""Commands about plans and what runs of them: frozen records and their kinds; merged into `command.COMMANDS`."""

from dataclasses import dataclass, field
from typing import Any

from chengyun_core.model.order_commands import OrderDraft
from chengyun_core.model.plan import PlanBinding, PlanTemplate, RiskPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlans:
    """Take templates, risk points and bindings from tables: name of the table → rows of {column: text}.

    Nothing is half imported; every bad cell is reported with file, line, column and reason. Templates are added edition
    by edition; risk points, bindings and overrides replace those there are when they are brought.
    """

    tables: dict[str, list[dict[str, str]]]
    origin: dict[str, str]
    """Table name → file name, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePlan:
    """Save an edition as a draft. `version` is that of the draft the officer changed, 0 for a new edition."""

    template: PlanTemplate
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPlan:
    """Hand a draft in; another person approves it, then it is in force and the edition before is retired (P6)."""

    code: str
    edition: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirePlan:
    """Take an edition out of force, or a draft away, for a reason; what runs of it runs on."""

    code: str
    edition: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDrill:
    """Note that a plan was drilled on a day (ISO date); no new edition."""

    code: str
    edition: int
    version: int
    drilled: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BindPlan:
    """Bind a template to a risk point with what differs there, or exchange the binding there is."""

    binding: PlanBinding
    stamp: str | None = None
    """Mark of the binding the officer saw, "" when there was none; None: whatever there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbindPlan:
    """Take a binding away, for a reason."""

    risk_point: str
    template: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePoint:
    """Write a risk point, new or as the officer changed it. `stamp`: mark of the one he saw, "" of a new one."""

    point: RiskPoint
    stamp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropPoint:
    """Take a risk point away that nothing is bound to, for a reason."""

    code: str
    stamp: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPlan:
    """Start a plan for an event at the tiers its table decides, or at the tier an officer names with a reason."""

    event: int
    template: str
    edition: int
    """The edition the officer saw; refused when another one is in force meanwhile."""
    risk_point: str = ""
    tier: str = ""
    reason: str = ""
    """Needed when `tier` is not what the table decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlanOrders:
    """Send the orders of ready steps as the officer confirms them, all or none: drafts of `plan.drafts`, edited."""

    run: int
    version: int
    drafts: tuple[OrderDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndStep:
    """Say by hand that a step is done, with the values of vitals as they are on screen (P4)."""

    run: int
    version: int
    step: str
    values: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipStep:
    """Pass a step over, for a reason."""

    run: int
    version: int
    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedlineStep:
    """Reword a step on this run; the template keeps its own words."""

    run: int
    version: int
    step: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseTier:
    """Go up to a tier, for a reason; its steps come on top of what runs."""

    run: int
    version: int
    tier: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlan:
    """Stop a run for a reason; orders that have left live on."""

    run: int
    version: int
    reason: str


PLAN_COMMANDS: dict[str, type[Any]] = {
    "plan.bind": BindPlan,
    "plan.end_step": EndStep,
    "plan.import": ImportPlans,
    "plan.note_drill": NoteDrill,
    "plan.raise_tier": RaiseTier,
    "plan.redline": RedlineStep,
    "plan.retire": RetirePlan,
    "plan.save": SavePlan,
    "plan.send_orders": SendPlanOrders,
    "plan.skip_step": SkipStep,
    "plan.start": StartPlan,
    "plan.stop": StopPlan,
    "plan.submit": SubmitPlan,
    "plan.unbind": UnbindPlan,
    "risk_point.drop": DropPoint,
    "risk_point.save": SavePoint,
}
"""Kind on the wire → record. Alphabetical."""

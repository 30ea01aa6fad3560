"""Plans (预案): templates made of modules, bound to risk points with overrides, and what runs of them (P1-P7)."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.scales import ResponseLevel


class PlanState(StrEnum):
    """Life of one version of a template (P6)."""

    DRAFT = "draft"
    WAITING = "waiting"
    """Handed in; another person approves it."""
    IN_FORCE = "in_force"
    RETIRED = "retired"


class Comparison(StrEnum):
    """How a condition compares."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    MORE = ">"
    ONE_OF = "in"


class DoneBy(StrEnum):
    """What ends a step (P4)."""

    HAND = "hand"
    RECEIPT = "receipt"
    """Its order's receipt has reached `reached`."""
    VITAL = "vital"
    """Its vital fulfils `condition`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One cell of a decision table: `diameter_mm < 500`. A missing attribute fulfils nothing and is told as missing."""

    attribute: str
    comparison: Comparison
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One row of the tier table: additive, its actions come on top of those of the rows before it (P3)."""

    code: str
    name: str
    conditions: tuple[Condition, ...] = ()
    """All must hold; none: always."""
    response: ResponseLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One step: who does what, by when, after what, and what ends it."""

    code: str
    text: str
    tier: str = ""
    """Code of the tier that brings it; empty: always."""
    capability: str = ""
    """Asked of dispatch: a unit that can do this (`repair.water`); ignored when `unit` is given."""
    unit: str = ""
    lead: bool = False
    within_min: float = 30.0
    after: tuple[str, ...] = ()
    done_by: DoneBy = DoneBy.RECEIPT
    reached: str = "fed_back"
    """Step of the receipt ladder that ends it."""
    vital: str = ""
    condition: Condition | None = None
    critical: str = ""
    """As model.order.Order.critical."""
    order_template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Material or a team the plan counts on."""

    name: str
    count: float = 1.0
    unit: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRule:
    """When the response is to end or to go a tier up."""

    text: str
    condition: Condition | None = None
    raises_tier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTemplate:
    """One version of a template (P2, P6); journal kind `plan`, key `<code>.<edition>`."""

    code: str
    edition: int
    name: str
    matter: str
    """Code of the matter it answers."""
    state: PlanState = PlanState.DRAFT
    triggers: tuple[Condition, ...] = ()
    """What must hold of an event besides its matter; none: nothing."""
    tiers: tuple[Tier, ...] = ()
    actions: tuple[Action, ...] = ()
    parties: tuple[str, ...] = ()
    """Posts that are told when it starts."""
    resources: tuple[Resource, ...] = ()
    cameras: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    messages: dict[str, str] = field(default_factory=dict)
    """To whom → text, with `{place}`, `{grade}` and the like filled in at the start."""
    stop_rules: tuple[StopRule, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    drilled: str = ""
    """ISO date of the last drill: older than twelve months is flagged (P6)."""
    written_by: str = ""
    approved_by: str = ""
    approved_at: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoint:
    """风险点: a place that can go wrong, with what is known of it."""

    code: str
    name: str
    centre: str
    kind: str
    longitude: float | None = None
    latitude: float | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    vitals: tuple[str, ...] = ()
    """Codes of vitals that watch it."""
    owner_post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBinding:
    """一点一策一预案: a template at a risk point with what differs there. Its rows are its own (P7)."""

    risk_point: str
    template: str
    units: dict[str, str] = field(default_factory=dict)
    """Code of an action → unit that does it here."""
    texts: dict[str, str] = field(default_factory=dict)
    """Code of an action → its text here."""
    within_min: dict[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """Actions that do not apply here."""
    cameras: tuple[str, ...] = ()


class RunState(StrEnum):
    """A plan that runs."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class RunStepState(StrEnum):
    """A step of a running plan."""

    WAITING = "waiting"
    """For the steps it comes after."""
    READY = "ready"
    ORDERED = "ordered"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """One step as it runs: a copy of the template's action with the binding's words, its own from then on (P7)."""

    action: Action
    state: RunStepState = RunStepState.READY
    due_at: int | None = None
    """When it was to end when the run began (or its tier came): the plan that ahead and behind are told against."""
    ready_at: int | None = None
    """When what it waits for had ended, profile ns UTC; None: it still waits."""
    order: int | None = None
    done_at: int | None = None
    """When it was done or skipped."""
    done_by: str = ""
    """Account, or `receipt:<order>.<place>`, or `vital:<code>`."""
    note: str = ""
    values: dict[str, str] = field(default_factory=dict)
    """Vitals captured when it was done: code → value with unit and time."""
    redlined: str = ""
    """Text as the officer changed it on this run; the template keeps its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """One plan started for one event (journal kind `plan_run`, key the number)."""

    number: int
    event: int
    template: str
    edition: int
    name: str
    risk_point: str = ""
    tiers: tuple[str, ...] = ()
    """Codes of the tiers in force, and `tier_reason` why."""
    tier_reason: str = ""
    response: ResponseLevel | None = None
    state: RunState = RunState.RUNNING
    steps: tuple[RunStep, ...] = ()
    watches: tuple[str, ...] = ()
    """Codes of vitals whose move may end a step or meet a stop rule."""
    overdue: tuple[str, ...] = ()
    """Codes of steps that were told as over their time, done late or not."""
    rules_met: tuple[int, ...] = ()
    """Places of the template's stop rules whose condition was seen to hold; what follows is the officer's to decide."""
    started_at: int
    started_by: str
    started_seat: str = ""
    ended_at: int | None = None
    reason: str = ""
    version: int = 1

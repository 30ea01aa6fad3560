"""What may be asked of the centre about plans: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass, field

from chengyun_core.model.dispatch_call import Proposal
from chengyun_core.model.failure import Reason
from chengyun_core.model.order_commands import OrderDraft
from chengyun_core.model.plan import PlanBinding, PlanRun, PlanTemplate, RiskPoint
from chengyun_core.model.plan_diff import Difference
from chengyun_core.model.plan_match import Match, Misfit
from chengyun_core.model.plan_pace import Pace
from chengyun_core.model.plan_tiers import TierVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMatch:
    """Ask `plan.match`: plans for an event; or, without one, for what is told here of an event to be."""

    event: int = 0
    matter: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    """Beside those of the event; they win."""
    longitude: float | None = None
    latitude: float | None = None
    risk_point: str = ""
    vitals: tuple[str, ...] = ()
    radius_m: float = 500.0
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Answer: plans that fit, best first; how many fit in all; those of them that were looked at and do not fit."""

    matches: tuple[Match, ...] = ()
    count: int = 0
    misfits: tuple[Misfit, ...] = ()
    """Plans at the very place only, so that an officer sees why one he expects is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHead:
    """One edition in a list."""

    code: str
    edition: int
    name: str
    matter: str
    state: str
    actions: int
    tiers: int
    bound: int
    """Risk points it is bound to."""
    version: int
    drilled: str = ""
    flags: tuple[Reason, ...] = ()
    """Why it is stale or not valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundPlan:
    """One plan at a risk point: 一点一策一预案."""

    risk_point: str
    name: str
    centre: str
    kind: str
    template: str
    template_name: str
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPlans:
    """Ask `plan.page`: words separated by spaces, all of which a plan's name, place or risk point must hold."""

    words: str = ""
    after: tuple[str, str] | None = None
    """(risk point, template) of the last one of the page before."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Answer: editions that are not retired (first page only), bound plans by key, whether more follow."""

    templates: tuple[PlanHead, ...] = ()
    bound: tuple[BoundPlan, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPlan:
    """Ask `plan.get`: a template; edition 0: the one in force, else the newest."""

    code: str
    edition: int = 0
    risk_point: str = ""
    """With it the binding there is answered too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTold:
    """Answer: the edition, what is known of the others, and the binding asked for."""

    template: PlanTemplate
    editions: tuple[PlanHead, ...]
    binding: PlanBinding | None = None
    binding_stamp: str = ""
    """Mark of that binding, for `BindPlan.stamp`; "" when there is none."""
    point: RiskPoint | None = None
    flags: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDiff:
    """Ask `plan.diff`: what changed from one edition to another."""

    code: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """Answer: every difference, in the order of the fields."""

    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRun:
    """Ask `plan.run`: one run, or with `event` all of an event."""

    run: int = 0
    event: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTold:
    """One run and where it stands against its plan."""

    run: PlanRun
    pace: Pace
    suggested: TierVerdict | None = None
    """What the tier table says of what is measured now: of the edition that runs; None: that edition is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Answer: oldest first."""

    runs: tuple[RunTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDrafts:
    """Ask `plan.drafts`: orders for the ready steps of a run, or for these of them."""

    run: int
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """One step as an order to be confirmed."""

    step: str
    draft: OrderDraft | None
    """None: nobody to send it to; `proposal` says why."""
    proposal: Proposal
    lacking: tuple[str, ...] = ()
    """Names in its text for which nothing is known; shown as a dash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Answer: in the order of the steps, for the version of the run they were made of."""

    run: int
    version: int
    drafts: tuple[StepDraft, ...] = ()
    messages: dict[str, str] = field(default_factory=dict)
    """Whom to tell → text with what is known filled in: for the officer to send by whatever channel."""
    parties: tuple[str, ...] = ()
    """Posts that are told when it starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTry:
    """Ask `plan.try`: what would start for an event, present or past, and whom it would call; writes nothing (P5)."""

    event: int
    template: str
    edition: int = 0
    """0: the one in force; a draft may be tried too."""
    risk_point: str = ""
    tier: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    """What if: instead of the event's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Answer: the run as it would begin (its number is 0), and the orders of all its steps."""

    run: PlanRun
    tiers: TierVerdict
    drafts: tuple[StepDraft, ...] = ()
    ends_at: int = 0
    """When it would end if every step took its own time, profile ns UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskGaps:
    """Ask `plan.gaps`: what the library does not cover."""

    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityGap:
    """A capability that plans ask for and no unit has."""

    capability: str
    actions: int
    templates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Answer: counts are exact, lists hold the first `limit`."""

    points: int
    """Risk points nothing is bound to."""
    points_first: tuple[RiskPoint, ...] = ()
    matters: tuple[str, ...] = ()
    """Matters without a template in force."""
    capabilities: tuple[CapabilityGap, ...] = ()
    stale: tuple[PlanHead, ...] = ()
    """Templates in force that are stale or not valid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLibrary:
    """Ask `plan.library`: how much there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryTold:
    """Answer."""

    templates: int
    """In force."""
    drafts: int
    waiting: int
    points: int
    bindings: int
    """Plans at points: what 65 000 counts."""
    matters: int
    covered: int
    """Matters with a template in force."""
    stale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExport:
    """Ask `plan.export`: the library as tables, page by page: a whole city at once would hold up everybody else.

    The first page brings the templates in the editions in force (drafts where none is), and every page risk points by
    code with what is bound to them.
    """

    after: str = ""
    """Code of the last risk point of the page before."""
    limit: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTablesTold:
    """Answer: tables as model.plan_tables names them."""

    tables: dict[str, list[dict[str, str]]]
    after: str = ""
    """Where the next page begins; empty: there is none."""
    library: int = 0
    """Which state of the risk points this is; another number: somebody changed them between two pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskNear:
    """Ask `risk_point.near`."""

    longitude: float
    latitude: float
    radius_m: float = 500.0
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PointNear:
    """One risk point, how far it is and which templates are bound to it."""

    point: RiskPoint
    metres: float
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsNear:
    """Answer: the nearest first."""

    points: tuple[PointNear, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPoints:
    """Ask `risk_point.page`: words separated by spaces, all of which a point's name, code, kind or place must hold."""

    words: str = ""
    bare: bool = False
    """Only points nothing is bound to: the gaps of the library (P1)."""
    after: str = ""
    """Code of the last one of the page before."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PointHead:
    """One risk point in a list."""

    code: str
    name: str
    centre: str
    kind: str
    owner_post: str = ""
    plans: tuple[str, ...] = ()
    """Names of the plans bound to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoints:
    """Answer: by code; whether more follow."""

    points: tuple[PointHead, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPoint:
    """Ask `risk_point.get`."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundHere:
    """One plan bound to a risk point, with the edition the binding speaks of now."""

    binding: PlanBinding
    stamp: str
    """Mark of the binding, for `BindPlan.stamp`."""
    head: PlanHead | None = None
    """None: every edition is retired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTold:
    """Answer: the risk point, the mark a change of it is checked against, what is bound to it."""

    point: RiskPoint
    stamp: str
    bound: tuple[BoundHere, ...] = ()


MOST_PLACES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPlaces:
    """Ask `risk_point.places`: where the risk points are, for a map, page by page."""

    after: str = ""
    """Code of the last one of the page before."""
    limit: int = MOST_PLACES


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPlaces:
    """Answer: parallel columns by code; a risk point without a place is only counted."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    longitude: bytes = b""
    """float64[n], degrees."""
    latitude: bytes = b""
    vitals: tuple[tuple[str, str], ...] = ()
    """(vital, risk point): what watches those of this page."""
    unplaced: int = 0
    """Of this page."""
    after: str = ""
    """Where the next page begins; empty: there is none."""
    library: int = 0
    """Which state of the library this is; another number: it changed between two pages."""


PLAN_ASKS: dict[str, tuple[type, type | None]] = {
    "plan.diff": (AskDiff, Diff),
    "plan.drafts": (AskDrafts, Drafts),
    "plan.export": (AskExport, PlanTablesTold),
    "plan.gaps": (AskGaps, Gaps),
    "plan.get": (AskPlan, PlanTold),
    "plan.library": (AskLibrary, LibraryTold),
    "plan.match": (AskMatch, Matches),
    "plan.page": (AskPlans, Plans),
    "plan.run": (AskRun, Runs),
    "plan.try": (AskTry, Tried),
    "risk_point.get": (AskPoint, PointTold),
    "risk_point.near": (AskNear, PointsNear),
    "risk_point.page": (AskPoints, RiskPoints),
    "risk_point.places": (AskPlaces, PointPlaces),
}
"""Ask → (body, answer). Alphabetical."""

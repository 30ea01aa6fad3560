"""Plans as the centre would tell them, made from the reference library by the real pure functions; no centre."""

from dataclasses import replace
from functools import cache

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.dispatch import Matter, Unit, UnitKind
from chengyun_core.model.dispatch_call import Call, Need, Standing
from chengyun_core.model.dispatch_rules import propose_for, roster_of
from chengyun_core.model.event import Event, EventSource, EventState
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient
from chengyun_core.model.plan import DoneBy, PlanRun, PlanTemplate, RiskPoint, RunStep, RunStepState
from chengyun_core.model.plan_check import Known
from chengyun_core.model.plan_import import Held, Library, read
from chengyun_core.model.plan_match import Candidate, Facts, rank
from chengyun_core.model.plan_pace import pace
from chengyun_core.model.plan_run_rules import Start, begin
from chengyun_core.model.plan_stale import stale
from chengyun_core.model.plan_texts import filled, lacking
from chengyun_core.model.plan_tiers import decide
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.plan_asks import (
    BoundHere,
    BoundPlan,
    CapabilityGap,
    Drafts,
    Gaps,
    LibraryTold,
    Matches,
    PlanHead,
    Plans,
    PlanTold,
    PointHead,
    PointTold,
    RiskPoints,
    Runs,
    RunTold,
    StepDraft,
    Tried,
)
from chengyun_resources.reference import forces, plans
from tests.console.still_session import START_NS, S

BURST = "SS-BAOGUAN"
POINT = "FX-JIAXI"
TODAY = "2026-07-18"
EVENT = Event(
    number=123, code="事〔2026〕000123", title="嘉西村供水管爆裂，路面积水", matter=BURST, centre="500103",
    place="上清寺街道嘉西村", longitude=106.5443, latitude=29.5628, risk_point=POINT, source=EventSource.ALARM,
    source_at=START_NS - 95 * S, opened_at=START_NS - 60 * S, opened_by="officer", alarms=(1,),
    attributes={"diameter_mm": "400"}, state=EventState.GRADED, grade=EventGrade.LARGER, changed_at=START_NS - 40 * S,
)  # fmt: skip
BARE = RiskPoint(code="FX-9001", name="无预案的边坡", centre="500103", kind="边坡")
_UNITS = (
    ("SW-QX1", "市供水抢修一队", UnitKind.TEAM, "repair.water", 106.531, 29.571),
    ("SW-QX2", "市供水抢修二队", UnitKind.TEAM, "repair.water", 106.462, 29.541),
    ("JJ-SQ", "交巡警上清寺大队", UnitKind.TEAM, "traffic.divert|police.crowd", 106.540, 29.560),
    ("JX-YZ", "渝中区经信委", UnitKind.DEPARTMENT, "pipeline.protect", 106.566, 29.553),
    ("XF-SQ", "上清寺消防救援站", UnitKind.TEAM, "fire|rescue|water.supply", 106.535, 29.557),
    ("GR-JX", "嘉西村网格", UnitKind.GRID, "residents.tell|grid.verify", 106.544, 29.562),
)


def dressed(city: Catalogue) -> Catalogue:
    """Return a catalogue with the reference matters and six units."""
    matters = tuple(Matter(code=row["code"], name=row["name"], subtrack="ST4") for row in forces.matter_rows())
    return replace(city, matters=matters, units=units())


@cache
def units() -> tuple[Unit, ...]:
    """Return six units around the burst pipe."""
    return tuple(
        Unit(code=code, name=name, centre="500103", kind=kind, post="500103.unit.1", capabilities=able,
             longitude=east, latitude=north)
        for code, name, kind, able, east, north in _UNITS
    )  # fmt: skip


@cache
def library(points: int = 40) -> Library:
    """Return the reference library with this many risk points."""
    tables = plans.tables(points)
    found, faults = read(tables, Known(), Held())
    assert not faults, faults[:3]
    return found


def template(code: str = BURST) -> PlanTemplate:
    """Return one template of the library."""
    return next(one for one in library().templates if one.code == code)


def point(code: str = POINT) -> RiskPoint:
    """Return one risk point of the library."""
    return next(one for one in library().points or () if one.code == code)


def head(one: PlanTemplate, bound: int = 3) -> PlanHead:
    """Return a template as a list tells it."""
    return PlanHead(
        code=one.code, edition=one.edition, name=one.name, matter=one.matter, state=one.state.value,
        actions=len(one.actions), tiers=len(one.tiers), bound=bound, version=one.version, drilled=one.drilled,
        flags=stale(one, TODAY),
    )  # fmt: skip


def page() -> Plans:
    """Return the first page of the library."""
    held = library()
    places = {one.code: one for one in held.points or ()}
    names = {one.code: one.name for one in held.templates}
    bound = tuple(
        BoundPlan(risk_point=one.risk_point, name=places[one.risk_point].name, centre="500103",
                  kind=places[one.risk_point].kind, template=one.template, template_name=names[one.template])
        for one in held.bindings or ()
    )  # fmt: skip
    return Plans(templates=tuple(map(head, held.templates)), bound=bound, more=True)


def counts() -> LibraryTold:
    """Return how much there is in a city with all of its points."""
    return LibraryTold(
        templates=60, drafts=1, waiting=1, points=48_211, bindings=65_000, matters=61, covered=60, stale=3
    )


def gaps() -> Gaps:
    """Return what is not covered."""
    return Gaps(
        points=12, points_first=(replace(point(), code="FX-9001", name="无预案的边坡", kind="边坡"),),
        matters=("SS-LOUSHUI",), capabilities=(CapabilityGap(capability="rescue.lift", actions=2, templates=(BURST,)),),
        stale=(head(template("SS-LOUSHUI")),),
    )  # fmt: skip


def told(code: str = BURST, risk_point: str = "") -> PlanTold:
    """Return one plan, that of a risk point with its binding."""
    one = template(code)
    before = replace(one, edition=0, version=4, name=one.name)
    binding = next((held for held in library().bindings or () if held.risk_point == risk_point), None)
    return PlanTold(
        template=one, editions=(replace(head(before), state="retired"), head(one)), binding=binding,
        point=point(risk_point) if risk_point else None, flags=stale(one, TODAY),
    )  # fmt: skip


def points(*, bare: bool = False) -> RiskPoints:
    """Return the first page of the risk points, or of those nothing is bound to."""
    held = library()
    names = {one.code: one.name for one in held.templates}
    bound: dict[str, list[str]] = {}
    for one in held.bindings or ():
        bound.setdefault(one.risk_point, []).append(names[one.template])
    heads = tuple(
        PointHead(code=one.code, name=one.name, centre="500103", kind=one.kind, owner_post=one.owner_post,
                  plans=tuple(bound.get(one.code, ())))
        for one in (*(held.points or ()), BARE)
    )  # fmt: skip
    return RiskPoints(points=tuple(head for head in heads if not (bare and head.plans)), more=not bare)


def point_told(code: str = POINT) -> PointTold:
    """Return one risk point with what is bound to it."""
    held = library()
    one = next(one for one in (*(held.points or ()), BARE) if one.code == code)
    known = {one.code: one for one in held.templates}
    bound = tuple(
        BoundHere(binding=binding, stamp="1.0", head=head(known[binding.template]))
        for binding in held.bindings or () if binding.risk_point == code
    )  # fmt: skip
    return PointTold(point=replace(one, centre="500103"), stamp="1.0", bound=bound)


def matches(event: Event = EVENT) -> Matches:
    """Return the plans that fit an event, the one bound to its place first."""
    facts = Facts(
        matter=event.matter, attributes=event.attributes, risk_point=event.risk_point, longitude=event.longitude,
        latitude=event.latitude, today=TODAY,
    )  # fmt: skip
    one, place = template(), point()
    bound = next(held for held in library().bindings or () if held.risk_point == POINT)
    near = replace(place, code="FX-JIAXI-2", name="嘉陵江滨江路DN600供水管", attributes={"material": "球墨铸铁"})
    other = replace(bound, risk_point=near.code)
    candidates = [
        Candidate(template=one, binding=bound, point=place, metres=12.0),
        Candidate(template=one, binding=other, point=near, metres=210.0), Candidate(template=one),
    ]  # fmt: skip
    fitting, misfits = rank(facts, [*candidates, Candidate(template=template("SS-LOUSHUI"), point=place)])
    return Matches(matches=tuple(fitting), count=len(fitting), misfits=tuple(misfits))


def run(number: int = 7, *, began_ns: int = START_NS) -> PlanRun:
    """Return the plan for the burst as it begins."""
    bound = next(held for held in library().bindings or () if held.risk_point == POINT)
    start = Start(number=number, event=EVENT.number, tiers=decide(template().tiers, EVENT.attributes), at_ns=began_ns,
                  account="officer", seat="A-03")  # fmt: skip
    return begin(start, template(), replace(bound, units={}))


def drafts(of: PlanRun | None = None, *, missing: str = "tree") -> Drafts:
    """Return orders for the ready steps as dispatch proposes them; nobody serves the capability `missing`."""
    one = of or run()
    ready = [step for step in one.steps if step.state is RunStepState.READY and _is_ordered(step)]
    return Drafts(run=one.number, version=one.version, drafts=tuple(_draft(one, step, missing) for step in ready))


def tried() -> Tried:
    """Return what would start."""
    one = replace(run(), number=0)
    steps = tuple(_draft(one, step, "pipeline.protect") for step in one.steps if _is_ordered(step))
    ends = max(step.due_at or 0 for step in one.steps)
    return Tried(run=one, tiers=decide(template().tiers, EVENT.attributes), drafts=steps, ends_at=ends)


def runs(*held: PlanRun, now_ns: int = START_NS) -> Runs:
    """Return runs with where they stand."""
    return Runs(runs=tuple(RunTold(run=one, pace=pace(one, now_ns)) for one in held))


def refusal() -> Reason:
    """Return a refusal about a plan."""
    return Reason(code="plan.unknown", params={"template": BURST, "edition": "9"})


def _is_ordered(step: RunStep) -> bool:
    return step.action.done_by is DoneBy.RECEIPT or bool(step.action.unit or step.action.capability)


def _draft(of: PlanRun, step: RunStep, missing: str) -> StepDraft:
    action = step.action
    need = Need(role=Role.LEAD if action.lead else Role.ASSIST, unit=action.unit, capability=action.capability)
    standings = [
        Standing(unit=unit, path=("500103", "500000"), longitude=unit.longitude, latitude=unit.latitude)
        for unit in units() if missing not in unit.capabilities
    ]  # fmt: skip
    call = Call(matter=BURST, centre="500103", path=("500103", "500000"), grade=EVENT.grade,
                longitude=EVENT.longitude, latitude=EVENT.latitude, attributes=EVENT.attributes)  # fmt: skip
    proposal = propose_for(call, (need,), roster_of(standings))
    words = {"place": EVENT.place, "title": EVENT.title}
    text = filled(step.redlined or action.text, words, EVENT.attributes)
    if not proposal.picks:
        return StepDraft(step=action.code, draft=None, proposal=proposal)
    draft = OrderDraft(
        event=EVENT.number, plan_run=of.number, plan_step=action.code, title=f"{of.name}·{text}"[:60], text=text,
        place=EVENT.place, centre="500103", critical=action.critical,
        recipients=(Recipient(code=proposal.picks[0].unit, role=need.role),),
    )  # fmt: skip
    return StepDraft(
        step=action.code, draft=draft, proposal=proposal, lacking=lacking(action.text, words, EVENT.attributes)
    )

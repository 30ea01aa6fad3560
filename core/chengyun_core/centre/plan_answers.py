"""What is asked about plans: matches, the library by page, one plan, runs, drafts, gaps; nothing is changed here."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from chengyun_core.centre import library_import, plan_drafts, plan_matching, plan_start
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.plan_start import edition
from chengyun_core.model.dispatch_conditions import listed
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import PlanState, PlanTemplate
from chengyun_core.model.plan_diff import differences
from chengyun_core.model.plan_export import tables_of
from chengyun_core.model.plan_pace import pace
from chengyun_core.model.plan_stale import out_of_validity, stale
from chengyun_core.store import counters, plan_table, risk_point_table
from chengyun_core.store.risk_point_table import Word
from chengyun_core.wire import codec
from chengyun_core.wire.plan_asks import (
    AskDiff,
    AskDrafts,
    AskExport,
    AskGaps,
    AskLibrary,
    AskMatch,
    AskNear,
    AskPlan,
    AskPlans,
    AskRun,
    AskTry,
    BoundPlan,
    CapabilityGap,
    Diff,
    Gaps,
    LibraryTold,
    PlanHead,
    Plans,
    PlanTablesTold,
    PlanTold,
    PointNear,
    PointsNear,
    Runs,
    RunTold,
)

MOST_ON_A_PAGE = 200
MOST_EXPORTED = 5000
MOST_WORDS = 8
MOST_POINTS_NEAR = 1000


def match(desk: Desk, connection: Connection, ask: AskMatch) -> bytes:
    """Return the plans that fit an event, best first."""
    return codec.pack(plan_matching.matches(desk, connection, ask))


def page(desk: Desk, connection: Connection, ask: AskPlans) -> bytes:
    """Return a page of bound plans that hold every word; with the first page, the editions whose names do."""
    check_limit(ask.limit, MOST_ON_A_PAGE)
    words = ask.words.split()
    if len(words) > MOST_WORDS:
        raise Refused("plan.too_many_words", count=len(words), most=MOST_WORDS)
    heads = heads_of(desk, connection, plan_table.newest(connection))
    searched = [meant(desk, word, heads) for word in words]
    keys = risk_point_table.search(connection, searched, ask.after, ask.limit + 1)
    named = tuple(head for head in heads if all(word.lower() in f"{head.name} {head.code}".lower() for word in words))
    return codec.pack(
        Plans(
            templates=named if ask.after is None else (), bound=_bound_plans(connection, keys[: ask.limit], heads),
            more=len(keys) > ask.limit,
        )
    )  # fmt: skip


def get(desk: Desk, connection: Connection, ask: AskPlan) -> bytes:
    """Return an edition with its sisters, and the binding at a risk point when it is asked for."""
    found = edition(connection, ask.code, ask.edition)
    today = _today(desk)
    return codec.pack(
        PlanTold(
            template=found, editions=tuple(heads_of(desk, connection, plan_table.editions(connection, ask.code))),
            binding=risk_point_table.binding(connection, ask.risk_point, ask.code) if ask.risk_point else None,
            binding_stamp=risk_point_table.binding_stamp(connection, ask.risk_point, ask.code),
            point=risk_point_table.point(connection, ask.risk_point) if ask.risk_point else None,
            flags=(*stale(found, today), *out_of_validity(found, today)),
        )
    )  # fmt: skip


def diff(_desk: Desk, connection: Connection, ask: AskDiff) -> bytes:
    """Return what changed from one edition to another."""
    before, after = (edition(connection, ask.code, number) for number in (ask.before, ask.after))
    return codec.pack(Diff(differences=tuple(differences(before, after))))


def runs(desk: Desk, connection: Connection, ask: AskRun) -> bytes:
    """Return one run, or all of an event, each with where it stands."""
    if ask.run:
        one = plan_table.run(connection, ask.run)
        if one is None:
            raise Refused("plan.run_unknown", run=ask.run)
        found = [one]
    else:
        found = plan_table.runs_of(connection, ask.event)
    now = desk.clock.utc_ns()
    told = (
        RunTold(run=one, pace=pace(one, one.ended_at or now), suggested=plan_start.suggested(connection, one))
        for one in found
    )
    return codec.pack(Runs(runs=tuple(told)))


def drafts(desk: Desk, connection: Connection, ask: AskDrafts) -> bytes:
    """Return orders for the ready steps of a run."""
    return codec.pack(plan_drafts.drafts(desk, connection, ask))


def tried(desk: Desk, connection: Connection, ask: AskTry) -> bytes:
    """Return what would start for an event."""
    return codec.pack(plan_drafts.tried(desk, connection, ask))


def gaps(desk: Desk, connection: Connection, ask: AskGaps) -> bytes:
    """Return what the library does not cover."""
    check_limit(ask.limit, MOST_POINTS_NEAR)
    in_force = plan_table.all_in_force(connection)
    many, first = risk_point_table.without_plan(connection, ask.limit)
    answered = {one.matter for one in in_force}
    flagged = tuple(head for head in heads_of(desk, connection, in_force) if head.flags)
    return codec.pack(
        Gaps(
            points=many, points_first=tuple(first),
            matters=tuple(code for code in desk.city.matters if code not in answered),
            capabilities=tuple(_unserved(desk, in_force)), stale=flagged,
        )
    )  # fmt: skip


def library(desk: Desk, connection: Connection, ask: AskLibrary) -> bytes:  # noqa: ARG001 - see ANSWERS
    """Return how much there is."""
    held = plan_table.newest(connection)
    states = [one.state for one in held]
    today = _today(desk)
    in_force = [one for one in held if one.state is PlanState.IN_FORCE]
    return codec.pack(
        LibraryTold(
            templates=len(in_force), drafts=states.count(PlanState.DRAFT), waiting=states.count(PlanState.WAITING),
            points=risk_point_table.count_points(connection),
            bindings=sum(risk_point_table.bound(connection).values()), matters=len(desk.city.matters),
            covered=len({one.matter for one in in_force} & desk.city.matters.keys()),
            stale=sum(bool(stale(one, today) or out_of_validity(one, today)) for one in in_force),
        )
    )  # fmt: skip


def export(_desk: Desk, connection: Connection, ask: AskExport) -> bytes:
    """Return a page of the library as tables: of each template the edition in force, or the newest where none is."""
    check_limit(ask.limit, MOST_EXPORTED)
    chosen: dict[str, PlanTemplate] = {}
    for one in plan_table.newest(connection):
        known = chosen.get(one.code)
        if known is None or known.state is not PlanState.IN_FORCE:
            chosen[one.code] = one
    points = risk_point_table.page(connection, ask.after, ask.limit)
    bindings = risk_point_table.bindings_at(connection, [point.code for point in points])
    bound = [one for one in bindings if one.template in chosen]
    tables = tables_of(() if ask.after else chosen.values(), points, bound)
    after = points[-1].code if len(points) == ask.limit else ""
    library = counters.last(connection, library_import.COUNTER)
    return codec.pack(PlanTablesTold(tables=tables, after=after, library=library))


def near(_desk: Desk, connection: Connection, ask: AskNear) -> bytes:
    """Return the risk points around a place, the nearest first, with what is bound to each."""
    check_limit(ask.limit, MOST_POINTS_NEAR)
    if not 0 < ask.radius_m <= plan_matching.WIDEST_M:
        raise Refused("ask.out_of_range", after=ask.radius_m, limit=ask.limit, most=plan_matching.WIDEST_M)
    found = risk_point_table.near(connection, ask.longitude, ask.latitude, ask.radius_m, ask.limit)
    bound: dict[str, list[str]] = {}
    for held in risk_point_table.bindings_at(connection, [point.code for point, _ in found]):
        bound.setdefault(held.risk_point, []).append(held.template)
    told = (
        PointNear(point=point, metres=metres, templates=tuple(bound.get(point.code, ()))) for point, metres in found
    )
    return codec.pack(PointsNear(points=tuple(told)))


def heads_of(desk: Desk, connection: Connection, editions: Iterable[PlanTemplate]) -> list[PlanHead]:
    """Return editions as lists tell them."""
    today, bound = _today(desk), risk_point_table.bound(connection)
    return [
        PlanHead(
            code=one.code, edition=one.edition, name=one.name, matter=one.matter, state=one.state.value,
            actions=len(one.actions), tiers=len(one.tiers), bound=bound.get(one.code, 0), version=one.version,
            drilled=one.drilled, flags=(*stale(one, today), *out_of_validity(one, today)),
        )
        for one in editions
    ]  # fmt: skip


def meant(desk: Desk, word: str, heads: Iterable[PlanHead]) -> Word:
    """Return what a word may mean: a template by name or code, a centre by name with all below it."""
    small = word.lower()
    named = {code for code, place in desk.city.centres.items() if small in place.name.lower()}
    below = tuple(code for code in desk.city.centres if named & set(desk.city.path(code))) if named else ()
    templates = {head.code for head in heads if small in head.name.lower() or small in head.code.lower()}
    return Word(text=word, templates=tuple(sorted(templates)), centres=below)


def _bound_plans(
    connection: Connection, keys: Iterable[tuple[str, str]], heads: Iterable[PlanHead]
) -> tuple[BoundPlan, ...]:  # fmt: skip
    held = tuple(keys)
    points = risk_point_table.points(connection, (code for code, _ in held))
    names = {head.code: head.name for head in heads}
    return tuple(
        BoundPlan(
            risk_point=code, name=points[code].name, centre=points[code].centre, kind=points[code].kind,
            template=template, template_name=names.get(template, ""), longitude=points[code].longitude,
            latitude=points[code].latitude,
        )
        for code, template in held
    )  # fmt: skip


def _unserved(desk: Desk, in_force: Iterable[PlanTemplate]) -> list[CapabilityGap]:
    able = {code for unit in desk.city.units.values() for code in listed(unit.capabilities)}
    asked: dict[str, list[str]] = {}
    for template in in_force:
        for action in template.actions:
            if action.capability and not action.unit and action.capability not in able:
                asked.setdefault(action.capability, []).append(template.code)
    return [_gap(capability, asked) for capability in sorted(asked)]


def _gap(capability: str, asked: Mapping[str, list[str]]) -> CapabilityGap:
    codes = asked[capability]
    return CapabilityGap(capability=capability, actions=len(codes), templates=tuple(dict.fromkeys(codes)))


def _today(desk: Desk) -> str:
    return desk.shown(desk.clock.utc_ns())[:10]


def check_limit(limit: int, most: int) -> None:
    """Refuse a page of none, or of more than one answer carries."""
    if not 1 <= limit <= most:
        raise Refused("ask.out_of_range", after="", limit=limit, most=most)

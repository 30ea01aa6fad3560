"""What is asked about risk points: pages by words or of those without a plan, one with what is bound to it."""

from array import array

from sqlalchemy import Connection

from chengyun_core.centre import library_import
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.plan_answers import MOST_ON_A_PAGE, MOST_WORDS, check_limit, heads_of, meant
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import PlanBinding, PlanState, PlanTemplate
from chengyun_core.store import counters, plan_table, risk_point_table
from chengyun_core.wire import codec
from chengyun_core.wire.plan_asks import (
    MOST_PLACES,
    AskPlaces,
    AskPoint,
    AskPoints,
    BoundHere,
    PointHead,
    PointPlaces,
    PointTold,
    RiskPoints,
)


def page(desk: Desk, connection: Connection, ask: AskPoints) -> bytes:
    """Return a page of risk points that hold every word, each with the names of its plans."""
    check_limit(ask.limit, MOST_ON_A_PAGE)
    words = ask.words.split()
    if len(words) > MOST_WORDS:
        raise Refused("plan.too_many_words", count=len(words), most=MOST_WORDS)
    asked = [meant(desk, word, ()) for word in words]
    found = risk_point_table.find(connection, asked, ask.after, ask.limit + 1, bare=ask.bare)
    shown = found[: ask.limit]
    bound: dict[str, list[str]] = {}
    for held in risk_point_table.bindings_at(connection, [point.code for point in shown]):
        bound.setdefault(held.risk_point, []).append(held.template)
    names = {one.code: one.name for one in _newest(connection, {code for codes in bound.values() for code in codes})}
    heads = (
        PointHead(
            code=point.code, name=point.name, centre=point.centre, kind=point.kind, owner_post=point.owner_post,
            plans=tuple(names.get(code, code) for code in bound.get(point.code, ())),
        )
        for point in shown
    )  # fmt: skip
    return codec.pack(RiskPoints(points=tuple(heads), more=len(found) > ask.limit))


def places(_desk: Desk, connection: Connection, ask: AskPlaces) -> bytes:
    """Return where risk points are: columns, no records; a city has tens of thousands of them."""
    check_limit(ask.limit, MOST_PLACES)
    rows = risk_point_table.places(connection, ask.after, ask.limit)
    placed = [row for row in rows if row[3] is not None and row[4] is not None]
    told = PointPlaces(
        codes=tuple(row[0] for row in placed), names=tuple(row[1] for row in placed),
        kinds=tuple(row[2] for row in placed), longitude=array("d", [row[3] or 0.0 for row in placed]).tobytes(),
        latitude=array("d", [row[4] or 0.0 for row in placed]).tobytes(),
        vitals=tuple(risk_point_table.watched(connection, rows[0][0], rows[-1][0])) if rows else (),
        unplaced=len(rows) - len(placed), after=rows[-1][0] if len(rows) == ask.limit else "",
        library=counters.last(connection, library_import.COUNTER),
    )  # fmt: skip
    return codec.pack(told)


def get(desk: Desk, connection: Connection, ask: AskPoint) -> bytes:
    """Return a risk point with what is bound to it."""
    point = risk_point_table.point(connection, ask.code)
    if point is None:
        raise Refused("plan.point_unknown", point=ask.code)
    held = risk_point_table.bindings_at(connection, [ask.code])
    newest = _newest(connection, {one.template for one in held})
    heads = {head.code: head for head in heads_of(desk, connection, newest)}
    bound = tuple(BoundHere(binding=one, stamp=_stamp(connection, one), head=heads.get(one.template)) for one in held)
    return codec.pack(PointTold(point=point, stamp=risk_point_table.stamp_of(connection, ask.code), bound=bound))


def _stamp(connection: Connection, held: PlanBinding) -> str:
    return risk_point_table.binding_stamp(connection, held.risk_point, held.template)


def _newest(connection: Connection, codes: set[str]) -> list[PlanTemplate]:
    """Return of each template the edition in force, else its newest that is not retired."""
    found: dict[str, PlanTemplate] = {}
    for one in plan_table.newest(connection):
        known = found.get(one.code)
        if one.code in codes and (known is None or known.state is not PlanState.IN_FORCE):
            found[one.code] = one
    return list(found.values())

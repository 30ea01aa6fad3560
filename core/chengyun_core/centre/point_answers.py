"""What is asked about risk points: pages by words or of those without a plan, one with what is bound to it."""

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.plan_answers import MOST_ON_A_PAGE, MOST_WORDS, check_limit, heads_of, meant
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import PlanBinding, PlanState, PlanTemplate
from chengyun_core.store import plan_table, risk_point_table
from chengyun_core.wire import codec
from chengyun_core.wire.plan_asks import AskPoint, AskPoints, BoundHere, PointHead, PointTold, RiskPoints


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

"""Plans for an event: gathers the few that can fit among all that are bound, and has them ranked."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import event_care
from chengyun_core.centre.desk import Desk
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan import PlanBinding, PlanTemplate, RiskPoint
from chengyun_core.model.plan_match import Candidate, Facts, Misfit, rank
from chengyun_core.store import alarm_table, plan_table, risk_point_table
from chengyun_core.wire.plan_asks import AskMatch, Matches

MOST_POINTS = 100
"""Risk points looked at around an event, the nearest first."""
WIDEST_M = 50_000.0
MOST_MATCHES = 200


def matches(desk: Desk, connection: Connection, ask: AskMatch) -> Matches:
    """Return the plans that fit, best first."""
    if not 1 <= ask.limit <= MOST_MATCHES or not 0 < ask.radius_m <= WIDEST_M:
        raise Refused("ask.out_of_range", after=ask.radius_m, limit=ask.limit, most=MOST_MATCHES)
    facts = facts_of(desk, connection, ask)
    fitting, misfits = rank(facts, candidates(connection, facts))
    here = tuple(one for one in misfits if _is_here(facts, one))
    return Matches(matches=tuple(fitting[: ask.limit]), count=len(fitting), misfits=here)


def facts_of(desk: Desk, connection: Connection, ask: AskMatch) -> Facts:
    """Return what is known of the event, with what the ask says instead."""
    asked = Facts(
        matter=ask.matter, attributes=ask.attributes, longitude=ask.longitude, latitude=ask.latitude,
        risk_point=ask.risk_point, vitals=frozenset(ask.vitals), radius_m=ask.radius_m,
        today=desk.shown(desk.clock.utc_ns())[:10],
    )  # fmt: skip
    if not ask.event:
        return asked
    event = event_care.get(connection, ask.event)
    elsewhere = ask.longitude is not None and ask.latitude is not None
    return replace(
        asked, matter=ask.matter or event.matter, attributes={**event.attributes, **ask.attributes},
        longitude=ask.longitude if elsewhere else event.longitude,
        latitude=ask.latitude if elsewhere else event.latitude, risk_point=ask.risk_point or event.risk_point,
        vitals=asked.vitals | _vitals_of(connection, event),
    )  # fmt: skip


def candidates(connection: Connection, facts: Facts) -> list[Candidate]:
    """Return what may fit: plans bound at the place, near it or to what its vitals watch; and those of the matter."""
    points = _points(connection, facts)
    bindings = risk_point_table.bindings_at(connection, points)
    found = plan_table.in_force_for(connection, facts.matter, (held.template for held in bindings))
    templates = {one.code: one for one in found}
    bound = [_bound(templates, held, points) for held in bindings if held.template in templates]
    of_matter = [one for one in found if facts.matter and one.matter == facts.matter]
    taken = {one.template.code for one in bound if not facts.matter or one.template.matter == facts.matter}
    return bound + [Candidate(template=one) for one in of_matter if one.code not in taken]


def _bound(
    templates: dict[str, PlanTemplate], held: PlanBinding, points: dict[str, tuple[RiskPoint, float | None]]
) -> Candidate:  # fmt: skip
    point, metres = points[held.risk_point]
    return Candidate(template=templates[held.template], binding=held, point=point, metres=metres)


def _points(connection: Connection, facts: Facts) -> dict[str, tuple[RiskPoint, float | None]]:
    found: dict[str, tuple[RiskPoint, float | None]] = {}
    if facts.longitude is not None and facts.latitude is not None:
        near = risk_point_table.near(connection, facts.longitude, facts.latitude, facts.radius_m, MOST_POINTS)
        found = {point.code: (point, metres) for point, metres in near}
    named = [facts.risk_point] if facts.risk_point else []
    named += risk_point_table.watched_by(connection, facts.vitals)[:MOST_POINTS] if facts.vitals else []
    more = risk_point_table.points(connection, [code for code in named if code not in found])
    return {**found, **{code: (point, None) for code, point in more.items()}}


def _vitals_of(connection: Connection, event: Event) -> frozenset[str]:
    alarms = (alarm_table.get(connection, number) for number in event.alarms)
    return frozenset(alarm.vital_code for alarm in alarms if alarm is not None)


def _is_here(facts: Facts, misfit: Misfit) -> bool:
    return bool(facts.risk_point) and misfit.risk_point == facts.risk_point

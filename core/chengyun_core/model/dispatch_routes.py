"""Which routes hold for a call, and whom they need: one lead, from the closest route; assistants from all of them."""

from collections.abc import Iterable, Sequence

from chengyun_core.model.dispatch import Route
from chengyun_core.model.dispatch_call import Call, Need, RouteSkipped
from chengyun_core.model.dispatch_conditions import (
    ANY_MATTER,
    CAPABILITY_PREFIX,
    listed,
    within_hours,
)
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Role
from chengyun_core.model.plan_conditions import Verdict, conditions_of, judged
from chengyun_core.model.scales import EventGrade


def routed(routes: Iterable[Route], call: Call) -> tuple[list[Route], list[RouteSkipped]]:
    """Return the routes of a call's matter that hold, closest first, and the others with why not."""
    found: list[Route] = []
    skipped: list[RouteSkipped] = []
    for route in routes:
        if route.matter not in {call.matter, ANY_MATTER}:
            continue
        reason = _against(route, call)
        if reason is None:
            found.append(route)
        else:
            skipped.append(RouteSkipped(route=route.code, reason=reason))
    return sorted(found, key=lambda route: _order(route, call)), skipped


def needs_of(routes: Sequence[Route]) -> list[Need]:
    """Return whom these routes need: the lead of the first that names one, and every assistant once."""
    leads = [_need(route, route.lead.strip(), Role.LEAD) for route in routes if route.lead.strip()]
    assists = [_need(route, name, Role.ASSIST) for route in routes for name in listed(route.assist)]
    needs = leads[:1]
    seen = {(need.unit, need.capability) for need in needs}
    for need in assists:
        if (need.unit, need.capability) not in seen:
            seen.add((need.unit, need.capability))
            needs.append(need)
    return needs


def _need(route: Route, name: str, role: Role) -> Need:
    if name.startswith(CAPABILITY_PREFIX):
        return Need(role=role, capability=name.removeprefix(CAPABILITY_PREFIX), route=route.code)
    return Need(role=role, unit=name, route=route.code)


def _order(route: Route, call: Call) -> tuple[object, ...]:
    """Sort the closest first: matter, nearest centre, condition, grade, hours; then by weight."""
    centre = call.path.index(route.centre) if route.centre in call.path else len(call.path)
    return (
        route.matter == ANY_MATTER, centre, not route.condition, -route.grade_from, not route.hours, -route.weight,
        route.code,
    )  # fmt: skip


def _against(route: Route, call: Call) -> Reason | None:
    """Return why a route does not hold, None when it does. Grade unknown counts as the lowest."""
    if route.centre and route.centre not in call.path:
        return Reason(code="dispatch.route_elsewhere", params={"centre": route.centre})
    grade = call.grade or EventGrade.GENERAL
    if grade < route.grade_from:
        return Reason(code="dispatch.route_grade", params={"grade": str(int(grade)), "from": str(route.grade_from)})
    if not within_hours(route.hours, call.minute):
        return Reason(code="dispatch.route_hours", params={"hours": route.hours, "at": f"{call.minute:%H:%M}"})
    return _unmet(route, call)


def _unmet(route: Route, call: Call) -> Reason | None:
    for condition in conditions_of(route.condition):
        verdict = judged(condition, call.attributes)
        if verdict is Verdict.HOLDS:
            continue
        told = {"condition": route.condition, "attribute": condition.attribute}
        if verdict is Verdict.MISSING:
            return Reason(code="dispatch.route_not_known", params=told)
        value = call.attributes[condition.attribute]
        return Reason(code="dispatch.route_condition", params=told | {"value": value})
    return None

"""Questions about the mode: the page of declarations, presets and orders."""

from sqlalchemy import Connection

from chengyun_core.centre import mode_care, mode_orders, mode_reports
from chengyun_core.centre.desk import Desk
from chengyun_core.model.failure import Refused
from chengyun_core.model.mode import Declaration
from chengyun_core.model.mode_rules import covers, in_effect, is_living
from chengyun_core.model.scales import Mode
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Hello
from chengyun_core.wire.mode_asks import AskModes, AskSets, Modes, SetsTold

MOST = 200


def page(desk: Desk, connection: Connection, ask: AskModes) -> bytes:
    """Return the declarations, those in force first, then the newest; presets; orders that wait; reports that are due.

    centre: only what covers it, or lies below it.
    """
    if not 1 <= ask.limit <= MOST:
        raise Refused("mode.page_limit", limit=ask.limit, most=MOST)
    found = [one for one in desk.declarations.values() if _concerns(desk, one, ask.centre)]
    found.sort(key=lambda one: (not is_living(one), -one.number))
    affected = [code for code in desk.city.centres if not ask.centre or ask.centre in desk.city.path(code)]
    effects = {code: in_effect(desk.declarations.values(), desk.city.path(code)) for code in affected}
    waiting = mode_care.ORDERS.standing(connection, lambda one: one.state in mode_orders.OPEN)
    return codec.pack(
        Modes(
            declarations=tuple(found[: ask.limit]),
            presets=tuple(one for one, _ in mode_care.PRESETS.standing(connection, lambda _: True)),
            orders=tuple(one for one, _ in waiting if not ask.centre or ask.centre in desk.city.path(one.centre)),
            reports=tuple(one for one, _ in mode_reports.open_ones(connection)),
            in_effect={code: one for code, one in effects.items() if one.mode is not Mode.PEACETIME},
        )
    )


def sets(desk: Desk, connection: Connection, ask: AskSets) -> bytes:  # noqa: ARG001 - an answer's signature
    """Return the sets by scope when nothing else changed since the version held; switches of this run are known."""
    version = desk.city.version
    same = ask.version == version
    while same and version != ask.held:
        same = version in desk.only_sets
        version = desk.only_sets.get(version, 0)
    return codec.pack(SetsTold(version=ask.version, sets=dict(desk.city.scope_sets) if same else None))


def here(desk: Desk, connection: Connection, hello: Hello) -> bytes:  # noqa: ARG001 - an answer's signature
    """Answer a console that says that it lives; the door took note of its seat."""
    return codec.pack(Done(change=0))


def _concerns(desk: Desk, one: Declaration, centre: str) -> bool:
    return not centre or covers(one.scope, desk.city.path(centre), one.scope.track) or (
        centre in desk.city.path(one.scope.centre)
    )  # fmt: skip

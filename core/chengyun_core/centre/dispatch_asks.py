"""Questions to dispatch: whom to call for an event, and which orders were given back and why."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta, timezone

from sqlalchemy import Connection, Join, func, select

from chengyun_core.centre import event_care, units
from chengyun_core.centre.desk import Desk
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.dispatch import Route
from chengyun_core.model.dispatch_call import Call, Judged, Need, Proposal
from chengyun_core.model.dispatch_conditions import ANY_MATTER, CAPABILITY_PREFIX, listed
from chengyun_core.model.dispatch_narrative import read
from chengyun_core.model.dispatch_routes import needs_of, routed
from chengyun_core.model.dispatch_rules import Roster, propose, propose_for
from chengyun_core.model.dispatch_score import judge, reach_of
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Receipt, ReceiptState
from chengyun_core.store import order_table
from chengyun_core.store.chain_tables import EVENTS, ORDERS, RECEIPTS
from chengyun_core.wire import codec
from chengyun_core.wire.dispatch_asks import AskMisroutes, AskProposal, AskReading, Misroute, Misroutes, Proposed

MOST_NEEDS, MOST_ABOUT, MOST_DAYS, MOST_REASONS = 64, 64, 3660, 10
MOST_LETTERS = 20_000
_ABOARD = frozenset({ReceiptState.KEPT, ReceiptState.OPEN, ReceiptState.SUSPENDED, ReceiptState.DONE})


def proposal(desk: Desk, connection: Connection, ask: AskProposal) -> bytes:
    """Return whom dispatch would call.

    Raises:
        Refused: `event.unknown`; `dispatch.no_centre`, neither ask nor event says where; `dispatch.too_many`.
    """
    if len(ask.needs) > MOST_NEEDS or len(ask.about) > MOST_ABOUT:
        raise Refused("dispatch.too_many", needs=len(ask.needs), about=len(ask.about), most=MOST_NEEDS)
    call = call_of(desk, connection, ask)
    roster = units.roster(desk, connection)
    made = whom_to_call(desk, call, ask.needs, roster)
    return codec.pack(Proposed(proposal=made, about=tuple(_about(desk, call, ask, roster))))


def reading(desk: Desk, _connection: Connection, ask: AskReading) -> bytes:
    """Return what a narrative seems to say; raise Refused `dispatch.narrative_long`."""
    if len(ask.narrative) > MOST_LETTERS:
        raise Refused("dispatch.narrative_long", length=len(ask.narrative), most=MOST_LETTERS)
    area = desk.city.path(ask.centre)
    return codec.pack(read(ask.narrative, desk.city.reader, area=area, matter=ask.matter, now=_local(desk)))


def whom_to_call(desk: Desk, call: Call, needs: tuple[Need, ...], roster: Roster) -> Proposal:
    """Return whom these needs, or else the routes of the call's matter, would have called."""
    routes = desk.city.routes.values()
    return propose_for(call, needs, roster) if needs else propose(call, routes, roster)


def call_of(desk: Desk, connection: Connection, ask: AskProposal) -> Call:
    """Return the call that an ask describes; what it leaves empty is the event's."""
    event = None if ask.event is None else event_care.get(connection, ask.event)
    centre = ask.centre or (event.centre if event else "")
    if centre not in desk.city.centres:
        raise Refused("dispatch.no_centre", centre=centre[:64])
    has_place = ask.longitude is not None and ask.latitude is not None
    place = (ask.longitude, ask.latitude) if has_place or event is None else (event.longitude, event.latitude)
    aboard, returned = _known(connection, event)
    return Call(
        matter=ask.matter or (event.matter if event else ""), centre=centre, path=desk.city.path(centre),
        grade=ask.grade or (event.grade if event else None), longitude=place[0], latitude=place[1],
        attributes={**(event.attributes if event else {}), **ask.attributes}, minute=minute_of(desk),
        now_ns=desk.clock.utc_ns(), aboard=aboard, returned=returned,
    )  # fmt: skip


def minute_of(desk: Desk) -> time:
    """Return the time of day in the city's zone."""
    return _local(desk).time().replace(second=0, microsecond=0)


def _local(desk: Desk) -> datetime:
    zone = timezone(timedelta(minutes=desk.settings.zone_minutes))
    return datetime.fromtimestamp(desk.clock.utc_ns() // NS_PER_S, tz=UTC).astimezone(zone)


def misroutes(desk: Desk, connection: Connection, ask: AskMisroutes) -> bytes:
    """Return what was given back, by matter and unit, with the routes that had it sent there (D5).

    A report only: weights change by an import of the catalogue, which a person answers for.
    """
    if not 0 < ask.days <= MOST_DAYS:
        raise Refused("ask.out_of_days", days=ask.days, most=MOST_DAYS)
    since = desk.clock.utc_ns() - round(ask.days * 86_400 * NS_PER_S)
    counted = _counted(connection, since)
    reasons = _reasons(connection, since)
    rows = [
        Misroute(
            matter=matter, unit=unit, orders=sum(states.values()), returned=states[ReceiptState.RETURNED.value],
            routes=_routes_to(desk, matter, unit), reasons=tuple(reasons[matter, unit].most_common(MOST_REASONS)),
        )
        for (matter, unit), states in counted.items() if states[ReceiptState.RETURNED.value]
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row.returned, row.matter, row.unit))
    orders = sum(sum(states.values()) for states in counted.values())
    told = Misroutes(rows=tuple(rows), orders=orders, returned=sum(row.returned for row in rows), since=since)
    return codec.pack(told)


def _known(connection: Connection, event: Event | None) -> tuple[frozenset[str], dict[str, str]]:
    """Return who holds an order of the event, and who gave one back and why."""
    receipts = [] if event is None else order_table.receipts_of_event(connection, event.number)
    aboard = frozenset(one.recipient for one in receipts if one.state in _ABOARD)
    back = {one.recipient: one.returned_reason for one in receipts if one.state is ReceiptState.RETURNED}
    return aboard, {unit: reason for unit, reason in back.items() if unit not in aboard}


def _about(desk: Desk, call: Call, ask: AskProposal, roster: Roster) -> list[Judged]:
    needs = ask.needs or tuple(needs_of(routed(desk.city.routes.values(), call)[0]))
    if not needs:
        return []
    standings = [found for code in ask.about if (found := roster.standings.get(code))]
    return [judge(one, needs[0], call, reach_of(one.path, call))[0] for one in standings]


def _counted(connection: Connection, since: int) -> dict[tuple[str, str], Counter[str]]:
    statement = (
        select(EVENTS.c.matter, RECEIPTS.c.recipient, RECEIPTS.c.state, func.count().label("receipts"))
        .select_from(_receipts_with_event())
        .where(ORDERS.c.issued_at >= since)
        .group_by(EVENTS.c.matter, RECEIPTS.c.recipient, RECEIPTS.c.state)
    )
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in connection.execute(statement):
        found[row.matter, row.recipient][row.state] = row.receipts
    return found


def _reasons(connection: Connection, since: int) -> dict[tuple[str, str], Counter[str]]:
    statement = (
        select(EVENTS.c.matter, RECEIPTS.c.record)
        .select_from(_receipts_with_event())
        .where(ORDERS.c.issued_at >= since, RECEIPTS.c.state == ReceiptState.RETURNED.value)
    )
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in connection.execute(statement):
        receipt = codec.unpack(row.record, Receipt)
        found[row.matter, receipt.recipient][receipt.returned_reason] += 1
    return found


def _receipts_with_event() -> Join:
    orders = RECEIPTS.join(ORDERS, ORDERS.c.number == RECEIPTS.c.order_number)
    return orders.join(EVENTS, EVENTS.c.number == RECEIPTS.c.event)


def _routes_to(desk: Desk, matter: str, unit: str) -> tuple[str, ...]:
    held = desk.city.units.get(unit)
    names = {unit} | ({CAPABILITY_PREFIX + word for word in listed(held.capabilities)} if held else set())
    return tuple(route.code for route in desk.city.routes.values() if _speaks_of(route, matter, names))


def _speaks_of(route: Route, matter: str, names: set[str]) -> bool:
    return route.matter in {matter, ANY_MATTER} and bool(names & {route.lead, *listed(route.assist)})

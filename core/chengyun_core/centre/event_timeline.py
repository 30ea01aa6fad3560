"""An event's timeline and waterfall, read from the journal: there is no second log (E6, W2)."""

from sqlalchemy import Connection, or_, select

from chengyun_core.centre import alarm_evidence, event_care, event_orders
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.order_sweeps import PROGRESS
from chengyun_core.model.event import Event, Hop
from chengyun_core.model.failure import Refused
from chengyun_core.model.hop_waterfall import medians, waterfall
from chengyun_core.model.permission import centre_of
from chengyun_core.model.room_rules import UNTOLD
from chengyun_core.store import drawing_table, event_pages, event_rows, room_table
from chengyun_core.store.chain_tables import ORDERS, PLAN_RUNS, RECEIPTS, SIDE_REQUESTS
from chengyun_core.store.event_rows import Row
from chengyun_core.wire import codec
from chengyun_core.wire.event_asks import AskEvent, AskTimeline, HopRow, Hops, Timeline, TimelineLine

MOST_LINES = 2000
MOST_ROWS = 20_000
"""Rows of one event looked at for its hops and drafts, which need the newest as well."""
MOST_PEERS = 100
MOST_ALARMS = 100
"""Alarms of an event whose own rows are told; the event's row names them all."""
_ALARM_LINES = frozenset({
    "alarm.raise", "alarm.escalate", "alarm.return", "alarm.acknowledge", "alarm.shelve", "alarm.close",
    "alarm.realarm", "alarm.comment",
})  # fmt: skip
"""What of an alarm's life belongs to the event; clustering, marks and badges do not."""


def timeline(desk: Desk, connection: Connection, ask: AskTimeline) -> bytes:
    """Answer `event.timeline`."""
    if not 1 <= ask.limit <= MOST_LINES:
        raise Refused("ask.out_of_range", after=ask.after, limit=ask.limit, most=MOST_LINES)
    event = event_care.get(connection, ask.event)
    rows = rows_of(connection, event, ask.after, ask.limit + 1)
    lines = tuple(line_of(desk, row) for row in rows[: ask.limit])
    return codec.pack(Timeline(lines=lines, more=len(rows) > ask.limit))


def rows_of(connection: Connection, event: Event, after: int = 0, limit: int = MOST_LINES) -> list[Row]:
    """Return the rows of everything that belongs to an event, oldest first."""
    keys = keys_of(connection, event)
    found: list[Row] = []
    # Rows that are not told must not use up the limit, or a page could be empty before the end.
    while len(found) < limit:
        rows = event_rows.lines_of(connection, keys, after, limit)
        found += [row for row in rows if _is_told(row)]
        if len(rows) < limit:
            break
        after = rows[-1].number
    return found[:limit]


def _is_told(row: Row) -> bool:
    return row.action != PROGRESS and row.action not in UNTOLD and (row.kind != "alarm" or row.action in _ALARM_LINES)


def keys_of(connection: Connection, event: Event) -> dict[str, list[str]]:
    """Return kind → keys of the records whose rows are the event's timeline.

    Reports, attachments and items have no rows of their own here: each is told by a row of the event that names it.
    """
    # What went on in the event it was merged into is its own story, too (并案).
    carried = [order.number for order in event_orders.of_merged(connection, event)]
    ours = or_(RECEIPTS.c.event == event.number, RECEIPTS.c.order_number.in_(carried))
    receipts = connection.execute(select(RECEIPTS.c.order_number, RECEIPTS.c.place).where(ours)).all()
    orders = list(connection.execute(select(ORDERS.c.number).where(ORDERS.c.event == event.number)).scalars())
    orders += carried
    runs = connection.execute(select(PLAN_RUNS.c.number).where(PLAN_RUNS.c.event == event.number)).scalars()
    keys = {
        event_care.KIND: [str(event.number)],
        "dispatch": [str(event.number)],
        "order": [str(number) for number in orders],
        "receipt": [f"{row.order_number}.{row.place}" for row in receipts],
        "plan_run": [str(number) for number in runs],
        "drawing": [str(drawing.number) for drawing in drawing_table.of_event(connection, event.number)],
        "alarm": [str(number) for number in event.alarms[:MOST_ALARMS]],
        "evidence": alarm_evidence.before(connection, event, event.alarms[:MOST_ALARMS]),
        "side_request": _requests(connection, orders),
        **room_table.keys_of_event(connection, event.number),
    }
    return {kind: found for kind, found in keys.items() if found}


def _requests(connection: Connection, orders: list[int]) -> list[str]:
    if not orders:
        return []
    columns = select(SIDE_REQUESTS.c.number).where(SIDE_REQUESTS.c.order_number.in_(orders[:500]))
    return [str(number) for number in connection.execute(columns).scalars()]


def line_of(desk: Desk, row: Row) -> TimelineLine:
    """Return a row as a line: source time beside the time the centre took it, and the level of who did it."""
    place = desk.city.centres.get(centre_of(row.post)) if row.post else None
    told = row.params.get("source_at", "")
    return TimelineLine(
        number=row.number, at=row.at_ns, source_at=int(told) if told.isascii() and told.isdigit() else row.at_ns,
        code=f"timeline.{row.action}", params=row.params, account=row.account, seat=row.seat,
        level=place.level.value if place else "", kind=row.kind, key=row.key,
    )  # fmt: skip


def hops(desk: Desk, connection: Connection, ask: AskEvent) -> bytes:
    """Answer `event.hops`."""
    event = event_care.get(connection, ask.event)
    matter = desk.city.matters.get(event.matter)
    received = _received(connection, event)
    peers = _peers(connection, event)
    usual = medians(peer.hops for peer in peers)
    rows = tuple(
        HopRow(
            hop=fall.hop, at=fall.at, received_at=received.get(fall.hop, fall.at), since_source_s=fall.since_source_s,
            since_previous_s=fall.since_previous_s, budget_s=fall.budget_s, budget_from=fall.budget_from,
            late_s=fall.late_s, peers_s=usual.get(fall.hop),
        )
        for fall in waterfall(event.hops, matter.handle_min if matter else None)
    )  # fmt: skip
    missing = tuple(hop for hop in Hop if hop not in event.hops)
    return codec.pack(Hops(rows=rows, missing=missing, peers=len(peers)))


def _peers(connection: Connection, event: Event) -> list[Event]:
    """Return the events of the same matter that were closed last, itself left out."""
    if not event.matter:
        return []
    wanted: dict[str, object] = {"matter": event.matter, "living": False}
    found = event_pages.page(connection, wanted, above=0, below=0, limit=MOST_PEERS).records
    ended = (codec.unpack(record, Event) for record in found)
    return [peer for peer in ended if peer.closed_at is not None and peer.number != event.number]


def _received(connection: Connection, event: Event) -> dict[Hop, int]:
    """Return when the centre learnt of each hop: the first row that brought it."""
    found: dict[Hop, int] = {}
    for row in event_rows.lines_of(connection, {event_care.KIND: [str(event.number)]}, 0, MOST_ROWS):
        named = row.params.get("hop", "")
        hop = Hop(named) if named in _HOPS else _BY_ACTION.get(row.action)
        if hop is not None:
            found.setdefault(hop, row.at_ns)
        if row.action in ("event.open", "event.import"):
            # The chain before the event was learnt of with its alarms; it was told to the event when that began.
            for earlier in (Hop.SOURCE, Hop.RAISED, Hop.ACKNOWLEDGED):
                if earlier in event.hops:
                    found.setdefault(earlier, event.hops.get(Hop.RAISED, row.at_ns))
    if Hop.ACKNOWLEDGED in event.hops:
        found[Hop.ACKNOWLEDGED] = event.hops[Hop.ACKNOWLEDGED]
    return found


_HOPS = frozenset(hop.value for hop in Hop)
_BY_ACTION = {
    "event.open": Hop.OPENED, "event.import": Hop.OPENED, "event.verify": Hop.VERIFIED, "event.grade": Hop.GRADED,
    "event.feed_back": Hop.FED_BACK, "event.close": Hop.CLOSED, "event.review": Hop.REVIEWED,
}  # fmt: skip
"""Action of a row → the hop it stamps; `event.check` stamps its hop only when passed, and names it."""

"""Questions about orders and receipts: one order, pages, what has not left, texts and deadlines to choose from."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import recipients, roll_calls
from chengyun_core.centre.desk import Desk
from chengyun_core.model import deadline_rules, order_texts
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Receipt, Step, key_of
from chengyun_core.model.receipt_rules import heard_at
from chengyun_core.store import event_rows, order_pages, order_table, request_table
from chengyun_core.store import outbox as waiting_facts
from chengyun_core.store.order_pages import After
from chengyun_core.wire import codec
from chengyun_core.wire.order_asks import (
    AskOrder,
    AskOrders,
    AskOrderTemplates,
    AskOutbox,
    AskReceipts,
    AskRollCall,
    CentreQueue,
    DeadlineTemplate,
    Orders,
    OrderTemplates,
    OrderTold,
    Outbox,
    OutboxLine,
    Receipts,
    ReceiptView,
    RollCallTold,
)
from chengyun_resources.texts import LANGUAGES, Texts

LARGEST_PAGE = 200
MOST_HISTORY = 1000
_EVER = 2**62


def order(desk: Desk, connection: Connection, ask: AskOrder) -> bytes:
    """Answer `order.get`."""
    del desk
    found = order_table.get(connection, ask.order)
    if found is None:
        raise Refused("order.unknown", order=ask.order)
    receipts = order_table.receipts_of(connection, ask.order)
    requests = request_table.of_order(connection, ask.order)
    keys = {
        "order": [str(ask.order)], "receipt": [key_of(one) for one in receipts],
        request_table.KIND: [str(one.number) for one in requests],
    }  # fmt: skip
    rows = event_rows.lines_of(connection, keys, 0, MOST_HISTORY + 1)
    told = OrderTold(
        order=found, receipts=tuple(receipts), requests=tuple(requests),
        history=tuple(_line(row) for row in rows[:MOST_HISTORY]), history_cut=len(rows) > MOST_HISTORY,
    )  # fmt: skip
    return codec.pack(told)


def orders(desk: Desk, connection: Connection, ask: AskOrders) -> bytes:
    """Answer `order.page`."""
    del desk
    _check_limit(ask.limit)
    found = order_pages.orders(
        connection, ask.before, ask.limit + 1, living=ask.living, event=ask.event, centre=ask.centre
    )  # fmt: skip
    return codec.pack(Orders(orders=tuple(found[: ask.limit]), more=len(found) > ask.limit))


def receipts(desk: Desk, connection: Connection, ask: AskReceipts) -> bytes:
    """Answer `receipt.page`."""
    _check_limit(ask.limit)
    found = _viewed(desk, connection, ask)
    page = tuple(found[: ask.limit])
    more = _key(ask.view, page[-1]) if len(found) > ask.limit else None
    return codec.pack(Receipts(receipts=page, next=more))


def outbox(desk: Desk, connection: Connection, ask: AskOutbox) -> bytes:
    """Answer `order.outbox`: honest about what has not left (T6)."""
    del ask
    lines: dict[str, OutboxLine] = {}
    for code, step, count in order_pages.unread(connection):
        line = lines.get(code) or OutboxLine(recipient=code, away=_away(desk, code))
        if step is Step.DELIVERED:
            line = replace(line, delivered=line.delivered + count)
        elif line.away:
            line = replace(line, waiting=line.waiting + count)
        else:
            line = replace(line, sent=line.sent + count)
        lines[code] = line
    queues = tuple(
        CentreQueue(centre=one.target, rows=one.rows, oldest_ns=one.oldest_ns)
        for one in waiting_facts.standing(connection)
    )
    return codec.pack(Outbox(lines=tuple(lines.values()), queues=queues))


def templates(desk: Desk, connection: Connection, ask: AskOrderTemplates) -> bytes:
    """Answer `order.templates`; a catalogue's text of a house name takes its place."""
    del connection
    if ask.language not in LANGUAGES:
        raise Refused("ask.no_language", language=ask.language[:32])
    texts = Texts(ask.language)
    house = {name: order_texts.parsed(name, texts.say(f"order_text.{name}")) for name in order_texts.HOUSE}
    own = order_texts.of_facts(desk.city.facts)
    named = {**own, **{name: text for name, text in house.items() if name not in own}}
    known = deadline_rules.templates(desk.city.facts)
    deadlines = tuple(
        DeadlineTemplate(name=name, minutes=known[name].minutes, of_house=name == desk.settings.order_deadlines)
        for name in sorted(known)
    )
    return codec.pack(OrderTemplates(texts=tuple(named.values()), deadlines=deadlines))


def roll_call(desk: Desk, connection: Connection, ask: AskRollCall) -> bytes:
    """Answer `roll_call.get`."""
    del desk
    call = roll_calls.LOG.get(connection, ask.call)
    if call is None:
        raise Refused("roll_call.unknown", call=ask.call)
    answers = roll_calls.answers_of(connection, call)
    heard = {answer.code for answer in answers}
    missing = tuple(code for code in call.called if code not in heard)
    return codec.pack(RollCallTold(call=call, answers=answers, missing=missing))


def _viewed(desk: Desk, connection: Connection, ask: AskReceipts) -> list[Receipt]:
    now, most = desk.clock.utc_ns(), ask.limit + 1
    near = round(desk.settings.order_near_minutes * 60 * NS_PER_S)
    silent = round(desk.settings.order_silent_minutes * 60 * NS_PER_S)
    match ask.view:
        case ReceiptView.RECEIVED:
            recipients.centre(desk.city, ask.recipient)
            return order_pages.received(connection, ask.recipient, ask.state, ask.after, most)
        case ReceiptView.RETURNED:
            return order_pages.returned(connection, ask.recipient, ask.after, most)
        case ReceiptView.OVERDUE:
            return order_pages.timed(connection, "due_at", ask.recipient, (0, now), ask.after, most)
        case ReceiptView.NEAR_DUE:
            return order_pages.timed(connection, "due_at", ask.recipient, (now, now + near), ask.after, most)
        case ReceiptView.SILENT:
            return order_pages.timed(connection, "heard_at", ask.recipient, (0, now - silent), ask.after, most)


def _key(view: ReceiptView, last: Receipt) -> After:
    time = 0
    if view in (ReceiptView.OVERDUE, ReceiptView.NEAR_DUE):
        time = deadline_rules.due_at(last) or 0
    elif view is ReceiptView.SILENT:
        time = heard_at(last) or 0
    return time, last.order, last.place


def _away(desk: Desk, code: str) -> str:
    try:
        return recipients.away(desk, code)
    except Refused:
        # The catalogue of today no longer knows the recipient; its consoles, if any, are ours.
        return ""


def _line(row: event_rows.Row) -> Change:
    return Change(
        number=row.number, at_ns=row.at_ns, action=row.action, kind=row.kind, key=row.key, version=0, record=b"",
        account=row.account, seat=row.seat, params=row.params,
    )  # fmt: skip


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refused("order.page_size", limit=limit, most=LARGEST_PAGE)

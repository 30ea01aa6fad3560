"""Rows of the lists of page F4: orders given, receipts received, what is late, the supervision board, requests."""

from collections.abc import Collection

from chengyun_console.wording.orders import OrderWords
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.order import Order, OrderState, Receipt, SideRequest, Step, key_of
from chengyun_core.model.order_commands import OrderDraft
from chengyun_core.wire.order_asks import BoardLine
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow


def order_row(words: OrderWords, facts: FactMirror, order: Order, now_ns: int, late: int = 0) -> FactRow:
    """Return the row of an order that was given: how far its recipients are, and how many of them are `late`."""
    event = _event(facts, order.event)
    badges = (words.say("tasks.badge.late", count=late),) if late else ()
    end_ns = now_ns if order.state is OrderState.SENT else order.changed_at
    return FactRow(
        key=f"order:{order.number}",
        severity=words.severity(event),
        title=order.title,
        detail=joined(order.code, event.code if event else "", words.place(order.centre), order.place),
        age=words.figures.short_duration((end_ns - (order.sent_at or order.issued_at)) / NS_PER_S),
        status=words.order_state(order),
        status_colour=Colour.DONE if order.state is OrderState.DONE else Colour.TEXT_SECOND,
        badges=(*_criticals(words, order), *badges),
        is_struck=order.state in (OrderState.RECALLED, OrderState.VOID, OrderState.REFUSED),
    )


def batch_row(words: OrderWords, facts: FactMirror, place: int, draft: OrderDraft) -> FactRow:
    """Return the row of an order that waits at this seat to be sent with others."""
    event = _event(facts, draft.event)
    names = words.say("console.names_between").join(words.who(one.code) for one in draft.recipients)
    critical = (words.say(f"order.critical.{draft.critical}"),) if draft.critical else ()
    return FactRow(
        key=f"batch:{place}",
        severity=words.severity(event),
        title=draft.title,
        detail=joined(names, event.code if event else "", draft.place),
        status=words.say("tasks.batch.status"),
        badges=critical,
    )


def receipt_row(words: OrderWords, facts: FactMirror, receipt: Receipt, now_ns: int) -> FactRow:
    """Return the row of a receipt: what is to be done, for whom, and the clock that runs."""
    order, event = facts.orders.get(receipt.order), _event(facts, receipt.event)
    request = facts.requests.get(receipt.request) if receipt.request is not None else None
    title = receipt.task or (order.title if order else words.say("tasks.order_number", number=receipt.order))
    return FactRow(
        key=key_of(receipt),
        severity=words.severity(event),
        title=title,
        detail=joined(words.who(receipt.recipient), order.code if order else "", event.code if event else ""),
        age=words.clock(receipt, now_ns),
        status=words.standing(receipt),
        status_colour=Colour.TEXT if Step.SIGNED not in receipt.climbed else Colour.TEXT_SECOND,
        badges=words.notes(receipt, request),
        is_struck=words.is_struck(receipt),
    )


def late_row(
    words: OrderWords, facts: FactMirror, receipt: Receipt, now_ns: int, marked: Collection[str] = ()
) -> FactRow:  # fmt: skip
    """Return the row of a receipt whose clock is over or nearly so: the recipient first."""
    order, event = facts.orders.get(receipt.order), _event(facts, receipt.event)
    return FactRow(
        key=key_of(receipt),
        severity=words.severity(event),
        title=words.who(receipt.recipient),
        detail=joined(order.code if order else "", order.title if order else receipt.task),
        age=words.clock(receipt, now_ns),
        status=words.standing(receipt),
        status_colour=words.clock_colour(receipt, now_ns),
        badges=words.notes(receipt, facts.requests.get(receipt.request or 0)),
        is_marked=key_of(receipt) in marked,
    )


def board_row(
    words: OrderWords, facts: FactMirror, line: BoardLine, now_ns: int, marked: Collection[str] = ()
) -> FactRow:  # fmt: skip
    """Return a line of the supervision board: what was promised, and how often already, before what it is about."""
    receipt = line.standing.receipt
    event = _event(facts, receipt.event)
    until = words.until(receipt.promised_at, now_ns)
    promised = words.say("tasks.promised", count=receipt.extended, time=until) if until else ""
    notes = words.notes(receipt, facts.requests.get(receipt.request or 0), has_promise=False)
    return FactRow(
        key=key_of(receipt),
        severity=words.severity(event),
        title=words.who(receipt.recipient),
        detail=joined(promised, line.order_code, line.title, line.event_code),
        age=words.figures.short_duration(line.standing.late_s),
        status=words.why(line.standing.why),
        status_colour=Colour.TEXT,
        badges=notes,
        is_marked=key_of(receipt) in marked,
    )


def request_row(words: OrderWords, facts: FactMirror, request: SideRequest, now_ns: int) -> FactRow:
    """Return a request that waits: who asks for what, until when, and how often he got more time already."""
    order, receipt = facts.orders.get(request.order), facts.receipts.get(f"{request.order}.{request.place}")
    event = _event(facts, receipt.event if receipt else None)
    until = words.until(request.until, now_ns)
    kind = words.kind(request.kind)
    times = receipt.extended if receipt else 0
    return FactRow(
        key=f"{request.order}.{request.place}",
        severity=words.severity(event),
        title=words.say("tasks.request.title", who=words.who(request.recipient), kind=kind),
        detail=joined(request.reason, order.code if order else "", order.title if order else ""),
        age=words.figures.short_duration((now_ns - request.asked_at) / NS_PER_S),
        status=words.say("tasks.request.until", time=until) if until else "",
        badges=(words.say("tasks.note.extended", count=times),) if times else (),
    )


def heading(key: str, title: str) -> FactRow:
    """Return a low row that names those beneath it."""
    return FactRow(key=key, severity=Severity.NONE, title=title, is_heading=True)


def _criticals(words: OrderWords, order: Order) -> tuple[str, ...]:
    return (words.say(f"order.critical.{order.critical}"),) if order.critical else ()


def _event(facts: FactMirror, number: int | None) -> Event | None:
    return facts.events.get(number) if number is not None else None


def joined(*parts: str) -> str:
    """Return the parts that say something, in one line."""
    return " · ".join(part for part in parts if part)

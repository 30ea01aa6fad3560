"""专报 of one event: its elements, how it went by source and by receipt, orders and receipts, decisions, losses."""

from dataclasses import dataclass, field

from chengyun_core.model.event import CITIZEN_FIELDS, Event, EventReport
from chengyun_core.model.order import Order, Receipt, Step
from chengyun_core.report.daily import audit_line
from chengyun_core.report.document import CellKind, Document, Fact, Section, SignatureLine, Table
from chengyun_core.report.wording import Words
from chengyun_resources.texts import Texts

DECISIONS = frozenset({
    "timeline.event.grade", "timeline.event.assign", "timeline.event.take_command", "timeline.event.hand_command",
    "timeline.event.suspend", "timeline.event.merge", "timeline.event.void", "timeline.event.close",
    "timeline.event.check", "timeline.plan.start", "timeline.plan.raise_tier", "timeline.plan.stop",
    "timeline.plan.skip_step", "timeline.plan.redline", "timeline.order.approved", "timeline.order.refused",
    "timeline.order.recall", "timeline.order.void", "timeline.supervision.issue",
})  # fmt: skip
"""Rows that were somebody's decision, and not a report of what went on."""
LOSSES = frozenset({"dead", "injured", "missing", "trapped", "evacuated", "affected", "houses", "loss_yuan"})
"""Attributes that are losses or those who suffer them; the others are measured elements."""
_TEXT, _TIME = CellKind.TEXT, CellKind.TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One row of an event's story, as `wire.event_asks.TimelineLine` has it."""

    number: int
    at: int
    """When the centre took it, profile ns UTC."""
    source_at: int
    """When it happened."""
    code: str
    params: dict[str, str] = field(default_factory=dict)
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What a special report is made of."""

    event: Event
    issuer: str
    number: str = ""
    timeline: tuple[Told, ...] = ()
    more: bool = False
    """The story is longer than what is told here."""
    orders: tuple[Order, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    reports: tuple[EventReport, ...] = ()
    signatures: tuple[SignatureLine, ...] = ()
    label: str = ""
    urgency: str = ""
    audit_head: str = ""
    watermark: str = ""
    made_at: int
    """Profile ns UTC."""
    zone_minutes: int = 480
    names: dict[str, str] = field(default_factory=dict)
    """Code of a unit, centre, seat, matter, account or person → what it is called."""


def event_brief(facts: EventFacts, texts: Texts) -> Document:
    """Return the special report of an event."""
    words = Words(texts, facts.zone_minutes, facts.names)
    event = facts.event
    paragraphs = tuple(event.narrative.split("\n")) if event.narrative else ()
    decisions = [told for told in facts.timeline if told.code in DECISIONS]
    cut = (words.say("reports.event.more"),) if facts.more else ()
    sections = words.headed((
        ("reports.event.situation", Section(paragraphs=paragraphs)),
        ("reports.event.elements", Section(facts=_elements(event, words))),
        ("reports.event.losses", _losses(event, words)),
        ("reports.event.story", Section(tables=(_story(list(facts.timeline), words),), notes=cut)),
        ("reports.event.orders", Section(tables=(_orders(facts, words),))),
        ("reports.event.decisions", Section(tables=(_story(decisions, words),))),
        ("reports.event.reports", Section(tables=_reports(facts.reports, words))),
        ("reports.event.findings", Section(paragraphs=tuple(event.findings.split("\n")) if event.findings else ())),
    ))  # fmt: skip
    return Document(
        title=words.say("reports.event.title", title=event.title), issuer=facts.issuer, number=facts.number,
        label=facts.label, urgency=facts.urgency,
        heads=words.facts((
            ("reports.head.code", event.code), ("reports.head.grade", words.grade(int(event.grade or 0))),
            ("reports.head.state", words.say(f"event.state.{event.state.value}")),
        )),
        sections=sections, signed=facts.issuer, dated=words.date(facts.made_at), signatures=facts.signatures,
        audit_head=audit_line(words, facts.audit_head), page_words=words.say("reports.page"),
        watermark=facts.watermark, language=words.texts.language, made_at=facts.made_at,
        zone_minutes=words.zone_minutes,
    )  # fmt: skip


def _elements(event: Event, words: Words) -> tuple[Fact, ...]:
    known = event.longitude is not None and event.latitude is not None
    where = f"{event.longitude:.5f}, {event.latitude:.5f}" if known else ""
    measured = (
        Fact(name=words.coded(f"console.attribute.{code}", code), value=value)
        for code, value in event.attributes.items()
        if code not in LOSSES and code not in CITIZEN_FIELDS
    )
    return (
        *words.facts((
            ("reports.head.matter", words.name(event.matter)), ("reports.head.centre", words.name(event.centre)),
            ("reports.head.place", event.place), ("reports.head.where", where),
            ("reports.head.source", words.say(f"event.source.{event.source.value}")),
            ("reports.head.source_ref", event.source_ref), ("reports.head.happened", words.moment(event.source_at)),
            ("reports.head.received", words.moment(event.opened_at)), ("reports.head.lead", words.name(event.lead)),
            ("reports.head.assisting", words.several(event.assisting)),
            ("reports.head.grade_reason", event.grade_reason),
        )),
        *measured,
    )  # fmt: skip


def _losses(event: Event, words: Words) -> Section:
    found = [(code, value) for code, value in event.attributes.items() if code in LOSSES]
    if not found:
        return Section(paragraphs=(words.say("reports.event.no_losses"),))
    return Section(facts=words.facts((f"reports.loss.{code}", value) for code, value in sorted(found)))


def _story(told: list[Told], words: Words) -> Table:
    columns = (("reports.column.happened", _TIME, 2.0), ("reports.column.received", _TIME, 2.0),
               ("reports.column.what", _TEXT, 6.0), ("reports.column.who", _TEXT, 1.8))  # fmt: skip
    rows = [
        (one.source_at, one.at, words.row(one.code, one.params),
         words.name(one.account) or words.say("reports.machine"))
        for one in told
    ]  # fmt: skip
    return words.table(columns, rows)


def _orders(facts: EventFacts, words: Words) -> Table:
    """Return orders by recipients: one line for each receipt, an order without any has a line of its own."""
    columns = (("reports.column.code", _TEXT, 2.2), ("reports.column.task", _TEXT, 3.6),
               ("reports.column.recipient", _TEXT, 2.0), ("reports.column.step", _TEXT, 1.4),
               ("reports.column.issued", _TIME, 2.0), ("reports.column.signed", _TIME, 2.0),
               ("reports.column.fed_back", _TIME, 2.0))  # fmt: skip
    by_order: dict[int, list[Receipt]] = {}
    for receipt in facts.receipts:
        by_order.setdefault(receipt.order, []).append(receipt)
    rows = [row for order in facts.orders for row in _lines(order, by_order.get(order.number, []), words)]
    return words.table(columns, rows)


def _lines(order: Order, receipts: list[Receipt], words: Words) -> list[tuple[str | int | None, ...]]:
    if not receipts:
        state = words.say(f"order.state.{order.state.value}")
        return [(order.code, order.title, "", state, order.sent_at or order.issued_at, None, None)]
    return [
        (order.code, one.task or order.title, words.name(one.recipient), words.say(f"receipt.step.{one.step.value}"),
         order.sent_at or order.issued_at, _climbed(one, Step.SIGNED), _climbed(one, Step.FED_BACK))
        for one in sorted(receipts, key=lambda one: one.place)
    ]  # fmt: skip


def _climbed(receipt: Receipt, step: Step) -> int | None:
    how = receipt.climbed.get(step)
    return None if how is None else how.at


def _reports(reports: tuple[EventReport, ...], words: Words) -> tuple[Table, ...]:
    columns = (("reports.column.kind", _TEXT, 1.2), ("reports.column.issue", CellKind.NUMBER, 0.8),
               ("reports.column.sent", _TIME, 2.0), ("reports.column.received", _TIME, 2.0),
               ("reports.column.text", _TEXT, 6.0))  # fmt: skip
    rows = [
        (words.say(f"event.report_kind.{one.kind.value}"), one.issue, one.sent_at, one.received_at, one.text)
        for one in reports
    ]  # fmt: skip
    return (words.table(columns, rows),) if rows else ()

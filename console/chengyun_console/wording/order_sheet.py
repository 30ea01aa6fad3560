"""One order and the receipt in focus as sections of facts, and what happened to it as lines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chengyun_console.wording.alarms import MACHINES
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.model.change import Change
from chengyun_core.model.event import Event
from chengyun_core.model.order import Feedback, Order, Receipt, SideRequest, Step
from chengyun_core.wire.event_asks import TimelineLine
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.case_head import CaseHead
from chengyun_widgets.fact_sheet import SheetLine, SheetSection
from chengyun_widgets.time_lines import TimeLine

_CODES = {"kind": "request.kind.", "rung": "receipt.rung."}
"""Parameter of a journal row → the codes that say it in words."""


def head(words: OrderWords, order: Order, event: Event | None, now_ns: int) -> CaseHead:
    """Return the head of the card: grade of its event, number and title, how long since it was sent."""
    end_ns = now_ns if order.state.value in ("sent", "held", "waiting") else order.changed_at
    age_s = (end_ns - (order.sent_at or order.issued_at)) / 1e9
    pieces = [(order.code, Colour.TEXT_SECOND), (words.order_state(order), Colour.TEXT_SECOND)]
    if event is not None:
        pieces.append((words.say("tasks.of_event", number=event.code, title=event.title), Colour.TEXT_SECOND))
    warning = words.say("tasks.critical", why=words.say(f"order.critical.{order.critical}")) if order.critical else ""
    grade = EventWords(words.figures, words.names).grade(event) if event is not None and event.grade else ""
    return CaseHead(
        severity=words.severity(event) if event is not None else Severity.NONE,
        grade=grade,
        title=order.title,
        clock=words.figures.duration(age_s),
        words=tuple(pieces),
        warning=warning,
        warning_colour=Colour.TEXT,
    )


def sections(
    words: OrderWords, order: Order, receipt: Receipt | None, requests: Sequence[SideRequest], now_ns: int
) -> tuple[SheetSection, ...]:
    """Return what is to be read of an order, and of the receipt in focus when there is one."""
    made = [_order(words, order)]
    if receipt is not None:
        made.append(_receipt(words, receipt, now_ns))
    made += [_request(words, request, now_ns) for request in requests]
    if receipt is not None and receipt.feedback is not None:
        made.append(_feedback(words, receipt.feedback))
    return tuple(made)


def lines(words: OrderWords, history: Sequence[Change]) -> tuple[TimeLine, ...]:
    """Return the journal rows of an order as lines, oldest first."""
    timeline = TimelineWords(EventWords(words.figures, words.names))
    machine = words.say("events.machine")
    return tuple(
        replace(
            timeline.line(_line(words, change)),
            who=" · ".join(filter(None, (_person(words, change.account), change.seat))) or machine,
        )
        for change in history
    )  # fmt: skip


def _line(words: OrderWords, change: Change) -> TimelineLine:
    """Return a journal row as a line of a timeline, its codes in words."""
    told = change.params.get("source_at", "")
    return TimelineLine(
        number=change.number, at=change.at_ns, source_at=int(told) if told.isdigit() else change.at_ns,
        code=f"timeline.{change.action}", params=_said(words, change.params), account=change.account,
        seat=change.seat, level="",
        kind=change.kind, key=change.key,
    )  # fmt: skip


def _said(words: OrderWords, params: Mapping[str, str]) -> dict[str, str]:
    said = {name: words.say(prefix + params[name]) for name, prefix in _CODES.items() if name in params}
    if "channels" in params:
        said["channels"] = " ".join(words.say(f"channel.{each}") for each in params["channels"].split())
    return {**params, **said}


def _order(words: OrderWords, order: Order) -> SheetSection:
    rows = [
        ("tasks.fact.text", order.text),
        ("tasks.fact.place", " · ".join(part for part in (words.place(order.centre), order.place) if part)),
        ("tasks.fact.issued", _who_when(words, order.issued_by, order.issued_seat, order.issued_at)),
        ("tasks.fact.template", order.template),
        ("tasks.fact.reason", order.reason),
    ]
    return SheetSection(title=words.say("tasks.section.order"), lines=_lines(words, rows))


def _receipt(words: OrderWords, receipt: Receipt, now_ns: int) -> SheetSection:
    until = words.until(receipt.promised_at, now_ns)
    rows = [
        ("tasks.fact.task", receipt.task),
        ("tasks.fact.clock", words.clock(receipt, now_ns)),
        ("tasks.fact.phone", _phone(words, receipt)),
        ("tasks.fact.extended", words.say("tasks.promised", count=receipt.extended, time=until) if until else ""),
        ("tasks.fact.reminded", str(receipt.reminded) if receipt.reminded else ""),
        ("tasks.fact.superior", words.who(receipt.superior)),
        ("tasks.fact.supervision", receipt.supervision),
        ("tasks.fact.returned", receipt.returned_reason),
        ("tasks.fact.settled", receipt.settled),
        ("tasks.fact.check", receipt.check_reason),
        ("tasks.fact.over_capacity", receipt.over_capacity),
        ("tasks.fact.suspended", words.until(receipt.resume_at, now_ns)),
        *_on_behalf(words, receipt),
    ]
    return SheetSection(
        title=words.who(receipt.recipient), note=words.role(receipt) + " · " + words.standing(receipt),
        lines=_lines(words, rows),
    )  # fmt: skip


def _on_behalf(words: OrderWords, receipt: Receipt) -> list[tuple[str, str]]:
    """Return the verbatim words of every step that somebody told on behalf of the recipient (T2)."""
    told = ((step, receipt.climbed[step]) for step in Step if step in receipt.climbed)
    return [
        (
            f"receipt.step.{step.value}",
            words.say(
                "tasks.said", words=how.words, who=how.said_by, channel=words.say(f"channel.{how.channel.value}"),
                by=_person(words, how.account), seat=how.seat, time=words.figures.stamp(how.at),
            ),
        )
        for step, how in told
        if how.on_behalf
    ]  # fmt: skip


def _request(words: OrderWords, request: SideRequest, now_ns: int) -> SheetSection:
    rows = [
        ("tasks.fact.asked", _who_when(words, request.asked_by, request.asked_seat, request.asked_at)),
        ("tasks.fact.reason", request.reason),
        ("tasks.fact.until", words.until(request.until, now_ns)),
        ("tasks.fact.decided", _decided(words, request)),
    ]
    title = words.say("tasks.request.title", who=words.who(request.recipient), kind=words.kind(request.kind))
    return SheetSection(
        title=title, note=words.say(f"request.state.{request.state.value}"), lines=_lines(words, rows)
    )  # fmt: skip


def _decided(words: OrderWords, request: SideRequest) -> str:
    if request.decided_at is None:
        return ""
    told = _who_when(words, request.decided_by, request.decided_seat, request.decided_at)
    return " · ".join(part for part in (told, request.decided_reason) if part)


def _feedback(words: OrderWords, told: Feedback) -> SheetSection:
    files = len({*told.attachments, *told.before, *told.after})
    rows = [
        ("tasks.feedback.accepted_at", words.figures.stamp(told.accepted_at)),
        ("tasks.feedback.talked_to", told.talked_to),
        ("tasks.feedback.measures", told.measures),
        ("tasks.feedback.time_limit", told.time_limit),
        ("tasks.feedback.solved", words.say("tasks.yes" if told.solved else "tasks.no")),
        ("tasks.feedback.files", str(files) if files else ""),
    ]
    return SheetSection(title=words.say("tasks.section.feedback"), lines=_lines(words, rows))


def _phone(words: OrderWords, receipt: Receipt) -> str:
    unit = words.names.unit(receipt.recipient) if words.names is not None else None
    return unit.phone if unit is not None else ""


def _who_when(words: OrderWords, account: str, seat: str, at: int) -> str:
    return " · ".join(part for part in (_person(words, account), seat, words.figures.stamp(at)) if part)


def _person(words: OrderWords, account: str) -> str:
    """Return the name of who has an account; nothing for the centre itself, which is no person."""
    if account in MACHINES:
        return ""
    return words.names.person(account) if words.names else account


def _lines(words: OrderWords, rows: Sequence[tuple[str, str]]) -> tuple[SheetLine, ...]:
    return tuple(SheetLine(label=words.say(label), text=text) for label, text in rows if text)

"""What belongs to an event as rows and sections: receipts with their clocks, reports, files."""

from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_console.wording.events import EventWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.deadline_rules import due_at, pending
from chengyun_core.model.event import EventReport
from chengyun_core.model.order import Order, Receipt, ReceiptState
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import SheetLine, SheetSection


def order_rows(desk: Desk, case: Case, now_ns: int) -> list[FactRow]:
    """Return a row per recipient; the order's row heads those it was given to."""
    words = EventWords(desk.figures, desk.names)
    rows: list[FactRow] = []
    for order in sorted(case.orders, key=lambda row: -row.number):
        receipts = [row for row in case.receipts if row.order == order.number]
        rows.append(_order_row(desk, order, receipts))
        rows += [_receipt_row(desk, words, receipt, now_ns) for receipt in receipts]
    return rows


def _order_row(desk: Desk, order: Order, receipts: list[Receipt]) -> FactRow:
    ended = order.recipients - sum(row.state is not ReceiptState.DONE for row in receipts)
    return FactRow(
        key=f"order:{order.number}", severity=Severity.NONE,
        title=desk.say("events.order", number=order.code, title=order.title),
        status=desk.say("events.order_state", state=desk.say(f"order.state.{order.state.value}"),
                        ended=max(ended, order.ended), of=order.recipients),
        is_heading=True,
    )  # fmt: skip


def _receipt_row(desk: Desk, words: EventWords, receipt: Receipt, now_ns: int) -> FactRow:
    step, due = pending(receipt), due_at(receipt)
    clock = words.counted(due, desk.say(f"events.due.{step.value}"), now_ns) if step and due else None
    last = receipt.climbed.get(receipt.step)
    role = desk.say(f"events.role.{receipt.role.value}")
    stands = f"receipt.step.{receipt.step.value}"
    if receipt.state is not ReceiptState.OPEN:
        stands = f"receipt.state.{receipt.state.value}"
    detail = [role, desk.say(stands), desk.figures.clock(last.at) if last else "", receipt.task, receipt.supervision]
    return FactRow(
        key=f"receipt:{receipt.order}.{receipt.place}", severity=Severity.NONE,
        title=words.who(receipt.recipient), detail=" · ".join(part for part in detail if part),
        status=clock.text if clock else desk.say(stands),
        status_colour=clock.colour if clock else _ink(receipt), depth=1,
        badges=(desk.say("events.reminded", count=receipt.reminded),) if receipt.reminded else (),
    )  # fmt: skip


def _ink(receipt: Receipt) -> Colour:
    return Colour.DONE if receipt.state is ReceiptState.DONE else Colour.TEXT_SECOND


def report_sections(desk: Desk, case: Case, now_ns: int) -> tuple[SheetSection, ...]:
    """Return what is due, and each report with its text and its receipt, the newest first."""
    sections = [_due_section(desk, case, now_ns)]
    reports = case.file.reports if case.file else ()
    sections += [_report_section(desk, report) for report in sorted(reports, key=lambda row: -row.number)]
    return tuple(section for section in sections if section.lines)


def _due_section(desk: Desk, case: Case, now_ns: int) -> SheetSection:
    words, due = EventWords(desk.figures, desk.names), case.event.report_due_at
    if due is None:
        code = "events.report.none_due" if not case.event.reports else "events.report.sent"
        line = SheetLine(label=desk.say("events.report.clock"), text=desk.say(code), colour=Colour.TEXT_SECOND)
    else:
        clock = words.counted(due, desk.say("event.report_kind.first"), now_ns)
        text = desk.say("events.report.until", clock=clock.text, time=desk.figures.stamp(due))
        line = SheetLine(label=desk.say("events.report.clock"), text=text, colour=clock.colour)
    return SheetSection(title=desk.say("events.report.duty"), lines=(line,))


def _report_section(desk: Desk, report: EventReport) -> SheetSection:
    kind = desk.say(f"event.report_kind.{report.kind.value}")
    title = desk.say("events.report.title", kind=kind, issue=report.issue)
    by = desk.words.person(report.sent_by)
    sent = " · ".join(part for part in (desk.figures.stamp(report.sent_at), by, report.sent_seat) if part)
    if report.received_at is None:
        received = SheetLine(
            label=desk.say("events.report.receipt"), text=desk.say("events.report.not_received"),
            colour=Colour.ORANGE_TEXT,
        )  # fmt: skip
    else:
        lag = desk.figures.duration((report.received_at - report.sent_at) / NS_PER_S)
        channel = desk.say(f"channel.{report.channel}") if report.channel else ""
        text = " · ".join(
            part for part in (desk.figures.stamp(report.received_at), report.received_by, channel, lag) if part
        )
        received = SheetLine(label=desk.say("events.report.receipt"), text=text, colour=Colour.DONE)
    lines = (SheetLine(label=desk.say("events.report.sent_at"), text=sent), received,
             SheetLine(label=desk.say("events.report.text"), text=report.text))  # fmt: skip
    return SheetSection(title=title, lines=lines)

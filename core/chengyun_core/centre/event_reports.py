"""Reports to the superior: 首报 within the hour, 续报, 终报, each with its version and the superior's receipt (E7)."""

from dataclasses import replace

from chengyun_core.centre import event_care, labels
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import done, source_time
from chengyun_core.centre.event_seen import as_seen, seat_of, subject_of
from chengyun_core.centre.event_texts import LONGEST_REPORT, clean_lines
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.event import Event, EventReport, ReportKind
from chengyun_core.model.event_commands import ReportReceived, SendReport
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import counters
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("report", EventReport)
COUNTER = "report"


def send(desk: Desk, work: Work, caller: Caller, command: SendReport) -> Done:
    """Send a report; the first one stops the clock (条例 art. 28)."""
    event = as_seen(desk, work, command.event, command.version)
    labels.expect_shareable(desk, event.number)
    text = clean_lines(command.text, field="text", most=LONGEST_REPORT, required=True)
    drafted = clean_lines(command.drafted, field="drafted", most=LONGEST_REPORT)
    before = [LOG.get(work.connection, number) for number in event.report_numbers]
    issue = _issue(event, command.kind, [report.kind for report in before if report is not None])
    report = EventReport(
        number=counters.take(work.connection, COUNTER, 1), event=event.number, kind=command.kind, issue=issue,
        text=text, drafted=drafted, sent_at=work.at_ns, sent_by=caller.account, sent_seat=seat_of(caller),
    )  # fmt: skip
    row = work.note("report.send", LOG.kind, report.number, report.version, report)
    if superior := _superior(desk):
        # It leaves with the outbox, whenever that centre can be reached; until its receipt it is not there.
        work.send_to(row, superior)
    told = {"report": report.number, "kind": report.kind.value, "issue": issue, "late": int(event.report_overdue),
            "edited": int(text != drafted)}  # fmt: skip
    after = event_care.change(
        desk, work, event, "event.report", params=told, reports=event.reports + 1, report_due_at=None,
        report_numbers=(*event.report_numbers, report.number),
    )  # fmt: skip
    return done(work, after)


def _superior(desk: Desk) -> str:
    """Return the centre this one reports to over the link; empty: there is none above it in the catalogue."""
    own = desk.city.centres.get(desk.settings.centre or desk.city.root())
    return (own.parent or "") if own else ""


def _issue(event: Event, kind: ReportKind, before: list[ReportKind]) -> int:
    if kind is ReportKind.FIRST and before:
        raise Refused("event.first_report_sent", event=event.code)
    if kind is not ReportKind.FIRST and not before:
        raise Refused("event.no_first_report", event=event.code)
    if kind is ReportKind.FOLLOW_UP and ReportKind.FINAL in before:
        raise Refused("event.final_report_sent", event=event.code)
    return before.count(kind) + 1


def subjects_of_receipt(desk: Desk, work: Work, command: ReportReceived) -> tuple[Subject, ...]:
    """Return the place of the event a report is about."""
    report = LOG.get(work.connection, command.report)
    return () if report is None else (subject_of(desk, event_care.get(work.connection, report.event)),)


def received(desk: Desk, work: Work, _caller: Caller, command: ReportReceived) -> Done:
    """Write down that the superior has it: who said so, over what, and when."""
    report = LOG.get(work.connection, command.report)
    if report is None:
        raise Refused("event.no_report", report=command.report)
    if report.version != command.version or report.received_at is not None:
        raise Refused("event.report_known", report=report.number, who=report.received_by,
                      at=desk.shown(report.received_at))  # fmt: skip
    who = clean(command.received_by, field="received_by", most=100, required=True)
    words = clean(command.words, field="words")
    at = source_time(desk, work.at_ns, command.source_at)
    known = replace(
        report, received_at=at, received_by=who, channel=command.channel.value, version=report.version + 1
    )  # fmt: skip
    work.note("report.received", LOG.kind, known.number, known.version, known)
    told = {"report": known.number, "kind": known.kind.value, "issue": known.issue, "by": who,
            "channel": known.channel, "words": words, "source_at": at}  # fmt: skip
    event = event_care.get(work.connection, report.event)
    event_care.change(desk, work, event, "event.report_received", params=told)
    return Done(change=work.noted, key=str(known.number), version=known.version)

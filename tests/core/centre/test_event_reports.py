"""The one-hour clock and its reports, notes, demands of citizens, drafts, and the timeline they come from."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from chengyun_core.model.event import EventSource, ReportKind
from chengyun_core.model.event_commands import (
    AssignEvent,
    CitizenStep,
    FeedBackEvent,
    GradeEvent,
    NoteEvent,
    ReportReceived,
    SendReport,
)
from chengyun_core.model.order import Channel
from chengyun_core.store import event_rows
from chengyun_core.store.tables import JOURNAL, OUTBOX
from chengyun_core.wire.event_asks import AskDraft, AskEvent, AskTimeline, Draft, EventFile, Timeline
from tests.core.centre.event_room import GENERAL, GRAVE, HELP, LARGER, LEAD, asked, do, event, opened, refused
from tests.core.centre.room import NOON_NS, Room

S = 1_000_000_000
HOUR = 3600 * S
Staffed = tuple[Room, str, str]


def test_that_the_hour_runs_from_the_receipt_is_told_once_when_over_and_stops_with_the_report(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    room.clock.advance(600)
    assert "event.report_clock_runs" in do(room, li, GradeEvent, factors=LARGER).warnings
    assert event(room).report_due_at == NOON_NS + HOUR
    early = SendReport(event=1, version=event(room).version, kind=ReportKind.FOLLOW_UP, text="x")
    assert refused(room, li, early).code == "event.no_first_report"
    room.clock.advance(3000)
    room.tend()
    room.tend()
    assert [one.action for one in room.published].count("event.report_overdue") == 1
    assert event(room).report_overdue
    do(room, li, SendReport, kind=ReportKind.FIRST, text="首报\n第二行", drafted="首报")
    told = event(room)
    assert (told.reports, told.report_due_at, told.report_numbers) == (1, None, (1,))
    do(room, li, GradeEvent, factors=GRAVE, may_escalate=True)
    told = event(room)
    assert (told.report_due_at, told.report_overdue) == (None, True)
    again = SendReport(event=1, version=told.version, kind=ReportKind.FIRST, text="x")
    assert refused(room, li, again).code == "event.first_report_sent"
    for _ in range(2):
        do(room, li, SendReport, kind=ReportKind.FOLLOW_UP, text="续")
    do(room, li, SendReport, kind=ReportKind.FINAL, text="终")
    late = SendReport(event=1, version=event(room).version, kind=ReportKind.FOLLOW_UP, text="x")
    assert refused(room, li, late).code == "event.final_report_sent"
    reports = asked(room, li, "event.get", AskEvent(event=1), EventFile).reports
    assert [(one.kind, one.issue) for one in reports] == [
        (ReportKind.FIRST, 1), (ReportKind.FOLLOW_UP, 1), (ReportKind.FOLLOW_UP, 2), (ReportKind.FINAL, 1),
    ]  # fmt: skip
    assert (reports[0].drafted, reports[0].text) == ("首报", "首报\n第二行")


@pytest.mark.parametrize(("own", "target"), [("500103", ["500000"]), ("", [])])
def test_that_a_report_waits_in_the_outbox_for_the_centre_above(staffed: Staffed, own: str, target: list[str]) -> None:
    room, li, _ = staffed
    room.desk.settings = replace(room.desk.settings, centre=own)
    opened(room, li)
    do(room, li, SendReport, kind=ReportKind.FIRST, text="首报")
    with room.ledger.reading() as connection:
        rows = connection.execute(select(OUTBOX.c.target, JOURNAL.c.action).join_from(OUTBOX, JOURNAL)).all()
    assert [row.target for row in rows] == target
    assert {row.action for row in rows} <= {"report.send"}


def test_that_the_superiors_receipt_is_written_down_once(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    do(room, li, SendReport, kind=ReportKind.FIRST, text="首报")
    receipt = ReportReceived(report=1, version=1, received_by="市值班室 王", channel=Channel.PHONE, words="收到")
    room.done(receipt, li)
    known = asked(room, li, "event.get", AskEvent(event=1), EventFile).reports[0]
    assert (known.received_by, known.channel, known.received_at) == ("市值班室 王", "phone", NOON_NS)
    assert refused(room, li, receipt).code == "event.report_known"
    assert refused(room, li, replace(receipt, report=9)).code == "event.no_report"


def test_that_what_may_become_grave_is_due_at_once_and_grading_again_gives_no_more_time(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    do(room, li, GradeEvent, factors=GENERAL)
    assert event(room).report_due_at is None
    do(room, li, GradeEvent, factors=GENERAL, may_escalate=True)
    assert event(room).report_due_at == NOON_NS + 300 * S
    room.clock.advance(60)
    do(room, li, GradeEvent, factors=GRAVE, may_escalate=True)
    assert event(room).report_due_at == NOON_NS + 300 * S
    do(room, li, GradeEvent, factors=GENERAL, reason="降级")
    assert event(room).report_due_at is None


@pytest.mark.parametrize(("reports", "due"), [(True, NOON_NS + HOUR), (False, None)])
def test_that_the_city_reports_its_own_events_as_its_settings_say(
    staffed: Staffed, *, reports: bool, due: int | None
) -> None:
    room, li, _ = staffed
    room.desk.settings = replace(room.desk.settings, city_reports=reports)
    opened(room, li, centre="500000")
    do(room, li, GradeEvent, factors=LARGER)
    assert event(room).report_due_at == due
    opened(room, li)
    do(room, li, GradeEvent, 2, factors=LARGER)
    assert event(room, 2).report_due_at == NOON_NS + HOUR


def test_that_the_timeline_is_the_journal_with_both_times_and_who_said_what(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li, source_at=NOON_NS - 60 * S)
    room.clock.advance(120)
    note = NoteEvent(
        event=1, text="消防到场\n两台车", source_at=NOON_NS + 30 * S, channel=Channel.RADIO, said_by="王队长"
    )
    room.done(note, wang)
    line = asked(room, li, "event.timeline", AskTimeline(event=1), Timeline).lines[-1]
    assert (line.code, line.at, line.source_at) == ("timeline.event.note", NOON_NS + 120 * S, NOON_NS + 30 * S)
    assert (line.account, line.seat, line.level, line.params["text"]) == ("wang", "A-02", "city", "消防到场\n两台车")
    first = asked(room, li, "event.timeline", AskTimeline(event=1, limit=1), Timeline)
    assert (first.lines[0].source_at, first.more) == (NOON_NS - 60 * S, True)
    rest = asked(room, li, "event.timeline", AskTimeline(event=1, after=first.lines[0].number), Timeline)
    assert [one.code for one in rest.lines] == ["timeline.event.note"]
    # A note marks the event and makes nobody's deed stale.
    room.done(GradeEvent(event=1, version=1, factors=LARGER), li)
    assert refused(room, li, NoteEvent(event=1, text=" ")).code == "text.missing.text"


def test_that_a_draft_tells_the_timelines_facts_and_a_follow_up_only_new_ones(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li, narrative="管径400毫米", place="嘉西村")
    do(room, li, GradeEvent, factors=LARGER)
    do(room, li, AssignEvent, lead=LEAD, assisting=(HELP,))
    first = asked(room, li, "event.draft_report", AskDraft(event=1, kind=ReportKind.FIRST), Draft)
    assert first.text.splitlines() == [
        "【首报】事〔2027〕000001　2027-01-15 16:00:00，嘉西村发生“嘉西村爆管”。", "基本情况：管径400毫米",
        "2027-01-15 16:00:00 定为较大事件。", "由渝中抢修队牵头，渝中交巡警配合处置。", "目前状态：分拨。",
    ]  # fmt: skip
    with room.ledger.reading() as connection:
        rows = {row.number: row.action for row in event_rows.lines_of(connection, {"event": ["1"]}, 0, 99)}
    traced = [[rows[number] for number in line.rows] for line in first.lines]
    assert traced == [["event.open"], ["event.open"], ["event.grade"], ["event.assign"], ["event.assign"]]
    do(room, li, SendReport, kind=ReportKind.FIRST, text=first.text, drafted=first.text)
    room.done(NoteEvent(event=1, text="已关阀", said_by="水厂"), li)
    do(room, li, FeedBackEvent, words="修复完成")
    follow = asked(room, li, "event.draft_report", AskDraft(event=1, kind=ReportKind.FOLLOW_UP), Draft)
    assert follow.text.splitlines()[1:] == [
        "2027-01-15 16:00:00，水厂：已关阀", "2027-01-15 16:00:00 牵头单位反馈：修复完成", "目前状态：反馈。",
    ]  # fmt: skip
    english = asked(room, li, "event.draft_report", AskDraft(event=1, kind=ReportKind.FINAL, language="en"), Draft)
    assert "Graded larger" in english.text
    assert room.ask("event.draft_report", AskDraft(event=1, kind=ReportKind.FIRST, language="xx"), li).code == (
        "ask.no_language"
    )


def test_that_a_citizens_demand_keeps_its_steps_and_other_events_have_none(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li, source=EventSource.CITIZEN, source_ref="12345-77", informant="张先生 138…")
    do(room, li, CitizenStep, responded_at=NOON_NS, solved=True)
    do(room, li, CitizenStep, satisfied=False, called_back_at=NOON_NS, words="仍有异味")
    told = event(room).attributes
    assert told == {
        "citizen.responded_at": str(NOON_NS), "citizen.solved": "1", "citizen.satisfied": "0",
        "citizen.called_back_at": str(NOON_NS), "citizen.words": "仍有异味",
    }  # fmt: skip
    assert refused(room, li, CitizenStep(event=1, version=event(room).version)).code == "event.nothing_told"
    opened(room, li)
    assert refused(room, li, CitizenStep(event=2, version=1, solved=True)).code == "event.not_of_citizen"

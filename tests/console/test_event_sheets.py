"""Reports, reviews and files of an event: drafted, edited, sent in the background, kept when something goes wrong."""

import hashlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.actions.table import BY_ID
from chengyun_core.model.event import EventState, ReportKind
from chengyun_core.model.event_commands import AddAttachment, EditEvent, ReportReceived, ReviewEvent, SendReport
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Channel
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.event_asks import AskDraft, AskUpload, Draft, DraftLine, UploadHeld, UploadPart
from tests.console.conftest import Room
from tests.console.event_samples import answer, event, put_events, stranded
from tests.console.still_session import START_NS, S

ALLOWED = ("event.report", "event.review", "attachment.add")
DUE = START_NS + 600 * S


@pytest.fixture
def sheet_room(desk_room: Room) -> Room:
    """An officer on F3 with one weighty event in focus."""
    desk_room.session.enter(allowed=ALLOWED)
    put_events(desk_room.session, event(7, grade=EventGrade.LARGER, report_due_at=DUE, version=3))
    desk_room.desk.event_focus.select(7)
    desk_room.window.show_page("F3")
    desk_room.beat()
    return desk_room


def test_that_the_first_report_is_drafted_from_rows_and_goes_up_as_the_officer_left_it(sheet_room: Room) -> None:
    room, sheet = sheet_room, sheet_room.window.event_desk.report
    room.window.do((BY_ID["event.report"],))
    _kind, ask, _answer = room.session.sent.asks["events.draft"]
    assert ask == AskDraft(event=7, kind=ReportKind.FIRST, language="zh_CN")
    room.session.answer_ask(
        "events.draft", Draft(text="栈桥被淹。", lines=(DraftLine(text="栈桥被淹。", rows=(4, 5)),))
    )
    assert "#4 #5" in sheet.sources.text.accessibleDescription()
    assert sheet.clock.text() == "首报 余 09:58"
    sheet.text.setPlainText("栈桥被淹，已派人。")
    sheet.send()
    assert room.session.sent.commands == [
        SendReport(event=7, version=3, kind=ReportKind.FIRST, text="栈桥被淹，已派人。", drafted="栈桥被淹。")
    ]
    assert room.desk.drafts.read("report.7")["text"] == "栈桥被淹，已派人。"
    room.session.end_command()
    assert room.desk.drafts.read("report.7") == {}


def test_that_a_draft_of_the_program_never_writes_over_the_officers_words(sheet_room: Room) -> None:
    room, sheet = sheet_room, sheet_room.window.event_desk.report
    room.window.do((BY_ID["event.report"],))
    room.session.answer_ask("events.draft", Draft(text="一"))
    sheet.text.setPlainText("我写的")
    sheet.kind.setCurrentIndex(1)
    room.session.answer_ask("events.draft", Draft(text="二"))
    assert sheet.text.toPlainText() == "我写的"
    sheet.close_over()
    room.window.do((BY_ID["event.report"],))
    assert (sheet.text.toPlainText(), sheet.kind.currentData()) == ("我写的", ReportKind.FOLLOW_UP.value)


def test_that_a_review_names_causes_and_what_is_to_change(sheet_room: Room) -> None:
    room, sheet = sheet_room, sheet_room.window.event_desk.review
    put_events(room.session, event(7, grade=EventGrade.LARGER, state=EventState.CLOSED, version=9))
    room.window.do((BY_ID["event.review"],))
    sheet.send()
    assert sheet.told.text() == room.desk.say("events.review.no_findings")
    sheet.findings.setPlainText("水位预警晚了二十分钟")
    sheet.items[0].text.setText("下调阈值")
    sheet.send()
    (made,) = room.session.sent.commands
    assert isinstance(made, ReviewEvent)
    assert (made.version, made.findings) == (9, "水位预警晚了二十分钟")
    assert [(item.text, item.due_at > room.desk.now_ns()) for item in made.improvements] == [("下调阈值", True)]


def test_that_a_file_goes_in_parts_from_where_the_centre_has_it(sheet_room: Room, tmp_path: Path) -> None:
    room, content = sheet_room, bytes(range(256)) * 4096
    file = tmp_path / "现场.bin"
    file.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    room.window.event_desk.upload(event(7), file)
    slot = f"upload.{digest}"
    room.qtbot.waitUntil(lambda: slot in room.session.sent.asks)
    assert room.session.sent.asks[slot][1] == AskUpload(digest=digest, size=len(content))
    room.session.answer_ask(slot, UploadHeld(held=2**19, size=len(content)))
    room.qtbot.waitUntil(lambda: slot in room.session.sent.asks, timeout=20_000)
    part = room.session.sent.asks[slot][1]
    assert isinstance(part, UploadPart)
    assert (part.offset, part.data) == (2**19, content[2**19 :])
    assert "50%" in room.window.message.message.text
    room.session.answer_ask(slot, UploadHeld(held=len(content), size=len(content)))
    assert room.session.sent.commands == [
        AddAttachment(about="event:7", digest=digest, name="现场.bin", size=len(content))
    ]


def test_that_a_file_that_cannot_be_read_or_is_refused_says_so(sheet_room: Room, tmp_path: Path) -> None:
    room, failed = sheet_room, []
    gone = room.window.event_desk.upload(event(7), tmp_path / "gone.jpg")
    gone.did_fail.connect(failed.append)
    room.qtbot.waitUntil(lambda: failed != [])
    assert [reason.code for reason in failed] == ["upload.unreadable"]
    file = tmp_path / "full.jpg"
    file.write_bytes(b"x")
    room.window.event_desk.upload(event(7), file)
    slot = f"upload.{hashlib.sha256(b'x').hexdigest()}"
    room.qtbot.waitUntil(lambda: slot in room.session.sent.asks)
    room.session.answer_ask(slot, Reason(code="attachment.no_store", params={}))
    assert room.session.sent.commands == []
    assert room.window.message.message.text == room.desk.say("attachment.no_store")


def test_that_an_edit_sends_only_what_was_changed_and_never_the_evidence(sheet_room: Room) -> None:
    room, sheet = sheet_room, sheet_room.window.event_desk.edit
    room.session.enter(allowed=("event.edit", "event.report_received"))
    put_events(room.session, event(7, version=5, place="旧址", attributes={"people": "20", "citizen.solved": "1"}))
    room.window.do((BY_ID["event.edit"],))
    sheet.send()
    assert sheet.told.text() == room.desk.say("events.edit.nothing")
    sheet.fields.lines["place"].setText("新址")
    sheet.fields.lines["attributes"].setText("depth_cm=40")
    sheet.reason.setText("现场核对")
    sheet.send()
    (made,) = room.session.sent.commands
    assert made == EditEvent(
        event=7, version=5, place="新址", attributes={"people": "", "depth_cm": "40"}, reason="现场核对"
    )


def test_that_the_superiors_receipt_is_written_down_by_channel_and_name(sheet_room: Room) -> None:
    room = sheet_room
    room.session.enter(allowed=("event.report_received",))
    room.desk.event_focus.select(41)
    put_events(room.session, stranded())
    for _ in range(2):
        room.beat()
    answer(room.session, stranded())
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(room.window.focusWidget(), key)
    QTest.keyClicks(room.window.focusWidget(), "Wang")
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_Return)
    assert room.session.sent.commands == [
        ReportReceived(report=5, version=1, received_by="Wang", channel=Channel.PHONE)
    ]

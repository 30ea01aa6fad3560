"""The sheets about receipts: an officer's word for a recipient, feedback with files, the matrix, the roll call."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.preferences import PreferenceFile
from chengyun_console.wording.past_moments import past_moment_of
from chengyun_core.model import command
from chengyun_core.model.event_commands import AddAttachment
from chengyun_core.model.order import Channel, RollAnswer, RollCall, Step
from chengyun_core.model.receipt_commands import (
    AnswerRollCall,
    ConfirmReceipt,
    EndRollCall,
    FeedBackReceipt,
    NoteRollAnswer,
    StartRollCall,
)
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.event_asks import UploadHeld, UploadPart
from chengyun_core.wire.order_asks import Orders, OrderTold, RollCallTold
from tests.console import task_samples
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S

CTRL = Qt.KeyboardModifier.ControlModifier
OWN = "500000.duty_officer"


@pytest.fixture
def tasks(desk_room: Room, tmp_path: Path) -> Room:
    """The page of tasks with an own order 21 that was signed."""
    desk_room.session.enter(allowed=(*command.KIND_OF.values(),))
    desk_room.desk.take_seat(PreferenceFile(tmp_path, "A-03"))
    task_samples.put_orders(desk_room.session)
    own = task_samples.receipt(21, 1, OWN, (Step.DELIVERED, 1), (Step.READ, 2), (Step.SIGNED, 30))
    desk_room.session.put_fact("order", "21", task_samples.order(21))
    desk_room.session.put_fact("receipt", "21.1", own)
    desk_room.window.tasks.open_receipt(17, 3)
    desk_room.beat()
    return desk_room


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(room.window.focusWidget() or room.window, key, modifiers)


def test_that_an_officers_word_goes_with_channel_person_time_and_the_very_words(tasks: Room) -> None:
    """T2: on behalf, verbatim, with source time."""
    press(tasks, Qt.Key.Key_C)
    form = tasks.window.tasks.receipt_form
    assert form.isVisible()
    assert form.step.currentData() == "signed"
    press(tasks, Qt.Key.Key_Return, CTRL)
    assert "原话" in form.told.text()
    form.words.setPlainText("收到，三分钟到")
    form.said_by.setText("王队")
    form.at.setText("14:31:50")
    press(tasks, Qt.Key.Key_Return, CTRL)
    (sent,) = tasks.session.sent.commands
    assert sent == ConfirmReceipt(
        order=17, place=3, version=3, step=Step.SIGNED, channel=Channel.PHONE, words="收到，三分钟到", said_by="王队",
        source_at=START_NS - 17 * S,
    )  # fmt: skip


def test_that_feedback_told_for_somebody_needs_its_four_elements_too(tasks: Room) -> None:
    press(tasks, Qt.Key.Key_C)
    form = tasks.window.tasks.receipt_form
    form.words.setPlainText("修好了")
    form.said_by.setText("王队")
    form.step.setCurrentIndex(form.step.findData("fed_back"))
    assert form.feedback.isVisible()
    form.send()
    assert tasks.session.sent.commands == []
    assert "与谁沟通" in form.told.text()


def test_that_a_word_that_was_told_does_not_come_back_as_a_draft(tasks: Room, tmp_path: Path) -> None:
    tasks.desk.take_seat(PreferenceFile(tmp_path, "A-03"))
    press(tasks, Qt.Key.Key_C)
    form = tasks.window.tasks.receipt_form
    form.keeper.timer.setInterval(20)
    form.words.setPlainText("收到")
    form.said_by.setText("王队")
    draft = form.draft
    assert form.keeper.timer.isActive()
    form.send()
    assert tasks.desk.drafts.read(draft)
    tasks.session.end_command()
    QTest.qWait(80)
    assert tasks.desk.drafts.read(draft) == {}


def test_that_a_word_refused_comes_back_as_it_was_written(tasks: Room) -> None:
    press(tasks, Qt.Key.Key_C)
    form = tasks.window.tasks.receipt_form
    form.words.setPlainText("收到")
    form.said_by.setText("王队")
    form.send()
    assert form.isHidden()
    tasks.session.end_command(outcome="refused", code="receipt.bad_time", receipt="17.3", step="signed")
    assert form.isVisible()
    assert (form.words.toPlainText(), form.said_by.text()) == ("收到", "王队")


def test_that_a_file_goes_up_in_parts_and_is_named_in_the_feedback(tasks: Room, tmp_path: Path) -> None:
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(b"x" * 600_000)
    tasks.desk.order_focus.select(21, 1)
    tasks.window.stack.page().setFocus()  # type: ignore[union-attr]
    tasks.window.tasks.doers()["order.feed_back"]()
    form = tasks.window.tasks.receipt_form
    form.feedback.upload(picture)
    asks = tasks.session.sent.asks
    tasks.qtbot.waitUntil(lambda: any(slot.startswith("upload.") for slot in asks))
    slot = next(slot for slot in asks if slot.startswith("upload."))
    tasks.session.answer_ask(slot, UploadHeld(held=0, size=600_000))
    for name, text in (("talked_to", "张女士"), ("time_limit", "18:00 前")):
        form.feedback.lines[name].setText(text)
    form.feedback.measures.setPlainText("已加固")
    form.send()
    assert "上传" in form.told.text()
    tasks.qtbot.waitUntil(lambda: slot in asks, timeout=20_000)
    part = asks[slot][1]
    assert isinstance(part, UploadPart)
    assert "0%" in form.feedback.files.text()
    tasks.session.answer_ask(slot, UploadHeld(held=600_000, size=600_000))
    add = tasks.session.sent.commands[-1]
    assert isinstance(add, AddAttachment)
    assert add.about == "receipt:21.1"
    done = Reply(id="", outcome="done", body=codec.pack(Done(change=9, key="77")))
    tasks.session.command_ended.emit(f"command-{len(tasks.session.sent.commands)}", done)
    form.send()
    sent = tasks.session.sent.commands[-1]
    assert isinstance(sent, FeedBackReceipt)
    assert sent.feedback.attachments == (77,)
    assert sent.feedback.accepted_at == task_samples.SENT_NS + 30 * S  # when it was signed


def test_that_t_on_an_event_shows_the_receipts_of_all_its_orders(tasks: Room) -> None:
    whole, rows = task_samples.moving()
    tasks.window.show_page("F3")
    tasks.desk.event_focus.select(41)
    tasks.window.tasks.doers()["order.receipts"]()
    sheet = tasks.window.tasks.matrix
    page, ask = (next(slot for slot in tasks.session.sent.asks if slot.endswith(end)) for end in (" page", " 17"))
    tasks.session.answer_ask(page, Orders(orders=(whole, task_samples.order(12, event=41, recipients=1))))
    tasks.session.answer_ask(ask, OrderTold(order=whole, receipts=rows))
    tasks.beat()
    shown = [row.key for row in sheet.pane.matrix.rows.record.rows]
    assert shown == ["order:17", "17.1", "17.2", "17.3", "17.4", "17.5", "order:12"]
    sheet.pane.matrix.select("17.3")
    tasks.beat()
    assert sheet.deeds.buttons["order.confirm"].isVisible()
    sheet.deeds.buttons["order.confirm"].click()
    assert tasks.window.tasks.receipt_form.isVisible()
    tasks.window.tasks.receipt_form.close_over()
    sheet.pane.setFocus()
    press(tasks, Qt.Key.Key_Return)
    assert sheet.isHidden()
    assert tasks.window.page == "F4"
    assert (tasks.desk.order_focus.number, tasks.desk.order_focus.place) == (17, 3)


def roll(**fields: object) -> RollCall:
    made: dict[str, object] = {
        "number": 5, "title": "汛期点名", "called": ("U-01", "U-02", OWN), "started_at": START_NS,
        "started_by": "li", "started_seat": "A-03",
    }  # fmt: skip
    return RollCall(**(made | fields))  # type: ignore[arg-type]


def test_that_one_key_calls_everybody_and_the_missing_stand_first(tasks: Room) -> None:
    tasks.window.tasks.doers()["roll_call.open"]()
    sheet = tasks.window.tasks.roll_call
    press(tasks, Qt.Key.Key_Return, CTRL)
    (sent,) = tasks.session.sent.commands
    assert isinstance(sent, StartRollCall)
    assert (sent.called, sent.window_s, sent.late_window_s) == ((), 60, 120)
    tasks.session.put_fact("roll_call", "5", roll())
    answer = RollAnswer(call=5, code="U-01", at=START_NS + 12 * S, account="wang", seat="U-1")
    tasks.session.put_fact("roll_answer", "5.U-01", answer)
    tasks.beat()
    assert [row.key for row in sheet.list.rows()] == ["U-02", OWN, "U-01"]
    assert "未到 2" in sheet.counts.text()
    sheet.answer()
    assert tasks.session.sent.commands[-1] == AnswerRollCall(call=5, code=OWN)
    press(tasks, Qt.Key.Key_Return, CTRL)
    assert tasks.session.sent.commands[-1] == EndRollCall(call=5, version=1)


def test_that_whom_to_call_is_chosen_as_a_whole_or_picked_by_hand(tasks: Room) -> None:
    """T9: all districts, towns, posts, units, or a roll of one's own; with the windows that fit."""
    tasks.window.tasks.doers()["roll_call.open"]()
    sheet = tasks.window.tasks.roll_call
    below = sheet.picks.called()
    assert below
    assert all(code.endswith(".duty_officer") for code in below)
    assert [row.key for row in sheet.list.rows()] == list(below)
    sheet.whom.setCurrentIndex(sheet.whom.findData("posts"))
    assert sheet.picks.called() == tuple(post.code for post in tasks.desk.names.view.catalogue.posts)
    first, *others = sheet.picks.called()
    sheet.finding.setText(first)
    sheet.open_row(first)
    assert sheet.whom.currentData() == "picked"
    assert [row.is_marked for row in sheet.list.rows() if row.key == first] == [False]
    sheet.windows.setCurrentIndex(2)
    sheet.call_or_end()
    (sent,) = tasks.session.sent.commands
    assert isinstance(sent, StartRollCall)
    assert (sent.called, sent.window_s, sent.late_window_s) == (tuple(others), 120, 300)


def test_that_a_roll_of_nobody_is_not_called(tasks: Room) -> None:
    tasks.window.tasks.doers()["roll_call.open"]()
    sheet = tasks.window.tasks.roll_call
    for code in sheet.picks.called():
        sheet.open_row(code)
    sheet.call_or_end()
    assert tasks.session.sent.commands == []
    assert sheet.counts.text() == tasks.desk.say("tasks.roll.nobody")


def test_that_an_answer_by_phone_needs_the_words_that_were_said(tasks: Room) -> None:
    tasks.session.put_fact("roll_call", "5", roll())
    tasks.window.tasks.doers()["roll_call.open"]()
    sheet = tasks.window.tasks.roll_call
    sheet.note("U-02")
    assert tasks.session.sent.commands == []
    sheet.words.setText("在岗，老李")
    sheet.note("U-02")
    (sent,) = tasks.session.sent.commands
    assert isinstance(sent, NoteRollAnswer)
    assert (sent.code, sent.channel, sent.words) == ("U-02", Channel.PHONE, "在岗，老李")


def test_that_who_is_missing_stays_on_the_sheet_when_the_call_has_ended(tasks: Room) -> None:
    tasks.session.put_fact("roll_call", "5", roll())
    tasks.window.tasks.doers()["roll_call.open"]()
    tasks.beat()
    del tasks.session.facts.roll_calls[5]
    tasks.beat()
    tasks.session.answer_ask("tasks roll call", RollCallTold(call=roll(ended_at=START_NS + 120 * S), missing=("U-02",)))
    tasks.beat()
    rows = {row.key: row.status for row in tasks.window.tasks.roll_call.list.rows()}
    assert rows["U-02"] == tasks.desk.say("tasks.roll.missing")


NOON = datetime(2026, 7, 18, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hours_ago"), [("11:30", 0.5), ("12:30", 23.5), ("07-17 12:00", 24.0), ("2026-07-18 06:00:00", 6.0)]
)
def test_that_a_time_is_the_last_one_of_its_name(text: str, hours_ago: float) -> None:
    assert past_moment_of(text, NOON) == round((NOON.timestamp() - hours_ago * 3600) * S)


@pytest.mark.parametrize(
    ("text", "code"), [("25:00", "tasks.form.not_a_time"), ("2026-07-19 01:00", "tasks.form.time_ahead")]
)
def test_that_what_is_no_time_or_still_to_come_is_refused(text: str, code: str) -> None:
    with pytest.raises(ValueError, match=code):
        past_moment_of(text, NOON)
    assert past_moment_of("  ", NOON) is None

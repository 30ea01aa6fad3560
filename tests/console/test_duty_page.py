"""Page F8: gaps before they happen, loads, deeds in place, a log without holes, and an honest face when it is late."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.duty_forms.shift_sheet import ShiftSheet
from chengyun_console.pages.duty.page import DutyPage
from chengyun_core.mirror.links import Reach
from chengyun_core.model.duty import LogKind, Presence
from chengyun_core.model.duty_commands import (
    BeginShift,
    CoverSeat,
    GiveBackSeat,
    ImportRoster,
    LendSeat,
    TellPresence,
    WriteLogLine,
)
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import AskLog, Log, RosterChecked, Shifts
from chengyun_core.wire.event_asks import UploadHeld
from tests.console import duty_scenes
from tests.console.scenes import Look, Stand, seat, stand
from tests.support import duty_samples as samples
from tests.support.waiting import wait_until

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One window on F8 for all tests."""
    with stand(tmp_path_factory.mktemp("profile"), Look(width=1920, height=1080)) as made:
        seat(made)
        duty_scenes.show_duty(made)
        yield made


@pytest.fixture
def page(at: Stand) -> DutyPage:
    """The page as the centre told it, nothing in question."""
    made = at.window.stack.of(DutyPage)
    at.window.layers.hide()
    made.deeds.ask_line.close_over()
    made.known.now = samples.now()
    made.known.touch()
    at.window.show_page("F8")
    at.session.hear()
    at.beat()
    for slot, record in (
        ("duty.shifts", samples.shifts()), ("duty.now", samples.now()), ("duty.people", samples.people()),
        ("duty.log", samples.log()),
    ):  # fmt: skip
        duty_scenes.tell(at, slot, record)
    at.beat()
    made.board.board.text.setFocus()
    return made


def _last(at: Stand) -> object:
    return at.session.sent.commands[-1]


def _write(page: DutyPage, text: str) -> None:
    page.deeds.ask_line.line.setText(text)
    page.deeds.ask_line.submit()


def test_that_a_gap_stands_in_red_before_it_happens(at: Stand, page: DutyPage) -> None:
    columns = {column.key: column for column in page.board.board.text.columns}
    assert [row.is_lack for row in columns["42"].rows][:2] == [True, False]
    assert "无人排班" in columns["42"].rows[0].title
    assert "01:27" in columns["42"].rows[0].title
    assert [row.title.split("：")[0] for row in columns["43"].rows if row.is_lack] == [
        "缺带班领导 1 人",
        "缺值班员 1 人",
    ]
    assert columns["41"].is_now


def test_that_the_board_is_walked_by_arrows_across_the_shifts(at: Stand, page: DutyPage) -> None:
    page.board.board.choose("41", "P02")
    at.press(Qt.Key.Key_Right)
    assert page.board.board.chosen[0] == "42"
    at.press(Qt.Key.Key_Down)
    shift, one = page.board.chosen or (None, None)
    assert shift is not None
    assert one is not None
    assert shift.number == 42


def test_that_without_any_shift_the_first_one_is_made_or_imported_by_a_key(at: Stand, page: DutyPage) -> None:
    page.known.shifts = Shifts()
    page.board.refresh(is_stale=False)
    page.deeds.show_possible()
    assert page.board.none.isVisible()
    assert page.deeds.of_board.by_id["duty.import"].isVisible()
    at.press(Qt.Key.Key_S, ALT | Qt.KeyboardModifier.ShiftModifier)
    assert at.window.duty_desk.forms.sheet(ShiftSheet).isVisible()


def test_that_presence_is_told_by_a_key_and_an_absence_with_its_reason(at: Stand, page: DutyPage) -> None:
    page.board.board.choose("41", "P01")
    at.press(Qt.Key.Key_P, ALT)
    assert _last(at) == TellPresence(shift=41, version=3, person="P01", presence=Presence.PRESENT)
    page.board.board.choose("41", "P04")
    at.press(Qt.Key.Key_A, ALT)
    _write(page, "家中急事")
    told = _last(at)
    assert isinstance(told, TellPresence)
    assert (told.presence, told.reason) == (Presence.ABSENT, "家中急事")


def test_that_nobody_is_told_present_on_a_shift_that_has_not_begun(at: Stand, page: DutyPage) -> None:
    page.board.board.choose("42", "P11")
    assert not page.deeds.of_board.by_id["duty.present"].isVisible()
    at.press(Qt.Key.Key_G, ALT)
    assert _last(at) == BeginShift(shift=42, version=1)


def test_that_a_seat_is_covered_lent_and_given_back(at: Stand, page: DutyPage) -> None:
    page.seats.list.choose("A-06")
    at.press(Qt.Key.Key_C, ALT)
    _write(page, "临时离岗")
    assert _last(at) == CoverSeat(seat="A-06", reason="临时离岗")
    page.seats.list.choose("A-01")
    at.press(Qt.Key.Key_L, ALT)
    _write(page, "支援防汛")
    assert _last(at) == LendSeat(seat="A-03", by_seat="A-01", reason="支援防汛")
    page.seats.list.choose("A-02")
    at.press(Qt.Key.Key_B, ALT)
    assert _last(at) == GiveBackSeat(seat="A-02", version=2)


def test_that_ones_own_seat_is_neither_covered_nor_lent_to_oneself(at: Stand, page: DutyPage) -> None:
    page.seats.list.choose("A-03")
    assert not page.deeds.of_seats.by_id["duty.cover"].isVisible()
    assert not page.deeds.of_seats.by_id["duty.lend"].isVisible()


def test_that_what_matters_most_about_a_seat_is_told(at: Stand, page: DutyPage) -> None:
    rows = {row.key: row for row in page.seats.list.text.rows}
    assert rows["A-03"].value > rows["A-03"].limit
    assert "17" in rows["A-03"].detail
    assert "A-03" in rows["A-02"].detail
    lone = replace(samples.now(), seats=(replace(samples.now().seats[4], unacknowledged=2),))
    page.known.now = lone
    page.seats.refresh(is_stale=False)
    assert page.seats.list.text.rows[0].detail == at.desk.say("console.duty.nobody_watches")


def test_that_a_letter_on_the_page_acknowledges_no_alarm(at: Stand, page: DutyPage) -> None:
    at.desk.select_alarm(1)
    before = len(at.session.sent.commands)
    at.press(Qt.Key.Key_A)
    assert at.window.chooser.isHidden()
    assert len(at.session.sent.commands) == before


def test_that_a_line_is_written_and_stays_until_the_centre_has_it(at: Stand, page: DutyPage) -> None:
    at.press(Qt.Key.Key_N, ALT)
    page.log.field.setText("市局来电，朝天门交通管制至 18:00")
    at.press(Qt.Key.Key_Return)
    assert _last(at) == WriteLogLine(text="市局来电，朝天门交通管制至 18:00")
    at.session.end_command(outcome="refused", code="permission.denied", action="log.write")
    assert page.log.field.text() != ""
    at.press(Qt.Key.Key_Return)
    at.session.end_command()
    assert page.log.field.text() == ""


def test_that_a_notice_and_a_correction_are_lines_of_their_own(at: Stand, page: DutyPage) -> None:
    at.press(Qt.Key.Key_T, ALT)
    _write(page, "20:00 市长视频调度")
    assert _last(at) == WriteLogLine(text="20:00 市长视频调度", kind=LogKind.NOTICE)
    row = replace(samples.log().rows[1], sentence=Reason(code="log.text", params={"text": "客船已靠泊", "line": "7"}))
    page.known.log[row.number] = row
    page.deeds.show_possible()
    page.board.board.text.setFocus()
    at.press(Qt.Key.Key_E, ALT)
    assert page.deeds.ask_line.line.text() == "客船已靠泊"
    _write(page, "客船除 3 号外已靠泊")
    assert _last(at) == WriteLogLine(text="客船除 3 号外已靠泊", corrects=7)


def test_that_the_log_has_no_hole_and_goes_back_page_after_page(at: Stand, page: DutyPage) -> None:
    known = page.known
    known.log = {}
    known._take_log(replace(samples.log(), next=800), is_newest=True)
    first = set(known.log)
    known.older()
    _kind, body, _answer = at.session.sent.asks["duty.log_older"]
    assert body == AskLog(before=800, limit=60)
    older = Log(rows=(replace(samples.log().rows[0], number=700),), next=0)
    at.session.answer_ask("duty.log_older", older)
    assert set(known.log) == first | {700}
    far = Log(rows=(replace(samples.log().rows[0], number=5000),), next=4990)
    known._take_log(far, is_newest=True)
    assert set(known.log) == {5000}
    assert known.log_next == 4990


def test_that_the_sides_turn_by_keys_and_by_mouse(at: Stand, page: DutyPage) -> None:
    at.press(Qt.Key.Key_3, ALT)
    assert page.sides.currentWidget() is page.handovers
    QTest.mouseClick(page.tabs.buttons[1], Qt.MouseButton.LeftButton)
    assert page.sides.currentWidget() is page.contacts
    page.contacts.field.setText("李值班")
    assert [row.title for row in page.contacts.list.rows()] == ["李值班"]
    page.contacts.field.clear()
    page.show_side(0)


def test_that_a_sheet_of_the_past_is_opened_from_its_list(at: Stand, page: DutyPage) -> None:
    page.known.handovers = samples.handovers()
    page.handovers.refresh()
    page.handovers.list.row_was_opened.emit("11")
    assert at.window.duty_desk.sheet.isVisible()
    duty_scenes.answer(at, replace(samples.signed(), number=11))
    assert not at.window.duty_desk.sheet.care.is_live


def test_that_a_lost_centre_leaves_what_it_told_with_its_time_and_nothing_that_looks_live(
    at: Stand, page: DutyPage
) -> None:
    at.session.hear(centre=Reach.LOST)
    at.beat()
    at.beat()
    rows = page.seats.list.text.rows
    assert [row.is_stale for row in rows] == [True] * len(samples.now().seats)
    told = at.desk.say("console.duty.as_of", time=at.desk.figures.clock(page.known.told_ns))
    assert told in page.seats._note.text()
    at.session.hear()


def test_that_a_roster_with_faults_is_shown_by_row_and_column_and_not_sent(
    at: Stand, page: DutyPage, tmp_path: Path
) -> None:
    file = tmp_path / "8月排班.csv"
    file.write_text("x")
    sheet = at.window.duty_desk.roster
    at.press(Qt.Key.Key_I, ALT)
    assert sheet.isVisible()
    sheet.look_at(file)
    wait_until(lambda: _pumped("duty.roster" in at.session.sent.asks), "the file is read")
    fault = Reason(code="roster.time", params={"line": "4", "column": "begins", "value": "24:60"})
    at.session.answer_ask("duty.roster", RosterChecked(faults=(fault,)))
    assert "4" in sheet.list.rows()[0].detail
    before = len(at.session.sent.commands)
    sheet.send()
    assert len(at.session.sent.commands) == before
    sheet.look_at(file)
    wait_until(lambda: _pumped("duty.roster" in at.session.sent.asks), "the file is read again")
    at.session.answer_ask("duty.roster", RosterChecked(people=18, shifts=3))
    sheet.send()
    assert _last(at) == ImportRoster(name="8月排班.csv", data=b"x")
    at.session.end_command()
    assert sheet.told.text() == at.desk.say("console.roster.taken")
    sheet.close_over()


def test_that_a_snapshot_of_the_pane_in_focus_goes_into_the_log_by_its_content(at: Stand, page: DutyPage) -> None:
    at.session.sent.asks.clear()
    at.do("duty.snapshot")
    wait_until(lambda: _pumped(any(slot.startswith("upload.") for slot in at.session.sent.asks)), "it is offered")
    slot = next(slot for slot in at.session.sent.asks if slot.startswith("upload."))
    _kind, ask, _answer = at.session.sent.asks[slot]
    size, digest = ask.size, ask.digest  # type: ignore[attr-defined]
    at.session.answer_ask(slot, UploadHeld(held=size, size=size))
    told = _last(at)
    assert isinstance(told, WriteLogLine)
    assert (told.kind, told.text, told.attachment) == (LogKind.SNAPSHOT, at.desk.say("console.duty.board"), digest)
    assert (told.size, Path(told.name).suffix) == (size, ".png")
    folder = at.desk.profile / "snapshots"
    wait_until(lambda: _pumped(not list(folder.glob("*"))), "the copy is gone")


def _pumped(is_there: object) -> bool:
    QApplication.processEvents()
    return bool(is_there)

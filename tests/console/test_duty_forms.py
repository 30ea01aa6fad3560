"""The forms of F8: filled by keys, faults at their field, drafts that stay, a newer version under what was typed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.duty_forms.person_sheet import PersonSheet
from chengyun_console.duty_forms.shift_sheet import ShiftSheet
from chengyun_console.duty_forms.swap_sheet import SwapSheet, exchanged
from chengyun_console.pages.duty.deeds import copies_of
from chengyun_core.model.duty import Assignment, DutyRole, Shift, ShiftState
from chengyun_core.model.duty_commands import (
    BeginShift,
    CancelShift,
    CopyShift,
    SavePerson,
    SaveShift,
    SwapDuty,
)
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskShiftCheck, People, Shifts
from chengyun_core.wire.envelope import Done, Reply
from tests.console import duty_form_scenes as scenes
from tests.console.scenes import Look, Stand, seat, stand
from tests.support import duty_samples as samples

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One window on F8 for all tests."""
    with stand(tmp_path_factory.mktemp("profile"), Look()) as made:
        seat(made)
        scenes.show_page(made)
        yield made


@pytest.fixture
def at(window: Stand) -> Stand:
    """The window without a form over it and without drafts."""
    window.window.layers.hide()
    for file in (window.desk.profile / "seats").rglob("drafts/*.json"):
        file.unlink()
    for form in window.window.duty_desk.forms._made.values():
        form.sending._sent.clear()
    window.desk.drafts.flush()
    page = scenes.show_page(window)
    page.deeds.ask_line.close_over()
    page.show_side(0)
    page.board.board.choose("42", "P12")
    page.board.board.text.setFocus()
    return window


def _last(at: Stand) -> object:
    return at.session.sent.commands[-1]


def _end(at: Stand, code: str = "", **params: str) -> None:
    """Answer the command that was sent last."""
    body = b"" if code else codec.pack(Done(change=7, key="42", version=2))
    outcome = "refused" if code else "done"
    command = f"command-{len(at.session.sent.commands)}"
    at.session.command_ended.emit(command, Reply(id=command, outcome=outcome, body=body, code=code, params=params))


def _press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, held)


def _open(at: Stand, key: Qt.Key, held: Qt.KeyboardModifier, kind: type) -> object:
    at.press(key, held)
    form = at.window.duty_desk.forms.sheet(kind)
    assert form.isVisible()
    scenes._tell(at, "form.people", samples.people())
    return form


def _shift_form(at: Stand) -> ShiftSheet:
    form = _open(at, Qt.Key.Key_S, ALT, ShiftSheet)
    assert isinstance(form, ShiftSheet)
    return form


def test_that_a_shift_is_filled_in_by_keys_and_saved_over_the_version_that_was_seen(at: Stand) -> None:
    form = _shift_form(at)
    form.roll.field.setFocus()
    form.roll.field.setText("曹阳")
    _press(form.roll.field, Qt.Key.Key_Return)
    form.roll.chosen.select("P09")
    form.roll.chosen.setFocus()
    _press(form.roll.chosen, Qt.Key.Key_Delete)
    _press(form, Qt.Key.Key_Return, CTRL)
    sent = _last(at)
    assert isinstance(sent, SaveShift)
    assert (sent.number, sent.version, sent.name) == (42, 1, "中班")
    people = [one.person for one in sent.assignments]
    assert "P17" in people
    assert "P09" not in people
    assert {one.role for one in sent.assignments if one.person == "P17"} == {DutyRole.OFFICER}
    before = samples.shifts().shifts[1]
    assert (sent.begins_at, sent.ends_at, sent.demands) == (before.begins_at, before.ends_at, before.demands)
    _end(at)
    assert form.isHidden()


def test_that_what_would_lack_is_asked_for_with_every_change_and_shown_beside(at: Stand) -> None:
    form = _shift_form(at)
    form._add("P17")
    asked = at.session.sent.asks["shift.check"][1]
    assert isinstance(asked, AskShiftCheck)
    assert "P17" in {one.person for one in asked.shift.assignments}
    scenes._tell(at, "shift.check", scenes.lacking())
    rows = form.lacks.rows()
    assert ["无人排班" in rows[0].title, "夜班" in rows[1].detail] == [True, True]


def test_that_a_role_and_a_seat_chosen_are_those_of_who_is_in_focus(at: Stand) -> None:
    form = _shift_form(at)
    form.roll.chosen.setFocus()
    form.roll.chosen.select("P13")
    assert form.role.currentData() == DutyRole.OFFICER.value
    form.role.setCurrentIndex(form.role.findData(DutyRole.CHIEF.value))
    form.role.activated.emit(form.role.currentIndex())
    assert {one.role for one in form._rows if one.person == "P13"} == {DutyRole.CHIEF}
    assert {one.seat for one in form._rows if one.person == "P13"} == {""}


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("name", "", "name"), ("begins", "八点", "begins"), ("ends", "25:70", "ends"),
        ("ends", "2026-07-18 10:00", "ends"),
    ],
)  # fmt: skip
def test_that_what_cannot_be_is_told_at_its_field_and_not_sent(at: Stand, field: str, text: str, fault: str) -> None:
    form, count = _shift_form(at), len(at.session.sent.commands)
    getattr(form, field).setText(text)
    form.touched()
    form.send()
    assert [name for name, line in form.faults.items() if line.isVisible()] == [fault]
    assert len(at.session.sent.commands) == count


def test_that_a_night_shifts_end_is_the_next_morning(at: Stand) -> None:
    form = _shift_form(at)
    form.begins.setText("2026-07-18 22:00")
    form.ends.setText("06:00")
    wanted = form._wanted()
    assert isinstance(wanted, Shift)
    assert wanted.ends_at - wanted.begins_at == 8 * samples.H


def test_that_a_count_that_is_none_is_told_at_the_demands(at: Stand) -> None:
    form = _shift_form(at)
    form.demands.fields[(DutyRole.OFFICER, "emergency")].setText("x")
    form.send()
    assert form.faults["demands"].isVisible()
    form.demands.fields[(DutyRole.OFFICER, "emergency")].setText("6")
    wanted = form._wanted()
    assert isinstance(wanted, Shift)
    assert [(one.role, one.count) for one in wanted.demands if one.mode == "emergency"] == [(DutyRole.OFFICER, 6)]


def test_that_a_running_shift_needs_a_reason(at: Stand) -> None:
    at.window.duty_desk.forms.sheet(ShiftSheet).open_for(samples.shifts().shifts[0], at.window.page_area())
    form = at.window.duty_desk.forms.sheet(ShiftSheet)
    assert form.begins.isReadOnly()
    form.send()
    assert form.faults["reason"].isVisible()
    form.reason.setText("临时调整")
    form.send()
    sent = _last(at)
    assert isinstance(sent, SaveShift)
    assert sent.reason == "临时调整"
    assert {one.presence.value for one in sent.assignments} == {"on_call", "present", "absent"}


def test_that_what_was_typed_is_there_again_after_esc_and_gone_after_it_was_discarded(at: Stand) -> None:
    form = _shift_form(at)
    form.name.setText("中班（加强）")
    form.touched()
    at.window.layers.close_nearest()
    at.desk.drafts.flush()
    page = scenes.show_page(at)
    page.board.board.text.setFocus()
    form = _shift_form(at)
    assert form.name.text() == "中班（加强）"
    _press(form, Qt.Key.Key_D, ALT)
    assert form.name.text() == "中班"


def test_that_a_newer_version_is_taken_under_what_was_typed(at: Stand) -> None:
    form = _shift_form(at)
    form.name.setText("中班（加强）")
    form.touched()
    form.send()
    _end(at, "shift.changed", shift="42", version="2")
    assert form.isVisible()
    assert form.deeds.by_id["form.reload"].isVisible()
    _press(form, Qt.Key.Key_R, ALT)
    evening = replace(
        samples.shifts().shifts[1], version=2, assignments=(Assignment(person="P10", role=DutyRole.LEADER),)
    )
    at.session.answer_ask("form.newest", Shifts(shifts=(evening,)))
    assert form.name.text() == "中班（加强）"
    assert [one.person for one in form._rows] == ["P10"]
    form.send()
    sent = _last(at)
    assert isinstance(sent, SaveShift)
    assert (sent.version, sent.name) == (2, "中班（加强）")


def test_that_a_planned_shift_is_begun_from_its_form(at: Stand) -> None:
    form = _shift_form(at)
    _press(form, Qt.Key.Key_G, ALT)
    assert _last(at) == BeginShift(shift=42, version=1)


def test_that_a_new_shift_has_neither_number_nor_version(at: Stand) -> None:
    form = _open(at, Qt.Key.Key_S, ALT | SHIFT, ShiftSheet)
    assert isinstance(form, ShiftSheet)
    for field, text in ((form.name, "备勤班"), (form.begins, "2026-07-20 08:00"), (form.ends, "16:00")):
        field.setText(text)
    form._add("P03")
    form.send()
    sent = _last(at)
    assert isinstance(sent, SaveShift)
    assert (sent.number, sent.version, [one.person for one in sent.assignments]) == (0, 0, ["P03"])


def test_that_a_shift_is_copied_on_and_cancelled_in_place(at: Stand) -> None:
    page = scenes.show_page(at)
    page.board.board.text.setFocus()
    at.press(Qt.Key.Key_W, ALT)
    page.deeds.ask_line.line.setText("4*3")
    page.deeds.ask_line.submit()
    assert _last(at) == CopyShift(shift=42, version=1, times=4, every_days=3)
    page.board.board.text.setFocus()
    at.press(Qt.Key.Key_X, ALT)
    page.deeds.ask_line.line.setText("并班")
    page.deeds.ask_line.submit()
    assert _last(at) == CancelShift(shift=42, version=1, reason="并班")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("4", (4, 7)),
        ("4*3", (4, 3)),
        ("2 × 14", (2, 14)),
        ("", None),
        ("零", None),
        ("0", None),
        ("3*", (3, 7)),
        ("-1", None),
    ],
)
def test_that_how_often_a_shift_is_planned_again_is_read_in_weeks_or_days(
    text: str, read: tuple[int, int] | None
) -> None:
    assert copies_of(text) == read


def test_that_two_exchange_their_shifts_and_both_versions_are_sent(at: Stand) -> None:
    form = _open(at, Qt.Key.Key_H, ALT, SwapSheet)
    assert isinstance(form, SwapSheet)
    at.session.answer_ask("form.newest", samples.shifts())
    form.field.setText("曹阳")
    assert form.list.current_key() == "43/P17"
    asked = at.session.sent.asks["shift.check"][1]
    assert isinstance(asked, AskShiftCheck)
    assert "P17" in {one.person for one in asked.shift.assignments}
    assert "P12" in {one.person for one in asked.others[0].assignments}
    form.send()
    assert form.faults["reason"].isVisible()
    form.reason.setText("家中有事")
    form.send()
    assert _last(at) == SwapDuty(shift=42, version=1, person="P12", other_shift=43, other_version=1, other_person="P17",
                                 reason="家中有事")  # fmt: skip


def test_that_somebody_without_a_shift_only_comes_instead(at: Stand) -> None:
    form = _open(at, Qt.Key.Key_H, ALT, SwapSheet)
    assert isinstance(form, SwapSheet)
    form.field.setText("丁一")
    assert form.list.current_key() == "0/P18"
    form.reason.setText("病")
    form.send()
    assert _last(at) == SwapDuty(shift=42, version=1, person="P12", other_person="P18", reason="病")


def test_that_an_exchange_within_a_shift_changes_places_and_keeps_everybody_else() -> None:
    evening = samples.shifts().shifts[1]
    mine, theirs = exchanged(evening, "P12", evening, "P11")
    assert theirs is None
    held = {one.person: (one.role, one.seat) for one in mine.assignments}
    assert (held["P11"], held["P12"]) == ((DutyRole.OFFICER, "A-03"), (DutyRole.CHIEF, ""))
    assert len(mine.assignments) == len(evening.assignments)


def _person_form(at: Stand) -> PersonSheet:
    page = scenes.show_page(at)
    page.show_side(1)
    page.contacts.list.select("P07")
    page.contacts.list.setFocus()
    form = _open(at, Qt.Key.Key_R, ALT, PersonSheet)
    assert isinstance(form, PersonSheet)
    return form


def test_that_a_person_is_written_with_telephones_in_order_and_certificates_by_day(at: Stand) -> None:
    form = _person_form(at)
    assert form.fields["code"].isReadOnly()
    form.fields["phones"].setText("13900000000、 8811 ,023-6300")
    form.untils[DutyRole.CHIEF].setText("2027-06-30")
    form.roll.field.setText("track_owner.1")
    _press(form.roll.field, Qt.Key.Key_Return)
    form.send()
    sent = _last(at)
    assert isinstance(sent, SavePerson)
    assert sent.person.phones == ("13900000000", "8811", "023-6300")
    assert {one.role: one.until for one in sent.person.certificates} == {
        DutyRole.OFFICER: "2027-12-31", DutyRole.CHIEF: "2027-06-30",
    }  # fmt: skip
    assert sent.person.posts == ("500000.duty_officer", "500000.track_owner.1")
    assert sent.version == 1


def test_that_a_day_that_is_none_is_told_at_its_certificate(at: Stand) -> None:
    form = _person_form(at)
    form.untils[DutyRole.LEADER].setText("2027-13-01")
    form.send()
    assert form.faults["until.leader"].isVisible()


def test_that_an_account_nobody_has_is_told_at_its_field(at: Stand) -> None:
    form = _person_form(at)
    form.fields["account"].setText("nobody")
    form.send()
    _end(at, "account.unknown", account="nobody")
    assert form.faults["account"].isVisible()
    assert form.isVisible()


def test_that_a_newer_person_is_taken_under_what_was_typed(at: Stand) -> None:
    form = _person_form(at)
    form.fields["unit"].setText("应急局")
    form.touched()
    form.send()
    _end(at, "person.changed", person="P07", version="5")
    form.reload()
    newer = replace(next(one for one in samples.people().people if one.code == "P07"), version=5, account="he")
    at.session.answer_ask("form.newest", People(people=(newer,)))
    assert (form.fields["unit"].text(), form.fields["account"].text()) == ("应急局", "he")
    form.send()
    sent = _last(at)
    assert isinstance(sent, SavePerson)
    assert (sent.version, sent.person.account) == (5, "he")


def test_that_a_planned_shift_alone_is_begun_or_cancelled(at: Stand) -> None:
    page = scenes.show_page(at)
    page.board.board.choose("41", "P02")
    assert not page.deeds.of_board.by_id["duty.take_off"].isVisible()
    assert page.known.shift(41) is not None
    assert page.known.shift(41).state is ShiftState.RUNNING  # type: ignore[union-attr]
    page.board.board.choose("42", "P12")
    assert page.deeds.of_board.by_id["duty.take_off"].isVisible()

"""A chief writes the roster at the console of a real centre: people, shifts, an exchange, a call list, a preset."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.duty_forms.call_list_sheet import CallListSheet
from chengyun_console.duty_forms.person_sheet import PersonSheet
from chengyun_console.duty_forms.preset_sheet import PresetSheet
from chengyun_console.duty_forms.shift_sheet import ShiftSheet
from chengyun_console.duty_forms.swap_sheet import SwapSheet
from chengyun_console.pages.duty.page import DutyPage
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.model.change import Change
from chengyun_core.model.command import CreateAccount
from chengyun_core.wire.duty_asks import People, Shifts
from tests.support.console_waiting import wait_at
from tests.support.living_city import PASSWORD, SEAT, LivingCity, living_city
from tests.support.open_console import open_console

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CHIEF = "chief"


@dataclass
class Rostering:
    """A console of a running city, a chief signed on, F8 in front."""

    city: LivingCity
    window: ConsoleWindow
    session: Session
    desk: Desk
    wait: Callable[[Callable[[], bool]], None]

    @property
    def page(self) -> DutyPage:
        """Return F8."""
        return self.window.stack.of(DutyPage)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(self.window.focusWidget() or self.window, key, held)

    def rows(self, action: str) -> list[Change]:
        """Return the journal's rows of an action."""
        with self.city.door() as door:
            return [change for change in door.changes() if change.action == action]

    def people(self) -> list[str]:
        """Return the codes F8 knows."""
        told = self.page.known.people
        return [one.code for one in told.people] if isinstance(told, People) else []

    def shifts(self) -> list[str]:
        """Return the names of the shifts F8 knows."""
        told = self.page.known.shifts
        return [one.name for one in told.shifts] if isinstance(told, Shifts) else []


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[Rostering]:
    """The chief at F8 of a city without any roster."""
    with living_city(tmp_path, vitals=4) as city:
        with city.door() as door:
            door.send(CreateAccount(account=CHIEF, name="陈值班长", password=PASSWORD, posts=("500000.watch_chief",)))
        with open_console(qtbot, city.profile.folder) as (window, session, desk):

            def wait(condition: Callable[[], bool]) -> None:
                wait_at(qtbot, session, condition)

            session.sign_on(CHIEF, PASSWORD, SEAT)
            wait(lambda: session.signed_on is not None and session.facts.complete and desk.names is not None)
            window.show_page("F8")
            made = Rostering(city, window, session, desk, wait)
            wait(lambda: isinstance(made.page.known.shifts, Shifts) and isinstance(made.page.known.people, People))
            yield made


def _save(at: Rostering, form: QWidget, action: str, count: int = 1) -> None:
    QTest.keyClick(at.window.focusWidget() or form, Qt.Key.Key_Return, CTRL)
    at.wait(form.isHidden)
    assert len(at.rows(action)) == count


def _add_person(at: Rostering, code: str, name: str) -> None:
    at.page.show_side(1)
    at.page.contacts.list.setFocus()
    at.key(Qt.Key.Key_R, ALT | SHIFT)
    form = at.window.duty_desk.forms.sheet(PersonSheet)
    form.fields["code"].setText(code)
    form.fields["name"].setText(name)
    form.fields["phones"].setText("13800000000、8810")
    for field in form.untils.values():
        field.setText("2099-12-31")
    form.fields["name"].setFocus()
    QTest.keyClick(form.fields["name"], Qt.Key.Key_Return, CTRL)
    at.wait(form.isHidden)
    at.wait(lambda: code in at.people())


def _add_shift(at: Rostering, name: str, begins: str, ends: str, person: str) -> None:
    at.page.board.board.text.setFocus()
    at.key(Qt.Key.Key_S, ALT | SHIFT)
    form = at.window.duty_desk.forms.sheet(ShiftSheet)
    for field, text in ((form.name, name), (form.begins, begins), (form.ends, ends)):
        field.setText(text)
    at.wait(lambda: bool(form._people))
    form.roll.field.setFocus()
    form.roll.field.setText(person)
    QTest.keyClick(form.roll.field, Qt.Key.Key_Return)
    at.wait(lambda: bool(form.lacks.rows()))
    QTest.keyClick(form.roll.field, Qt.Key.Key_Return, CTRL)
    at.wait(form.isHidden)
    at.wait(lambda: name in at.shifts())


def test_that_a_roster_a_list_and_a_preset_are_written_by_keys_and_stand_in_the_journal(at: Rostering) -> None:
    for code, name in (("p-1", "李一"), ("p-2", "王二"), ("p-3", "赵三")):
        _add_person(at, code, name)
    day = at.desk.figures.moment(at.desk.now_ns() + 2 * 86_400 * 10**9)
    _add_shift(at, "白班", f"{day:%Y-%m-%d} 08:00", "16:00", "李一")
    _add_shift(at, "夜班", f"{day:%Y-%m-%d} 20:00", "04:00", "王二")
    assert len(at.rows("person.save")) == 3
    assert len(at.rows("shift.save")) == 2
    _exchange(at)
    _copy_and_take_off(at)
    _list_and_preset(at)


def _exchange(at: Rostering) -> None:
    number = next(shift.number for shift in at.page.known.shown_shifts() if shift.name == "白班")
    at.page.board.board.choose(str(number), "p-1")
    at.page.board.board.text.setFocus()
    at.key(Qt.Key.Key_H, ALT)
    form = at.window.duty_desk.forms.sheet(SwapSheet)
    at.wait(lambda: len(form._shifts) > 1 and bool(form._people))
    form.field.setText("王二")
    form.reason.setText("家中有事")
    at.wait(lambda: bool(form.list.current_key()))
    form.reason.setFocus()
    QTest.keyClick(form.reason, Qt.Key.Key_Return, CTRL)
    at.wait(form.isHidden)
    rows = at.rows("shift.swap")
    assert {(row.params["person_name"], row.params["other_name"]) for row in rows} == {("李一", "王二")}
    assert len(rows) == 2


def _copy_and_take_off(at: Rostering) -> None:
    at.wait(lambda: any(one.person == "p-2" for shift in at.page.known.shown_shifts() for one in shift.assignments
                        if shift.name == "白班"))  # fmt: skip
    number = next(shift.number for shift in at.page.known.shown_shifts() if shift.name == "白班")
    at.page.board.board.choose(str(number), "p-2")
    at.page.board.board.text.setFocus()
    at.key(Qt.Key.Key_W, ALT)
    at.page.deeds.ask_line.line.setText("2")
    at.page.deeds.ask_line.submit()
    at.wait(lambda: len(at.rows("shift.copy")) == 2)
    at.page.board.board.text.setFocus()
    at.key(Qt.Key.Key_X, ALT)
    at.page.deeds.ask_line.line.setText("并班")
    at.page.deeds.ask_line.submit()
    at.wait(lambda: len(at.rows("shift.cancel")) == 1)
    at.wait(lambda: number not in {shift.number for shift in at.page.known.shown_shifts()})


def _list_and_preset(at: Rostering) -> None:
    at.page.show_side(3)
    at.page.call_outs.list.setFocus()
    at.key(Qt.Key.Key_K, ALT)
    form = at.window.duty_desk.forms.sheet(CallListSheet)
    at.wait(lambda: bool(form._people))
    form.fields["code"].setText("night")
    form.fields["name"].setText("夜间叫应")
    for name in ("赵三", "李一"):
        form.roll.field.setFocus()
        form.roll.field.setText(name)
        QTest.keyClick(form.roll.field, Qt.Key.Key_Return)
    at.wait(lambda: [row.title for row in form.test.list.rows()] == ["赵三", "李一"])
    _save(at, form, "call_list.save")
    at.page.call_outs.list.setFocus()
    at.key(Qt.Key.Key_Y, ALT)
    preset = at.window.duty_desk.forms.sheet(PresetSheet)
    at.wait(lambda: any(key == "night" for _name, key in preset._lists))
    preset.fields["code"].setText("gathering")
    preset.fields["name"].setText("大型活动")
    preset.fields["report_every_min"].setText("60")
    preset.boxes["call_out"].setCurrentIndex(preset.boxes["call_out"].findData("night"))
    preset.touched()
    at.wait(lambda: len(preset.preview.list.rows()) >= 8)
    _save(at, preset, "mode_preset.save")
    at.wait(lambda: "gathering" in at.session.facts.mode.presets)

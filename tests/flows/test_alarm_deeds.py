"""Deeds of ISA-18.2 at a real window against the real daemons: assign, comment, second person, out of service."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.command import CreateAccount, GiveApproval, SignOn
from chengyun_core.wire import codec
from chengyun_core.wire.addresses import of_profile
from chengyun_core.wire.envelope import SignedOn
from tests.support.console_waiting import wait_at
from tests.support.living_city import PASSWORD, POST, SEAT, LivingCity, living_city
from tests.support.open_console import open_console

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
SECOND, CHIEF = "second", "chief"
CHIEFS = "500000.watch_chief"
"""May silence a vital; a duty officer may not."""
RED = 120.0


@dataclass
class Duty:
    """An officer's window on a running city."""

    city: LivingCity
    window: ConsoleWindow
    session: Session
    desk: Desk
    qtbot: QtBot

    def wait(self, condition: Callable[[], bool]) -> None:
        """Turn the event loop until the condition holds."""
        wait_at(self.qtbot, self.session, condition)

    def press(self, *keys: Qt.Key) -> None:
        """Press keys where the keyboard is."""
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def alarm(self) -> Alarm | None:
        """Return the living alarm of vital 3."""
        return self.session.facts.alarm_of_vital(3)

    def state(self) -> AlarmState | None:
        alarm = self.alarm()
        return effective(alarm) if alarm else None


@pytest.fixture
def duty(qtbot: QtBot, tmp_path: Path) -> Iterator[Duty]:
    """An officer signed on; vital 3 red and selected."""
    with living_city(tmp_path, vitals=12) as city:
        with city.door() as door:
            door.send(CreateAccount(account=SECOND, name="Second", password=PASSWORD, posts=(POST,)))
            door.send(CreateAccount(account=CHIEF, name="Chief", password=PASSWORD, posts=(CHIEFS,)))
        with open_console(qtbot, city.profile.folder) as (window, session, desk):
            made = Duty(city, window, session, desk, qtbot)
            session.sign_on(CHIEF, PASSWORD, SEAT)
            made.wait(lambda: session.signed_on is not None and session.facts.complete and desk.names is not None)
            city.publish_all()
            city.publish({3: RED})
            made.wait(lambda: made.alarm() is not None)
            desk.select_alarm(made.session.facts.alarm_of_vital(3).number)
            window.cockpit.alarms.focus_list()
            # A frame shows what the facts say: a key before it would be one into an empty list.
            made.wait(lambda: bool(window.cockpit.alarms.page_alarms()))
            yield made


def test_that_an_alarm_is_assigned_commented_and_both_stand_on_its_card(duty: Duty) -> None:
    duty.press(Qt.Key.Key_I, Qt.Key.Key_1, Qt.Key.Key_1)
    duty.wait(lambda: bool(duty.alarm().assigned_to))
    duty.press(Qt.Key.Key_C)
    duty.window.asker.field.setText("已电话核实")
    duty.press(Qt.Key.Key_Return)
    duty.wait(lambda: len(duty.session.facts.comments) == 1)
    duty.press(Qt.Key.Key_Return)
    duty.wait(lambda: "已电话核实" in duty.window.card._sheet.text.accessibleDescription())
    assert "指派" in duty.window.card._sheet.text.accessibleDescription()


def test_that_shelving_red_waits_for_a_second_person_whose_yes_shelves_it(duty: Duty) -> None:
    """A6: red 15 min needs a second person."""
    duty.press(Qt.Key.Key_S, Qt.Key.Key_3, Qt.Key.Key_1)
    duty.wait(lambda: len(duty.session.facts.approvals) == 1)
    assert duty.state() is AlarmState.UNACK
    (approval,) = duty.session.facts.approvals.values()
    addresses = of_profile(duty.city.profile.folder)
    with DoorClient(addresses.centre_door) as door:
        told = door.ask("session.sign_on", SignOn(account=SECOND, password=PASSWORD, seat="A-02"))
    signed = codec.unpack(told, SignedOn)
    with DoorClient(addresses.centre_door, session=signed.token) as door:
        door.send(GiveApproval(approval=approval.number, version=approval.version))
    duty.wait(lambda: duty.state() is AlarmState.SHELVED)
    assert duty.alarm().shelved_by == CHIEF


def test_that_out_of_service_takes_the_alarm_off_the_list_and_back_brings_it_unacknowledged(duty: Duty) -> None:
    duty.press(Qt.Key.Key_O)
    duty.window.asker.field.setText("WX-7")
    duty.press(Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_1)
    duty.wait(lambda: duty.state() is AlarmState.OUT_OF_SERVICE)
    duty.wait(lambda: "停用 1" in duty.window.status_bar._silenced.text())
    duty.press(Qt.Key.Key_O)
    duty.wait(lambda: duty.state() is AlarmState.UNACK)


def test_that_the_health_page_tells_the_broker_it_reads(duty: Duty) -> None:
    duty.window.show_page("sources")
    rows = duty.window.sources.list._facts
    duty.wait(lambda: rows.rowCount() == 1)
    assert rows.row_at(0).badges == ("MQTT",)
    assert rows.row_at(0).status == "运行"

"""An officer leaves and comes back: the seat stays his at the real centre, and only his password opens the lock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.scales import WarningColour
from tests.support.console_waiting import wait_at
from tests.support.living_city import OFFICER, PASSWORD, SEAT, LivingCity, living_city
from tests.support.open_console import open_console

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]


def give(window: ConsoleWindow, password: str) -> None:
    """Type a password into the sheet."""
    QTest.keyClicks(window.lock.sheet.password, password)
    QTest.keyClick(window.lock.sheet.password, Qt.Key.Key_Return)


@dataclass
class Away:
    """A console of a running city."""

    city: LivingCity
    window: ConsoleWindow
    session: Session
    desk: Desk


@pytest.fixture
def away(qtbot: QtBot, tmp_path: Path) -> Iterator[Away]:
    """The window before sign-on."""
    with living_city(tmp_path, vitals=4) as city, open_console(qtbot, city.profile.folder) as (window, session, desk):
        yield Away(city, window, session, desk)


def test_that_a_locked_seat_is_kept_goes_on_hearing_and_acts_again_after_the_right_password(
    qtbot: QtBot, away: Away
) -> None:
    city, window, session, desk = away.city, away.window, away.session, away.desk
    wait = _waiter(qtbot, session)
    session.sign_on(OFFICER, PASSWORD, SEAT)
    wait(lambda: session.signed_on is not None and session.facts.complete and desk.names is not None)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QTest.keyClick(window, Qt.Key.Key_L, modifiers)
    assert window.lock.is_locked
    give(window, "not the password")
    wait(lambda: window.lock.sheet._answer.text() == desk.say("session.wrong_password"))
    assert session.signed_on is not None
    city.publish_all()
    city.publish({3: 120.0})
    wait(lambda: session.facts.alarm_of_vital(3) is not None)
    wait(lambda: bool(window.strip.ticker._items))
    give(window, PASSWORD)
    wait(lambda: not window.lock.is_locked)
    assert session.facts.sessions[SEAT].account == OFFICER
    alarm = session.facts.alarm_of_vital(3)
    assert alarm is not None
    assert alarm.colour is WarningColour.RED
    ended: list[str] = []
    session.command_ended.connect(lambda _id, reply: ended.append(reply.outcome))
    session.send(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING))
    wait(lambda: ended == ["done"])


def _waiter(qtbot: QtBot, session: Session) -> Callable[[Callable[[], bool]], None]:
    return lambda condition: wait_at(qtbot, session, condition)

"""The first flow through the real window: sign on, an alarm comes, a key acknowledges it, daemons die and come back."""

from collections.abc import Iterator
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
from chengyun_core.mirror.links import Reach
from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.scales import WarningColour
from tests.support.fake_centre import PASSWORD, FakeCentre
from tests.support.fake_ingest import FakeIngest
from tests.support.open_console import open_console
from tests.support.small_city import small_city

pytestmark = pytest.mark.flow


@dataclass
class Flow:
    """The window on its own beat, and both daemons."""

    window: ConsoleWindow
    session: Session
    desk: Desk
    ingest: FakeIngest
    centre: FakeCentre
    qtbot: QtBot

    def wait(self, condition) -> None:
        """Turn the event loop until the condition holds."""
        self.qtbot.waitUntil(condition, timeout=10_000)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def sign_on(self) -> None:
        """Take the first seat through the screen, as an officer does."""
        screen = self.window.sign_on
        self.wait(lambda: screen._seats.chosen() == "A-01")
        QTest.keyClicks(screen._account, "officer")
        QTest.keyClicks(screen._password, PASSWORD)
        QTest.keyClick(screen._password, Qt.Key.Key_Return)
        self.wait(lambda: self.window.stack.currentWidget() is self.window.cockpit)
        self.wait(lambda: self.session.facts.complete and self.session.state.epoch == self.ingest.epoch)


@pytest.fixture
def flow(qtbot: QtBot, tmp_path: Path) -> Iterator[Flow]:
    """A console before sign-on with living daemons."""
    city = small_city(period_s=600.0)
    with (
        FakeIngest(tmp_path, city) as ingest,
        FakeCentre(tmp_path, city) as centre,
        open_console(qtbot, tmp_path) as up,
    ):
        yield Flow(*up, ingest, centre, qtbot)


def test_that_an_alarm_is_acknowledged_with_two_keys_and_everybody_sees_by_whom(flow: Flow) -> None:
    flow.sign_on()
    flow.ingest.put(3, 120.0)
    raised = flow.centre.raise_alarm(3, WarningColour.RED)
    flow.wait(lambda: raised.number in flow.session.facts.alarms)
    flow.press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert flow.desk.alarm() == raised
    flow.press(Qt.Key.Key_A)
    flow.press(Qt.Key.Key_2)
    flow.wait(lambda: flow.session.facts.board.unacknowledged == 0)
    kept = flow.centre.alarms[raised.number]
    assert (kept.acked_by, kept.acked_seat, kept.note_code) == ("officer", "A-01", NoteCode.DISPATCHED)
    rows = flow.window.cockpit.alarms._list._facts
    flow.wait(lambda: rows.rowCount() > 0 and rows.row_at(0).status == "A-01")


def test_that_a_wrong_password_leaves_one_outside_and_the_right_one_lets_in(flow: Flow) -> None:
    screen = flow.window.sign_on
    flow.wait(lambda: screen._seats.chosen() == "A-01")
    QTest.keyClicks(screen._account, "officer")
    QTest.keyClicks(screen._password, "not it")
    QTest.keyClick(screen._password, Qt.Key.Key_Return)
    flow.wait(lambda: screen._enter.isEnabled() and screen._answer.text() != "")
    assert flow.session.signed_on is None
    screen._account.clear()
    flow.sign_on()


def test_that_a_killed_ingest_is_seen_and_live_again_by_itself(flow: Flow) -> None:
    flow.sign_on()
    flow.ingest.put(0, 10.0)
    flow.wait(lambda: bool(flow.window.cockpit.pinned._charts))
    chart = flow.window.cockpit.pinned._charts[0].view
    flow.wait(lambda: chart._record.value == "10.00" and chart._record.presence.value == "fresh")
    flow.ingest.kill()
    flow.wait(lambda: chart._record.presence.value == "stale")
    assert chart._record.value == "10.00"
    assert flow.window.top_bar._lights[0]._record.state.value == "lost"
    flow.ingest.restart()
    flow.ingest.put(0, 11.0)
    flow.wait(lambda: chart._record.value == "11.00" and chart._record.presence.value == "fresh")
    assert flow.session.links().ingest.reach is Reach.LIVE


def test_that_an_acknowledgement_whose_answer_is_lost_is_carried_out_once(flow: Flow) -> None:
    flow.sign_on()
    raised = flow.centre.raise_alarm(2, WarningColour.YELLOW)
    flow.wait(lambda: raised.number in flow.session.facts.alarms)
    flow.centre.swallow = 1
    flow.desk.select_alarm(raised.number)
    flow.press(Qt.Key.Key_A)
    flow.press(Qt.Key.Key_1)
    flow.wait(lambda: flow.session.facts.board.unacknowledged == 0)
    assert flow.centre.deeds.count("alarm.acknowledge") == 1

"""An order from the officer's form to the unit's feedback at a real window against the real daemons (WF2, WF8)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.desk import Desk
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.model.command import CreateAccount
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.model.order import Receipt, Step
from chengyun_core.model.places import Post
from tests.support import plan_samples
from tests.support.console_waiting import wait_at
from tests.support.living_city import PASSWORD, POST, SEAT, living_city
from tests.support.open_console import open_console
from tests.support.small_city import small_city

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
CTRL = Qt.KeyboardModifier.ControlModifier
BOTH = "both"
"""One who sits at the centre and holds a unit's post: one window plays both ends."""
UNIT = plan_samples.units()[0]


@dataclass
class Duty:
    """A window on a running city with six units."""

    window: ConsoleWindow
    session: Session
    desk: Desk
    qtbot: QtBot

    def wait(self, condition: Callable[[], bool]) -> None:
        """Turn the event loop until the condition holds."""
        wait_at(self.qtbot, self.session, condition)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def receipt(self) -> Receipt | None:
        """Return the living receipt of the unit."""
        return next((row for row in self.session.facts.receipts.values() if row.recipient == UNIT.code), None)

    def wait_for(self, step: Step) -> Receipt:
        """Wait until the unit's receipt has reached a step."""
        self.wait(lambda: (row := self.receipt()) is not None and step in row.climbed)
        receipt = self.receipt()
        assert receipt is not None
        return receipt


@pytest.fixture
def duty(qtbot: QtBot, tmp_path: Path) -> Iterator[Duty]:
    """Signed on with both posts; one event is open and in focus."""
    catalogue = plan_samples.dressed(small_city(4, period_s=600.0))
    signs = Post(code=UNIT.post, name="抢修队值班", centre=UNIT.centre)
    with living_city(tmp_path, catalogue=replace(catalogue, posts=(*catalogue.posts, signs))) as city:
        with city.door() as door:
            door.send(CreateAccount(account=BOTH, name="Both", password=PASSWORD, posts=(POST, UNIT.post)))
        with open_console(qtbot, city.profile.folder) as (window, session, desk):
            made = Duty(window, session, desk, qtbot)
            session.sign_on(BOTH, PASSWORD, SEAT)
            made.wait(lambda: session.signed_on is not None and session.facts.complete and desk.names is not None)
            session.send(OpenEvent(source=EventSource.MANUAL, title="嘉西村爆管", centre=UNIT.centre))
            made.wait(lambda: bool(session.facts.events))
            desk.event_focus.select(next(iter(session.facts.events)))
            yield made


def compose(duty: Duty) -> None:
    """Write an order to the unit alone, found by its name."""
    duty.window.tasks.compose(duty.desk.event_focus.number)
    form = duty.window.tasks.form
    form.name.setText("关阀抢修")
    form.text.setPlainText("立即关阀并抢修。")
    form.recipients.finding.setText(UNIT.name)
    form.recipients.list.select(UNIT.code)
    form.recipients.list.setFocus()
    duty.press(Qt.Key.Key_Return)
    duty.press(Qt.Key.Key_Return, CTRL)


def test_that_an_order_is_written_signed_and_fed_back_by_keys(duty: Duty) -> None:
    """What the unit's console does by itself (已达, 已阅) is nobody's key."""
    compose(duty)
    receipt = duty.wait_for(Step.DELIVERED)
    duty.window.tasks.open_receipt(receipt.order, receipt.place)
    duty.wait_for(Step.READ)
    duty.window.stack.page().lists.list.setFocus()  # type: ignore[union-attr]
    duty.press(Qt.Key.Key_Return)
    duty.wait_for(Step.SIGNED)
    duty.press(Qt.Key.Key_2)
    duty.wait_for(Step.ARRIVED)
    duty.press(Qt.Key.Key_4)
    form = duty.window.tasks.receipt_form
    form.feedback.lines["talked_to"].setText("报案人")
    form.feedback.lines["time_limit"].setText("18:00 前")
    form.feedback.measures.setPlainText("已关阀，更换管段")
    duty.press(Qt.Key.Key_Return, CTRL)
    duty.wait_for(Step.FED_BACK)
    focus = duty.desk.order_focus
    duty.wait(lambda: focus.told is not None and any(c.action == "receipt.feed_back" for c in focus.told.history))
    assert duty.desk.drafts.read(f"order.{receipt.event}.0.") == {}

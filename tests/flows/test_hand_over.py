"""WF1 and WF9 at a real centre: the taker signs on beside the giver, walks what is open, both sign, the seat passes.

One window, real daemons, every deed by a key. Rows are read from the centre's own answers, not from the screen.
"""

import time
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
from chengyun_console.shell.handover_sheet import HandoverSheet
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.model.command import CreateAccount
from chengyun_core.model.duty import HandoverState, ItemState
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskHandover, HandoverTold
from chengyun_core.wire.paper_asks import AskPapers, Papers
from tests.support.console_waiting import wait_at
from tests.support.fake_renderer import FakeRenderer
from tests.support.living_city import OFFICER, PASSWORD, POST, SEAT, LivingCity, living_city
from tests.support.open_console import open_console

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]
TAKER, TAKERS_OWN = "ma", "the-taker-of-the-test"
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
WF1_S = 180.0


@dataclass
class Room:
    """A console of a running city, and hands at it."""

    city: LivingCity
    window: ConsoleWindow
    session: Session
    desk: Desk
    qtbot: QtBot
    keys: int = 0

    @property
    def sheet(self) -> HandoverSheet:
        """The sheet of the hand-over."""
        return self.window.duty_desk.sheet

    def wait(self, condition: object) -> None:
        """Turn the loop until it holds."""
        wait_at(self.qtbot, self.session, condition)  # type: ignore[arg-type]

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is, counted."""
        self.keys += 1
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifiers)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type into whatever has the keyboard."""
        QTest.keyClicks(self.window.focusWidget(), text)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    """Officer signed on, three alarms up, a colleague with an account of his own."""
    with living_city(tmp_path, vitals=4) as city, open_console(qtbot, city.profile.folder) as (window, session, desk):
        with city.door() as door:
            door.send(CreateAccount(account=TAKER, name="Ma", password=TAKERS_OWN, posts=(POST,)))
        made = Room(city, window, session, desk, qtbot)
        window.activateWindow()
        session.sign_on(OFFICER, PASSWORD, SEAT)
        made.wait(lambda: session.signed_on is not None and session.facts.complete and desk.names is not None)
        city.publish_all()
        city.publish({0: 120.0, 1: 120.0, 2: 60.0})
        made.wait(lambda: len(session.facts.alarms) >= 3)
        yield made


@pytest.fixture
def taker(room: Room) -> Iterator[Room]:
    """A second console of the same city, nobody signed on."""
    with open_console(room.qtbot, room.city.profile.folder) as (window, session, desk):
        yield Room(room.city, window, session, desk, room.qtbot)


def _at_the_centre(room: Room, number: int) -> HandoverTold:
    with room.city.door() as door:
        return codec.unpack(door.ask("handover.get", AskHandover(handover=number)), HandoverTold)


def test_that_a_shift_is_handed_over_by_keys_at_one_console(room: Room) -> None:
    sheet, session = room.sheet, room.session
    room.window.duty_desk.paper._renderer = FakeRenderer()
    began = time.monotonic()
    room.press(Qt.Key.Key_H, CTRL | SHIFT)
    room.wait(lambda: sheet.care.sheet is not None and not sheet.care.is_busy)
    number = sheet.care.sheet.number if sheet.care.sheet is not None else 0
    assert sum(item.kind.value == "unacknowledged" for item in sheet.care.sheet.items) == 3  # type: ignore[union-attr]

    room.press(Qt.Key.Key_J, ALT)
    room.write(TAKER)
    room.press(Qt.Key.Key_Return)
    room.write(TAKERS_OWN)
    room.press(Qt.Key.Key_Return)
    room.wait(lambda: session.signed_on is not None and session.signed_on.account == TAKER)
    assert session.signed_on is not None
    assert session.signed_on.incoming
    assert session.facts.sessions[SEAT].account == OFFICER
    assert "alarm.acknowledge" not in room.desk.allowed()
    room.wait(lambda: sheet.isVisible() and sheet.care.sheet is not None and sheet.care.sheet.taker == TAKER)
    room.wait(lambda: not sheet.care.is_busy)

    room.keys = 0
    while sheet.body.undecided() - len(sheet.care.awaited()) > 0 and room.keys < 20:
        room.press(Qt.Key.Key_A)
    room.wait(lambda: not sheet.care.is_busy and sheet.body.undecided() == 0)
    room.press(Qt.Key.Key_Return, CTRL)
    room.wait(sheet.second.isVisible)
    room.write("not his password")
    room.press(Qt.Key.Key_Return)
    room.wait(lambda: sheet.second.answer.text() == room.desk.say("session.wrong_password"))
    room.write(PASSWORD)
    room.press(Qt.Key.Key_Return)
    room.wait(lambda: sheet.second.account.text() == TAKER and not sheet.second.is_waiting)
    room.write(TAKERS_OWN)
    room.press(Qt.Key.Key_Return)
    room.wait(lambda: sheet.care.sheet is not None and sheet.care.sheet.state is HandoverState.SIGNED)
    assert room.keys <= 20
    assert time.monotonic() - began <= WF1_S

    room.wait(lambda: session.signed_on is not None and not session.signed_on.incoming)
    assert "alarm.acknowledge" in room.desk.allowed()
    room.wait(lambda: session.facts.sessions[SEAT].account == TAKER)
    told = _at_the_centre(room, number).handover
    assert [one.account for one in told.signatures] == [OFFICER, TAKER]
    assert {item.state for item in told.items} <= {ItemState.KNOWN, ItemState.SETTLED}
    assert told.audit_head
    assert {check.name for check in told.checks} >= {"sound", "links", "console_clock", "screens"}

    written: list[Path] = []
    room.window.duty_desk.paper.was_written.connect(written.append)
    room.press(Qt.Key.Key_P, CTRL)
    room.wait(lambda: bool(written))
    assert written[0].read_bytes().startswith(b"%PDF")

    paper, reports = room.window.duty_desk.daily, list[tuple[str, tuple[Path, ...]]]()
    paper._renderer = FakeRenderer()
    paper.was_written.connect(lambda code, paths: reports.append((code, paths)))
    room.wait(sheet.deeds.by_id["duty.daily"].isVisible)
    room.press(Qt.Key.Key_D, ALT)
    room.wait(lambda: bool(reports))
    code, files = reports[0]
    assert [file.read_bytes()[:4] for file in files] == [b"%PDF", b"PK\x03\x04"]
    assert paper._renderer.documents[0].number == code
    with room.city.door() as door:
        papers = codec.unpack(door.ask("paper.page", AskPapers()), Papers).papers
    assert [(one.code, one.by) for one in papers] == [(code, TAKER)]


def test_that_the_giver_s_own_console_tells_him_to_whom_his_seat_went(room: Room, taker: Room) -> None:
    """Signed by both at the taker's console: at the giver's the log-in comes back, with whom and by which sheet."""
    screen, sheet, session = room.window.sign_on, taker.sheet, taker.session
    taker.window.activateWindow()
    session.sign_on(TAKER, TAKERS_OWN, SEAT, taking_over=True)
    taker.wait(lambda: sheet.isVisible() and sheet.care.sheet is not None and sheet.care.sheet.taker == TAKER)
    taker.wait(lambda: not sheet.care.is_busy)
    sheet.body.list.setFocus()
    while sheet.body.undecided() - len(sheet.care.awaited()) > 0 and taker.keys < 20:
        taker.press(Qt.Key.Key_A)
    taker.wait(lambda: not sheet.care.is_busy and sheet.body.undecided() == 0)
    taker.press(Qt.Key.Key_Return, CTRL)
    taker.wait(sheet.second.isVisible)
    taker.write(PASSWORD)
    taker.press(Qt.Key.Key_Return)
    taker.wait(lambda: sheet.second.account.text() == TAKER and not sheet.second.is_waiting)
    taker.write(TAKERS_OWN)
    taker.press(Qt.Key.Key_Return)
    room.wait(lambda: room.session.signed_on is None)
    code = sheet.care.sheet.code if sheet.care.sheet is not None else ""
    told = room.desk.say("console.sign_on.handed_over", seat=SEAT, name="Ma", sheet=code)
    room.wait(lambda: screen.isVisible() and screen._answer.text() == told)


def test_that_who_signs_on_at_a_held_seat_goes_through_the_hand_over_and_a_refused_item_stays(
    taker: Room,
) -> None:
    """The taker comes to a console of his own: the log-in tells who sits there, and leads straight to the sheet."""
    screen, sheet, session = taker.window.sign_on, taker.sheet, taker.session
    taker.window.activateWindow()
    taker.wait(lambda: screen._seats.chosen() == SEAT and session.facts.complete)
    taker.wait(lambda: screen._seats.row() is not None and screen._seats.row().held_by != "")
    screen._account.setFocus()
    taker.write(TAKER)
    assert screen.takes_over
    screen._password.setFocus()
    taker.write(TAKERS_OWN)
    taker.press(Qt.Key.Key_Return)
    taker.wait(lambda: session.signed_on is not None and session.signed_on.incoming)
    taker.wait(lambda: sheet.isVisible() and sheet.care.sheet is not None and not sheet.care.is_busy)
    taker.wait(lambda: sheet.care.sheet is not None and sheet.care.sheet.taker == TAKER)
    sheet.body.list.setFocus()
    taker.press(Qt.Key.Key_R)
    taker.write("stays with him until the level falls")
    taker.press(Qt.Key.Key_Return)
    taker.wait(lambda: not sheet.care.is_busy and _states(sheet)[0] is ItemState.REFUSED)
    assert sheet.care.sheet is not None
    assert sheet.care.sheet.items[0].owner == OFFICER
    taker.press(Qt.Key.Key_X, ALT)
    taker.write("called off")
    taker.press(Qt.Key.Key_Return)
    taker.wait(lambda: sheet.care.sheet is not None and sheet.care.sheet.state is HandoverState.CANCELLED)
    assert session.facts.sessions[SEAT].account == OFFICER


def _states(sheet: HandoverSheet) -> list[ItemState]:
    return [item.state for item in sheet.care.sheet.items] if sheet.care.sheet is not None else []

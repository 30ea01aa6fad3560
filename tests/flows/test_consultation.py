"""WF7: a consultation at three real windows on one centre, with real media workers and Debian's Janus, by keys.

Opened with one key, roll by coming, a poll, one drops and comes back with notes, the decision becomes an order.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.rooms.sheet import RoomSheet
from chengyun_console.session.session import Session
from chengyun_console.shell.window import ConsoleWindow
from chengyun_core.centre.room_mail import relay_secret
from chengyun_core.launch import profile as profiles
from chengyun_core.model.command import CreateAccount
from chengyun_core.model.event import EventSource
from chengyun_core.model.event_commands import OpenEvent
from chengyun_core.model.places import Post, Seat
from chengyun_core.model.room import MemberState, Room, Route, Stance
from chengyun_core.model.room_commands import Invitee, InviteToRoom
from chengyun_core.model.room_rules import member_of, present
from chengyun_core.rtc.settings import RoomSettings
from chengyun_core.store import keys
from tests.support import plan_samples
from tests.support.console_waiting import wait_at
from tests.support.janus_stand import JanusStand
from tests.support.living_city import PASSWORD, POST, living_city
from tests.support.open_console import open_console
from tests.support.small_city import small_city

pytestmark = [pytest.mark.flow, pytest.mark.timeout(240)]
SEATS = ("A-01", "A-02", "A-03")
UNITS = plan_samples.units()


@dataclass
class End:
    """One console of the three."""

    seat: str
    window: ConsoleWindow
    session: Session
    desk: Desk
    qtbot: QtBot

    @property
    def sheet(self) -> RoomSheet:
        return self.window.rooms.consult.sheet

    def room(self) -> Room | None:
        """Return the open room as this console knows it."""
        return next(iter(self.session.facts.rooms.rooms.values()), None)

    def state(self, code: str) -> MemberState | None:
        """Return where a member stands."""
        room = self.room()
        found = member_of(room, code) if room is not None else None
        return found.state if found is not None else None

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in this window, in the sheet's list when the sheet is open."""
        self.window.activateWindow()
        self.wait(lambda: QApplication.activeWindow() is self.window)
        if self.sheet.isVisible() and not self.window.deeds.is_asking:
            self.sheet.matrix.setFocus()
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifiers)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        """Type into what is asked, and send it."""
        field = self.window.focusWidget()
        assert field is not None
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Turn the event loop until the condition holds."""
        wait_at(self.qtbot, self.session, condition)

    def hears(self) -> bool:
        """Return whether voices come by the relay."""
        told = self.sheet.rooms.peers.get("relay")
        return told is not None and told.state == "connected" and told.sounds_s > 20 and told.sound_db > -40


@pytest.fixture
def ends(qtbot: QtBot, tmp_path: Path) -> Iterator[list[End]]:
    """Three officers signed on, an event known to all, a relay beside the centre."""
    catalogue = plan_samples.dressed(small_city(4, period_s=600.0))
    more = tuple(Seat(code=code, name=code, centre="500000", post=POST) for code in SEATS)
    known = {seat.code for seat in catalogue.seats}
    catalogue = replace(
        catalogue, seats=(*catalogue.seats, *(seat for seat in more if seat.code not in known)),
        posts=(*catalogue.posts, *_posts()),
    )  # fmt: skip
    with ExitStack() as stack:
        made = profiles.ensure(tmp_path / "p", centre="500000")
        secret = relay_secret(keys.secret(made.folder / "keys" / "token.key"))
        janus = stack.enter_context(JanusStand(tmp_path / "janus", secret))
        furnish = partial(_relayed, address=janus.address)
        city = stack.enter_context(living_city(tmp_path, catalogue=catalogue, furnish=furnish))
        with city.door() as door:
            for seat in SEATS:
                name = seat.lower()
                door.send(CreateAccount(account=name, name=f"官{seat[-1]}", password=PASSWORD, posts=(POST,)))
        found = [_end(stack, qtbot, city.profile.folder, seat, at) for at, seat in enumerate(SEATS)]
        first = found[0]
        first.session.send(OpenEvent(source=EventSource.MANUAL, title="寸滩站超保证水位", centre="500103"))
        for end in found:
            end.wait(lambda end=end: bool(end.session.facts.events))
            end.desk.event_focus.select(next(iter(end.session.facts.events)))
        yield found
        for end in found:
            end.desk.rooms.stop()


def _posts() -> tuple[Post, ...]:
    """Return the posts that sign for the units, each once."""
    centres = {unit.post: unit.centre for unit in UNITS}
    return tuple(Post(code=code, name=code, centre=centre) for code, centre in centres.items())


def _relayed(folder: Path, address: str) -> None:
    """Say in the profile's settings where the relay is."""
    file = folder / "profile.toml"
    told = file.read_text("utf-8")
    head = "" if "[centre]" in told else "[centre]\n"
    line = f'rooms_relay = "{address}"\n'
    file.write_text(
        told.replace("[centre]\n", f"[centre]\n{line}", 1) if not head else f"{head}{line}\n{told}", "utf-8"
    )


def _end(stack: ExitStack, qtbot: QtBot, folder: Path, seat: str, at: int) -> End:
    window, session, desk = stack.enter_context(open_console(qtbot, folder))
    session.sign_on(seat.lower(), PASSWORD, seat)
    end = End(seat, window, session, desk, qtbot)
    end.wait(lambda: session.signed_on is not None and session.facts.complete and desk.names is not None)
    desk.rooms.of(desk).settings = RoomSettings(microphone=f"tone:{440 + 200 * at}", speaker="none", camera="card")
    return end


def test_that_three_consult_decide_and_order_by_keys(ends: list[End]) -> None:
    chair, second, third = ends
    chair.window.do((BY_ID["room.open_for_event"],))
    chair.wait(chair.sheet.isVisible)
    chair.wait(lambda: bool(chair.sheet.suggested))
    chair.press(Qt.Key.Key_O)
    chair.wait(lambda: chair.state("A-01") is MemberState.JOINED)
    invited = (Invitee(code="A-02"), Invitee(code="A-03"))
    room = chair.room()
    assert room is not None
    chair.session.send(InviteToRoom(room=room.number, invited=invited))
    for end in (second, third):
        end.wait(lambda end=end: end.state(end.seat) is MemberState.INVITED)
        end.window.do((BY_ID["room.open_for_event"],))
        end.press(Qt.Key.Key_J)
        end.wait(lambda end=end: end.state(end.seat) is MemberState.JOINED)
    for end in ends:
        end.press(Qt.Key.Key_M)
        end.press(Qt.Key.Key_C)
    chair.wait(lambda: (now := chair.room()) is not None and len(present(now)) == 3 and now.route is Route.RELAYED)
    for end in ends:
        end.wait(end.hears)
    chair.press(Qt.Key.Key_Q)
    chair.write("evacuate?")
    for end in ends:
        end.wait(lambda end=end: bool(end.session.facts.rooms.polls))
    chair.press(Qt.Key.Key_1)
    second.press(Qt.Key.Key_2)
    second.write("low houses first")
    polls = chair.session.facts.rooms.polls
    chair.wait(lambda: len(next(iter(polls.values())).votes) == 2)
    assert {vote.stance for vote in next(iter(polls.values())).votes} == {Stance.AGREE, Stance.RESERVE}
    third.sheet.rooms._timer.stop()  # his machine is off the network
    chair.wait(lambda: chair.state("A-03") is MemberState.DROPPED)
    chair.press(Qt.Key.Key_N)
    chair.write("gates are down")
    third.sheet.rooms._timer.start()
    chair.wait(lambda: chair.state("A-03") is MemberState.JOINED)
    third.wait(lambda: any(one.sentence.params.get("text") == "gates are down" for one in third.sheet.lines))
    third.wait(third.hears)
    chair.press(Qt.Key.Key_D)
    chair.write("move the low houses")
    form = chair.window.rooms.tasks.form
    chair.wait(form.isVisible)
    assert form.name.text() == "move the low houses"
    form.recipients.finding.setText(plan_samples.units()[0].name)
    form.recipients.list.select(plan_samples.units()[0].code)
    form.recipients.list.setFocus()
    QTest.keyClick(form.recipients.list, Qt.Key.Key_Return)
    QTest.keyClick(form.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    made = chair.session.facts.rooms.decisions
    chair.wait(lambda: bool(made) and bool(next(iter(made.values())).orders))
    (number,) = next(iter(made.values())).orders
    assert chair.session.facts.orders[number].title == "move the low houses"

"""A window with cameras whose streams are in the test's hand."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.actions.table import BY_ID
from chengyun_console.video.desk import VideoDesk
from chengyun_console.video.panes import VideoPanes
from chengyun_console.video.room import VideoRoom
from chengyun_console.video.sheet import VideoSheet
from chengyun_core.model.camera import PtzLock
from chengyun_core.wire.camera_asks import AskStream
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.still_session import START_NS, S
from tests.support.small_city import small_city
from tests.support.still_cameras import HERE, StillFleet, grant, live, with_cameras

ALLOWED = ("alarm.acknowledge", "evidence.keep", "ptz.take", "round.remove", "round.save", "event.add_note")
LOCK = PtzLock(camera="CAM-0000", account="officer", name="王强", seat="A-03", post="", since=START_NS)


@dataclass
class Stand:
    """The window, its streams, and the beat of pictures in the test's hand."""

    room: Room
    fleet: StillFleet

    @property
    def video(self) -> VideoDesk:
        return self.room.desk.video.of(self.room.desk)

    @property
    def cameras(self) -> VideoRoom:
        return self.room.window.rooms.video

    @property
    def sheet(self) -> VideoSheet:
        return self.cameras.sheet

    @property
    def panes(self) -> VideoPanes:
        return self.sheet.panes

    def settle(self) -> None:
        """Let the panes settle."""
        self.room.qtbot.wait(60)

    def grant_all(self) -> list[AskStream]:
        """Give leave for every stream that is asked for; return what was asked."""
        asks = self.room.session.sent.asks
        found = [(slot, ask) for slot, (kind, ask, _answer) in list(asks.items()) if kind == "camera.stream"]
        for slot, ask in found:
            assert isinstance(ask, AskStream)
            self.room.session.answer_ask(slot, grant(ask, self.room.session.clock.utc_ns() + 60 * S))
        return [ask for _slot, ask in found if isinstance(ask, AskStream)]

    def pass_time(self, seconds: float = 0.3) -> None:
        """Let time pass and look for pictures."""
        self.room.session.clock.advance(seconds)
        self.video._on_beat()
        QApplication.processEvents()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(self.room.window.focusWidget() or self.room.window, key, modifiers)
        QApplication.processEvents()

    def do(self, action: str) -> None:
        """Do what the key of an action stands for."""
        self.room.window.do((BY_ID[action],))
        QApplication.processEvents()


def made_stand(room: Room) -> Stand:
    """Return a window whose city has twelve cameras, signed on."""
    fleet = StillFleet()

    def make_fleet(_desk: object, demo: str) -> StillFleet:
        fleet.demo = demo
        return fleet

    room.desk.video.make_fleet = make_fleet
    room.session.enter(allowed=ALLOWED)
    room.session.show_city(with_cameras(small_city(12, period_s=5.0)))
    room.window.activateWindow()
    made = Stand(room, fleet)
    made.settle()
    return made


def beside_the_event(room: Room) -> Stand:
    """Return a window with the sheet of the four cameras nearest to event 7, leave given for each."""
    made = made_stand(room)
    put_events(room.session, event(7, longitude=HERE[0] + 0.0001, latitude=HERE[1]))
    room.desk.event_focus.select(7)
    made.do("event.video")
    made.settle()
    made.grant_all()
    return made


def live_beside_the_event(room: Room) -> Stand:
    """Return the same with all of them live."""
    made = beside_the_event(room)
    for code in made.fleet.codes():
        made.fleet.looks[code] = live(3)
    made.pass_time()
    return made


def steering_the_nearest(room: Room) -> Stand:
    """Return the same with the first of the cameras in the officer's hand."""
    made = beside_the_event(room)
    made.press(Qt.Key.Key_Y)
    room.session.put_fact("ptz_lock", LOCK.camera, LOCK)
    return made

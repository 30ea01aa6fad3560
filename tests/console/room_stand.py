"""A window with a consultation on its event, whose line is in the test's hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.actions.table import BY_ID
from chengyun_console.rooms.room import ConsultRoom
from chengyun_console.rooms.sheet import RoomSheet
from chengyun_core.model.failure import Reason
from chengyun_core.model.room import Member, MemberRole, MemberState, Route, SignalKind
from chengyun_core.model.room import Room as Consultation
from chengyun_core.model.room_permissions import ROOM_PERMISSIONS
from chengyun_core.rtc.orders import Begin, Order, PeerNow, Told
from chengyun_core.wire.pane_memory import PaneMemory, PaneWriter, Seen
from chengyun_core.wire.room_asks import RoomLine, RoomLines, Suggested, Suggestions
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events
from tests.console.still_session import START_NS, S

CHAIR, WATER, POLICE, TOWN = "A-03", "U-WATER", "U-POLICE", "500103.duty_officer"


class StillMedia:
    """Takes orders and tells what it is told to tell."""

    def __init__(self, begin: Begin, told: Callable[[Told], None]) -> None:
        self.begin, self.tell = begin, told
        self.orders: list[Order] = []
        self.is_over = self.is_stopped = False
        self.memory = PaneMemory.made(8)
        self._writing = PaneMemory(_again(self.memory.descriptor), 8, is_writer=True)

    def send(self, order: Order) -> None:
        self.orders.append(order)

    def picture(self, pane: int, shade: int) -> None:
        """Show a grey picture in a pane."""
        writer = PaneWriter(self._writing, pane, 1)
        made = np.full((360, 640 * 4), shade, np.uint8)
        made[:, 100 * 4 : 160 * 4] = 200
        writer.put(made, 640, 1)

    def seen(self, pane: int) -> Seen:
        return self.memory.seen(pane)

    def is_whole(self, pane: int, sequence: int) -> bool:
        return self.memory.is_whole(pane, sequence)

    def has_ended(self) -> bool:
        return self.is_over

    def stop(self) -> None:
        if not self.is_stopped:
            self.is_stopped = True
            self.memory.close()
            self._writing.close()


def _again(descriptor: int) -> int:
    import os

    return os.dup(descriptor)


@dataclass
class Stand:
    """The window, its room, and the media worker that is none."""

    room: Room
    media: list[StillMedia] = field(default_factory=list)

    @property
    def consult(self) -> ConsultRoom:
        return self.room.window.rooms.consult

    @property
    def sheet(self) -> RoomSheet:
        return self.consult.sheet

    def do(self, action: str) -> None:
        """Do what the key of an action stands for."""
        self.room.window.do((BY_ID[action],))
        QApplication.processEvents()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        QTest.keyClick(self.room.window.focusWidget() or self.room.window, key, modifiers)
        QApplication.processEvents()

    def put(self, consultation: Consultation) -> None:
        """Bring the room as it stands."""
        self.room.session.put_fact("room", str(consultation.number), consultation, version=consultation.version)
        self.room.beat(0.1)

    def answer(self, kind: str, record: object) -> None:
        """Answer what was asked last of a kind."""
        asks = self.room.session.sent.asks
        slot = next(slot for slot, (asked, _ask, _answer) in list(asks.items()) if asked == kind)
        self.room.session.answer_ask(slot, record)
        self.room.beat(0.1)

    def commands(self, kind: type) -> list[object]:
        """Return what was sent of a kind."""
        return [one for one in self.room.session.sent.commands if isinstance(one, kind)]


def made_stand(room: Room) -> Stand:
    """Return a window signed on at A-03 with event 7 in focus."""
    made = Stand(room)

    def make(begin: Begin, told: Callable[[Told], None]) -> StillMedia:
        made.media.append(StillMedia(begin, told))
        return made.media[-1]

    room.desk.rooms.make_media = make
    room.session.enter(allowed=(*ROOM_PERMISSIONS, "order.send", "attachment.add"))
    put_events(room.session, event(7, title="寸滩站超保证水位"))
    room.desk.event_focus.select(7)
    room.window.activateWindow()
    return made


def consultation(*members: Member, **fields: object) -> Consultation:
    """Return a room on event 7 led from A-03."""
    given = {
        "number": 1, "event": 7, "title": "寸滩站超保证水位", "centre": "500000", "chair": CHAIR, "members": members,
        "opened_at": START_NS, "opened_by": "li", "opened_seat": CHAIR, **fields,
    }  # fmt: skip
    return Consultation(**given)  # type: ignore[arg-type]


def member(code: str, state: MemberState = MemberState.JOINED, **fields: object) -> Member:
    """Return a member since the afternoon began."""
    given = {"code": code, "centre": "500103", "state": state, "since": START_NS, "seat": "", **fields}
    return Member(**given)  # type: ignore[arg-type]


def chair(**fields: object) -> Member:
    """Return who sits here and leads."""
    return member(CHAIR, seat=CHAIR, name="李娜", account="li", role=MemberRole.CHAIR, **fields)


def suggestions() -> Suggestions:
    """Return who should come."""
    return Suggestions(people=(
        Suggested(code=WATER, name="江北水务", centre="500103", role=MemberRole.LEAD, why=Reason(code="room.why.lead")),
        Suggested(code=TOWN, name="渝中区", centre="500103", role=MemberRole.LOCAL, why=Reason(code="room.why.place")),
    ))  # fmt: skip


def line(number: int, code: str, **params: str) -> RoomLine:
    """Return a line of the record."""
    at = START_NS + number * 20 * S
    return RoomLine(number=number, at_ns=at, sentence=Reason(code=f"timeline.{code}", params=params), account="li")


__all__ = ["POLICE", "PeerNow", "RoomLines", "Route", "SignalKind"]

"""What all sheets of a console share of consultation: the room one is in, its line, and what the centre passes on."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic_ns
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from chengyun_console.room_focus import own_in
from chengyun_console.rooms.recorded_files import file_of
from chengyun_core.model.failure import Reason
from chengyun_core.model.room import OWN_PICTURE, Member, MemberState, Room
from chengyun_core.model.room_commands import JoinRoom
from chengyun_core.model.room_rules import member_of
from chengyun_core.rtc.conductor import Conductor
from chengyun_core.rtc.media_process import Media
from chengyun_core.rtc.orders import Begin, Equipped, Failed, Order, PeerNow, Recorded, Say, Show, Told
from chengyun_core.rtc.settings import RoomSettings
from chengyun_core.wire import settings_file
from chengyun_core.wire.room_asks import AskMail, Mail, SendSignal

if TYPE_CHECKING:
    from chengyun_console.desk import Desk

BEAT_MS = 250
"""As often as a member asks for his words: the centre takes him for dropped after twenty such beats."""
REJOIN_NS = 2 * 10**9
"""Between two attempts to come back into a room one dropped from."""
ENDED_NS = 8 * 10**9
"""A worker has two seconds to end, two to be gone when it is killed, and its pipe two more (wire.piped_child)."""
_AT_ONCE = 64
"""Words of the worker taken in one beat; the rest waits for the next."""
logger = logging.getLogger(__name__)
MakeMedia = Callable[[Begin, Callable[[Told], None]], Media]


class RoomDesk(QObject):
    """Made by `desk.rooms` when it is first asked for. Owns the media worker while one is in a room."""

    did_change = Signal()
    """How a line goes, what is there to hear with, or the room one is in."""
    was_recorded = Signal(object, object)
    """The Room as it was, and the Recorded."""
    _did_end = Signal(object, object)

    def __init__(self, desk: "Desk", make_media: MakeMedia, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._make_media = desk, make_media
        self.settings = settings_file.read(desk.profile / "profile.toml", "rooms", RoomSettings)
        """Ears, mouth and eyes of this machine."""
        self.number: int | None = None
        """The room one is in, or dropped from."""
        self.peers: dict[str, PeerNow] = {}
        self.lacks: tuple[Reason, ...] = ()
        """What this machine has no device for."""
        self.own_db = -120.0
        self.fault: Reason | None = None
        """Why the line was not set up, the last time."""
        self.shows_picture = False
        self._shows_to_all = False
        """Whether one's picture is sent because one shows it to all; it ends with that."""
        self._conductor: Conductor | None = None
        self._media: Media | None = None
        self._room: Room | None = None
        self._ending: list[Thread] = []
        self._told: SimpleQueue[Told] = SimpleQueue()
        self._rejoined_ns = 0
        self._signals = 0
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self.beat)
        # Told in the thread that ended a worker; the queued signal brings it here.
        self._did_end.connect(self._take_last_words, Qt.ConnectionType.QueuedConnection)

    @property
    def media(self) -> Media | None:
        """The worker, while one is in a room."""
        return self._media

    def room_of(self, event: int | None) -> Room | None:
        """Return the open room of an event."""
        return None if event is None else self._desk.session.facts.rooms.of_event(event)

    def own_in(self, room: Room | None) -> Member | None:
        """Return who one is in a room: as whom one is in from this seat, else as whom one was asked."""
        signed_on = self._desk.session.signed_on
        return None if room is None or signed_on is None else own_in(room, signed_on.seat, self.own_codes())

    def look(self) -> None:
        """Follow the facts: enter the room one came into, leave what was left or closed."""
        wanted = self._entered()
        if wanted is None:
            self._leave()
            return
        if self.number != wanted.number:
            self._leave()
            self._enter(wanted)
        self._room = wanted
        self._show_as_shared(wanted)
        self._come_back(wanted)
        if self._conductor is not None:
            self._order(self._conductor.look(wanted, monotonic_ns()))
            self._order(self._conductor.record(self._recording(wanted)))

    def beat(self) -> None:
        """Ask for words, take what the worker told; called four times a second while one is in a room."""
        if self._media is not None and self._media.has_ended():
            self._replace()
        self.look()
        if self._conductor is None or self.number is None:
            return
        ask = AskMail(room=self.number, code=self._conductor.own, after=self._conductor.after)
        self._desk.session.ask("room.mail", ask, self._take_mail, slot="room mail")
        self._take_told()

    def looks_at(self, code: str) -> bool:
        """Return whether the relay sends a member's picture here."""
        return self._conductor is not None and self._conductor.looked == code

    def choose(self, code: str) -> None:
        """Look at a member's picture; empty: at whoever leads."""
        if self._conductor is not None:
            self._order(self._conductor.choose(code))

    def turn_picture(self) -> None:
        """Send our own picture, or stop."""
        self.shows_picture = not self.shows_picture
        self._order([Show(camera=self.settings.camera if self.shows_picture else "none")])
        self.did_change.emit()

    def stop(self) -> None:
        """End it all; the worker has a recording to finish and is waited for, as long as it takes to kill it."""
        self._leave()
        until = monotonic_ns() + ENDED_NS
        for thread in self._ending:
            thread.join(max(0.0, (until - monotonic_ns()) / 1e9))
            if thread.is_alive():
                logger.error("a media worker does not end; it is left behind")

    def _entered(self) -> Room | None:
        for room in self._desk.session.facts.rooms.rooms.values():
            own = self.own_in(room)
            if own is not None and own.state in (MemberState.JOINED, MemberState.DROPPED) and self._is_here(own):
                return room
        return None

    def _is_here(self, own: Member) -> bool:
        signed_on = self._desk.session.signed_on
        return signed_on is not None and own.seat == signed_on.seat

    def own_codes(self) -> frozenset[str]:
        """Return as whom one may come: one's seat, one's posts, the units they sign for."""
        signed_on = self._desk.session.signed_on
        if signed_on is None:
            return frozenset()
        names = self._desk.names
        units = names.view.catalogue.units if names is not None else ()
        signed_for = (one.code for one in units if one.post in signed_on.posts)
        return frozenset((signed_on.seat, *signed_on.posts, *signed_for))

    def _enter(self, room: Room) -> None:
        own = self.own_in(room)
        assert own is not None
        self.number, self._conductor, self.shows_picture = room.number, Conductor(own.code), False
        self._shows_to_all = False
        self._start_media()
        self._timer.start()

    def _start_media(self) -> None:
        self._told = SimpleQueue()
        self.peers, self.lacks, self.fault = {}, (), None
        begin = Begin(microphone=self.settings.microphone, speaker=self.settings.speaker)
        self._media = self._make_media(begin, self._told.put)

    def _replace(self) -> None:
        """The worker is gone: another one takes up everything; whoever is in the room stays in it."""
        self._end_media()
        self._start_media()
        if self._conductor is not None:
            self._order(self._conductor.restarted(monotonic_ns()))
        self.did_change.emit()

    def _leave(self) -> None:
        if self.number is None:
            return
        self._timer.stop()
        self._take_told()
        self._end_media()
        self.number, self._conductor, self._room = None, None, None
        self.peers = {}
        self.did_change.emit()

    def _end_media(self) -> None:
        """End the worker beside the GUI thread: it has a recording to finish."""
        media, self._media = self._media, None
        if media is not None:
            self._ending = [thread for thread in self._ending if thread.is_alive()]
            thread = Thread(
                target=partial(self._end, media, self._room, self._told), name="room media ending", daemon=True
            )
            self._ending.append(thread)
            thread.start()

    def _end(self, media: Media, room: Room | None, told: SimpleQueue[Told]) -> None:
        """Called in a thread of its own: the last a worker tells is what it recorded."""
        media.stop()
        self._did_end.emit(room, told)

    def _take_last_words(self, room: Room | None, told: SimpleQueue[Told]) -> None:
        with suppress(Empty):
            while room is not None:
                word = told.get_nowait()
                if isinstance(word, Recorded):
                    self.was_recorded.emit(room, word)

    def _show_as_shared(self, room: Room) -> None:
        """Send our picture while we show it to all; one that was sent before goes on after it."""
        own = self.own_in(room)
        is_shared = own is not None and own.shares == OWN_PICTURE
        if is_shared and not self.shows_picture and not self._shows_to_all:
            self._shows_to_all = True
            self.turn_picture()
        elif self._shows_to_all and not is_shared:
            self._shows_to_all = False
            if self.shows_picture:
                self.turn_picture()

    def _come_back(self, room: Room) -> None:
        """Who dropped comes back by himself as soon as the centre is heard again."""
        own = self.own_in(room)
        now = monotonic_ns()
        if own is not None and own.state is MemberState.DROPPED and now - self._rejoined_ns > REJOIN_NS:
            self._rejoined_ns = now
            self._desk.session.send(JoinRoom(room=room.number, code=own.code))

    def _recording(self, room: Room) -> str:
        """Return where the chair's console records to; others do not: one recording is evidence, three are a riddle."""
        own = member_of(room, room.chair)
        if not room.is_recorded or self._conductor is None or own is None or own.code != self._conductor.own:
            return ""
        return str(file_of(self._desk.profile, room))

    def _order(self, orders: list[Order]) -> None:
        if self._media is not None:
            for order in orders:
                self._media.send(order)

    def _take_mail(self, answer: object) -> None:
        if isinstance(answer, Mail) and self._conductor is not None:
            self._order(self._conductor.mail(answer, monotonic_ns()))

    def _take_told(self) -> None:
        changed = False
        with suppress(Empty):
            for _ in range(_AT_ONCE):
                changed = self._took(self._told.get_nowait()) or changed
        if changed:
            self.did_change.emit()

    def _took(self, told: Told) -> bool:
        match told:
            case Say() if self.number is not None and self._conductor is not None:
                word = SendSignal(
                    room=self.number, code=self._conductor.own, to=told.to, kind=told.kind, data=told.data
                )  # fmt: skip
                self._signals += 1
                self._desk.session.ask("room.signal", word, self._taken, slot=f"room signal {self._signals % 16}")
            case PeerNow():
                self.peers[told.peer] = told
                if self._conductor is not None:
                    self._conductor.told(told, monotonic_ns())
            case Equipped():
                self.own_db = told.own_db
                found = tuple(reason for reason in (told.microphone, told.speaker, told.camera) if reason is not None)
                self.lacks = found or self.lacks
            case Failed():
                self.fault = told.reason
            case Recorded() if self._room is not None:
                self.was_recorded.emit(self._room, told)
        return not isinstance(told, Say)

    def _taken(self, answer: object) -> None:
        if isinstance(answer, Reason):
            self.fault = answer
            self.did_change.emit()

"""One simulated party: a session at the centre's door, what it does there, and the media worker it speaks with."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

from chengyun_core.launch.door_client import DoorClient
from chengyun_core.model.command import SignOff
from chengyun_core.model.failure import Refused
from chengyun_core.model.room import OWN_PICTURE, Member, MemberState, Poll, Room, Route
from chengyun_core.model.room_commands import JoinRoom, PlayMember
from chengyun_core.model.room_parties import played_seat
from chengyun_core.model.room_rules import member_of
from chengyun_core.rtc.conductor import Conductor
from chengyun_core.rtc.media_process import Media
from chengyun_core.rtc.orders import Failed, HangUp, Look, Order, PeerNow, Say, Show, Told
from chengyun_core.rtc.party import Deed, Party
from chengyun_core.wire import codec
from chengyun_core.wire.room_asks import AskMail, Mail, SendSignal

logger = logging.getLogger(__name__)

HELD_NS = 30 * 10**9
"""After somebody was found at a member's post, until it is looked whether he went."""
SIGN_OFF_S = 0.5
"""A centre that is ending with us is not waited for."""
CARD = "card"
"""What it shows when it shows its picture: our own test card."""
_AT_ONCE = 64
_NO_SESSION = frozenset({"session.none", "session.expired"})
MakeMedia = Callable[[Callable[[Told], None]], Media]


class Player:
    """Plays a member by what every member's console does: the same commands, asks, conductor and media worker."""

    def __init__(self, door: DoorClient, room: int, party: Party, name: str, make_media: MakeMedia) -> None:
        """`name`: what it is called; it says that it is simulated."""
        self._door, self._room, self.party, self._name, self._make_media = door, room, party, name, make_media
        self._token = ""
        self._conductor = Conductor(party.code)
        self._media: Media | None = None
        self._told: SimpleQueue[Told] = SimpleQueue()
        self._shows, self._is_up = False, False
        self._not_before_ns = 0

    def is_over(self, room: Room | None) -> bool:
        """Return whether there is nobody to play any more: the room is closed, or the member came himself."""
        own = None if room is None else member_of(room, self.party.code)
        return own is None or own.state is MemberState.LEFT or (bool(own.account) and not own.is_simulated)

    def beat(self, room: Room, poll: Poll | None, now_ns: int, monotonic_ns: int) -> None:
        """Do what is due, and say that one is there; called four times a second. Raises Trouble of a silent centre."""
        if monotonic_ns < self._not_before_ns:
            return
        for deed in self.party.look(room, poll, now_ns):
            self._do(deed, monotonic_ns)
        own = member_of(room, self.party.code)
        if own is None or own.seat != played_seat(self.party.code):
            return
        if self.party.is_cut or own.state is not MemberState.JOINED:
            self._hang_up()
        else:
            self._take_part(room, own, monotonic_ns)

    def sign_off(self) -> None:
        """End the session. Raises Trouble of a silent centre; its next start there ends it as well."""
        token, self._token = self._token, ""
        if token:
            with suppress(Refused):  # it is over already
                self._door.send(SignOff(), session=token, timeout_s=SIGN_OFF_S)

    def end(self) -> Thread | None:
        """End the worker; return the thread in which it ends, which may take two seconds."""
        media, self._media = self._media, None
        if media is None:
            return None
        ending = Thread(target=media.stop, name=f"{self.party.code} ending")
        ending.start()
        return ending

    def _do(self, deed: Deed, monotonic_ns: int) -> None:
        try:
            if not self._token:
                self._token = self._seated()
            self._door.send(deed, session=self._token)
        except Refused as refused:
            # Somebody was quicker: the room is looked at again in a moment, and what is due then is another deed.
            logger.info("%s in room %d: %s", self.party.code, self._room, refused.reason)
            self._forget_ended(refused)
            if refused.reason.code == "room.somebody_there":
                self._not_before_ns = monotonic_ns + HELD_NS

    def _seated(self) -> str:
        token = secrets.token_hex(32)
        hashed = hashlib.sha256(token.encode()).digest()
        self._door.send(PlayMember(room=self._room, code=self.party.code, name=self._name, token_hash=hashed))
        return token

    def _take_part(self, room: Room, own: Member, monotonic_ns: int) -> None:
        self._is_up = True
        if not self._token:
            # Its session ended, or this process began in the middle of a drill: it takes its own place again.
            self._do(JoinRoom(room=self._room, code=self.party.code), monotonic_ns)
        if self.party.has_sound and room.route is not Route.TEXT_ONLY:
            self._ensure_media(monotonic_ns)
        self._order(self._conductor.look(room, monotonic_ns))
        try:
            told = self._door.ask("room.mail", self._mail_ask(), session=self._token)
            self._order(self._conductor.mail(codec.unpack(told, Mail), monotonic_ns))
            self._pass_words(monotonic_ns)
        except Refused as refused:
            logger.info("%s in room %d is not heard: %s", self.party.code, self._room, refused.reason)
            self._forget_ended(refused)
        self._show(own.shares == OWN_PICTURE)

    def _mail_ask(self) -> AskMail:
        return AskMail(room=self._room, code=self.party.code, after=self._conductor.after)

    def _pass_words(self, monotonic_ns: int) -> None:
        with suppress(Empty):
            for _ in range(_AT_ONCE):
                match self._told.get_nowait():
                    case Say() as word:
                        signal = SendSignal(
                            room=self._room, code=self.party.code, to=word.to, kind=word.kind, data=word.data
                        )
                        self._door.ask("room.signal", signal, session=self._token)
                    case PeerNow() as peer:
                        self._conductor.told(peer, monotonic_ns)
                    case Failed() as failed:
                        logger.warning("%s in room %d: %s", self.party.code, self._room, failed.reason)

    def _show(self, shows: bool) -> None:
        if shows != self._shows:
            self._shows = shows
            self._order([Show(camera=CARD if shows else "none")])

    def _ensure_media(self, monotonic_ns: int) -> None:
        if self._media is not None and not self._media.has_ended():
            return
        if self._media is not None:
            self._media.stop()
        self._told, self._shows = SimpleQueue(), False
        self._media = self._make_media(self._told.put)
        self._order(self._conductor.restarted(monotonic_ns))

    def _hang_up(self) -> None:
        """Be gone as a line that is cut is: nobody is told, and all begins anew on coming back."""
        if self._is_up:
            self._is_up = False
            self._order([HangUp()])
            self._show(shows=False)
            self._conductor = Conductor(self.party.code)

    def _order(self, orders: list[Order]) -> None:
        """Pass orders on but for whose picture to send: a party has no eyes, and decoding takes most of a core."""
        if self._media is not None:
            for order in orders:
                if not isinstance(order, Look):
                    self._media.send(order)

    def _forget_ended(self, refused: Refused) -> None:
        if refused.reason.code in _NO_SESSION:
            self._token = ""

"""Words about sound and pictures, console to console through the centre: bounded, in memory, in no journal."""

import hashlib
import hmac

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.room_care import as_member, get
from chengyun_core.model.failure import Refused
from chengyun_core.model.room import MemberState, Room, Route
from chengyun_core.model.room_rules import member_of
from chengyun_core.wire import codec
from chengyun_core.wire.room_asks import AskMail, Mail, Relay, SendSignal, SignalTaken

LARGEST_WORD = 64 * 1024
"""An offer of sound and pictures with its candidates is some 6 KiB."""


def signal(desk: Desk, ledger: Ledger, caller: Caller, ask: SendSignal) -> bytes:
    """Answer `room.signal`: put a word into another member's box.

    Raises:
        Refused: `room.not_in`, `room.not_yours` for who speaks as another; `room.no_member` for a receiver who is not
            in; `room.word_too_long`; `room.box_full`.
    """
    room = _open(desk, ledger, ask.room)
    if as_member(room, caller).code != ask.code:
        raise Refused("room.not_yours", member=ask.code[:64])
    target = member_of(room, ask.to)
    if target is None or target.state is not MemberState.JOINED:
        raise Refused("room.no_member", room=room.number, member=ask.to[:64])
    if len(ask.data) > LARGEST_WORD:
        raise Refused("room.word_too_long", length=len(ask.data), most=LARGEST_WORD)
    waiting = desk.mail.put(room.number, ask.to, ask)
    return codec.pack(SignalTaken(waiting=waiting))


def mail(desk: Desk, ledger: Ledger, caller: Caller, ask: AskMail) -> bytes:
    """Answer `room.mail`: what waits for a member; that he asks says that he is there.

    Who counts as dropped is told so instead of being refused: his console then comes back by itself.
    """
    room = _open(desk, ledger, ask.room)
    member = member_of(room, ask.code)
    seat = caller.session.seat if caller.session else ""
    if member is None or member.state is not MemberState.JOINED or member.seat != seat:
        return codec.pack(Mail(is_member=False))
    desk.mail.was_heard(room.number, ask.code, desk.clock.monotonic_ns())
    words = desk.mail.take(room.number, ask.code, ask.after)
    return codec.pack(Mail(words=words, relay=_relay(desk, room)))


def _open(desk: Desk, ledger: Ledger, number: int) -> Room:
    known = desk.rooms.get(number)
    if known is not None:
        return known
    with ledger.reading() as connection:
        return get(connection, number)


def _relay(desk: Desk, room: Room) -> Relay | None:
    if room.route is not Route.RELAYED or not desk.settings.rooms_relay:
        return None
    return Relay(
        address=desk.settings.rooms_relay, secret=relay_secret(desk.token_key), room=room.number,
        pin=_derived(desk.token_key, f"room {room.number}"),
    )  # fmt: skip


def relay_secret(token_key: str) -> str:
    """Return what the relay of this profile asks of whoever speaks to it; the same as its configuration names."""
    return _derived(token_key, "relay")


def _derived(token_key: str, purpose: str) -> str:
    return hmac.new(bytes.fromhex(token_key), purpose.encode(), hashlib.sha256).hexdigest()[:32]

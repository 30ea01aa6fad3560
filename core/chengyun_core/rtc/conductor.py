"""What a console orders of its media worker as its room changes: who is called, how, muted, looked at. Sans-io.

Called by the console's one thread; every method returns the orders that follow.
"""

from collections.abc import Sequence

from chengyun_core.model.room import OWN_PICTURE, Member, MemberState, Room, Route
from chengyun_core.model.room_rules import caller_of, member_of, present
from chengyun_core.rtc.orders import Call, HangUp, Hear, Look, Mute, Order, PeerNow, Record, Relayed
from chengyun_core.wire.room_asks import Mail, Relay

AGAIN_NS = 5 * 10**9
"""Between two attempts at a line that is lost or does not come about."""
RELAY = "relay"


class Conductor:
    """One per room that is entered."""

    def __init__(self, own: str) -> None:
        """Take the code of the member who sits here."""
        self.own = own
        self.after = 0
        """Number of the last word that was heard: what the next `room.mail` names."""
        self.chosen = ""
        """Whom the officer looks at; empty: whoever shows his picture to all, else whoever leads."""
        self._room: Room | None = None
        self._relay: Relay | None = None
        self._called: dict[str, tuple[int, int]] = {}
        """Peer → since when he and we are in, as we called him; another pair is another call."""
        self._tried_ns: dict[str, int] = {}
        self._relayed: tuple[Relay, int] | None = None
        self._muted: bool | None = None
        self.looked = ""
        """Whose picture the relay sends."""
        self._recording = ""

    def look(self, room: Room, now_ns: int) -> list[Order]:
        """Take note of the room as it is now."""
        self._room = room
        own = member_of(room, self.own)
        if own is None or own.state is not MemberState.JOINED:
            return self._gone()
        self._give_up(now_ns)
        return [*self._route(room, own, now_ns), *self._mute(own), *self._look_at(room)]

    def mail(self, mail: Mail, now_ns: int) -> list[Order]:
        """Take the words that came by the centre, and where the relay is."""
        new = [word for word in mail.words if word.number > self.after]
        if mail.words:
            # A restarted centre counts from 1 again: its newest word is then below ours.
            self.after = mail.words[-1].number
            new = new or list(mail.words)
        orders: list[Order] = [Hear(sender=word.sender, kind=word.kind, data=word.data) for word in new]
        self._relay = mail.relay
        if self._room is not None and mail.is_member:
            orders += self.look(self._room, now_ns)
        return orders

    def told(self, peer: PeerNow, now_ns: int) -> None:
        """Take note of how a line goes; one that is lost, or does not come about, is tried again by `look`."""
        if peer.state == "connected" and peer.peer in self._tried_ns:
            self._tried_ns[peer.peer] = now_ns

    def choose(self, peer: str) -> list[Order]:
        """Look at somebody; empty: at whoever leads."""
        self.chosen = peer
        return [] if self._room is None else self._look_at(self._room)

    def record(self, path: str) -> list[Order]:
        """Begin a recording, or end it with an empty path; the same again orders nothing."""
        if path == self._recording:
            return []
        self._recording = path
        return [Record(path=path)]

    def restarted(self, now_ns: int) -> list[Order]:
        """Order everything anew: the worker is another one. A recording goes on in a file of its own, if at all."""
        self._called.clear()
        self._tried_ns.clear()
        self._relayed, self._muted, self.looked, self._recording = None, None, "", ""
        return [] if self._room is None else self.look(self._room, now_ns)

    def _give_up(self, now_ns: int) -> None:
        """Forget the lines that were not heard to stand for five seconds: they are set up anew."""
        for peer in [peer for peer, tried in self._tried_ns.items() if now_ns - tried >= AGAIN_NS]:
            del self._tried_ns[peer]
            self._called.pop(peer, None)
            if peer == RELAY:
                self._relayed = None

    def _gone(self) -> list[Order]:
        had = bool(self._called) or self._relayed is not None
        self._called.clear()
        self._tried_ns.clear()
        self._relayed, self.looked = None, ""
        return [HangUp()] if had else []

    def _route(self, room: Room, own: Member, now_ns: int) -> list[Order]:
        match room.route:
            case Route.DIRECT:
                return [*self._left_relay(), *self._direct(room, own, now_ns)]
            case Route.RELAYED if self._relay is not None:
                return self._by_relay(self._relay, own, now_ns)
        # More than two and no relay, or it is not told yet where it is.
        return self._gone() if room.route is Route.TEXT_ONLY else []

    def _left_relay(self) -> list[Order]:
        if self._relayed is None:
            return []
        return self._gone()

    def _direct(self, room: Room, own: Member, now_ns: int) -> list[Order]:
        others = {one.code: one for one in present(room) if one.code != self.own}
        orders: list[Order] = [HangUp(peer=peer) for peer in self._called if peer not in others]
        for gone in [peer for peer in self._called if peer not in others]:
            del self._called[gone]
            self._tried_ns.pop(gone, None)
        for peer, member in others.items():
            pair = (member.since, own.since)
            if self._called.get(peer) != pair:
                self._called[peer] = pair
                self._tried_ns[peer] = now_ns
                if caller_of(self.own, peer) == self.own:
                    orders.append(Call(peer=peer))
        return orders

    def _by_relay(self, relay: Relay, own: Member, now_ns: int) -> list[Order]:
        if self._relayed == (relay, own.since):
            return []
        self._relayed, self.looked = (relay, own.since), ""
        self._called.clear()
        self._tried_ns.clear()
        self._tried_ns[RELAY] = now_ns
        return [Relayed(address=relay.address, secret=relay.secret, room=relay.room, pin=relay.pin, own=self.own)]

    def _mute(self, own: Member) -> list[Order]:
        if own.is_muted == self._muted:
            return []
        self._muted = own.is_muted
        return [Mute(is_muted=own.is_muted)]

    def _look_at(self, room: Room) -> list[Order]:
        if self._relayed is None:
            return []
        wanted = self.chosen or _leading([one for one in present(room) if one.code != self.own], room.chair)
        if wanted == self.looked:
            return []
        self.looked = wanted
        return [Look(peer=wanted)]


def _leading(others: Sequence[Member], chair: str) -> str:
    """Return whose picture is looked at where nobody chose: his who shows it to all, the chair's, the first one's."""
    shown = next((one.code for one in others if one.shares == OWN_PICTURE), "")
    known = [one.code for one in others]
    return shown or (chair if chair in known else next(iter(known), ""))

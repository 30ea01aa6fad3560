"""Sound and pictures through Janus: all voices mixed by its audio bridge, one picture at a time from its video room."""

from collections.abc import Callable
from typing import Any

from chengyun_core.model.failure import Trouble
from chengyun_core.rtc.janus import Event, Handle, Session
from chengyun_core.rtc.line import Line, Shown
from chengyun_core.rtc.orders import Relayed
from chengyun_core.rtc.sound import RATE
from chengyun_core.rtc.tracks import PictureTrack, VoiceTrack

PEER = "relay"
BITS_A_SECOND = 500_000
"""Of one picture, at most."""
_EXISTS = frozenset({427, 486})
"""What the two plugins answer when a room is there already (audiobridge, videoroom)."""


class RelayLine:
    """Our place in a room of the relay: one line for voices, one for our picture, one for the picture looked at."""

    def __init__(self, order: Relayed, voice: VoiceTrack, picture: PictureTrack, shown: Callable[[str, Any], None]):
        self._order, self._shown = order, shown
        self.voices = Line(voice, None, _nothing)
        self.own = Line(None, picture, _nothing)
        self.looked: Line | None = None
        self.looks_at = ""
        self.talking: set[str] = set()
        self._names: dict[int, str] = {}
        self._feeds: dict[str, int] = {}
        self._session: Session | None = None
        self._room: Handle | None = None

    async def open(self) -> None:
        """Take our place. Raises Trouble `room.relay`."""
        self._session = await Session.opened(self._order.address, self._order.secret)
        bridge = await self._session.attach("audiobridge", self._bridge_told)
        await self._made(bridge, {"sampling_rate": RATE, "audio_level_event": False, "default_prebuffering": 3})
        place = {"room": self._order.room, "pin": self._order.pin}
        joined = await bridge.ask({"request": "join", **place, "display": self._order.own, "muted": False})
        self._members(_data(joined))
        offer = {"type": "offer", "sdp": await self.voices.offered()}
        told = await bridge.ask({"request": "configure", "muted": False}, offer)
        await self.voices.accept(told["jsep"]["sdp"])
        await self._publish(place)

    async def look(self, peer: str) -> None:
        """Have the picture of another sent to us, instead of the one before. Raises Trouble `room.relay`."""
        self.looks_at = peer
        if self.looked is not None:
            await self.looked.close()
            self.looked = None
        feed = self._feeds.get(peer)
        if feed is None or self._session is None:
            return
        handle = await self._session.attach("videoroom", _ignored)
        wanted = {"request": "join", "ptype": "subscriber", "room": self._order.room, "pin": self._order.pin}
        told = await handle.ask({**wanted, "streams": [{"feed": feed}]})
        line = Line(None, None, self._shown_as(peer))
        self.looked = line
        answer = {"type": "answer", "sdp": await line.answered(told["jsep"]["sdp"])}
        await handle.ask({"request": "start"}, answer)

    def has_new_feed(self) -> bool:
        """Return whether the one we look at publishes by now, and his picture is not asked for yet."""
        return self.looks_at in self._feeds and self.looked is None

    def lines(self) -> list[Line]:
        """Return what is open."""
        return [self.voices, self.own, *([] if self.looked is None else [self.looked])]

    async def close(self) -> None:
        """Leave."""
        for line in self.lines():
            await line.close()
        if self._session is not None:
            await self._session.close()

    async def _publish(self, place: dict[str, Any]) -> None:
        assert self._session is not None
        self._room = await self._session.attach("videoroom", self._room_told)
        await self._made(self._room, {"publishers": 16, "bitrate": BITS_A_SECOND, "videocodec": "vp8"})
        joined = await self._room.ask({"request": "join", "ptype": "publisher", **place, "display": self._order.own})
        self._published(_data(joined))
        offer = {"type": "offer", "sdp": await self.own.offered()}
        told = await self._room.ask({"request": "publish"}, offer)
        await self.own.accept(told["jsep"]["sdp"])

    async def _made(self, handle: Handle, shape: dict[str, Any]) -> None:
        """Make the room unless another of us has; who comes second is told that it is there."""
        wanted = {"request": "create", "room": self._order.room, "pin": self._order.pin, "is_private": True, **shape}
        try:
            await handle.ask(wanted)
        except Trouble as fault:
            if int(fault.reason.params.get("number", "0")) not in _EXISTS:
                raise

    def _bridge_told(self, event: Event) -> None:
        data = _data(event)
        self._members(data)
        number = data.get("id", 0)
        if data.get("audiobridge") in ("talking", "stopped-talking"):
            change = self.talking.add if data["audiobridge"] == "talking" else self.talking.discard
            change(self._names.get(number, ""))
        if "leaving" in data:
            self.talking.discard(self._names.pop(data["leaving"], ""))

    def _members(self, data: Event) -> None:
        for one in data.get("participants", ()):
            self._names[int(one["id"])] = str(one.get("display", ""))

    def _room_told(self, event: Event) -> None:
        data = _data(event)
        self._published(data)
        for gone in (data.get("unpublished"), data.get("leaving")):
            for name in [name for name, feed in self._feeds.items() if feed == gone]:
                del self._feeds[name]

    def _published(self, data: Event) -> None:
        for one in data.get("publishers", ()):
            self._feeds[str(one.get("display", ""))] = int(one["id"])

    def _shown_as(self, peer: str) -> Shown:
        return lambda frame: self._shown(peer, frame)


def _data(event: Event) -> Event:
    found: Event = event.get("plugindata", {}).get("data", {})
    return found


def _nothing(_frame: Any) -> None:
    """Pictures do not come this way."""


def _ignored(_event: Event) -> None:
    """Nothing is told here that our own line does not show."""

"""What is fuzzed: each target takes bytes, says what became of them, and may break only in ways it counts."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Protocol

from chengyun_core.ingest.batch import Limits
from chengyun_core.ingest.door import Door
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.sources import payload
from chengyun_core.ingest.watching import WATCHERS, Watching
from chengyun_core.model.command import COMMANDS
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec, frames, heartbeat, versions
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.envelope import HISTORY_ASKS, INGEST_ASKS, IngestStatus, Reply, Request
from chengyun_core.wire.frames import BadFrame
from tests.core.centre.room import ADMIN_KEY, INGEST_KEY, SCREEN_KEY, Room
from tests.core.ingest.daemon.building import SECOND, START, batch, city, names
from tests.faults.fuzz import mutating, specimens

_NUMBER = re.compile(r"-?[0-9]+ ?")
_TOLD = ("door.garbage", "door.refused", "door.trouble")


class Target(Protocol):
    """Something that takes bytes from outside."""

    def thrown(self, dice: random.Random) -> bytes:
        """Return the next message to throw at it."""
        ...

    def take(self, data: bytes, dice: random.Random) -> str:
        """Return `used` or the cause of the refusal; raise AssertionError or anything else when it broke."""
        ...


class Damaging:
    """Throws damaged specimens."""

    seeds: Sequence[bytes]

    def thrown(self, dice: random.Random) -> bytes:
        """Return a damaged specimen."""
        return mutating.damaged(dice.choice(self.seeds), self.seeds, dice)


class Asking(Damaging):
    """Throws at a door: damaged requests, whole requests with damaged bodies, and right types with absurd values."""

    bodies: dict[str, type]

    def thrown(self, dice: random.Random) -> bytes:
        """Return a request, or what was one."""
        way = dice.randrange(3)
        if way == 0:
            return super().thrown(dice)
        request = codec.unpack(dice.choice(self.seeds), Request)
        if way == 1:
            body = mutating.damaged(request.body, [request.body], dice)
            return codec.pack(replace(request, body=body))
        return specimens.absurd_request(request, self.bodies[request.kind], dice)


class Frames(Damaging):
    """The decoder of frames."""

    def __init__(self) -> None:
        self.seeds = specimens.some_frames()

    def take(self, data: bytes, _dice: random.Random) -> str:
        """Decode, and look at every promise of a decoded frame."""
        try:
            frame = frames.decode(data)
        except BadFrame as fault:
            return _NUMBER.sub("", str(fault)).strip().replace(" ", "_")[:24]
        assert all(len(column) == frame.head.count for column in frame.columns.values())
        for name, most in frames.GREATEST.items():
            assert name not in frame.columns or frame.columns[name].max(initial=0) <= most
        assert frame.columns["time"].max(initial=0) < frames.FARTHEST_NS
        return "used"


class Records(Damaging):
    """The decoder of every record that travels."""

    def __init__(self) -> None:
        tables = (CENTRE_ASKS, INGEST_ASKS, HISTORY_ASKS)
        kinds = {kind for table in tables for pair in table.values() for kind in pair if kind is not None}
        self._kinds: list[type[Any]] = sorted({*kinds, *COMMANDS.values(), Reply}, key=lambda kind: kind.__name__)
        self.seeds = [codec.pack(specimens.specimen(kind)) for kind in self._kinds]

    def take(self, data: bytes, dice: random.Random) -> str:
        """Decode as one of the kinds, mostly as a heartbeat or one whose seed begins alike."""
        try:
            codec.unpack(data, dice.choice(self._kinds))
        except BadMessage as fault:
            return fault.reason.code
        return "used"


class Heartbeats(Damaging):
    """The reader of heartbeats, whose numbers clocks follow."""

    def __init__(self) -> None:
        self.seeds = [codec.pack(specimens.specimen(heartbeat.Heartbeat))]

    def take(self, data: bytes, _dice: random.Random) -> str:
        """Read, and follow its law for a century."""
        versions.named_in(data)
        try:
            beat = heartbeat.read(data)
        except BadMessage as fault:
            return fault.reason.code
        assert abs(beat.law.profile_ns(beat.sent_ns)) < heartbeat.FARTHEST_NS
        return "used"


class Payloads(Damaging):
    """The formats of pushed samples: JSON, CSV, packed."""

    def __init__(self) -> None:
        self._names = names()
        self.seeds = [
            b'{"channel":"A.x","time":"2023-11-14T22:13:20Z","value":1.5}',
            b'[{"channel":"P#2.x","time_ms":1700000000000,"value":2,"quality":"uncertain"}]',
            b"channel,time,value\nA.x,2023-11-14T22:13:20Z,1\nB.x,2023-11-14T22:13:21Z,2\n",
            payload.payload_packed.MAGIC + bytes(40),
        ]

    def take(self, data: bytes, _dice: random.Random) -> str:
        """Decode: it never raises, and what it does not use it counts by cause."""
        found = payload.decode(data, self._names)
        if found.batch is not None:
            found.batch.check_shape()
            return "used"
        return next(iter(found.refused), "nothing")


class IngestDoor(Asking):
    """The real door over a real engine."""

    bodies: ClassVar = {kind: pair[0] for kind, pair in INGEST_ASKS.items()}

    def __init__(self) -> None:
        self._engine = Engine(city(), ring_capacity=1 << 12, limits=Limits(past_days=20_000))
        self._engine.take(batch((0, 0, 1.0), (0, 1, 12.0), (1, 1, 6.0)), now_ns=START + SECOND)
        self._watching = Watching(10.0)
        self._door = Door(
            engine=lambda: self._engine, snapshot=lambda: b"SNAPSHOT", status=IngestStatus, watching=self._watching,
            monotonic_ns=lambda: 0, epoch=9, realm="live", threshold_sets=lambda: ("PT", "XQ"),
        )  # fmt: skip
        self.seeds = specimens.asked_of_ingest()

    def take(self, data: bytes, dice: random.Random) -> str:
        """Answer: a stranger is counted, a request gets its answer."""
        strangers = self._door.answering.strangers
        answer = self._door.answer(dice.randbytes(2), data)
        assert len(self._watching._leases) <= WATCHERS
        if answer is None:
            assert self._door.answering.strangers == strangers + 1, "a message went by uncounted"
            return "stranger"
        reply = codec.unpack(answer, Reply)
        assert reply.outcome in ("done", "refused"), reply
        assert reply.code != "ingest.bug", reply
        return "used" if reply.outcome == "done" else reply.code


class CentreDoor(Asking):
    """The real door, bus, ledger and database, with an officer signed on, and three living alarms."""

    bodies: ClassVar = COMMANDS | {kind: pair[0] for kind, pair in CENTRE_ASKS.items()}

    def __init__(self, room: Room) -> None:
        self._room = room
        session = room.officer("officer")
        for number in range(3):
            room.observe(number, WarningColour.RED)
        self.seeds = specimens.asked_of_centre(session, ADMIN_KEY, INGEST_KEY, SCREEN_KEY)

    def take(self, data: bytes, dice: random.Random) -> str:
        """Answer: whatever comes gets an answer that is no bug, and alarms keep their number."""
        counters = self._room.desk.counters
        told, bugs = sum(counters.get(name, 0) for name in _TOLD), counters.get("door.bugs", 0)
        reply = codec.unpack(self._room.raw(data.replace(b"id-", b"%03x" % dice.randrange(4096))), Reply)
        assert counters.get("door.bugs", 0) == bugs, reply
        if reply.outcome == "done":
            return "used"
        assert sum(counters.get(name, 0) for name in _TOLD) == told + 1, f"refused and not counted: {reply}"
        return reply.code


def all_targets(folder: Path) -> tuple[list[tuple[float, Target]], Callable[[], None]]:
    """Return all targets with their share of the frames, and what closes them."""
    from tests.faults.fuzz.screen import Screen

    room: AbstractContextManager[Room] = Room(folder)
    opened = room.__enter__()
    shares: list[tuple[float, Target]] = [
        (0.25, Frames()), (0.15, Records()), (0.05, Heartbeats()), (0.05, Payloads()), (0.25, Screen()),
        (0.15, IngestDoor()), (0.10, CentreDoor(opened)),
    ]  # fmt: skip
    return shares, lambda: room.__exit__(None, None, None) and None


def merged(name: str, causes: Counter[str]) -> dict[str, int]:
    """Return a target's causes under its name."""
    return {f"{name}.{cause}": count for cause, count in sorted(causes.items())}

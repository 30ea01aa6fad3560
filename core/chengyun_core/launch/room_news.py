"""What who plays parties knows of consultations: open rooms, what is asked in them, and the profile's time."""

from types import TracebackType
from typing import Self

import zmq

from chengyun_core.launch.door_client import DoorClient, asked
from chengyun_core.mirror.room_facts import RoomFacts
from chengyun_core.model.change import Change
from chengyun_core.model.clock import ProfileClock
from chengyun_core.model.room import Poll, Room
from chengyun_core.model.room_rules import is_open
from chengyun_core.wire import codec, heartbeat, sockets
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.endpoints import PROTOCOL_VERSION, TOPIC_HEARTBEAT
from chengyun_core.wire.envelope import AskChanges, Changes, Hello, Snapshot
from chengyun_core.wire.roles import Role

QUEUED = 64


class RoomNews:
    """Follows the journal by the centre's door, and its clock by its heartbeats; use as a context manager."""

    def __init__(self, door: DoorClient, changes: str) -> None:
        """`changes`: where the centre publishes. Raises Trouble."""
        self._door = door
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._beats = sockets.subscriber(self._context, changes, TOPIC_HEARTBEAT, queued=QUEUED, role=Role.ADMIN)
        self._clock: ProfileClock | None = None
        self._facts = RoomFacts()
        self._through: int | None = None
        self._tail = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beats.close(0)
        self._context.term()

    def now_ns(self) -> int | None:
        """Return profile time, ns UTC; None before the first heartbeat told how it goes."""
        return None if self._clock is None else self._clock.utc_ns()

    def rooms(self) -> tuple[Room, ...]:
        """Return the open rooms."""
        return tuple(self._facts.rooms.values())

    def question(self, room: Room) -> Poll | None:
        """Return what a room is being asked."""
        return next((poll for poll in self._facts.polls_of(room.number) if poll.closed_at is None), None)

    def look(self) -> None:
        """Take in what happened since. Raises Refused and Trouble as the door does."""
        self._hear()
        if self._through is None or self._tail < self._through:
            # A journal that is shorter than what we know of it is another one: it was put back from a backup.
            self._begin()
        elif self._tail > self._through:
            self._go_on(self._through)

    def _begin(self) -> None:
        told = asked(self._door, "snapshot", Hello(protocol=PROTOCOL_VERSION, client="parties"), Snapshot)
        self._facts = RoomFacts()
        self._through = self._tail = told.through
        for change in told.records:
            self._take(change)

    def _go_on(self, after: int) -> None:
        told = asked(self._door, "changes.since", AskChanges(after=after), Changes)
        self._through = max(after, told.through)
        for change in told.changes:
            self._take(change)

    def _take(self, change: Change) -> None:
        if change.kind == "room":
            room = codec.unpack(change.record, Room)
            self._facts.rooms[room.number] = room
            if not is_open(room):
                del self._facts.rooms[room.number]
        elif change.kind == "room_poll":
            self._facts.polls[change.key] = codec.unpack(change.record, Poll)

    def _hear(self) -> None:
        while (data := self._received()) is not None:
            try:
                beat = heartbeat.read(data)
            except BadMessage:
                continue  # the console says of it what is to be said
            self._clock = self._clock or ProfileClock(beat.law)
            self._clock.follow(beat.law)
            self._tail = beat.tail

    def _received(self) -> bytes | None:
        try:
            return self._beats.recv_multipart(zmq.NOBLOCK)[-1]
        except zmq.Again:
            return None

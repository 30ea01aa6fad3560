"""The daemons' side of every socket: who may come in, ask and hear; over ipc the file's mode, over TCP CURVE."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import zmq

from chengyun_core.model.failure import Trouble
from chengyun_core.wire import addresses, codec, curve, sockets
from chengyun_core.wire.curve import Card
from chengyun_core.wire.envelope import Heartbeat, Reply, Request
from chengyun_core.wire.roles import may_ask, may_hear
from chengyun_core.wire.zap import Answerer

logger = logging.getLogger(__name__)

Context: TypeAlias = "zmq.Context[zmq.Socket[bytes]]"
USER_ID = "User-Id"
"""What the answerer named the peer: its public key, on every frame of it, subscriptions too."""
LAST_WORD_MS = 200
"""A daemon that ends because keys are no longer judged says so to who still listens."""
OK, FAULTY_KEYS = "ok", "wire.keys_faulty"


class Doorway:
    """A bound ROUTER. Over TCP every request's key is looked up anew: one revoked a moment ago gets a refusal."""

    def __init__(self, socket: zmq.Socket[bytes], answerer: Answerer | None) -> None:
        self.socket = socket
        self._answerer = answerer
        self.refused = 0

    def received(self) -> list[bytes] | None:
        """Return the next message of somebody who may send it, None when none waits."""
        while True:
            try:
                if self._answerer is None:
                    return self.socket.recv_multipart(zmq.NOBLOCK)
                frames = self.socket.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return None
            message = [frame.bytes for frame in frames]
            reply = _objection(_card(self._answerer, frames[-1]), message)
            if reply is None:
                return message
            self.refused += 1
            self._send([*message[:-1], codec.pack(reply)])

    def answer(self, replied: Callable[[bytes], bytes | None], most: int) -> None:
        """Answer at most so many of the messages that wait; `replied` returns None where nobody can be answered."""
        for _ in range(most):
            message = self.received()
            if message is None:
                return
            reply = replied(message[-1])
            if reply is not None:
                self._send([*message[:-1], reply])

    def _send(self, message: list[bytes]) -> None:
        """Send without ever waiting: who went away or takes nothing asks again when it wants to know."""
        try:
            self.socket.send_multipart(message, zmq.NOBLOCK)
        except zmq.ZMQError as fault:
            logger.debug("an answer was not taken: %s", fault)


class Broadcast:
    """A bound XPUB. Over TCP a subscription is admitted by key and topic, and all are dropped when a key is revoked."""

    def __init__(self, context: Context, address: str, *, queued: int, guard: "Guard") -> None:
        self._context = context
        self._address = address
        self._queued = queued
        self._guard = guard
        self.refused = 0
        self.socket = self._opened()
        self._is_bound = True

    def joined(self) -> bool:
        """Take the subscriptions that wait; return whether there is a newcomer who wants a heartbeat."""
        joined = False
        while self._is_bound:
            try:
                frame = self.socket.recv(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                break
            joined |= self._taken(frame)
        return joined

    def rotate(self, poller: zmq.Poller) -> None:
        """Drop every listener and bind anew; who is still allowed reconnects by itself and repairs its gap.

        A libzmq XPUB cannot drop one peer: MANUAL unsubscribes only him whose message was read last (decision 0055).
        """
        if self._is_bound:
            poller.unregister(self.socket)
            self.socket.close(0)
            self._is_bound = False
        try:
            self.socket = self._opened()
        except Trouble as fault:
            # The old listener is closed by ZeroMQ's own thread; until then the port is taken, and we ask again.
            logger.info("not bound anew yet: %s", fault)
            return
        self._is_bound = True
        poller.register(self.socket, zmq.POLLIN)

    def close(self) -> None:
        """Unbind for good; what is sent from now on goes nowhere."""
        self._is_bound = False
        self.socket.close(LAST_WORD_MS)

    @property
    def is_bound(self) -> bool:
        """Return whether anybody can listen."""
        return self._is_bound

    def send(self, parts: list[bytes]) -> None:
        """Send without ever waiting; a listener whose queue is full loses it and asks again."""
        if not self._is_bound:
            return
        try:
            self.socket.send_multipart(parts, zmq.NOBLOCK)
        except zmq.Again:
            logger.debug("a message was not taken by the publisher")

    def _opened(self) -> zmq.Socket[bytes]:
        return sockets.publisher(self._context, self._address, queued=self._queued, lock=self._guard.lock)

    def _taken(self, frame: zmq.Frame) -> bool:
        data = frame.bytes
        wants, topic = data[:1] == sockets.SUBSCRIPTION, data[1:]
        answerer = self._guard.answerer
        if answerer is None:
            return wants
        if not wants:
            if data[:1] == b"\x00":
                self.socket.setsockopt(zmq.UNSUBSCRIBE, topic)
            return False
        card = _card(answerer, frame)
        if card is None or not may_hear(card.role, topic):
            self.refused += 1
            logger.warning("%s may not hear %r", card.name if card else "an unknown key", topic[:32])
            return False
        self.socket.setsockopt(zmq.SUBSCRIBE, topic)
        return True


class Guard:
    """Opens a daemon's sockets and watches over who uses them. Owned by the daemon's one thread."""

    def __init__(self, context: Context, profile: Path) -> None:
        self._context = context
        over_tcp = bool(addresses.settings_of(profile).host)
        self.lock = curve.own_pair(profile, curve.SERVER) if over_tcp else None
        self.answerer = Answerer(context, profile) if over_tcp else None
        self._doors: list[Doorway] = []
        self._broadcasts: list[Broadcast] = []
        self._removals = 0

    def door(self, address: str, *, large: bool = False) -> Doorway:
        """Return a doorway bound here. Raises Trouble when it cannot be."""
        made = Doorway(sockets.door(self._context, address, large=large, lock=self.lock), self.answerer)
        self._doors.append(made)
        return made

    def broadcast(self, address: str, *, queued: int) -> Broadcast:
        """Return a publisher bound here. Raises Trouble when it cannot be."""
        made = Broadcast(self._context, address, queued=queued, guard=self)
        self._broadcasts.append(made)
        return made

    def tend(self, poller: zmq.Poller) -> None:
        """Cut what was revoked; to be called each turn of the loop, at least every half second.

        Raises Trouble when the answerer is dead: the daemon then says so, unbinds everything and ends.
        """
        if self.answerer is None:
            return
        if not self.answerer.is_alive:
            raise Trouble("wire.answerer_dead")
        is_revoked, self._removals = self._removals != self.answerer.removals, self.answerer.removals
        for broadcast in self._broadcasts:
            if is_revoked or not broadcast.is_bound:
                broadcast.rotate(poller)

    @property
    def light(self) -> str:
        """Return `ok`, or the code of what is wrong with the keys."""
        if self.answerer is None:
            return OK
        if not self.answerer.is_alive:
            return "wire.answerer_dead"
        return FAULTY_KEYS if self.answerer.allowed.faults else OK

    def _counters(self, answerer: Answerer) -> dict[str, int]:
        return {
            "security.admitted": answerer.admitted,
            "security.refused": answerer.refused,
            "security.requests_refused": sum(door.refused for door in self._doors),
            "security.topics_refused": sum(broadcast.refused for broadcast in self._broadcasts),
        }

    def told(self, beat: Heartbeat) -> Heartbeat:
        """Return a heartbeat with what is to be said of keys: a light and counters, none over ipc."""
        if self.answerer is None:
            return beat
        lights = {**beat.lights, "security": self.light}
        return replace(beat, lights=lights, counters={**beat.counters, **self._counters(self.answerer)})

    def close(self) -> None:
        """Unbind everything first, then stop judging."""
        for door in self._doors:
            door.socket.close(LAST_WORD_MS)
        for broadcast in self._broadcasts:
            broadcast.close()
        if self.answerer is not None:
            self.answerer.close()


def _card(answerer: Answerer, frame: zmq.Frame) -> Card | None:
    try:
        return answerer.card(str(frame.get(USER_ID)).encode("ascii"))
    except (zmq.ZMQError, UnicodeEncodeError):  # a peer the answerer never named cannot be here; if it is, it is nobody
        return None


def _objection(card: Card | None, message: list[bytes]) -> Reply | None:
    """Return the refusal of a message, None when its sender may send it; what is no request is the door's to count."""
    try:
        request = codec.unpack(message[-1], Request)
    except codec.BadMessage:
        return None if card is not None else Reply(id="", outcome="refused", code="wire.key_revoked")
    if card is None:
        return Reply(id=request.id, outcome="refused", code="wire.key_revoked")
    if not may_ask(card.role, request.kind):
        params = {"name": card.name, "role": card.role.value, "kind": request.kind[:64]}
        return Reply(id=request.id, outcome="refused", code="wire.role_may_not", params=params)
    return None

"""The command line's way to a daemon's door: ask, wait with a limit, return the body or raise what the daemon said."""

import uuid
from types import TracebackType
from typing import Self, TypeVar

import zmq

from chengyun_core.model.change import Change
from chengyun_core.model.command import KIND_OF
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.wire import codec, sockets, versions
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import AskChanges, Changes, Done, Hello, Reply, Request, Welcome
from chengyun_core.wire.handshake import HandshakeWatch
from chengyun_core.wire.roles import Role

T = TypeVar("T")
_TURNED_AWAY = {"link.key_refused": "door.key_refused", "link.handshake_failed": "door.handshake_failed"}
"""What the strip of the console says of a daemon, and what the command line says of its address."""
_GLANCE_MS = 50
"""How often a wait for the daemon looks whether our key was turned away: a refused client would wait for ever."""


class DoorClient:
    """A blocking client of one door; use as a context manager. Not for the console, whose session never blocks."""

    def __init__(self, address: str, *, session: str = "", timeout_s: float = 5.0) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            self._socket = sockets.caller(self._context, address, role=Role.ADMIN, connect=False)
            self._handshakes = HandshakeWatch(self._socket, address)
        except Trouble:
            self._context.destroy(0)
            raise
        self._address = address
        self._session = session
        self._timeout_s = timeout_s

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket at once."""
        self._handshakes.close()
        self._socket.close()
        self._context.term()

    def hello(self) -> Welcome:
        """Return the daemon's welcome; Trouble when nobody answers."""
        return codec.unpack(self.ask("hello", Hello(protocol=PROTOCOL_VERSION, client="cli")), Welcome)

    def send(
        self, command: object, *, timeout_s: float | None = None, request_id: str = "", session: str | None = None
    ) -> Done:  # fmt: skip
        """Carry out a command and return what it changed; the same `request_id` again is answered, not done again."""
        kind = KIND_OF[type(command)]
        body = self.ask(kind, command, timeout_s=timeout_s, request_id=request_id, session=session)
        return codec.unpack(body, Done)

    def changes(self) -> list[Change]:
        """Return every change of the journal, in order."""
        found: list[Change] = []
        through, tail = 0, 1
        while through < tail:
            page = codec.unpack(self.ask("changes.since", AskChanges(after=through)), Changes)
            found.extend(page.changes)
            if page.through <= through:
                break
            through, tail = page.through, page.tail
        return found

    def ask(
        self, kind: str, body: object, *, timeout_s: float | None = None, request_id: str = "",
        session: str | None = None,
    ) -> bytes:  # fmt: skip
        """Return the answer's body; `session`: asked by another than the one this client was made for.

        Raises Refused or Trouble as the daemon said, Trouble when it is silent.
        """
        asker = self._session if session is None else session
        request = Request(id=request_id or uuid.uuid4().hex, kind=kind, body=codec.pack(body), session=asker)
        limit_ms = round(1000 * (timeout_s or self._timeout_s))
        if not self._opens(limit_ms):
            raise Trouble("door.silent", address=self._address)
        self._socket.send(codec.pack(request))
        return self._answer(request.id, limit_ms)

    def _opens(self, limit_ms: int) -> bool:
        """Wait until somebody is at the other end. Raises Refused when our key is turned away there."""
        for _ in range(max(1, limit_ms // _GLANCE_MS)):
            if self._socket.poll(_GLANCE_MS, zmq.POLLOUT):
                return True
            if refusal := self._handshakes.refusal():
                raise Refused(_TURNED_AWAY[refusal.code], address=self._address)
        return False

    def _answer(self, request_id: str, limit_ms: int) -> bytes:
        while self._socket.poll(limit_ms):
            data = self._socket.recv()
            versions.refuse_other(data)
            reply = codec.unpack(data, Reply)
            if reply.id == request_id:
                return _body(reply)
        raise Trouble("door.no_answer", address=self._address, seconds=limit_ms / 1000)


def asked(door: DoorClient, kind: str, body: object, answer: type[T]) -> T:
    """Return the record a door answers an ask with. Raises Refused, Trouble, and BadMessage for another record."""
    return codec.unpack(door.ask(kind, body), answer)


def _body(reply: Reply) -> bytes:
    if reply.outcome == "done":
        return reply.body
    family = Refused if reply.outcome == "refused" else Trouble
    raise family(reply.code, **reply.params)

"""The door: bytes in, bytes out. Decides what is asked, and turns every failure into an answer; no socket here."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chengyun_core.centre import activations, asks, mode_running, veil
from chengyun_core.centre.bus import Bus, Deed, Parts
from chengyun_core.centre.camera_handlers import CAMERAS
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller, Gate, permitted
from chengyun_core.centre.handlers import ANSWERS, ANSWERS_LANE, ASIDE, BY_CALLER, HANDLERS
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.workers import Job, Result, Worker
from chengyun_core.model.audit import INGEST
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.store.port import Beside
from chengyun_core.wire import codec, versions
from chengyun_core.wire.centre_asks import CENTRE_ASKS
from chengyun_core.wire.envelope import Reply, Request, Welcome

logger = logging.getLogger(__name__)

_FROM_INGEST: dict[str, Callable[..., Any]] = {
    "ingest.activations": activations.take,
    "ingest.bands": activations.reconcile,
    "ingest.runs": mode_running.take,
}
_WITHOUT_SESSION = frozenset({"hello", "seats"})


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes for a peer."""

    peer: bytes
    data: bytes


class Door:
    """Takes what peers send; deeds with a slow part are answered when their worker is done."""

    def __init__(self, desk: Desk, ledger: Ledger, gate: Gate, lanes: dict[str, Worker], welcome: Welcome) -> None:
        self._desk = desk
        self._ledger = ledger
        self._gate = gate
        self._lanes = lanes
        self._welcome = welcome
        self._bus = Bus(desk, ledger, gate)
        self._waiting: dict[int, tuple[bytes, Deed]] = {}
        self._own: dict[int, Callable[[Result], None]] = {}
        self._asides: dict[int, tuple[bytes, str]] = {}
        self._staged: deque[tuple[bytes, Deed, Parts]] = deque()
        self._ticket = 0

    def take(self, peer: bytes, data: bytes) -> Answer | None:
        """Return the answer to a message, None when it comes later."""
        try:
            versions.refuse_other(data)
            request = codec.unpack(data, Request)
        except Refused as refused:
            self._desk.count("door.garbage")
            return Answer(peer, codec.pack(_refused(versions.id_in(data), refused.reason)))
        reply = self._guarded(request.id, lambda: self._reply(peer, request))
        return None if reply is None else Answer(peer, codec.pack(reply))

    def undertake(self, lane: str, job: Job, then: Callable[[Result], None]) -> bool:
        """Have a worker do what nobody asked for; `then` takes the result in the loop. False: the lane is full."""
        self._ticket += 1
        if not self._lanes[lane].take(self._ticket, job):
            return False
        self._own[self._ticket] = then
        return True

    def finish(self, result: Result) -> Answer | None:
        """Return the answer to a deed whose slow part is done, None for the centre's own work."""
        if result.ticket in self._own:
            self._own.pop(result.ticket)(result)
            return None
        if result.ticket in self._asides:
            return self._told_aside(result)
        peer, deed = self._waiting.pop(result.ticket)
        parts = None if result.fault is not None else self._bus.stage(deed, result.value)
        if parts is not None:
            self._staged.append((peer, deed, parts))
            return None
        reply = self._guarded(deed.request.id, lambda: self._finished(deed, result))
        assert reply is not None
        return Answer(peer, codec.pack(reply))

    def go_on(self) -> Answer | None:
        """Write the next part of a deed that is written by parts; return its answer when that was the last one."""
        if not self._staged:
            return None
        peer, deed, parts = self._staged[0]
        reply = self._guarded(deed.request.id, lambda: self._went_on(deed, parts))
        if reply is None:
            return None
        self._staged.popleft()
        parts.close()
        return Answer(peer, codec.pack(reply))

    def stages(self) -> int:
        """Return how many deeds are being written by parts."""
        return len(self._staged)

    def waiting(self) -> int:
        """Return how many deeds and questions are with the workers."""
        return len(self._waiting) + len(self._asides)

    def _went_on(self, deed: Deed, parts: Parts) -> Reply | None:
        try:
            part = next(parts)
        except StopIteration as end:
            return self._bus.carry_out(deed, end.value)
        self._bus.write_part(part)
        return None

    def _reply(self, peer: bytes, request: Request) -> Reply | None:
        if request.kind in HANDLERS:
            return self._commanded(peer, request)
        if request.kind not in CENTRE_ASKS:
            raise Refused("wire.unknown_kind", kind=request.kind[:64])
        body: Any = codec.unpack(request.body, CENTRE_ASKS[request.kind][0])
        if request.kind in ASIDE and (beside := self._ledger.beside()) is not None:
            self._ask_aside(peer, request, body, beside)
            return None
        told = self._asked(request, body)
        if isinstance(told, bytes):
            return Reply(id=request.id, outcome="done", body=told)
        self._await_job(peer, request, CAMERAS, told)
        return None

    def _ask_aside(self, peer: bytes, request: Request, body: Any, beside: Beside) -> None:
        """Have a worker answer: who asks is judged here, what is read is as of when the worker begins."""
        with self._ledger.reading() as connection:
            caller = self._check(connection, request)
            veil.refuse_asked(self._desk, connection, caller, request.kind, body)
        desk = self._desk.still()

        def answer() -> bytes:
            with beside() as connection:
                return veil.answer(desk, connection, caller, request.kind, body, ANSWERS[request.kind])

        self._await_job(peer, request, ANSWERS_LANE, answer)

    def _await_job(self, peer: bytes, request: Request, lane: str, job: Job) -> None:
        """Answer a question with what a worker's job returns."""
        self._ticket += 1
        if not self._lanes[lane].take(self._ticket, job):
            raise Trouble("centre.busy", kind=request.kind)
        self._asides[self._ticket] = (peer, request.id)

    def _told_aside(self, result: Result) -> Answer:
        peer, request_id = self._asides.pop(result.ticket)
        if isinstance(result.fault, Trouble):
            self._ledger.failed_beside(result.fault)
        reply = self._guarded(request_id, lambda: _reply_of(request_id, result))
        assert reply is not None
        return Answer(peer, codec.pack(reply))

    def _commanded(self, peer: bytes, request: Request) -> Reply | None:
        deed = self._bus.decoded(request)
        job = self._bus.job(deed)
        if isinstance(job, Reply):
            return job
        if job is None:
            return self._bus.carry_out(deed)
        self._ticket += 1
        if not self._lanes[deed.handler.lane].take(self._ticket, job):
            raise Trouble("centre.busy", kind=request.kind)
        self._waiting[self._ticket] = (peer, deed)
        return None

    def _finished(self, deed: Deed, result: Result) -> Reply:
        if result.fault is not None:
            raise result.fault
        return self._bus.carry_out(deed, result.value)

    def _asked(self, request: Request, body: Any) -> bytes | Job:
        if request.kind == "hello":
            asks.refuse_other_protocol(body)
            return codec.pack(self._welcome_now())
        if request.kind in _FROM_INGEST:
            return self._from_ingest(request, body)
        with self._ledger.reading() as connection:
            if request.kind in _WITHOUT_SESSION:
                return ANSWERS[request.kind](self._desk, connection, body)
            caller = self._check(connection, request)
            veil.refuse_asked(self._desk, connection, caller, request.kind, body)
            if request.kind not in BY_CALLER:
                return veil.answer(self._desk, connection, caller, request.kind, body, ANSWERS[request.kind])
        return self._by_caller(request, caller, body)

    def _by_caller(self, request: Request, caller: Caller, body: Any) -> bytes | Job:
        return BY_CALLER[request.kind](self._desk, self._ledger, caller, body)

    def _from_ingest(self, request: Request, body: Any) -> bytes:
        """Take what ingest tells; without grouping alarms when that fails: a run refused blocks all behind it."""
        try:
            answer = self._taken(request, body)
        except Refused:
            raise
        except Exception as fault:
            if isinstance(fault, Trouble) and fault.reason.code != "store.fault":
                raise  # the disk's trouble, which another try without grouping has as well
            logger.exception("%s %s failed; it is taken without looking for situations", request.kind, request.id)
            with self._desk.unwatched():
                answer = self._taken(request, body)
            self._desk.count("runs.not_watched")
            self._desk.watch_light = "centre.not_watched"
        else:
            self._desk.watch_light = "ok"
        return answer

    def _taken(self, request: Request, body: Any) -> bytes:
        with self._ledger.work(INGEST) as work:
            self._check(work.connection, request)
            self._desk.ingest_heard[_shard_of(body)] = self._desk.clock.monotonic_ns()
            return codec.pack(_FROM_INGEST[request.kind](self._desk, work, body))

    def _check(self, connection: Any, request: Request) -> Caller:
        caller = self._gate.caller(connection, request.session, self._desk.city, self._desk.clock.utc_ns())
        permitted(request.kind, caller, (), self._desk.mode_of)
        self._desk.was_seen(caller.session.seat if caller.session else "")
        if request.kind == "session.here" and caller.session is not None:
            self._desk.here[caller.session.seat] = (caller.session.token_hash, self._desk.clock.monotonic_ns())
        return caller

    def _welcome_now(self) -> Welcome:
        centre = self._desk.settings.centre or self._desk.city.root()
        return Welcome(
            protocol=self._welcome.protocol,
            daemon=self._welcome.daemon,
            epoch=self._welcome.epoch,
            realm=self._welcome.realm,
            centre=centre,
        )

    def _guarded(self, request_id: str, deed: Callable[[], Reply | None]) -> Reply | None:
        """Return the reply, with every failure made one: nothing a peer sends ends the daemon."""
        try:
            return self._counted(deed())
        except Refused as refused:
            self._desk.count("door.refused")
            return _refused(request_id, refused.reason)
        except Trouble as trouble:
            self._desk.count("door.trouble")
            return Reply(id=request_id, outcome="trouble", code=trouble.reason.code, params=trouble.reason.params)
        except Exception:
            # A bug of ours: told in the log, counted, answered; the other officers must not lose their centre for it.
            logger.exception("request %s failed", request_id)
            self._desk.count("door.bugs")
            return Reply(id=request_id, outcome="trouble", code="centre.bug", params={"request": request_id})

    def _counted(self, reply: Reply | None) -> Reply | None:
        """Count a refusal that was kept as its command's answer, and is told again when the command repeats."""
        if reply is not None and reply.outcome != "done":
            self._desk.count(f"door.{reply.outcome}")
        return reply


def _shard_of(body: Any) -> int:
    """Return which shard of ingest tells something."""
    return int(body.activations[0].shard if body.activations else 0) if hasattr(body, "activations") else body.shard


def _reply_of(request_id: str, result: Result) -> Reply:
    if result.fault is not None:
        raise result.fault
    assert isinstance(result.value, bytes)
    return Reply(id=request_id, outcome="done", body=result.value)


def _refused(request_id: str, reason: Reason) -> Reply:
    return Reply(id=request_id, outcome="refused", code=reason.code, params=reason.params)

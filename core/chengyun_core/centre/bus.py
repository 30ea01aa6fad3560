"""The one door for every deed: known id? who? may he? then carried out, journalled and answered in one transaction."""

import hashlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

from chengyun_core.centre import veil
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller, Gate, permitted
from chengyun_core.centre.handler import Handler
from chengyun_core.centre.handlers import HANDLERS, SIGN_ONS
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.seat_rights import widened
from chengyun_core.centre.work import Work
from chengyun_core.centre.workers import Job
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.command import COMMANDS
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.store import answers
from chengyun_core.store.answers import Answer
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Reply, Request

LONGEST_ID = 64
Parts = Generator[Callable[[Work], None], None, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A command on its way: decoded, not yet carried out."""

    request: Request
    command: Any
    handler: Handler
    digest: bytes
    """What was asked, without passwords: the same id with another digest is another deed."""


class Bus:
    """Carries commands out."""

    def __init__(self, desk: Desk, ledger: Ledger, gate: Gate) -> None:
        self._desk = desk
        self._ledger = ledger
        self._gate = gate

    def decoded(self, request: Request) -> Deed:
        """Return the deed in a request; raise Refused for what is no command."""
        if not 0 < len(request.id) <= LONGEST_ID:
            raise Refused("wire.bad_id", most=LONGEST_ID)
        handler = HANDLERS[request.kind]
        command = request.body if handler.is_great else codec.unpack(request.body, COMMANDS[request.kind])
        return Deed(request=request, command=command, handler=handler, digest=_digest(request, command))

    def job(self, deed: Deed) -> Job | Reply | None:
        """Return the slow part of a deed, None when it has none, or the reply when there is nothing left to do.

        Permission is asked here too, so that a stranger cannot keep the workers busy.
        """
        if deed.handler.prepare is None:
            return None
        with self._ledger.reading() as connection:
            if deed.request.kind not in SIGN_ONS:
                if (known := self._known(connection, deed)) is not None:
                    return known
                # Permission looks at rows only; the reader sees the same ones as a unit of work would.
                self._permitted(_Glance(connection), deed)
            job: Job = deed.handler.prepare(self._desk, connection, deed.command)
        return job

    def stage(self, deed: Deed, prepared: object) -> Parts | None:
        """Return the parts of a deed that are written before it is carried out; None: there are none."""
        parts: Parts | None = None if deed.handler.stage is None else deed.handler.stage(self._desk, prepared)
        return parts

    def write_part(self, part: Callable[[Work], None]) -> None:
        """Write one part in a transaction of its own."""
        with self._ledger.work(CENTRE) as work:
            part(work)

    def carry_out(self, deed: Deed, prepared: object = None) -> Reply:
        """Carry a deed out and return its answer, durable and kept under its id."""
        try:
            return self._carried_out(deed, prepared)
        except Refused as refused:
            return self._refused(deed, refused.reason)

    def _carried_out(self, deed: Deed, prepared: object) -> Reply:
        if deed.request.kind in SIGN_ONS:
            return self._signed_on(deed, prepared)
        with self._ledger.work(CENTRE, deed.request.id) as work:
            if (known := self._known(work.connection, deed)) is not None:
                return known
            caller = self._permitted(work, deed)
            more = () if deed.handler.prepare is None else (prepared,)
            body = deed.handler.handle(self._desk, work, caller, deed.command, *more)
            reply = _answer(deed, body)
            self._keep(work, deed, caller.account, codec.pack(reply))
        return reply

    def _signed_on(self, deed: Deed, prepared: object) -> Reply:
        with self._ledger.work(Actor(account=deed.command.account), deed.request.id) as work:
            known = answers.find(work.connection, deed.request.id)
            if known is not None and known.digest != deed.digest:
                raise Refused("command.id_used")
            body = deed.handler.handle(self._desk, work, deed.request, deed.command, prepared)
            if isinstance(body, Reason):
                return Reply(id=deed.request.id, outcome="refused", code=body.code, params=body.params)
            if known is None:
                # The answer holds the session's token and is therefore not kept; it is made anew when asked again.
                self._keep(work, deed, deed.command.account, b"")
        return Reply(id=deed.request.id, outcome="done", body=codec.pack(body))

    def _permitted(self, work: Any, deed: Deed) -> Caller:
        """Return the caller, known and allowed; the unit of work is told who answers for it."""
        caller = self._gate.caller(work.connection, deed.request.session, self._desk.city, self._desk.clock.utc_ns())
        caller = widened(self._desk, caller, deed.request.kind)
        subjects = () if deed.handler.subjects is None else deed.handler.subjects(self._desk, work, deed.command)
        work.actor = caller.actor(permitted(deed.request.kind, caller, subjects, self._desk.mode_of))
        self._desk.was_seen(caller.session.seat if caller.session else "")
        veil.refuse_asked(self._desk, work.connection, caller, deed.request.kind, deed.command)
        return caller

    def _known(self, connection: Any, deed: Deed) -> Reply | None:
        known = answers.find(connection, deed.request.id)
        if known is None:
            return None
        if known.digest != deed.digest:
            raise Refused("command.id_used")
        self._desk.count("commands.repeated")
        return codec.unpack(known.answer, Reply)

    def _refused(self, deed: Deed, reason: Reason) -> Reply:
        reply = Reply(id=deed.request.id, outcome="refused", code=reason.code, params=reason.params)
        if deed.request.kind in SIGN_ONS or reason.code in _NOT_KEPT:
            return reply
        with self._ledger.work(CENTRE) as work:
            if answers.find(work.connection, deed.request.id) is None:
                self._keep(work, deed, "", codec.pack(reply))
        return reply

    def _keep(self, work: Work, deed: Deed, account: str, answer: bytes) -> None:
        answers.keep(
            work.connection,
            Answer(
                id=deed.request.id,
                account=account,
                kind=deed.request.kind,
                digest=deed.digest,
                answer=answer,
                at_ns=work.at_ns,
            ),
        )


def _answer(deed: Deed, body: object) -> Reply:
    """Return what a handler's body answers; a Reason refuses, and what it counted (a wrong password) is committed."""
    if isinstance(body, Reason):
        return Reply(id=deed.request.id, outcome="refused", code=body.code, params=body.params)
    return Reply(id=deed.request.id, outcome="done", body=codec.pack(body))


_SECRETS = ("password", "secret", "phone_secret")
"""Fields of commands that are written nowhere, not even as part of a digest that could be guessed at."""
_NOT_KEPT = frozenset({"command.id_used", "session.none", "session.expired", "session.glass_over"})
"""Refusals of people we do not know: they must not be able to fill the table."""


@dataclass(slots=True)
class _Glance:
    """Stands where a unit of work stands while permission is asked before the slow part."""

    connection: Any
    actor: Actor = CENTRE


def _digest(request: Request, command: Any) -> bytes:
    hidden = {name: "" for name in _SECRETS if hasattr(command, name)}
    shown = replace(command, **hidden) if hidden else command
    digest = hashlib.sha256(request.kind.encode() + b"\x00")
    # The session is part of it: an answer is for the eyes of who asked.
    digest.update(hashlib.sha256(request.session.encode()).digest())
    digest.update(shown if isinstance(shown, bytes) else codec.pack(shown))
    return digest.digest()

"""The second person (A6, A20): a deed that waits is kept whole, and carried out as its asker's when another gives it.

A deed that needs one calls `ask` instead of doing itself, and is named in `handlers.SECONDED` with what is to be done
when it is given and when it is not. Records live in the journal (kind `approval`); nothing here is slow, so a deed's
`given` must not be either.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre import proofs
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller, permitted
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import COMMANDS, KIND_OF, GiveApproval, RefuseApproval
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import counters
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done

LOG = RecordLog("approval", Approval)
COUNTER = "approval"
EXPIRED_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconded:
    """What becomes of a deed of one kind that waits for a second person.

    subjects(desk, work, command) -> what the giver's permission is asked about: the same as the asker's
    given(desk, work, approval, command[, built]) -> None; the approval names asker and giver; raises Refused to give
        nothing
    ended(desk, work, approval, command) -> None; refused, withdrawn or expired, as the approval's state says
    prepare(desk, connection, command) -> the slow part of giving it, done by a worker; None: there is none
    """

    subjects: Callable[..., tuple[Subject, ...]]
    given: Callable[..., None]
    ended: Callable[[Desk, Work, Approval, Any], None]
    prepare: Callable[..., Callable[[], Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the worker found before an approval is given."""

    verified: proofs.Verified | None = None
    """None: the session's officer gives it himself."""
    built: Any = None
    """What the deed's own slow part made."""


SecondedDeeds = Mapping[str, Seconded]
"""Kind of command → what becomes of it."""


def ask(
    desk: Desk, work: Work, caller: Caller, command: object, *, subject: str, params: Mapping[str, str], minutes: float
) -> Approval:  # fmt: skip
    """Have a deed wait for a second person, for so many minutes; nothing else of it is done."""
    approval = Approval(
        number=counters.take(work.connection, COUNTER, 1), action=KIND_OF[type(command)], subject=subject,
        params=dict(params), command=codec.pack(command), asked_by=caller.account, asked_seat=_seat(caller),
        asked_at=work.at_ns, expires_at=work.at_ns + round(minutes * 60 * NS_PER_S),
    )  # fmt: skip
    _put(desk, work, approval, "approval.ask")
    return approval


def prepare_give(
    deeds: SecondedDeeds, desk: Desk, connection: Connection, command: GiveApproval
) -> Callable[[], Prepared] | None:  # fmt: skip
    """Return the slow part: the second person's password, and what the deed builds; None when there is neither."""
    proof = proofs.prepare(desk, connection, command.account, command.secret) if command.account else None
    approval = LOG.get(connection, command.approval)
    waits = approval is not None and approval.state is ApprovalState.WAITING
    deed = deeds[approval.action] if approval is not None and waits else None
    build = deed.prepare(desk, connection, _kept(approval)) if approval and deed and deed.prepare else None
    if proof is None and build is None:
        return None
    return lambda: Prepared(verified=proof() if proof else None, built=build() if build else None)


def give(
    deeds: SecondedDeeds, desk: Desk, work: Work, caller: Caller, command: GiveApproval,
    prepared: Prepared | None = None,
) -> Done | Reason:  # fmt: skip
    """Give an approval: by another person than its asker, who himself may do what is asked for.

    He may do so at the asker's console by his own account and password; the seat in the record is then the console's.
    A wrong password is a Reason: the failure it counts must be committed.
    """
    approval = _as_seen(desk, work, command.approval, command.version)
    giver = _giver(desk, work, caller, command, prepared)
    if isinstance(giver, Reason):
        return giver
    if approval.asked_by == giver.account:
        raise Refused("approval.own", approval=approval.number, subject=approval.subject)
    deed, waiting = deeds[approval.action], _kept(approval)
    holding = permitted(approval.action, giver, deed.subjects(desk, work, waiting), desk.mode_of)
    work.actor = giver.actor(holding)
    given = _decided(approval, ApprovalState.GIVEN, work, giver)
    change = _put(desk, work, given, "approval.give")
    built = () if deed.prepare is None else (prepared.built if prepared else None,)
    deed.given(desk, work, given, waiting, *built)
    return Done(change=change, key=str(given.number), version=given.version)


def refuse(deeds: SecondedDeeds, desk: Desk, work: Work, caller: Caller, command: RefuseApproval) -> Done:
    """Refuse it with a reason; its asker withdraws it so."""
    reason = clean(command.reason, field="reason", required=True)
    approval = _as_seen(desk, work, command.approval, command.version)
    own = approval.asked_by == caller.account
    deed, waiting = deeds[approval.action], _kept(approval)
    if not own:
        permitted(approval.action, caller, deed.subjects(desk, work, waiting), desk.mode_of)
    state = ApprovalState.WITHDRAWN if own else ApprovalState.REFUSED
    ended = replace(_decided(approval, state, work, caller), reason=reason)
    change = _put(desk, work, ended, "approval.withdraw" if own else "approval.refuse", {"reason": reason})
    deed.ended(desk, work, ended, waiting)
    return Done(change=change, key=str(ended.number), version=ended.version)


def expire(deeds: SecondedDeeds, desk: Desk, ledger: Ledger) -> int:
    """End what nobody gave in time; return how many. Called by the loop."""
    due = [int(number) for kind, number in desk.due.due() if kind == "approval"][:EXPIRED_AT_ONCE]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for number in due:
            approval = LOG.get(work.connection, number)
            if approval is None or approval.state is not ApprovalState.WAITING:
                work.after_commit(partial(_forget, desk, number))
                continue
            ended = replace(
                approval, state=ApprovalState.EXPIRED, decided_at=work.at_ns, version=approval.version + 1
            )  # fmt: skip
            _put(desk, work, ended, "approval.expire")
            deeds[approval.action].ended(desk, work, ended, _kept(approval))
    return len(due)


def lapse(desk: Desk, work: Work, number: int, reason: str) -> None:
    """End an approval nobody needs any more: what it was asked for has ended for another reason, which is told."""
    approval = LOG.get(work.connection, number)
    if approval is None or approval.state is not ApprovalState.WAITING:
        return
    ended = replace(
        approval, state=ApprovalState.WITHDRAWN, decided_by=work.actor.account, decided_seat=work.actor.seat,
        decided_at=work.at_ns, reason=reason, version=approval.version + 1,
    )  # fmt: skip
    _put(desk, work, ended, "approval.lapse", {"reason": reason})


def load(desk: Desk, connection: Connection) -> None:
    """Wait for the expiry of every approval that still waits, at start."""
    for approval, _ in waiting(connection):
        _wait_for(desk, approval)


def waiting(connection: Connection) -> list[tuple[Approval, int]]:
    """Return what waits for a second person, with the journal number of its last change: for the snapshot."""
    return LOG.standing(connection, lambda approval: approval.state is ApprovalState.WAITING)


def _as_seen(desk: Desk, work: Work, number: int, version: int) -> Approval:
    approval = LOG.get(work.connection, number)
    if approval is None:
        raise Refused("approval.unknown", approval=number)
    if approval.state is ApprovalState.WAITING and desk.due.is_over(("approval", str(number))):
        raise Refused("approval.expired", approval=number, at=desk.shown(approval.expires_at))
    if approval.state is not ApprovalState.WAITING or approval.version != version:
        last = journal_rows.last_of(work.connection, LOG.kind, str(number))
        told = {"who": last.account if last else "", "at": desk.shown(last.at_ns if last else None)}
        raise Refused("approval.decided", approval=number, state=approval.state.value, **told)
    return approval


def _decided(approval: Approval, state: ApprovalState, work: Work, caller: Caller) -> Approval:
    return replace(
        approval, state=state, decided_by=caller.account, decided_seat=_seat(caller), decided_at=work.at_ns,
        version=approval.version + 1,
    )  # fmt: skip


def _put(
    desk: Desk, work: Work, approval: Approval, action: str, params: Mapping[str, object] | None = None
) -> int:  # fmt: skip
    told = {"action": approval.action, "asked_by": approval.asked_by, **(params or {})}
    work.after_commit(lambda: _wait_for(desk, approval))
    return work.note(action, LOG.kind, approval.number, approval.version, approval, params=told)


def _wait_for(desk: Desk, approval: Approval) -> None:
    """Wait on the clock that never steps: a stepped wall clock ends no approval early and keeps none (RF12)."""
    waits = approval.state is ApprovalState.WAITING
    desk.due.wait(("approval", str(approval.number)), approval.expires_at if waits else None)


def _forget(desk: Desk, number: int) -> None:
    desk.due.wait(("approval", str(number)), None)


def _kept(approval: Approval) -> Any:
    return codec.unpack(approval.command, COMMANDS[approval.action])


def _giver(
    desk: Desk, work: Work, caller: Caller, command: GiveApproval, prepared: Prepared | None
) -> Caller | Reason:  # fmt: skip
    """Return who gives: the session's officer, or who proved himself at his console."""
    if not command.account:
        return caller
    if prepared is None or prepared.verified is None:
        raise Refused("session.wrong_password")
    # At another's console: whoever looked over his shoulder knows the password, not the phone.
    found = proofs.proved(desk, work, command.account, prepared.verified, command.code)
    if isinstance(found, Reason):
        return found
    area = caller.session.area if caller.session else ""
    return Caller(account=found.account, holdings=desk.city.holdings(found.posts, area), session=caller.session)


def _seat(caller: Caller) -> str:
    return caller.session.seat if caller.session else ""

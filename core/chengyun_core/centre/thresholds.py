"""Changes of thresholds (A20, cosmos#2310): proposed with a reason, approved by another, in force at their time.

An approved change is taken up by `ThresholdKeeper` (threshold_keeper.py) when its time has come, never here: putting
a version in force is slow work, and several changes due together make one version.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from chengyun_core.centre import approvals
from chengyun_core.centre.catalogue import KEY
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.approval import Approval, ApprovalState
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import ProposeThreshold, RollBackThreshold
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.threshold_change import (
    LONGEST_AHEAD_DAYS,
    Move,
    Proposal,
    moved,
    proposed,
    still_fits,
)
from chengyun_core.store import counters, threshold_log
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done

Command = ProposeThreshold | RollBackThreshold
LATE_BY_S = 60
"""An effective time so little past is meant as «now»: between typing and sending a minute goes by."""
_DAY_NS = 86_400 * NS_PER_S
_OPEN = (ThresholdState.WAITING, ThresholdState.SCHEDULED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the worker found: the change as it would be, checked against this version."""

    base: int
    proposal: Proposal


def subjects(desk: Desk, work: Work, command: Command) -> tuple[Subject, ...]:
    """Return the vital whose rule it is; what nobody knows has no place, and is refused to the permitted."""
    if isinstance(command, ProposeThreshold):
        return subjects_of(desk, command.vital_code)
    change = threshold_log.get(work.connection, command.change)
    return () if change is None else subjects_of(desk, change.vital_code)


def subjects_of(desk: Desk, vital_code: str) -> tuple[Subject, ...]:
    """Return the subject of a vital by code."""
    number = next((vital.number for vital in desk.city.vitals.values() if vital.code == vital_code), None)
    return () if number is None else (desk.city.subject_of(number),)


def prepare_proposal(desk: Desk, connection: Connection, command: ProposeThreshold) -> Callable[[], Prepared]:  # noqa: ARG001
    """Return the slow part: the changed row under every rule of the catalogue."""
    base, packed = desk.city.version, desk.packed

    def job() -> Prepared:
        now = _unpacked(packed)
        return Prepared(
            base=base, proposal=proposed(now, command.threshold_set, command.vital_code, command.changes)
        )  # fmt: skip

    return job


def prepare_roll_back(desk: Desk, connection: Connection, command: RollBackThreshold) -> Callable[[], Prepared]:
    """Return the slow part: the reverse of a change, checked as any change."""
    change = _as_seen(connection, command)
    base, packed = desk.city.version, desk.packed
    last = desk.shown(change.asked_at)

    def job() -> Prepared:
        now = _unpacked(packed)
        reverse = _reversed(change)
        if not still_fits(now, reverse):
            raise Refused(
                "threshold.no_longer_fits", vital=change.vital_code, who=change.author, at=last, version=base
            )  # fmt: skip
        return Prepared(base=base, proposal=proposed(now, change.threshold_set, change.vital_code, reverse.after))

    return job


def propose(desk: Desk, work: Work, caller: Caller, command: ProposeThreshold, prepared: Prepared) -> Done:
    """Write the proposal; it waits for its approver."""
    effective_at = _effective(desk, work, command.effective_at)
    return _written(
        desk, work, caller, command, prepared, threshold_set=command.threshold_set, vital_code=command.vital_code,
        effective_at=effective_at,
    )  # fmt: skip


def roll_back(desk: Desk, work: Work, caller: Caller, command: RollBackThreshold, prepared: Prepared) -> Done:
    """Write the proposal of the reverse; it goes the same way as any change."""
    change = _as_seen(work.connection, command)
    return _written(
        desk, work, caller, command, prepared, threshold_set=change.threshold_set, vital_code=change.vital_code,
        rolls_back=change.number,
    )  # fmt: skip


def approved(desk: Desk, work: Work, approval: Approval, command: Command) -> None:  # noqa: ARG001 - see Seconded
    """Let an approved change wait for its time, which is now when it names none."""
    change = _waiting_for(work, approval)
    put(desk, work, moved(change, Move.APPROVE, approver=approval.decided_by), "threshold.approve")


def turned_down(desk: Desk, work: Work, approval: Approval, command: Command) -> None:  # noqa: ARG001 - see Seconded
    """End a change that its approver refused, its author withdrew, or that nobody approved in time."""
    change, withdrawn = _waiting_for(work, approval), approval.state is ApprovalState.WITHDRAWN
    params = {**change.params, "refused": approval.reason or "approval.expired"}
    ended = moved(change, Move.WITHDRAW if withdrawn else Move.REFUSE, approver=approval.decided_by, params=params)
    put(desk, work, ended, "threshold.withdraw" if withdrawn else "threshold.refuse", {"reason": params["refused"]})


def known(connection: Connection, number: int) -> ThresholdChange:
    """Return a change; raise Refused for a number nobody gave."""
    change = threshold_log.get(connection, number)
    if change is None:
        raise Refused("threshold.unknown", change=number)
    return change


def put(
    desk: Desk, work: Work, change: ThresholdChange, action: str, params: dict[str, object] | None = None
) -> int:  # fmt: skip
    """Write a change's new record into the journal and return the row's number; the keeper learns after COMMIT."""
    work.after_commit(lambda: note_scheduled(desk, change))
    return work.note(action, threshold_log.KIND, change.number, change.version, change, params=params)


def note_scheduled(desk: Desk, change: ThresholdChange) -> None:
    """Wait for a scheduled change, and for any other no longer."""
    desk.scheduled.pop(change.number, None)
    if change.state is ThresholdState.SCHEDULED:
        desk.scheduled[change.number] = change.effective_at or 0


def load(desk: Desk, connection: Connection) -> None:
    """Arm every scheduled change, at start."""
    desk.scheduled = {
        change.number: change.effective_at or 0
        for change in threshold_log.standing(connection, [ThresholdState.SCHEDULED])
    }


def last_change(desk: Desk, connection: Connection) -> dict[str, object]:
    """Return who made the version in force, when, and its number: for those whose change no longer fits."""
    last = journal_rows.last_of(connection, "catalogue", KEY)
    return {
        "who": last.account if last else "", "at": desk.shown(last.at_ns if last else None),
        "version": desk.city.version,
    }  # fmt: skip


def _written(
    desk: Desk, work: Work, caller: Caller, command: Command, prepared: Prepared, *, threshold_set: str,
    vital_code: str, effective_at: int | None = None, rolls_back: int | None = None,
) -> Done:  # fmt: skip
    if prepared.base != desk.city.version:
        raise Refused("catalogue.changed_meanwhile", version=desk.city.version)
    _refuse_second(work, threshold_set, vital_code)
    reason = clean(command.reason, field="reason", required=True)
    approval = approvals.ask(
        desk, work, caller, command, subject=vital_code, minutes=60 * desk.settings.threshold_approval_hours,
        params={
            "threshold_set": threshold_set, "cells": _told(prepared.proposal), "reason": reason,
            "effective_at": desk.shown(effective_at),
        },
    )  # fmt: skip
    change = ThresholdChange(
        number=counters.take(work.connection, threshold_log.COUNTER, 1), threshold_set=threshold_set,
        vital_code=vital_code, before=prepared.proposal.before, after=prepared.proposal.after,
        reason=reason, author=caller.account, author_seat=caller.session.seat if caller.session else "",
        asked_at=work.at_ns, effective_at=effective_at, rolls_back=rolls_back, approval=approval.number,
    )  # fmt: skip
    number = put(desk, work, change, "threshold.roll_back" if rolls_back else "threshold.propose")
    return Done(change=number, key=str(change.number), version=change.version)


def _told(proposal: Proposal) -> str:
    """Return the change in one line for the approver: `high_yellow 180.5 → 181`."""
    return " · ".join(f"{name} {proposal.before[name] or '—'} → {text or '—'}" for name, text in proposal.after.items())


def _waiting_for(work: Work, approval: Approval) -> ThresholdChange:
    open_changes = threshold_log.standing(work.connection, [ThresholdState.WAITING])
    found = next((change for change in open_changes if change.approval == approval.number), None)
    if found is None:
        raise Refused("threshold.unknown", change=approval.params.get("cells", ""))
    return found


def _refuse_second(work: Work, threshold_set: str, vital_code: str) -> None:
    """Two open changes of one rule would be approved without sight of each other."""
    for change in threshold_log.standing(work.connection, _OPEN):
        if (change.threshold_set, change.vital_code) == (threshold_set, vital_code):
            raise Refused("threshold.already_waiting", vital=vital_code, change=change.number)


def _effective(desk: Desk, work: Work, effective_at: int | None) -> int | None:
    if effective_at is None:
        return None
    if effective_at < work.at_ns - LATE_BY_S * NS_PER_S:
        raise Refused("threshold.effective_past", at=desk.shown(effective_at))
    if effective_at > work.at_ns + LONGEST_AHEAD_DAYS * _DAY_NS:
        raise Refused("threshold.effective_too_far", most=LONGEST_AHEAD_DAYS)
    return effective_at


def _as_seen(connection: Connection, command: RollBackThreshold) -> ThresholdChange:
    """Return the change to undo, if it still is in force and what the officer saw."""
    change = known(connection, command.change)
    if change.version != command.version:
        raise Refused("threshold.changed_meanwhile", change=change.number, state=change.state.value)
    moved(change, Move.ROLL_BACK)
    return change


def _reversed(change: ThresholdChange) -> ThresholdChange:
    return ThresholdChange(
        number=0, threshold_set=change.threshold_set, vital_code=change.vital_code, before=change.after,
        after=change.before, reason="", author="", author_seat="", asked_at=0,
    )  # fmt: skip


def _unpacked(packed: bytes) -> Catalogue:
    if not packed:
        raise Refused("catalogue.none_yet")
    return codec.unpack(packed, Catalogue)

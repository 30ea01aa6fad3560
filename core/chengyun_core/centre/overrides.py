"""What keeps a vital's alarms silent: suppression by an officer and service out of order, each with its end (A7)."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import approvals
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.moves import Moves
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import Override, OverrideKind
from chengyun_core.model.alarm_rules import NS_PER_MINUTE
from chengyun_core.model.approval import Approval
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.command import ReleaseVital, ReturnToService, SuppressVital, TakeOutOfService
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

LOG = RecordLog("override", Override)
LONGEST_MINUTES = 480
"""Of a suppression: one shift, as the longest shelf. Whoever needs longer takes the vital out of service."""
LONGEST_SERVICE_DAYS = 30
ENDED_AT_ONCE = 100
OverrideCommand = SuppressVital | ReleaseVital | TakeOutOfService | ReturnToService


def subjects(desk: Desk, work: Work, command: OverrideCommand) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the vital."""
    return (desk.city.subject_of(command.vital),)


def suppress(desk: Desk, work: Work, caller: Caller, command: SuppressVital) -> Done:
    """Suppress by design; a vital that can turn red needs a second person."""
    reason = clean(command.reason, field="reason", required=True)
    _check_free(desk, command.vital, OverrideKind.SUPPRESSED)
    if not 1 <= command.minutes <= LONGEST_MINUTES:
        raise Refused("override.too_long", minutes=command.minutes, limit=LONGEST_MINUTES)
    if command.vital in desk.city.reds:
        told = {"minutes": str(command.minutes), "reason": reason}
        asked = approvals.ask(
            desk, work, caller, command, subject=_code(desk, command.vital), params=told,
            minutes=desk.settings.approval_minutes,
        )  # fmt: skip
        return Done(change=0, key=str(asked.number), version=asked.version, warnings=("approval.waits",))
    return _suppressed(desk, work, command, by=caller.account, seat=_seat(caller))


def suppression_given(desk: Desk, work: Work, approval: Approval, command: SuppressVital) -> None:
    """Suppress as the asker's deed, now that a second person gave it."""
    _check_free(desk, command.vital, OverrideKind.SUPPRESSED)
    _suppressed(desk, work, command, by=approval.asked_by, seat=approval.asked_seat)


def not_given(desk: Desk, work: Work, approval: Approval, command: object) -> None:
    """Nothing was done yet, so nothing is undone."""


def take_out(desk: Desk, work: Work, caller: Caller, command: TakeOutOfService) -> Done:
    """Take out of service, with ticket and expiry."""
    reason = clean(command.reason, field="reason", required=True)
    ticket = clean(command.ticket, field="ticket", required=True)
    _check_free(desk, command.vital, OverrideKind.OUT_OF_SERVICE)
    latest = work.at_ns + LONGEST_SERVICE_DAYS * 86_400 * 10**9
    if not work.at_ns < command.until <= latest:
        raise Refused("override.bad_end", until=desk.shown(command.until), latest=desk.shown(latest))
    override = Override(
        vital=command.vital, vital_code=_code(desk, command.vital), kind=OverrideKind.OUT_OF_SERVICE, since=work.at_ns,
        until=command.until, by=caller.account, seat=_seat(caller), reason=reason, ticket=ticket,
    )  # fmt: skip
    return _set(desk, work, _numbered(work, override), "vital.take_out", work.actor)


def release(desk: Desk, work: Work, caller: Caller, command: ReleaseVital) -> Done:  # noqa: ARG001 - see HANDLERS
    """End a suppression before its time."""
    held = _as_seen(desk, work, command.vital, OverrideKind.SUPPRESSED, command.version)
    return _end(desk, work, held, "vital.release", work.actor)


def put_back(desk: Desk, work: Work, caller: Caller, command: ReturnToService) -> Done:  # noqa: ARG001 - see HANDLERS
    """Put back into service before its time."""
    held = _as_seen(desk, work, command.vital, OverrideKind.OUT_OF_SERVICE, command.version)
    return _end(desk, work, held, "vital.put_back", work.actor)


def expire(desk: Desk, ledger: Ledger, due: list[str]) -> None:
    """End the overrides whose time is over; the alarms beneath are judged anew."""
    if not due:
        return
    with ledger.work(CENTRE) as work:
        for key in due[:ENDED_AT_ONCE]:
            held = LOG.get(work.connection, key)
            if held is None or held.ended:
                work.after_commit(partial(desk.due.wait, ("override", key), None))
                continue
            _end(desk, work, held, "vital.override_over", CENTRE)


def end_gone(desk: Desk, work: Work, held: Override) -> None:
    """End an override of a vital that the next catalogue does not name; its alarms are closed already."""
    ended = replace(held, ended=True, version=held.version + 1)
    _put(work, ended, "vital.override_over", CENTRE, why="vital_gone")
    work.after_commit(partial(_drop, desk, ended))


def load(desk: Desk, connection: Connection) -> None:
    """Take the overrides that stand, and wait for their ends, at start."""
    desk.overrides.clear()
    for override, _ in standing(connection):
        _hold(desk, override)


def standing(connection: Connection) -> list[tuple[Override, int]]:
    """Return the overrides that stand, with the journal number of their last change: for the snapshot."""
    return LOG.standing(connection, lambda override: not override.ended)


def _suppressed(desk: Desk, work: Work, command: SuppressVital, *, by: str, seat: str) -> Done:
    override = Override(
        vital=command.vital, vital_code=_code(desk, command.vital), kind=OverrideKind.SUPPRESSED, since=work.at_ns,
        until=work.at_ns + command.minutes * NS_PER_MINUTE, by=by, seat=seat, reason=command.reason,
    )  # fmt: skip
    return _set(desk, work, _numbered(work, override), "vital.suppress", work.actor)


def _set(desk: Desk, work: Work, override: Override, action: str, actor: Actor) -> Done:
    change = _put(work, override, action, actor)
    moves = Moves.around(desk, work, [override.vital])
    for (vital, _), alarm in list(moves.living.items()):
        if vital == override.vital:
            moves.put(alarm_rules.overridden(alarm, override, work.at_ns), cause="")
    desk.watch(moves)
    moves.write()
    work.after_commit(partial(_hold, desk, override))
    return Done(change=change, key=_key(override), version=override.version)


def _end(desk: Desk, work: Work, held: Override, action: str, actor: Actor) -> Done:
    ended = replace(held, ended=True, version=held.version + 1)
    change = _put(work, ended, action, actor)
    moves = Moves.around(desk, work, [held.vital])
    for (vital, _), alarm in list(moves.living.items()):
        if vital == held.vital and any(one.kind is held.kind for one in alarm.overrides):
            moves.put(alarm_rules.released(alarm, held.kind, work.at_ns), cause="")
            # A rule or a cause may have stood behind what an officer set.
            moves.follow(vital)
    desk.watch(moves)
    moves.write()
    work.after_commit(partial(_drop, desk, ended))
    return Done(change=change, key=_key(ended), version=ended.version)


def _put(work: Work, override: Override, action: str, actor: Actor, *, why: str = "") -> int:
    told = {"reason": override.reason, "ticket": override.ticket, "until": override.until or ""}
    if why:
        told["why"] = why
    return work.note(action, LOG.kind, _key(override), override.version, override, actor=actor, params=told)


def _numbered(work: Work, override: Override) -> Override:
    """Versions rise over all overrides a vital ever had of a kind, so that a screen merges them rightly."""
    last = LOG.get(work.connection, _key(override))
    return override if last is None else replace(override, version=last.version + 1)


def _as_seen(desk: Desk, work: Work, vital: int, kind: OverrideKind, version: int) -> Override:
    held = LOG.get(work.connection, f"{vital}:{kind}")
    if held is None or held.ended:
        raise Refused(f"override.none.{kind}", vital=_code(desk, vital))
    if held.version != version:
        raise Refused("override.changed", vital=_code(desk, vital), by=held.by, at=desk.shown(held.since))
    return held


def _check_free(desk: Desk, vital: int, kind: OverrideKind) -> None:
    if vital not in desk.city.vitals:
        raise Refused("override.no_vital", vital=vital)
    held = desk.overrides.get(vital, {}).get(kind)
    if held is not None:
        raise Refused(f"override.already.{kind}", vital=held.vital_code, by=held.by, until=desk.shown(held.until))


def _hold(desk: Desk, override: Override) -> None:
    held = desk.overrides.setdefault(override.vital, {})
    held[override.kind] = override
    desk.due.wait(("override", _key(override)), override.until)


def _drop(desk: Desk, override: Override) -> None:
    desk.overrides.get(override.vital, {}).pop(override.kind, None)
    desk.due.wait(("override", _key(override)), None)


def _key(override: Override) -> str:
    return f"{override.vital}:{override.kind}"


def _code(desk: Desk, vital: int) -> str:
    return desk.city.codes.get(vital, str(vital))


def _seat(caller: Caller) -> str:
    return caller.session.seat if caller.session else ""

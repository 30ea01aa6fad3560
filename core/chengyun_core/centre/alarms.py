"""Alarms: what officers do to them, each deed checked against the version the officer saw (RF23)."""

from functools import partial

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.alarm_rules import By, Step
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.command import AcknowledgeAlarm, ShelveAlarm, UnacknowledgeAlarm, UnshelveAlarm
from chengyun_core.model.failure import Refused
from chengyun_core.model.permission import Subject
from chengyun_core.store import alarm_table
from chengyun_core.store import journal as journal_rows
from chengyun_core.wire.envelope import Done

AlarmCommand = AcknowledgeAlarm | UnacknowledgeAlarm | ShelveAlarm | UnshelveAlarm
EXPIRED_AT_ONCE = 500
"""Shelves ended in one transaction."""


def subjects(desk: Desk, work: Work, command: AlarmCommand) -> tuple[Subject, ...]:
    """Return the vital whose alarm it is; an unknown alarm has no place, and is refused to the permitted."""
    alarm = alarm_table.get(work.connection, command.alarm)
    return () if alarm is None else (desk.city.subject_of(alarm.vital),)


def acknowledge(desk: Desk, work: Work, caller: Caller, command: AcknowledgeAlarm) -> Done:
    """Acknowledge."""
    note = clean(command.note, field="note")
    alarm = _as_seen(desk, work, command)
    return _did(desk, work, alarm_rules.acknowledge(alarm, _by(work, caller), command.note_code, note))


def unacknowledge(desk: Desk, work: Work, caller: Caller, command: UnacknowledgeAlarm) -> Done:
    """Take an acknowledgement back."""
    reason = clean(command.reason, field="reason", required=True)
    alarm = _as_seen(desk, work, command)
    return _did(desk, work, alarm_rules.unacknowledge(alarm, _by(work, caller)), {"reason": reason})


def shelve(desk: Desk, work: Work, caller: Caller, command: ShelveAlarm) -> Done:
    """Put on the shelf."""
    reason = clean(command.reason, field="reason", required=True)
    alarm = _as_seen(desk, work, command)
    return _did(desk, work, alarm_rules.shelve(alarm, _by(work, caller), command.minutes, reason))


def unshelve(desk: Desk, work: Work, caller: Caller, command: UnshelveAlarm) -> Done:
    """Take from the shelf by hand."""
    alarm = _as_seen(desk, work, command)
    return _did(desk, work, alarm_rules.unshelve(alarm, _by(work, caller)))


def expire_shelves(desk: Desk, ledger: Ledger) -> int:
    """End the shelves whose time is over; return how many were looked at. Called by the loop when timers are due."""
    due = desk.timers.due()[:EXPIRED_AT_ONCE]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for number in due:
            alarm = alarm_table.get(work.connection, number)
            if alarm is None or effective(alarm) is not AlarmState.SHELVED:
                # The timer outlived its shelf (a commit whose outcome we never learned); it is let go.
                work.after_commit(partial(desk.timers.forget, number))
                continue
            step = alarm_rules.shelf_expired(alarm, work.at_ns)
            put(desk, work, step.alarm, f"alarm.{step.move}", CENTRE)
    return len(due)


def put(
    desk: Desk, work: Work, alarm: Alarm, action: str, actor: Actor, params: dict[str, object] | None = None
) -> int:
    """Write an alarm's new record with its journal row; its timer follows after COMMIT."""
    change = work.note(action, "alarm", alarm.number, alarm.version, alarm, actor=actor, params=params)
    alarm_table.replace(work.connection, [(alarm, change)])
    work.after_commit(lambda: desk.timers.rearm([alarm]))
    return change


def _did(desk: Desk, work: Work, step: Step, params: dict[str, object] | None = None) -> Done:
    change = put(desk, work, step.alarm, f"alarm.{step.move}", work.actor, params)
    return Done(change=change, key=str(step.alarm.number), version=step.alarm.version)


def _by(work: Work, caller: Caller) -> By:
    seat = caller.session.seat if caller.session else ""
    return By(account=caller.account, seat=seat, at_ns=work.at_ns)


def _as_seen(desk: Desk, work: Work, command: AlarmCommand) -> Alarm:
    """Return the alarm if it still is what the officer saw; else raise Refused with who did what when."""
    alarm = alarm_table.get(work.connection, command.alarm)
    if alarm is None:
        raise Refused("alarm.unknown", alarm=command.alarm)
    if alarm.version == command.version and not alarm.closed:
        return alarm
    last = journal_rows.last_of(work.connection, "alarm", str(alarm.number))
    told = {
        "alarm": alarm.number,
        "vital": alarm.vital_code,
        "version": alarm.version,
        "who": last.account if last else "",
        "seat": last.seat if last else "",
        "what": last.action if last else "",
        "at": desk.shown(last.at_ns if last else None),
        "at_ns": last.at_ns if last else 0,
    }
    if alarm.acked_at is not None and isinstance(command, AcknowledgeAlarm):
        told |= {"who": alarm.acked_by or "", "seat": alarm.acked_seat or ""}
        told |= {"at": desk.shown(alarm.acked_at), "at_ns": alarm.acked_at}
        raise Refused("alarm.already_acknowledged", **told)
    if alarm.closed:
        raise Refused("alarm.closed", **told)
    raise Refused(f"alarm.changed.{str(told['what']).removeprefix('alarm.')}", **told)

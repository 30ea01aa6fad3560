"""Alarms: what officers do to them, each deed checked against the version the officer saw (RF23)."""

from dataclasses import replace
from functools import partial

from chengyun_core.centre import approvals
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import Alarm, AlarmMark, AlarmState, effective
from chengyun_core.model.alarm_records import AlarmComment
from chengyun_core.model.alarm_rules import By, Step
from chengyun_core.model.approval import Approval
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    AcknowledgeAlarm,
    AcknowledgeAlarms,
    AssignAlarm,
    CommentAlarm,
    ShelveAlarm,
    UnacknowledgeAlarm,
    UnshelveAlarm,
)
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_core.store import alarm_table, counters
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.record_log import RecordLog
from chengyun_core.wire.envelope import Done

DeedOnAlarm = AcknowledgeAlarm | UnacknowledgeAlarm | ShelveAlarm | UnshelveAlarm | AssignAlarm
AlarmCommand = DeedOnAlarm | CommentAlarm
COMMENTS = RecordLog("comment", AlarmComment)
COMMENT_COUNTER = "comment"
MOST_ON_A_PAGE = 200
MOST_ALONG = 1000
STAMPS, STAMPED_WITHIN_NS, UNREAD_NS = 5, 10 * NS_PER_S, 2 * NS_PER_S
"""More than five acknowledgements of a seat in ten seconds, or one within two of the raise, were not read (A17)."""
REALARMED_AT_ONCE = 200
EXPIRED_AT_ONCE = 500
"""Shelves ended in one transaction."""


def subjects(desk: Desk, work: Work, command: AlarmCommand) -> tuple[Subject, ...]:
    """Return the vitals whose alarms they are; an unknown alarm has no place, and is refused to the permitted."""
    numbers = (command.alarm, *(number for number, _ in getattr(command, "along", ())[:MOST_ALONG]))
    found = (alarm_table.get(work.connection, number) for number in numbers)
    return tuple(desk.city.subject_of(alarm.vital) for alarm in found if alarm is not None)


def subjects_of_page(desk: Desk, work: Work, command: AcknowledgeAlarms) -> tuple[Subject, ...]:
    """Return the vitals of all alarms on the page."""
    found = (alarm_table.get(work.connection, number) for number, _ in command.alarms[:MOST_ON_A_PAGE])
    return tuple(desk.city.subject_of(alarm.vital) for alarm in found if alarm is not None)


def acknowledge(desk: Desk, work: Work, caller: Caller, command: AcknowledgeAlarm) -> Done:
    """Acknowledge, and with it what goes along; what may not is left and told with its reason (A9, A17)."""
    note = clean(command.note, field="note")
    if len(command.along) > MOST_ALONG:
        raise Refused("alarm.page_size", count=len(command.along), most=MOST_ALONG)
    alarm = _as_seen(desk, work, command)
    done = _did(desk, work, alarm_rules.acknowledge(alarm, _by(work, caller), command.note_code, note))
    left = [one for seen in command.along if (one := _along(desk, work, caller, command, alarm, seen))]
    _watch_for_stamps(desk, work, caller, alarm)
    return replace(done, left=tuple(left))


def acknowledge_page(desk: Desk, work: Work, caller: Caller, command: AcknowledgeAlarms) -> Done:
    """Acknowledge the low ones of a page; what is left is told with its reason (A17)."""
    note = clean(command.note, field="note")
    if not 0 < len(command.alarms) <= MOST_ON_A_PAGE:
        raise Refused("alarm.page_size", count=len(command.alarms), most=MOST_ON_A_PAGE)
    left: list[tuple[str, str]] = []
    change = 0
    for number, version in command.alarms:
        try:
            alarm = _as_seen(desk, work, AcknowledgeAlarm(alarm=number, version=version))
            _check_page(alarm)
            step = alarm_rules.acknowledge(alarm, _by(work, caller), command.note_code, note)
        except Refused as refused:
            left.append((str(number), refused.reason.code))
            continue
        change = put(desk, work, step.alarm, f"alarm.{step.move}", work.actor, {"page": len(command.alarms)})
    return Done(change=change, left=tuple(left))


def assign(desk: Desk, work: Work, caller: Caller, command: AssignAlarm) -> Done:
    """Give an alarm to somebody with a due time, or take it back."""
    assignee = clean(command.assignee, field="assignee")
    alarm = _as_seen(desk, work, command)
    if command.due_at is not None and command.due_at <= work.at_ns:
        raise Refused("alarm.due_past", alarm=alarm.number, due=desk.shown(command.due_at))
    after = alarm_rules.assigned(alarm, _by(work, caller), assignee, command.due_at)
    change = put(desk, work, after, f"alarm.{AlarmMark.ASSIGN}", work.actor, {"assignee": assignee})
    return Done(change=change, key=str(after.number), version=after.version)


def comment(desk: Desk, work: Work, caller: Caller, command: CommentAlarm) -> Done:
    """Add a line to an alarm's thread; a closed one keeps its thread open."""
    text = clean(command.text, field="text", required=True)
    alarm = alarm_table.get(work.connection, command.alarm)
    if alarm is None:
        raise Refused("alarm.unknown", alarm=command.alarm)
    by = _by(work, caller)
    line = AlarmComment(
        number=counters.take(work.connection, COMMENT_COUNTER, 1), alarm=alarm.number, at=work.at_ns,
        account=by.account, seat=by.seat, text=text,
    )  # fmt: skip
    change = work.note("alarm.comment", COMMENTS.kind, line.number, line.version, line)
    after = replace(alarm, comments=alarm.comments + 1, version=alarm.version + 1)
    put(desk, work, after, f"alarm.{AlarmMark.COMMENTED}", work.actor)
    return Done(change=change, key=str(line.number), version=after.version)


def unacknowledge(desk: Desk, work: Work, caller: Caller, command: UnacknowledgeAlarm) -> Done:
    """Take an acknowledgement back."""
    reason = clean(command.reason, field="reason", required=True)
    alarm = _as_seen(desk, work, command)
    return _did(desk, work, alarm_rules.unacknowledge(alarm, _by(work, caller)), {"reason": reason})


def shelve(desk: Desk, work: Work, caller: Caller, command: ShelveAlarm) -> Done:
    """Put on the shelf."""
    reason = clean(command.reason, field="reason", required=True)
    alarm = _as_seen(desk, work, command)
    step = alarm_rules.shelve(alarm, _by(work, caller), command.minutes, reason)
    if alarm.colour is not WarningColour.RED:
        return _did(desk, work, step)
    # A red alarm is not silenced by one person (A6).
    told = {"minutes": "" if command.minutes is None else str(command.minutes), "reason": reason}
    asked = approvals.ask(
        desk, work, caller, command, subject=alarm.vital_code, params=told, minutes=desk.settings.approval_minutes
    )
    return Done(change=0, key=str(asked.number), version=asked.version, warnings=("approval.waits",))


def shelf_given(desk: Desk, work: Work, approval: Approval, command: ShelveAlarm) -> None:
    """Shelve as the asker's deed, now that a second person gave it."""
    by = By(account=approval.asked_by, seat=approval.asked_seat, at_ns=work.at_ns)
    alarm = _as_seen(desk, work, command)
    _did(desk, work, alarm_rules.shelve(alarm, by, command.minutes, command.reason), {"second": approval.decided_by})


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


def call_again(desk: Desk, ledger: Ledger, due: list[str]) -> None:
    """Have red alarms that nobody cleared call again (A4). Called by the loop when timers are due."""
    if not due:
        return
    with ledger.work(CENTRE) as work:
        for number in due[:REALARMED_AT_ONCE]:
            alarm = alarm_table.get(work.connection, int(number))
            if alarm is None or alarm.closed or effective(alarm) is not AlarmState.ACKED:
                work.after_commit(partial(desk.due.wait, ("realarm", number), None))
                continue
            step = alarm_rules.realarm(alarm, work.at_ns)
            put(desk, work, step.alarm, f"alarm.{step.move}", CENTRE)


def put(
    desk: Desk, work: Work, alarm: Alarm, action: str, actor: Actor, params: dict[str, object] | None = None
) -> int:
    """Write an alarm's new record with its journal row; its timer follows after COMMIT."""
    change = work.note(action, "alarm", alarm.number, alarm.version, alarm, actor=actor, params=params)
    alarm_table.replace(work.connection, [(alarm, change)])
    if desk.watcher is not None:
        desk.watcher.look_at(work, alarm, action)
    work.after_commit(lambda: desk.alarms_are([alarm]))
    return change


def _did(desk: Desk, work: Work, step: Step, params: dict[str, object] | None = None) -> Done:
    change = put(desk, work, step.alarm, f"alarm.{step.move}", work.actor, params)
    return Done(change=change, key=str(step.alarm.number), version=step.alarm.version)


def _along(
    desk: Desk, work: Work, caller: Caller, command: AcknowledgeAlarm, first: Alarm, seen: tuple[int, int]
) -> tuple[str, str] | None:
    """Acknowledge one that goes along with the first; return its number and why not, None when it was."""
    number, version = seen
    try:
        alarm = _as_seen(desk, work, AcknowledgeAlarm(alarm=number, version=version))
        _check_along(work, first, alarm)
        step = alarm_rules.acknowledge(alarm, _by(work, caller), command.note_code, command.note)
    except Refused as refused:
        return str(number), refused.reason.code
    put(desk, work, step.alarm, f"alarm.{step.move}", work.actor, {"with": first.number})
    return None


def _check_along(work: Work, first: Alarm, alarm: Alarm) -> None:
    if not alarm_rules.goes_along(alarm):
        raise Refused("alarm.one_at_a_time", alarm=alarm.number, vital=alarm.vital_code)
    same_situation = first.situation is not None and alarm.situation == first.situation
    if not same_situation and _first_out(work, alarm) != _first_out(work, first):
        raise Refused("alarm.not_along", alarm=alarm.number, vital=alarm.vital_code, first=first.number)


def _first_out(work: Work, alarm: Alarm) -> int:
    """Return the living alarm at the head of the chain of causes, as screens fold it; a ring ends where it began."""
    seen = {alarm.number}
    while alarm.cause is not None and alarm.cause not in seen:
        cause = alarm_table.get(work.connection, alarm.cause)
        if cause is None or cause.closed:
            break
        seen.add(cause.number)
        alarm = cause
    return alarm.number


def _check_page(alarm: Alarm) -> None:
    if alarm.priority is not AlarmPriority.LOW or alarm.colour >= WarningColour.ORANGE:
        raise Refused("alarm.one_at_a_time", alarm=alarm.number, vital=alarm.vital_code)


def _watch_for_stamps(desk: Desk, work: Work, caller: Caller, alarm: Alarm) -> None:
    """Tell the journal of acknowledgements nobody can have read; the officer is not hindered (A17)."""
    by = _by(work, caller)
    recent = [at for at in desk.acknowledged.get(by.seat, ()) if work.at_ns - at < STAMPED_WITHIN_NS]
    recent.append(work.at_ns)
    work.after_commit(lambda: desk.acknowledged.update({by.seat: recent}))
    unread = work.at_ns - alarm.changed_at < UNREAD_NS
    if unread or len(recent) > STAMPS:
        told = {"in_ten_seconds": len(recent), "after_ms": (work.at_ns - alarm.changed_at) // 1_000_000}
        work.note("alarm.rubber_stamp", "rubber_stamp", alarm.number, alarm.version, params=told)
        work.after_commit(lambda: desk.count("rubber_stamps"))


def _by(work: Work, caller: Caller) -> By:
    seat = caller.session.seat if caller.session else ""
    return By(account=caller.account, seat=seat, at_ns=work.at_ns)


def _as_seen(desk: Desk, work: Work, command: DeedOnAlarm) -> Alarm:
    """Return the alarm if it still is what the officer saw; else raise Refused with who did what when.

    What was merely marked on it since (its situation, its group, a comment) does not make a deed stale: in a flood
    every alarm is clustered a moment after it was shown, and no officer could acknowledge any.
    """
    alarm = alarm_table.get(work.connection, command.alarm)
    if alarm is None:
        raise Refused("alarm.unknown", alarm=command.alarm)
    if alarm.version == command.version and not alarm.closed:
        return alarm
    last = _last_move(work, alarm, command)
    if last is not None and last.version <= command.version < alarm.version and not alarm.closed:
        return alarm
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


def _last_move(work: Work, alarm: Alarm, command: DeedOnAlarm) -> Change | None:
    marks = {f"alarm.{mark}" for mark in AlarmMark}
    if isinstance(command, AssignAlarm):
        # Two officers who give one alarm to two people at once: the second has to see the first one's choice.
        marks.remove(f"alarm.{AlarmMark.ASSIGN}")
    return journal_rows.last_of(work.connection, "alarm", str(alarm.number), other_than=marks)

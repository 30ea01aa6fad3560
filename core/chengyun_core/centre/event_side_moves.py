"""What takes an event off its way: given back, suspended, merged, split, made void by two where the law weighs it."""

from chengyun_core.centre import approvals, event_care, event_orders, plan_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.event_deeds import check_needs, done, moved, running_plans
from chengyun_core.centre.event_seen import as_seen, needs, subject_of
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import event_rules
from chengyun_core.model.approval import Approval
from chengyun_core.model.audit import Actor
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import (
    MergeEvent,
    ResumeEvent,
    ReturnEvent,
    SplitEvent,
    SuspendEvent,
    VoidEvent,
)
from chengyun_core.model.event_rules import Move, Need
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.store import event_table
from chengyun_core.wire.envelope import Done

LONGEST_SUSPENSION_DAYS = 366


def give_back(desk: Desk, work: Work, _caller: Caller, command: ReturnEvent) -> Done:
    """Give it back to whoever named the unit: nobody leads it then."""
    reason = clean(command.reason, field="reason", required=True)
    event = as_seen(desk, work, command.event, command.version)
    told = {"reason": reason, "lead": event.lead}
    after = moved(
        desk, work, event, Move.RETURN, "event.return", params=told, lead="", assisting=(), reason=reason
    )  # fmt: skip
    return done(work, after)


def suspend(desk: Desk, work: Work, _caller: Caller, command: SuspendEvent) -> Done:
    """Suspend until a time, at which it resumes by itself; the clock of the first report goes on."""
    reason = clean(command.reason, field="reason", required=True)
    event = as_seen(desk, work, command.event, command.version)
    latest = work.at_ns + LONGEST_SUSPENSION_DAYS * 86_400 * NS_PER_S
    if not work.at_ns < command.until <= latest:
        raise Refused("event.bad_until", until=desk.shown(command.until), latest=desk.shown(latest))
    told = {"reason": reason, "until": command.until}
    after = moved(
        desk, work, event, Move.SUSPEND, "event.suspend", params=told, resume_at=command.until, reason=reason
    )  # fmt: skip
    return done(work, after)


def resume(desk: Desk, work: Work, _caller: Caller, command: ResumeEvent) -> Done:
    """Go on before the time is over."""
    event = as_seen(desk, work, command.event, command.version)
    return done(work, moved(desk, work, event, Move.RESUME, "event.resume", resume_at=None))


def subjects_of_merge(desk: Desk, work: Work, command: MergeEvent) -> tuple[Subject, ...]:
    """Return the places of both."""
    found = (event_table.get(work.connection, number) for number in (command.event, command.into))
    return tuple(subject_of(desk, event) for event in found if event is not None)


def merge(desk: Desk, work: Work, _caller: Caller, command: MergeEvent) -> Done:
    """Merge it into another that lives: it keeps its number, the other gets its alarms (E4)."""
    reason = clean(command.reason, field="reason", required=True)
    if command.event == command.into:
        raise Refused("event.into_itself", event=command.event)
    event = as_seen(desk, work, command.event, command.version)
    into = as_seen(desk, work, command.into, command.into_version)
    check_needs(work, event, Move.MERGE)
    stopped = _stopped(work, event)
    if not event_rules.is_living(into):
        raise Refused("event.into_ended", event=into.code, state=into.state.value)
    _keep_parent_counted(desk, work, event)
    told = {"into": into.number, "into_code": into.code, "reason": reason}
    after = moved(
        desk, work, event, Move.MERGE, "event.merge", params=told, merged_into=into.number, reason=reason,
        resume_at=None, parent=None,
    )  # fmt: skip
    alarms = (*into.alarms, *(alarm for alarm in event.alarms if alarm not in into.alarms))
    # Read anew: a merged child changed its parent's count, and the parent may be the one it is merged into.
    into = event_care.get(work.connection, into.number)
    told = {"other": event.number, "other_code": event.code, "reason": reason}
    plan_care.event_ended(desk, work, after)
    orders, carried = event_orders.carry(desk, work, after, into)
    told["orders"] = orders
    grows_by = (*into.more_situations, *(one for one in _situations(event) if one != into.situation))
    event_care.change(
        desk, work, into, "event.merged_in", params=told, alarms=alarms, orders=into.orders + orders,
        more_situations=tuple(dict.fromkeys(grows_by)),
    )  # fmt: skip
    return done(work, after, *carried, *stopped)


def split(desk: Desk, work: Work, _caller: Caller, command: SplitEvent) -> Done:
    """Take a merged event out again; its alarms come back to it."""
    reason = clean(command.reason, field="reason", required=True)
    event = as_seen(desk, work, command.event, command.version)
    needs(event, Move.SPLIT)
    after = moved(
        desk, work, event, Move.SPLIT, "event.split", params={"reason": reason}, merged_into=None, reason=reason
    )  # fmt: skip
    if event.merged_into is not None:
        back = event_orders.bring_back(desk, work, after, event.merged_into)
        into = event_care.get(work.connection, event.merged_into)
        left = tuple(alarm for alarm in into.alarms if alarm not in event.alarms)
        told = {"other": event.number, "other_code": event.code, "reason": reason, "orders": back}
        orders = max(0, into.orders - back)
        grows_by = tuple(one for one in into.more_situations if one not in _situations(event))
        event_care.change(
            desk, work, into, "event.split_out", params=told, alarms=left, orders=orders, more_situations=grows_by
        )  # fmt: skip
    return done(work, after)


def void(desk: Desk, work: Work, caller: Caller, command: VoidEvent) -> Done:
    """Make it void; what the law weighs (较大 and above) waits for a second person (E3)."""
    reason = clean(command.reason, field="reason", required=True)
    event = as_seen(desk, work, command.event, command.version)
    check_needs(work, event, Move.VOID)
    if Need.SECOND not in needs(event, Move.VOID) or not event_rules.is_weighty(event):
        stopped = _stopped(work, event)
        after, lapsed = _made_void(desk, work, event, reason, {})
        return done(work, after, *lapsed, *stopped)
    asked = approvals.ask(
        desk, work, caller, command, subject=event.code, params={"reason": reason, "title": event.title},
        minutes=desk.settings.approval_minutes,
    )  # fmt: skip
    return Done(change=0, key=str(asked.number), version=asked.version, warnings=("approval.waits",))


def void_given(desk: Desk, work: Work, approval: Approval, command: VoidEvent) -> None:
    """Make it void as the asker's deed, now that a second person gave it."""
    event = as_seen(desk, work, command.event, command.version)
    check_needs(work, event, Move.VOID)
    giver, work.actor = work.actor, Actor(account=approval.asked_by, seat=approval.asked_seat)
    _made_void(desk, work, event, command.reason.strip(), {"second": approval.decided_by})
    work.actor = giver


def void_not_given(desk: Desk, work: Work, approval: Approval, command: VoidEvent) -> None:
    """Tell in the event's timeline that it was asked for and not given."""
    event = event_table.get(work.connection, command.event)
    if event is not None:
        told = {"asked_by": approval.asked_by, "state": approval.state.value, "reason": approval.reason}
        event_care.change(desk, work, event, "event.void_not_given", params=told)


def _made_void(
    desk: Desk, work: Work, event: Event, reason: str, told: dict[str, object]
) -> tuple[Event, tuple[str, ...]]:  # fmt: skip
    _keep_parent_counted(desk, work, event)
    after = moved(
        desk, work, event, Move.VOID, "event.void", params={"reason": reason, **told}, reason=reason, resume_at=None,
        parent=None,
    )  # fmt: skip
    plan_care.event_ended(desk, work, after)
    return after, event_orders.lapse_with(desk, work, after, reason)


def _situations(event: Event) -> tuple[int, ...]:
    return (*(() if event.situation is None else (event.situation,)), *event.more_situations)


def _stopped(work: Work, event: Event) -> tuple[str, ...]:
    return ("event.plan_stopped",) if running_plans(work, event.number) else ()


def _keep_parent_counted(desk: Desk, work: Work, event: Event) -> None:
    """What is merged or void is no part of its parent any more: the parent counts one less, and says which."""
    parent = None if event.parent is None else event_table.get(work.connection, event.parent)
    if parent is not None:
        told = {"child": event.number, "child_code": event.code}
        event_care.change(desk, work, parent, "event.child_left", params=told, children=parent.children - 1)

"""The switch between 平时 and 急时 (H1): asked by one, given by another, all parts in one unit of work, confirmed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import approvals, catalogue, mode_care, mode_orders, mode_parts, mode_preview, threshold_sets
from chengyun_core.centre.catalogue import Built
from chengyun_core.centre.city import with_sets
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.mode_parts import Step
from chengyun_core.centre.mode_preview import Prospect
from chengyun_core.centre.mode_warnings import INGEST
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.approval import Approval
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.mode import Confirmation, Declaration, Part, SwitchState
from chengyun_core.model.mode_commands import ConfirmMode, DeclareMode, LiftMode
from chengyun_core.model.mode_rules import is_held, sets_by_scope, stands
from chengyun_core.model.permission import kind_of
from chengyun_core.model.scales import Mode
from chengyun_core.store import account_table, counters
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done

MOST_WITHOUT = 50
FIRST_SHARD = f"{INGEST}0"


def subjects(desk: Desk, work: Work, command: DeclareMode) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the scope."""
    return (Subject(name=command.scope.key, path=desk.city.path(command.scope.centre), track=command.scope.track),)


def subjects_of_lift(desk: Desk, work: Work, command: LiftMode) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the scope of what is lifted."""
    scope = mode_care.known(desk, command.declaration).scope
    return (Subject(name=scope.key, path=desk.city.path(scope.centre), track=scope.track),)


def declare(desk: Desk, work: Work, caller: Caller, command: DeclareMode) -> Done:
    """Ask for 急时; nothing changes before a second person gives it."""
    reason = clean(command.reason, field="reason", required=True)
    if command.mode is not Mode.EMERGENCY:
        raise Refused("mode.lift_instead")
    _check_without(command.without)
    found = mode_preview.of_declaring(desk, work.connection, command.scope, command.preset)
    issuer = mode_care.writer_of(desk, work.actor)
    held = desk.declarations.get(f"{issuer}/{command.scope.key}")
    if held is not None and stands(held):
        raise Refused(
            "mode.already", declaration=held.number, state=held.state.value, who=held.declared_by,
            at=desk.shown(held.declared_at),
        )  # fmt: skip
    _as_seen(found, command.seen)
    order = mode_orders.to_follow(work, command.order, command.scope, Mode.EMERGENCY) if command.order else None
    approval = _asked(desk, work, caller, command, found, reason)
    declaration = Declaration(
        number=counters.take(work.connection, mode_care.COUNTER, 1), issuer=issuer, scope=command.scope,
        term=held.term + 1 if held else 1, mode=Mode.EMERGENCY, preset=found.preset.code, reason=reason,
        evidence=clean(command.evidence, field="evidence", most=80), parts=found.parts, state=SwitchState.ASKED,
        approval=approval.number, ordered_by=order.by_centre if order else "", declared_at=work.at_ns,
        declared_by=caller.account, declared_seat=caller.session.seat if caller.session else "",
        version=held.version + 1 if held else 1, preset_version=found.preset.version, order=command.order,
        without=tuple(command.without),
    )  # fmt: skip
    change = mode_care.put(desk, work, declaration, "mode.declare", {"reason": reason})
    return Done(change=change, key=str(approval.number), version=approval.version, warnings=("approval.waits",))


def lift(desk: Desk, work: Work, caller: Caller, command: LiftMode) -> Done:
    """Ask for the way back; nothing changes before a second person gives it. Another centre's is not lifted here."""
    reason = clean(command.reason, field="reason", required=True)
    _check_without(command.without)
    held = _liftable(desk, work, command)
    found = _as_seen(mode_preview.of_lifting(desk, work.connection, held), command.seen)
    if command.order:
        mode_orders.to_follow(work, command.order, held.scope, Mode.PEACETIME)
    approval = _asked(desk, work, caller, command, found, reason)
    return Done(change=work.noted, key=str(approval.number), version=approval.version, warnings=("approval.waits",))


def prepare_declare(desk: Desk, connection: Connection, command: DeclareMode) -> Callable[[], Built | None]:
    """Return the slow part of giving it: the catalogue with the sets of thresholds as they become."""
    return rebuild(desk, mode_preview.of_declaring(desk, connection, command.scope, command.preset).sets)


def prepare_lift(desk: Desk, connection: Connection, command: LiftMode) -> Callable[[], Built | None]:
    """Return the slow part of giving it."""
    return rebuild(desk, mode_preview.of_lifting(desk, connection, mode_care.known(desk, command.declaration)).sets)


def rebuild(desk: Desk, sets: Mapping[str, str]) -> Callable[[], Built | None]:
    """Return a worker's job: the next version of the catalogue with these sets by scope; None when they are so."""
    if desk.city.scope_sets == dict(sets) or not desk.packed:
        return lambda: None
    city, packed, becomes = desk.city, desk.packed, dict(sets)
    base = city.version

    def job() -> Built:
        now = codec.unpack(packed, Catalogue)
        after = replace(now, version=base + 1, scope_sets=becomes)
        return catalogue.packed_up(after, base, city=with_sets(city, after))

    return job


def declared(desk: Desk, work: Work, approval: Approval, command: DeclareMode, built: Built | None) -> None:
    """Switch: every part, the mode and who has to confirm it, in this unit of work."""
    waiting = _waiting_for(desk, approval)
    _refuse_without_chief(work, approval)
    found = _as_seen(mode_preview.of_declaring(desk, work.connection, command.scope, command.preset), command.seen)
    step = Step(desk=desk, work=work, built=built, value="")
    mode_parts.refuse_other(step, found.sets)
    begun = replace(
        waiting, parts=found.parts, state=SwitchState.APPLYING, seconded_by=approval.decided_by,
        declared_at=work.at_ns, applied_at=work.at_ns, confirmed=(), version=waiting.version + 1,
        awaited=_awaited(desk, work, found, built, command.without, waiting.declared_seat),
    )  # fmt: skip
    switched = mode_parts.switch(step, begun, mode_parts.PUT, {item.part: item.after for item in found.parts})
    _compare_later(desk, work, switched, found, command.seen_alarms)
    _put_switched(desk, work, switched, found, "mode.switch")
    if command.order:
        mode_orders.followed(desk, work, command.order, switched)


def lifted(desk: Desk, work: Work, approval: Approval, command: LiftMode, built: Built | None) -> None:
    """Switch back: every part to what the other declarations say of it, or to what it was."""
    held = _liftable(desk, work, command)
    _refuse_without_chief(work, approval)
    found = _as_seen(mode_preview.of_lifting(desk, work.connection, held), command.seen)
    step = Step(desk=desk, work=work, built=built, value="")
    mode_parts.refuse_other(step, found.sets)
    begun = replace(
        held, mode=Mode.PEACETIME, state=SwitchState.APPLYING, term=held.term + 1, back=found.parts,
        approval=approval.number, seconded_by=approval.decided_by, ended_at=work.at_ns, applied_at=work.at_ns,
        confirmed=(), fault="", faulty="", version=held.version + 1, without=tuple(command.without),
        awaited=_awaited(desk, work, found, built, command.without, held.declared_seat),
        order=command.order or held.order,
    )  # fmt: skip
    switched = mode_parts.switch(step, begun, mode_parts.LIFT, {item.part: item.after for item in found.parts})
    _compare_later(desk, work, switched, found, command.seen_alarms)
    _put_switched(desk, work, switched, found, "mode.switch_back")
    if command.order:
        mode_orders.followed(desk, work, command.order, switched)


def not_declared(desk: Desk, work: Work, approval: Approval, command: DeclareMode) -> None:  # noqa: ARG001 - see Seconded
    """End what nobody gave: refused, withdrawn, or too late."""
    waiting = _waiting_for(desk, approval)
    ended = replace(
        waiting, state=SwitchState.REFUSED, seconded_by=approval.decided_by, ended_at=work.at_ns,
        fault=approval.reason and "mode.not_given", version=waiting.version + 1,
    )  # fmt: skip
    mode_care.put(desk, work, ended, "mode.not_given", {"reason": approval.reason or approval.state.value})


def not_lifted(desk: Desk, work: Work, approval: Approval, command: LiftMode) -> None:
    """Leave it in force; the approval tells why."""


def confirm(desk: Desk, work: Work, caller: Caller, command: ConfirmMode) -> Done:
    """Take a seat's word that it did its part, or could not: only its own, and only while it is awaited."""
    held = mode_care.known(desk, command.declaration)
    seat = caller.session.seat if caller.session else ""
    if command.who != seat or not seat:
        raise Refused("mode.not_your_seat", seat=command.who[:64])
    if held.state is not SwitchState.APPLYING or held.term != command.term:
        raise Refused("mode.not_applying", declaration=held.number, state=held.state.value)
    if seat not in held.awaited:
        raise Refused("mode.not_awaited", seat=seat)
    if any(one.who == seat for one in held.confirmed):
        return Done(change=0, key=held.key, version=held.version)
    now = confirmed(desk, work, held, seat, clean(command.fault, field="fault", most=64))
    return Done(change=work.noted, key=now.key, version=now.version)


def confirmed(desk: Desk, work: Work, held: Declaration, who: str, fault: str) -> Declaration:
    """Write one confirmation; the last one completes the switch, one with a fault has `mode_keeper` undo it."""
    said = (*held.confirmed, Confirmation(who=who, at=work.at_ns, fault=fault))
    now = replace(held, confirmed=said, version=held.version + 1)
    if fault:
        now = replace(now, fault=held.fault or fault, faulty=held.faulty or who)
    mode_care.put(desk, work, now, "mode.confirm", {"who": who, "fault": fault})
    return complete(desk, work, now) if _is_complete(now) else now


def complete(desk: Desk, work: Work, held: Declaration) -> Declaration:
    """Write that everybody who was awaited confirmed: in force, or lifted for good."""
    if held.mode is Mode.EMERGENCY:
        now = replace(held, state=SwitchState.IN_FORCE, version=held.version + 1)
        mode_care.put(desk, work, now, "mode.in_force")
        return now
    now = replace(held, state=SwitchState.LIFTED, version=held.version + 1)
    step = Step(desk=desk, work=work, built=None, value="")
    mode_parts.switch(step, now, mode_parts.SETTLE, {item.part: item.after for item in held.back})
    mode_care.put(desk, work, now, "mode.lifted")
    return now


def undone(desk: Desk, work: Work, held: Declaration, built: Built | None) -> Declaration:
    """Write the compensating change: every part as it was before the switch (ARCHITECTURE, «Mode switch»)."""
    faulty = held.faulty or next((who for who in held.awaited if not _said(held, who)), "")
    told = {"fault": held.fault or "mode.not_confirmed", "who": faulty}
    step = Step(desk=desk, work=work, built=built, value="")
    if held.mode is Mode.EMERGENCY:
        becomes = replace(
            held, state=SwitchState.UNDONE, term=held.term + 1, ended_at=work.at_ns, fault=told["fault"],
            faulty=faulty, version=held.version + 1,
        )  # fmt: skip
        becomes = mode_parts.switch(step, becomes, mode_parts.UNDO, {item.part: item.before for item in held.parts})
    else:
        becomes = replace(
            held, mode=Mode.EMERGENCY, state=SwitchState.IN_FORCE, term=held.term + 1, ended_at=None, back=(),
            fault=told["fault"], faulty=faulty, version=held.version + 1,
        )  # fmt: skip
        becomes = mode_parts.switch(step, becomes, {part: mode_parts.LIFT[part] for part in mode_parts.LIFT},
                                    {item.part: item.before for item in held.back})  # fmt: skip
    mode_care.put(desk, work, becomes, "mode.undo", told)
    if held.order:
        mode_orders.opened_again(desk, work, held.order)
    return becomes


def sets_without(desk: Desk, held: Declaration) -> dict[str, str]:
    """Return the sets of thresholds by scope as they were before the switch of this register."""
    others = [one for one in desk.declarations.values() if one.key != held.key]
    was = replace(held, mode=Mode.EMERGENCY, state=SwitchState.IN_FORCE)
    return sets_by_scope(others if held.mode is Mode.EMERGENCY else [*others, was])


def _said(held: Declaration, who: str) -> bool:
    return any(one.who == who for one in held.confirmed)


def _is_complete(held: Declaration) -> bool:
    return not held.fault and set(held.awaited) <= {one.who for one in held.confirmed}


def _compare_later(desk: Desk, work: Work, switched: Declaration, found: Prospect, seen_alarms: int) -> None:
    """Tell afterwards whether as many vitals alarm as ingest previewed, where limits changed and somebody looked."""
    after = next((item.after for item in found.parts if item.part is Part.THRESHOLDS), "")
    if switched.catalogue and seen_alarms >= 0:
        threshold_sets.compare_later(desk, work, after, switched.catalogue, seen_alarms)


def _put_switched(desk: Desk, work: Work, switched: Declaration, found: Prospect, action: str) -> None:
    told = {item.part.value: f"{item.before or '-'} → {item.after or '-'}" for item in found.view.changes}
    mode_care.put(desk, work, switched, action, {"reason": switched.reason, **told})
    if not switched.awaited:
        complete(desk, work, switched)


def _awaited(
    desk: Desk, work: Work, found: Prospect, built: Built | None, without: tuple[str, ...], declaring: str
) -> tuple[str, ...]:  # fmt: skip
    """Return who has to confirm: ingest when limits change, the seats in the scope that are present, and the one that
    declared."""
    shards = [f"{INGEST}{shard}" for shard in sorted(desk.running)] or [FIRST_SHARD]
    seats = mode_preview.present_seats(desk, work.connection, found.scope, declaring)
    who = (*(shards if built is not None else ()), *seats)
    return tuple(one for one in who if one not in without)


def _asked(
    desk: Desk, work: Work, caller: Caller, command: DeclareMode | LiftMode, found: Prospect, reason: str
) -> Approval:  # fmt: skip
    params = {
        "scope": found.scope.key, "preset": found.preset.name or found.preset.code, "reason": reason,
        "mode": Mode.EMERGENCY.value if isinstance(command, DeclareMode) else Mode.PEACETIME.value,
    }  # fmt: skip
    return approvals.ask(
        desk, work, caller, command, subject=found.scope.key, params=params, minutes=desk.settings.approval_minutes
    )


def _as_seen(found: Prospect, seen: str) -> Prospect:
    """Raise Refused for a part that cannot be switched, and when what would change is not what the officer saw."""
    for fault in found.faults.values():
        raise Refused(fault.code, **fault.params)
    if found.digest != seen:
        raise Refused("mode.preview_changed")
    return found


def _liftable(desk: Desk, work: Work, command: LiftMode) -> Declaration:
    held = mode_care.known(desk, command.declaration)
    if held.issuer != mode_care.issuer_of(desk, work.actor):
        raise Refused("mode.not_yours", declaration=held.number, issuer=held.issuer)
    if held.version != command.version or not is_held(held) or held.state is not SwitchState.IN_FORCE:
        raise Refused("mode.changed_meanwhile", declaration=held.number, state=held.state.value)
    return held


def _waiting_for(desk: Desk, approval: Approval) -> Declaration:
    found = next((one for one in desk.declarations.values() if one.approval == approval.number), None)
    if found is None or found.state is not SwitchState.ASKED:
        raise Refused("mode.changed_meanwhile", declaration=found.number if found else 0, state=approval.state.value)
    return found


def _refuse_without_chief(work: Work, approval: Approval) -> None:
    """WF3: the chief of the watch is one of the two, whoever asks and whoever gives."""
    posts = [post for name in (approval.asked_by, approval.decided_by) for post in _posts(work, name)]
    if not any(kind_of(post) is PostKind.WATCH_CHIEF for post in posts):
        raise Refused("mode.no_chief")


def _posts(work: Work, account: str) -> tuple[str, ...]:
    record = account_table.get(work.connection, account)
    return record.posts if record else ()


def _check_without(without: tuple[str, ...]) -> None:
    if len(without) > MOST_WITHOUT:
        raise Refused("mode.too_many_left_out", count=len(without), most=MOST_WITHOUT)

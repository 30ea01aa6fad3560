"""What observations and officers do to an alarm: pure functions, checked against the life-cycle table."""

from dataclasses import dataclass, replace

from chengyun_core.model.alarm import (
    LIFE_CYCLE,
    OVERRIDDEN,
    OVERRIDES,
    RELEASED,
    SHELF,
    Alarm,
    AlarmMove,
    AlarmState,
    NoteCode,
    Override,
    OverrideKind,
    effective,
    is_active,
    is_shelved,
)
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import AlarmPriority, Aspect, Side, WarningColour

NS_PER_MINUTE = 60 * 1_000_000_000

SHELF_LIMIT_MINUTES: dict[WarningColour, int] = {
    WarningColour.RED: 15,
    WarningColour.ORANGE: 60,
    WarningColour.YELLOW: 240,
    WarningColour.BLUE: 480,
}
"""Longest shelf by colour (A6: never unlimited). A one-shot ends with the return, and with this limit at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What ingest observed of a vital: an activation, or a band told after a reconnect."""

    vital: int
    vital_code: str
    at_ns: int
    band: WarningColour
    side: Side
    value: float
    limit: float
    aspect: Aspect = Aspect.PROCESS
    priority: AlarmPriority = AlarmPriority.MEDIUM


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A move and the record after it."""

    move: AlarmMove
    alarm: Alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """The officer who does it."""

    account: str
    seat: str
    at_ns: int


def first_raise(number: int, seen: Seen, overrides: tuple[Override, ...] = ()) -> Step:
    """Begin an alarm's life, under the overrides that stand on its vital."""
    alarm = Alarm(
        number=number,
        vital=seen.vital,
        vital_code=seen.vital_code,
        colour=seen.band,
        band=seen.band,
        side=seen.side,
        value=seen.value,
        limit=seen.limit,
        raised_at=seen.at_ns,
        changed_at=seen.at_ns,
        aspect=seen.aspect,
        priority=seen.priority,
        overrides=overrides,
    )
    return Step(move=AlarmMove.RAISE, alarm=alarm)


def observed(alarm: Alarm, seen: Seen) -> Step | None:
    """Return what an observation does to a living alarm; None when the band is what it was."""
    if seen.band == alarm.band:
        return None
    if seen.band is WarningColour.NONE:
        return _checked(AlarmMove.RETURN, alarm, _returned(alarm, seen))
    if not is_active(alarm):
        return _checked(AlarmMove.RAISE, alarm, replace(_risen(alarm, seen), raises=alarm.raises + 1, returned_at=None))
    if seen.band > alarm.band:
        return _checked(AlarmMove.ESCALATE, alarm, _risen(alarm, seen))
    eased = replace(alarm, band=seen.band, side=seen.side, value=seen.value, limit=seen.limit)
    return _checked(AlarmMove.EASE, alarm, _stamped(eased, seen.at_ns))


def acknowledge(alarm: Alarm, by: By, note_code: NoteCode | None, note: str) -> Step:
    """Say «seen». Red needs a note code (A5). An alarm that has returned is closed by it."""
    _possible(AlarmMove.ACKNOWLEDGE, alarm)
    if alarm.colour is WarningColour.RED and note_code is None:
        raise Refused("alarm.note_code_needed", alarm=alarm.number, vital=alarm.vital_code)
    acked = replace(_acked(alarm, by), note_code=note_code, note=note)
    return _checked(AlarmMove.ACKNOWLEDGE, alarm, replace(acked, closed=not is_active(alarm)))


def goes_along(alarm: Alarm) -> bool:
    """Return whether an alarm may be acknowledged with the one that leads its situation (A17: grave ones singly)."""
    return alarm.priority <= AlarmPriority.MEDIUM and alarm.colour < WarningColour.ORANGE


def unacknowledge(alarm: Alarm, by: By) -> Step:
    """Take an acknowledgement back (A4); its reason is in the journal."""
    _possible(AlarmMove.UNACKNOWLEDGE, alarm)
    return _checked(AlarmMove.UNACKNOWLEDGE, alarm, _stamped(_unacked(alarm), by.at_ns))


def shelve(alarm: Alarm, by: By, minutes: int | None, reason: str) -> Step:
    """Put on the shelf for some minutes, or until the condition returns (None)."""
    _possible(AlarmMove.SHELVE, alarm)
    limit = SHELF_LIMIT_MINUTES[alarm.colour]
    if minutes is not None and not 1 <= minutes <= limit:
        raise Refused(
            "alarm.shelf_too_long", alarm=alarm.number, minutes=minutes, limit=limit, colour=alarm.colour.name
        )
    until = None if minutes is None else by.at_ns + minutes * NS_PER_MINUTE
    shelved = replace(alarm, shelved_at=by.at_ns, shelved_until=until, shelved_by=by.account, shelve_reason=reason)
    return _checked(AlarmMove.SHELVE, alarm, _stamped(shelved, by.at_ns))


def unshelve(alarm: Alarm, by: By) -> Step:
    """Take from the shelf by hand: counts as acknowledged."""
    if effective(alarm) is not AlarmState.SHELVED:
        raise _impossible(AlarmMove.UNSHELVE, alarm)
    back = replace(_unshelved(_acked(alarm, by)), closed=not is_active(alarm))
    return _checked(AlarmMove.UNSHELVE, alarm, back)


def shelf_expired(alarm: Alarm, at_ns: int) -> Step:
    """The shelf's time is over: unacknowledged when still active, else the life ends."""
    back = _stamped(_unshelved(alarm), at_ns)
    back = _unacked(back) if is_active(alarm) else replace(back, closed=True)
    return _checked(AlarmMove.SHELF_EXPIRED, alarm, back)


def realarm(alarm: Alarm, at_ns: int) -> Step:
    """Call again by itself: still active, acknowledged and not cleared for too long (A4)."""
    if (effective(alarm), AlarmMove.REALARM) not in LIFE_CYCLE:
        raise _impossible(AlarmMove.REALARM, alarm)
    again = replace(_stamped(_unacked(alarm), at_ns), realarms=alarm.realarms + 1)
    return _checked(AlarmMove.REALARM, alarm, again)


def overridden(alarm: Alarm, override: Override, at_ns: int) -> Step:
    """Lay an override upon a living alarm; one of the same kind is replaced."""
    others = tuple(held for held in alarm.overrides if held.kind is not override.kind)
    ordered = sorted((*others, override), key=lambda held: list(OVERRIDDEN).index(held.kind))
    return _checked(
        OVERRIDES[override.kind][0], alarm, _stamped(replace(alarm, overrides=tuple(ordered)), at_ns)
    )  # fmt: skip


def released(alarm: Alarm, kind: OverrideKind, at_ns: int) -> Step:
    """Take an override away. When it was the last: active and unseen calls, returned meanwhile is over."""
    left = tuple(held for held in alarm.overrides if held.kind is not kind)
    after = _stamped(replace(alarm, overrides=left), at_ns)
    if not left and not is_active(alarm) and not is_shelved(alarm):
        after = replace(after, closed=True)
    return _checked(OVERRIDES[kind][1], alarm, after)


def assigned(alarm: Alarm, by: By, assignee: str, due_at: int | None) -> Alarm:
    """Give an alarm to somebody, or to nobody (A16); no state changes."""
    return _stamped(replace(alarm, assigned_to=assignee, due_at=due_at if assignee else None), by.at_ns)


def removed(alarm: Alarm, at_ns: int) -> Alarm:
    """End the life of an alarm whose vital is no longer in the catalogue."""
    returned = alarm.returned_at if alarm.returned_at is not None else at_ns
    ended = replace(_unshelved(alarm), band=WarningColour.NONE, returned_at=returned, closed=True, overrides=())
    return _stamped(ended, at_ns)


def shelf_due_ns(alarm: Alarm) -> int | None:
    """Return when the shelf ends by itself, None when not shelved."""
    if alarm.shelved_at is None:
        return None
    if alarm.shelved_until is not None:
        return alarm.shelved_until
    return alarm.shelved_at + SHELF_LIMIT_MINUTES[alarm.colour] * NS_PER_MINUTE


def _possible(move: AlarmMove, alarm: Alarm) -> None:
    if (effective(alarm), move) not in LIFE_CYCLE:
        raise _impossible(move, alarm)


def _impossible(move: AlarmMove, alarm: Alarm) -> Refused:
    return Refused(f"alarm.cannot.{move}", alarm=alarm.number, vital=alarm.vital_code, state=effective(alarm))


def _checked(move: AlarmMove, before: Alarm, after: Alarm) -> Step:
    # The tables are the law: a rule above that leads elsewhere is a bug of ours, not a refusal.
    state = effective(before)
    if after.overrides or before.overrides:
        assert effective(after) is _under_override(after), (move, after)
    elif state is not AlarmState.SHELVED:
        assert LIFE_CYCLE[state, move] is effective(after), (state, move, after)
    elif (move, is_active(before)) in SHELF:
        assert SHELF[move, is_active(before)] is effective(after), (move, after)
    return Step(move=move, alarm=after)


def _under_override(after: Alarm) -> AlarmState:
    if after.closed:
        return AlarmState.NORM
    if after.overrides:
        return OVERRIDDEN[after.overrides[0].kind]
    return AlarmState.SHELVED if is_shelved(after) else RELEASED[is_active(after), after.acked_at is not None]


def _risen(alarm: Alarm, seen: Seen) -> Alarm:
    risen = replace(
        _unacked(alarm),
        band=seen.band,
        colour=max(alarm.colour, seen.band),
        side=seen.side,
        value=seen.value,
        limit=seen.limit,
    )
    return _stamped(_shelf_cut(risen, alarm.colour, seen.at_ns), seen.at_ns)


def _shelf_cut(alarm: Alarm, colour_before: WarningColour, at_ns: int) -> Alarm:
    # A blue alarm shelved for eight hours must not keep a red one silent for eight hours. (A one-shot's end follows
    # the colour by itself, see shelf_due_ns.)
    due = shelf_due_ns(replace(alarm, colour=colour_before))
    if due is None or alarm.shelved_until is None or alarm.colour == colour_before:
        return alarm
    return replace(alarm, shelved_until=min(due, at_ns + SHELF_LIMIT_MINUTES[alarm.colour] * NS_PER_MINUTE))


def _returned(alarm: Alarm, seen: Seen) -> Alarm:
    back = _stamped(replace(alarm, band=WarningColour.NONE, value=seen.value, returned_at=seen.at_ns), seen.at_ns)
    if is_shelved(alarm):
        one_shot = alarm.shelved_until is None
        return replace(_unshelved(back), closed=True) if one_shot else back
    # Nobody was called while an override stood: what came and went beneath it is told by the journal alone.
    return replace(back, closed=alarm.acked_at is not None or bool(alarm.overrides))


def _acked(alarm: Alarm, by: By) -> Alarm:
    return _stamped(replace(alarm, acked_at=by.at_ns, acked_by=by.account, acked_seat=by.seat), by.at_ns)


def _unacked(alarm: Alarm) -> Alarm:
    return replace(alarm, acked_at=None, acked_by=None, acked_seat=None, note_code=None, note="")


def _unshelved(alarm: Alarm) -> Alarm:
    return replace(alarm, shelved_at=None, shelved_until=None, shelved_by=None, shelve_reason="")


def _stamped(alarm: Alarm, at_ns: int) -> Alarm:
    return replace(alarm, changed_at=at_ns, version=alarm.version + 1)

"""Rules of duty: life cycles of shift and hand-over as tables, and the gaps of a roster before they happen (H3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

from chengyun_core.model import reinforcement
from chengyun_core.model.duty import (
    Assignment,
    Demand,
    DutyRole,
    Gap,
    HandoverState,
    Person,
    Presence,
    SeatCover,
    Shift,
    ShiftState,
)
from chengyun_core.model.failure import Refused


class ShiftMove(StrEnum):
    """What befalls a shift."""

    BEGIN = "begin"
    NEXT_BEGINS = "next_begins"
    """The next one runs, and somebody of this one still holds a seat."""
    CLOSE = "close"
    """The next one runs, and every seat of this one was handed over or is empty."""
    CANCEL = "cancel"
    """Taken off the roster before it began."""


SHIFT_MOVES: dict[tuple[ShiftState, ShiftMove], ShiftState] = {
    (ShiftState.PLANNED, ShiftMove.BEGIN): ShiftState.RUNNING,
    (ShiftState.RUNNING, ShiftMove.NEXT_BEGINS): ShiftState.HANDING_OVER,
    (ShiftState.RUNNING, ShiftMove.CLOSE): ShiftState.CLOSED,
    (ShiftState.HANDING_OVER, ShiftMove.CLOSE): ShiftState.CLOSED,
    (ShiftState.PLANNED, ShiftMove.CANCEL): ShiftState.CANCELLED,
}
"""What is not here is refused. Nothing leads out of `closed`: the next shift only adds (H6)."""
OVER = frozenset({ShiftState.CLOSED, ShiftState.CANCELLED})
"""States in which a shift lacks nobody any more, and is not written again."""


class SheetMove(StrEnum):
    """What befalls a hand-over."""

    OPEN = "open"
    """Collected anew."""
    TICK = "tick"
    REFUSE = "refuse"
    LINES = "lines"
    CHECK = "check"
    GIVE = "give"
    """The giver signs, or the chief for him."""
    VOID = "void"
    """Something changed after the giver's signature: he is asked again."""
    TAKE = "take"
    """The taker signs: locked."""
    CANCEL = "cancel"


SHEET_MOVES: dict[tuple[HandoverState, SheetMove], HandoverState] = {
    **{
        (HandoverState.OPEN, move): HandoverState.OPEN
        for move in (SheetMove.OPEN, SheetMove.TICK, SheetMove.REFUSE, SheetMove.LINES, SheetMove.CHECK)
    },
    (HandoverState.OPEN, SheetMove.GIVE): HandoverState.GIVEN,
    (HandoverState.OPEN, SheetMove.CANCEL): HandoverState.CANCELLED,
    **{
        (HandoverState.GIVEN, move): HandoverState.OPEN
        for move in (
            SheetMove.OPEN, SheetMove.TICK, SheetMove.REFUSE, SheetMove.LINES, SheetMove.CHECK, SheetMove.VOID,
        )
    },
    (HandoverState.GIVEN, SheetMove.TAKE): HandoverState.SIGNED,
    (HandoverState.GIVEN, SheetMove.CANCEL): HandoverState.CANCELLED,
}  # fmt: skip
"""What is not here is refused: a signed sheet is locked for ever, a cancelled one is over."""

CERTIFIED = frozenset({DutyRole.CHIEF, DutyRole.OFFICER})
"""As whom nobody does duty without a certificate that holds on that day; leaders and departments' people need none."""
LEAST = tuple(Demand(role=role, count=1) for role in (DutyRole.LEADER, DutyRole.CHIEF, DutyRole.OFFICER))
"""What a shift that names no demands must have: 带班领导, 值班长 and 值班员 around the clock."""
_GONE = frozenset({Presence.ABSENT, Presence.RELIEVED})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What gaps are judged on."""

    people: Mapping[str, Person] = field(default_factory=dict)
    rest_ns: int = 0
    """Time between two shifts of one person, at least, ns."""
    mode: str = "peacetime"
    zone_minutes: int = 480
    reinforcement: tuple[str, ...] = ()
    """Posts that what is in effect calls on duty besides (model.reinforcement)."""


def shift_after(state: ShiftState, move: ShiftMove) -> ShiftState:
    """Return where a shift stands after a move; raise Refused `shift.not_so`."""
    after = SHIFT_MOVES.get((state, move))
    if after is None:
        raise Refused("shift.not_so", state=state, move=move)
    return after


def sheet_after(state: HandoverState, move: SheetMove) -> HandoverState:
    """Return where a hand-over stands after a move; raise Refused `handover.locked` or `handover.over`."""
    after = SHEET_MOVES.get((state, move))
    if after is None:
        code = {HandoverState.SIGNED: "handover.locked", HandoverState.OPEN: "handover.giver_first"}
        raise Refused(code.get(state, "handover.over"))
    return after


def gaps(shifts: Sequence[Shift], ground: Ground) -> tuple[Gap, ...]:
    """Return every place nobody fills, in the order of the shifts (H3: told before it happens).

    `shifts`: all that touch the time looked at, and those of a day before, so that rest is seen. A place filled by
    somebody who may not fill it (uncertified, absent, on two shifts, not rested) is a gap with his name.
    """
    ordered = sorted(shifts, key=lambda shift: (shift.begins_at, shift.number))
    found: list[Gap] = []
    for shift in ordered:
        if shift.state not in OVER:
            found += _of_shift(shift, ordered, ground)
            found += reinforcement.gaps(shift, ground.people, ground.reinforcement)
    return tuple(found)


def _of_shift(shift: Shift, others: Sequence[Shift], ground: Ground) -> list[Gap]:
    faults = {one.person: fault for one in shift.assignments if (fault := _fault(one, shift, others, ground))}
    found: list[Gap] = []
    told: set[str] = set()
    for demand in demanded(shift, ground.mode):
        fitting = [one for one in shift.assignments if _fits(one, demand, ground)]
        fit = sum(one.person not in faults for one in fitting)
        missing = max(0, demand.count - fit)
        for one in fitting:
            if one.person in faults and one.person not in told:
                told.add(one.person)
                lacks = 1 if missing else 0
                missing -= lacks
                found.append(
                    Gap(shift=shift.number, role=one.role, missing=lacks, why=faults[one.person], person=one.person)
                )
        if missing:
            found.append(Gap(shift=shift.number, role=demand.role, missing=missing, why="nobody"))
    rest = [one for one in shift.assignments if one.person in faults and one.person not in told]
    return found + [
        Gap(shift=shift.number, role=one.role, missing=0, why=faults[one.person], person=one.person) for one in rest
    ]


def demanded(shift: Shift, mode: str) -> tuple[Demand, ...]:
    """Return the least a shift must have in a mode: 急时 replaces what it names of a role, and adds the others."""
    rows = shift.demands or LEAST
    now = {(row.role, row.post) for row in rows if row.mode == mode}
    always = [
        row for row in rows if row.mode == "peacetime" and (mode == "peacetime" or (row.role, row.post) not in now)
    ]
    return (*always, *(row for row in rows if mode != "peacetime" and row.mode == mode))


def _fits(one: Assignment, demand: Demand, ground: Ground) -> bool:
    if one.role is not demand.role or one.presence is Presence.RELIEVED:
        return False
    person = ground.people.get(one.person)
    if not demand.post or person is None:
        return not demand.post
    kinds = {part for post in person.posts for part in (post, post.partition(".")[2].partition(".")[0])}
    return demand.post == person.unit or demand.post in kinds


def _fault(one: Assignment, shift: Shift, others: Sequence[Shift], ground: Ground) -> str:
    """Return why somebody on a shift does not fill his place: empty when he does."""
    if one.presence is Presence.ABSENT:
        return "absent"
    if one.presence is Presence.RELIEVED:
        return ""
    if one.role in CERTIFIED and not is_certified(ground.people.get(one.person), one.role, _day(shift.ends_at, ground)):
        return "uncertified"
    beside = [other for other in others if other.number != shift.number and _is_on(other, one.person)]
    if any(other.begins_at < shift.ends_at and shift.begins_at < other.ends_at for other in beside):
        return "double"
    if any(0 <= shift.begins_at - other.ends_at < ground.rest_ns for other in beside):
        return "rest"
    return ""


def is_certified(person: Person | None, role: DutyRole, day: date) -> bool:
    """Return whether a certificate of his lets him do duty as that on a day; the day after `until` it does not."""
    held = () if person is None else person.certificates
    return any(one.role is role and one.until >= day.isoformat() for one in held)


def _is_on(shift: Shift, person: str) -> bool:
    return shift.state is not ShiftState.CANCELLED and any(
        one.person == person and one.presence not in _GONE for one in shift.assignments
    )


def _day(at_ns: int, ground: Ground) -> date:
    # The shift's last moment: one that ends at midnight is of the day before.
    zone = timezone(timedelta(minutes=ground.zone_minutes))
    return (_EPOCH + timedelta(microseconds=(at_ns - 1) // 1000)).astimezone(zone).date()


def areas_of(seat: str, areas: Mapping[str, str], covers: Iterable[SeatCover]) -> tuple[str, ...]:
    """Return the areas (codes of centres) a seat answers for: its own, and those of the seats it covers (H4).

    `areas`: seat → code of the centre whose subtree it watches. A cover of a cover is followed: who covers a seat
    covers what that one covers, too.
    """
    found, ahead = [seat], [seat]
    standing = [cover for cover in covers if not cover.ended]
    while ahead:
        by = ahead.pop()
        for cover in standing:
            if cover.by_seat == by and cover.seat not in found:
                found.append(cover.seat)
                ahead.append(cover.seat)
    return tuple(dict.fromkeys(areas[code] for code in found if code in areas))

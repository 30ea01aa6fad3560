"""The roster moved by hand (H3): shifts cancelled and copied, people who change places, and what would lack by it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.model.duty import Assignment, Demand, DutyRole, Presence, Shift, ShiftState
from chengyun_core.model.duty_commands import (
    CancelShift,
    CopyShift,
    SavePerson,
    SaveShift,
    SwapDuty,
    TellPresence,
)
from chengyun_core.model.failure import Reason
from chengyun_core.store import duty_table
from chengyun_core.wire.duty_asks import AskShiftCheck, AskShifts, ShiftChecked, Shifts
from tests.core.centre.duty_stand import HOUR_NS, DutyStand
from tests.core.centre.room import NOON_NS

DAY_NS = 24 * HOUR_NS


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[DutyStand]:
    """Return a centre with four people on record."""
    with DutyStand(tmp_path) as made:
        for code in ("p-1", "p-2", "p-3", "p-4"):
            made.person(code)
        yield made


def _shifts(stand: DutyStand, days: int = 40) -> tuple[Shift, ...]:
    ask = AskShifts(from_ns=NOON_NS - DAY_NS, to_ns=NOON_NS + days * DAY_NS)
    return stand.body(stand.room.ask("shift.page", ask, stand.li), Shifts).shifts


def _swap(stand: DutyStand, first: int, person: str, other: int, comes: str, reason: str = "家中有事") -> str:
    second = stand.get_shift(other).version if other else 0
    made = SwapDuty(shift=first, version=stand.get_shift(first).version, person=person, other_shift=other,
                    other_version=second, other_person=comes, reason=reason)  # fmt: skip
    return stand.room.do(made, stand.chief).code


def _on(stand: DutyStand, number: int) -> dict[str, str]:
    return {one.person: one.stands_in_for for one in stand.get_shift(number).assignments}


def test_that_a_planned_shift_is_cancelled_with_a_reason_and_leaves_the_roster(stand: DutyStand) -> None:
    number = stand.shift("夜班", 8, 16, "p-1")
    assert stand.room.do(CancelShift(shift=number, version=1, reason=""), stand.chief).code == "text.missing.reason"
    assert stand.room.do(CancelShift(shift=number, version=9, reason="并班"), stand.chief).code == "shift.changed"
    assert stand.room.do(CancelShift(shift=number, version=1, reason="并班"), stand.li).outcome == "refused"
    stand.room.done(CancelShift(shift=number, version=1, reason="并班"), stand.chief)
    assert stand.get_shift(number).state is ShiftState.CANCELLED
    assert _shifts(stand) == ()
    again = SaveShift(number=number, version=2, centre="500000", name="夜班", begins_at=NOON_NS,
                      ends_at=NOON_NS + HOUR_NS, assignments=())  # fmt: skip
    assert stand.room.do(again, stand.chief).code == "shift.cancelled"


def test_that_a_cancelled_shift_neither_begins_nor_keeps_anybody_from_another(stand: DutyStand) -> None:
    number = stand.shift("夜班", 1, 9, "p-1")
    stand.room.done(CancelShift(shift=number, version=1, reason="并班"), stand.chief)
    stand.shift("晚班", 2, 9, "p-1")
    stand.room.clock.advance(1.5 * 3600)
    stand.room.tend()
    assert stand.get_shift(number).state is ShiftState.CANCELLED
    told = stand.body(stand.room.ask("shift.page", AskShifts(to_ns=NOON_NS + DAY_NS), stand.li), Shifts)
    assert all(gap.why != "double" for gap in told.gaps)


def test_that_a_shift_that_runs_is_not_cancelled(stand: DutyStand) -> None:
    number = stand.shift("白班", -1, 7, "p-1")
    stand.room.tend()
    held = stand.get_shift(number)
    if held.state is ShiftState.PLANNED:
        pytest.fail("the shift did not begin")
    reply = stand.room.do(CancelShift(shift=number, version=held.version, reason="并班"), stand.chief)
    assert reply.outcome == "refused"


def test_that_a_shift_is_copied_to_the_next_weeks_as_it_was_rostered(stand: DutyStand) -> None:
    number = stand.shift("夜班", 8, 16, "p-1", "p-2")
    assert _swap(stand, number, "p-1", 0, "p-3") == ""
    held = stand.get_shift(number)
    done = stand.room.done(CopyShift(shift=number, version=held.version, times=3), stand.chief)
    copies = [stand.get_shift(int(key)) for key in done.key.split(",")]
    assert [one.begins_at - held.begins_at for one in copies] == [7 * DAY_NS, 14 * DAY_NS, 21 * DAY_NS]
    assert [[row.person for row in one.assignments] for one in copies] == [["p-1", "p-2"]] * 3
    assert {one.demands for one in copies} == {held.demands}
    assert all(one.state is ShiftState.PLANNED and one.version == 1 for one in copies)


def test_that_copies_are_made_all_or_none(stand: DutyStand) -> None:
    number = stand.shift("夜班", 8, 16, "p-1")
    stand.shift("夜班", 8 + 24 * 14, 16 + 24 * 14, "p-2")
    before = len(_shifts(stand))
    assert stand.room.do(CopyShift(shift=number, version=1, times=3), stand.chief).code == "shift.copied_already"
    assert stand.room.do(CopyShift(shift=number, version=1, times=0), stand.chief).code == "shift.copies"
    assert stand.room.do(CopyShift(shift=number, version=1, every_days=0), stand.chief).code == "shift.copies"
    assert len(_shifts(stand)) == before


def test_that_two_people_change_their_shifts_and_both_are_named_in_the_journal(stand: DutyStand) -> None:
    first, second = stand.shift("晚班", 8, 16, "p-1"), stand.shift("夜班", 32, 40, "p-2")
    assert _swap(stand, first, "p-1", second, "p-2") == ""
    assert (_on(stand, first), _on(stand, second)) == ({"p-2": "p-1"}, {"p-1": "p-2"})
    rows = [row for row in stand.log(shift=first).rows if row.sentence.code == "timeline.shift.swap"]
    with stand.room.ledger.reading() as connection:
        assert duty_table.shift(connection, first) is not None
    assert {row.sentence.params["person_name"] + row.sentence.params["other_name"] for row in rows} <= {"p-1p-2"}
    assert _swap(stand, first, "p-2", second, "p-1") == ""
    assert (_on(stand, first), _on(stand, second)) == ({"p-1": ""}, {"p-2": ""})


def test_that_two_people_on_one_shift_change_places_and_somebody_may_only_come_instead(stand: DutyStand) -> None:
    number = stand.shift("晚班", 8, 16, "p-1", "p-2")
    held = stand.get_shift(number)
    rows = (Assignment(person="p-1", role=DutyRole.CHIEF), Assignment(person="p-2", role=DutyRole.OFFICER, seat="A-01"))
    stand.room.done(
        SaveShift(number=number, version=1, centre=held.centre, name=held.name, begins_at=held.begins_at,
                  ends_at=held.ends_at, assignments=rows), stand.chief,
    )  # fmt: skip
    assert _swap(stand, number, "p-1", number, "p-2") == ""
    held = stand.get_shift(number)
    assert {(one.person, one.role, one.seat) for one in held.assignments} == {
        ("p-2", DutyRole.CHIEF, ""), ("p-1", DutyRole.OFFICER, "A-01"),
    }  # fmt: skip
    assert _swap(stand, number, "p-1", 0, "p-4") == ""
    assert _on(stand, number) == {"p-4": "p-1", "p-2": ""}


@pytest.mark.parametrize(
    ("person", "comes", "reason", "code"),
    [
        ("p-1", "p-1", "有事", "shift.swap_same"), ("p-1", "p-9", "有事", "person.unknown"),
        ("p-4", "p-3", "有事", "shift.not_on_it"), ("p-1", "p-2", "有事", "shift.twice"),
        ("p-1", "p-3", "", "text.missing.reason"),
    ],
)  # fmt: skip
def test_that_an_exchange_that_cannot_be_is_refused_and_changes_nothing(
    stand: DutyStand, person: str, comes: str, reason: str, code: str
) -> None:
    number = stand.shift("晚班", 8, 16, "p-1", "p-2")
    assert _swap(stand, number, person, 0, comes, reason) == code
    assert stand.get_shift(number).version == 1


def test_that_an_exchange_over_an_older_version_is_refused(stand: DutyStand) -> None:
    first, second = stand.shift("晚班", 8, 16, "p-1"), stand.shift("夜班", 32, 40, "p-2")
    made = SwapDuty(shift=first, version=1, person="p-1", other_shift=second, other_version=7, other_person="p-2",
                    reason="有事")  # fmt: skip
    assert stand.room.do(made, stand.chief).code == "shift.changed"
    assert (stand.get_shift(first).version, stand.get_shift(second).version) == (1, 1)


def test_that_presence_is_not_told_on_a_cancelled_shift(stand: DutyStand) -> None:
    number = stand.shift("夜班", 8, 16, "p-1")
    stand.room.done(CancelShift(shift=number, version=1, reason="并班"), stand.chief)
    told = TellPresence(shift=number, version=2, person="p-1", presence=Presence.PRESENT)
    assert stand.room.do(told, stand.chief).code == "shift.cancelled"


def test_that_what_would_lack_is_told_while_a_shift_is_written_and_nothing_is(stand: DutyStand) -> None:
    number = stand.shift("晚班", 8, 16, "p-1", "p-2")
    held = replace(
        stand.get_shift(number), demands=(Demand(role=DutyRole.OFFICER, count=2),),
        assignments=(Assignment(person="p-1", role=DutyRole.OFFICER),),
    )  # fmt: skip
    told = _checked(stand, AskShiftCheck(shift=held))
    assert [(gap.why, gap.missing) for gap in told.gaps] == [("nobody", 1)]
    night = replace(held, number=0, begins_at=held.ends_at, ends_at=held.ends_at + 8 * HOUR_NS)
    first = _checked(stand, AskShiftCheck(shift=night)).gaps[0]
    assert (first.shift, first.why) == (0, "rest")
    before = replace(held, number=0, begins_at=held.begins_at - 8 * HOUR_NS, ends_at=held.begins_at)
    assert ("rest", "p-1", number) in {
        (gap.why, gap.person, gap.shift) for gap in _checked(stand, AskShiftCheck(shift=before)).beside
    }
    # What another shift lacks anyway is not brought about by this one.
    lone = stand.shift("晨班", 20, 28)
    assert {gap.shift for gap in _checked(stand, AskShiftCheck(shift=before)).beside} == {number}
    assert lone != number
    together = _checked(stand, AskShiftCheck(shift=before, others=(replace(held, assignments=()),)))
    assert together.beside == ()
    assert stand.get_shift(number).version == 1


def test_that_a_shift_without_length_is_not_judged(stand: DutyStand) -> None:
    broken = Shift(number=0, centre="500000", name="空", begins_at=NOON_NS, ends_at=NOON_NS)
    reply = stand.room.ask("shift.check", AskShiftCheck(shift=broken), stand.chief)
    assert Reason(code=reply.code, params=reply.params).code == "shift.times"


def test_that_somebody_without_a_certificate_any_more_is_told_at_once(stand: DutyStand) -> None:
    number = stand.shift("晚班", 8, 16, "p-1")
    with stand.room.ledger.reading() as connection:
        person = duty_table.person(connection, "p-1")
    assert person is not None
    stand.room.done(SavePerson(person=replace(person, certificates=()), version=1), stand.chief)
    told = _checked(stand, AskShiftCheck(shift=stand.get_shift(number)))
    assert ("uncertified", "p-1") in {(gap.why, gap.person) for gap in told.gaps}


def _checked(stand: DutyStand, ask: AskShiftCheck) -> ShiftChecked:
    return stand.body(stand.room.ask("shift.check", ask, stand.chief), ShiftChecked)

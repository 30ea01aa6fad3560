"""The rules of duty: gaps of a roster before they happen, areas of covered seats, life cycles, items merged."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.duty import (
    Assignment,
    Certificate,
    Demand,
    DutyRole,
    Gap,
    HandoverState,
    Item,
    ItemKind,
    ItemState,
    Person,
    Presence,
    SeatCover,
    SeatDeed,
    Shift,
    ShiftState,
)
from chengyun_core.model.duty_rules import (
    SHEET_MOVES,
    SHIFT_MOVES,
    Ground,
    SheetMove,
    ShiftMove,
    areas_of,
    gaps,
    sheet_after,
    shift_after,
)
from chengyun_core.model.failure import Refused
from chengyun_core.model.handover_rules import changed, in_order, key_of, merged, refused, ticked, undecided

HOUR = 3600 * 10**9
DAY = 24 * HOUR
# 2026-11-21T00:00+08:00
MIDNIGHT = 1_795_190_400 * 10**9
ONE_OFFICER = (Demand(role=DutyRole.OFFICER, count=1),)


def _person(code: str, until: str = "2030-01-01") -> Person:
    return Person(
        code=code, name=code, centre="500000", certificates=(Certificate(role=DutyRole.OFFICER, until=until),)
    )


def _shift(number: int, begins_h: float, ends_h: float, *people: str, demands: tuple[Demand, ...] = ONE_OFFICER,
           presence: Presence = Presence.PLANNED) -> Shift:  # fmt: skip
    rows = tuple(Assignment(person=person, role=DutyRole.OFFICER, presence=presence) for person in people)
    return Shift(
        number=number, centre="500000", name="x", begins_at=MIDNIGHT + round(begins_h * HOUR),
        ends_at=MIDNIGHT + round(ends_h * HOUR), assignments=rows, demands=demands,
    )  # fmt: skip


def _ground(*people: Person, mode: str = "peacetime") -> Ground:
    return Ground(people={one.code: one for one in people}, rest_ns=11 * HOUR, mode=mode)


def _told(*shifts: Shift, ground: Ground) -> list[tuple[int, str, str, int]]:
    return [(gap.shift, gap.why, gap.person, gap.missing) for gap in gaps(shifts, ground)]


def test_that_a_place_without_anybody_is_a_gap() -> None:
    assert gaps((_shift(1, 0, 8),), _ground()) == (Gap(shift=1, role=DutyRole.OFFICER, missing=1, why="nobody"),)
    assert _told(_shift(1, 0, 8, "a"), ground=_ground(_person("a"))) == []


@pytest.mark.parametrize(("until", "why"), [("2026-11-21", []), ("2026-11-20", ["uncertified"])])
def test_that_a_certificate_holds_through_its_last_day(until: str, why: list[str]) -> None:
    # The shift ends at midnight after the 21st: its last moment is of the 21st.
    told = _told(_shift(1, 16, 24, "a"), ground=_ground(_person("a", until)))
    assert [found for _, found, _, _ in told] == why


@pytest.mark.parametrize(("rest_h", "why"), [(11.0, []), (10.99, ["rest"])])
def test_that_eleven_hours_lie_between_two_shifts_of_one_person(rest_h: float, why: list[str]) -> None:
    told = _told(_shift(1, 0, 8, "a"), _shift(2, 8 + rest_h, 16 + rest_h, "a"), ground=_ground(_person("a")))
    assert [(shift, found) for shift, found, _, _ in told] == [(2, found) for found in why]


def test_that_nobody_stands_on_two_shifts_at_once() -> None:
    told = _told(_shift(1, 0, 8, "a"), _shift(2, 7, 15, "a"), ground=_ground(_person("a")))
    assert told == [(1, "double", "a", 1), (2, "double", "a", 1)]


def test_that_the_absent_are_a_gap_and_who_comes_instead_closes_it() -> None:
    shift = _shift(1, 0, 8, "a", presence=Presence.ABSENT)
    ground = _ground(_person("a"), _person("b"))
    assert _told(shift, ground=ground) == [(1, "absent", "a", 1)]
    instead = Assignment(person="b", role=DutyRole.OFFICER, stands_in_for="a")
    assert _told(replace(shift, assignments=(*shift.assignments, instead)), ground=ground) == [(1, "absent", "a", 0)]


def test_that_emergency_asks_for_its_own_number() -> None:
    demands = (*ONE_OFFICER, Demand(role=DutyRole.OFFICER, count=3, mode="emergency"))
    shift = _shift(1, 0, 8, "a", demands=demands)
    assert _told(shift, ground=_ground(_person("a"))) == []
    assert _told(shift, ground=_ground(_person("a"), mode="emergency")) == [(1, "nobody", "", 2)]


def test_that_a_closed_shift_has_no_gaps_any_more() -> None:
    assert gaps((replace(_shift(1, 0, 8), state=ShiftState.CLOSED),), _ground()) == ()


PEOPLE = [_person(code) for code in "abcd"]
SHIFTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12), st.sets(st.sampled_from("abcd"), max_size=3)), max_size=6
).map(lambda rows: [_shift(n, at, at + long, *sorted(people)) for n, (at, long, people) in enumerate(rows, 1)])


@given(SHIFTS)
def test_that_gaps_agree_with_a_recount_of_who_may_stand_there(shifts: list[Shift]) -> None:
    told = gaps(shifts, _ground(*PEOPLE))
    for shift in shifts:
        fit = 0
        for one in shift.assignments:
            beside = [other for other in shifts if other is not shift and one.person in
                      {row.person for row in other.assignments}]  # fmt: skip
            double = any(o.begins_at < shift.ends_at and shift.begins_at < o.ends_at for o in beside)
            tired = any(o.ends_at <= shift.begins_at < o.ends_at + 11 * HOUR for o in beside)
            fit += not double and not tired
        assert sum(gap.missing for gap in told if gap.shift == shift.number) == max(0, 1 - fit)


def _cover(seat: str, by_seat: str) -> SeatCover:
    return SeatCover(seat=seat, by_seat=by_seat, deed=SeatDeed.COVERED, reason="x", since=0, by="a")


def test_that_who_covers_a_seat_covers_what_that_one_covers() -> None:
    areas = {"A": "1", "B": "2", "C": "3", "D": "1"}
    covers = (_cover("B", "A"), _cover("C", "B"), _cover("D", "A"))
    assert areas_of("A", areas, covers) == ("1", "2", "3")
    assert areas_of("C", areas, covers) == ("3",)
    assert areas_of("A", areas, (replace(covers[0], ended=True),)) == ("1",)


def test_that_moves_outside_the_tables_are_refused() -> None:
    for state in ShiftState:
        for move in ShiftMove:
            if (state, move) not in SHIFT_MOVES:
                with pytest.raises(Refused):
                    shift_after(state, move)
    for sheet in HandoverState:
        for step in SheetMove:
            if (sheet, step) not in SHEET_MOVES:
                with pytest.raises(Refused):
                    sheet_after(sheet, step)
    assert not any(state in (HandoverState.SIGNED, HandoverState.CANCELLED) for state, _ in SHEET_MOVES)


ITEMS = st.lists(
    st.builds(
        Item, kind=st.sampled_from(ItemKind), key=st.sampled_from("123"), title=st.just("t"), owner=st.just("li"),
        version=st.integers(1, 3), gravity=st.integers(0, 4), due_at=st.none() | st.integers(0, 9),
    ),
    max_size=8, unique_by=key_of,
)  # fmt: skip
STATES = st.sampled_from(ItemState)


@given(ITEMS, ITEMS, st.lists(STATES, min_size=8, max_size=8))
def test_that_a_merge_loses_nothing_and_decides_nothing_by_itself(
    before: list[Item], now: list[Item], states: list[ItemState]
) -> None:
    held = [replace(item, state=state, reason="r") for item, state in zip(before, states, strict=False)]
    told = merged(held, now)
    known, fresh = {key_of(item): item for item in held}, {key_of(item): item for item in now}
    assert {key_of(item) for item in told} == known.keys() | fresh.keys()
    for item in told:
        was, now_is = known.get(key_of(item)), fresh.get(key_of(item))
        if now_is is None:
            assert item.state is ItemState.SETTLED
        elif item.state is ItemState.KNOWN:
            assert was is not None
            assert (was.state, was.version) == (ItemState.KNOWN, now_is.version)
        elif item.state is ItemState.REFUSED:
            assert was is not None
            assert was.state is ItemState.REFUSED
        else:
            assert item.state is ItemState.OPEN
    assert merged(told, now) == told
    assert {*changed(held, told)} <= {f"{item.kind.value}/{item.key}" for item in undecided(told)}


@given(ITEMS)
def test_that_what_is_gravest_and_soonest_stands_first(items: list[Item]) -> None:
    order = in_order(items)
    for first, second in itertools.pairwise(order):
        assert first.gravity >= second.gravity
        if first.gravity == second.gravity and second.due_at is not None:
            assert first.due_at is not None
            assert first.due_at <= second.due_at


def test_that_a_tick_takes_a_refusal_back() -> None:
    item = Item(kind=ItemKind.EVENT, key="1", title="t", owner="wang")
    left = refused((item,), key_of(item), "不清", "li")
    assert (left[0].state, left[0].owner) == (ItemState.REFUSED, "li")
    assert ticked(left, key_of(item))[0].state is ItemState.KNOWN

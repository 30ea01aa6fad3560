"""The belt of the risk strip: it never jumps, never skips, and rests when it may."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from chengyun_widgets.ticker_lane import Lane
from chengyun_widgets.ticker_sequence import Sequence

GAP = 36.0
ROOM = 800.0
STEP = 2.0
KEYS = st.lists(st.integers(0, 30), max_size=20, unique=True)


def _widths(keys: list[int]) -> dict[str, float]:
    return {str(key): 120.0 + key * 7 for key in keys}


def _run(lane: Lane, distance: float) -> None:
    for _ in range(int(distance / STEP)):
        lane.advance(STEP, STEP / 60)


@given(st.lists(st.tuples(KEYS, st.integers(0, 150)), min_size=1, max_size=12))
def test_that_nothing_on_the_belt_ever_moves_but_with_the_belt(changes: list[tuple[list[int], int]]) -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    for keys, steps in changes:
        before = [(slot, slot.x, slot.width) for slot in lane.slots]
        offset = lane.offset
        lane.set_items(_widths(keys))
        assert lane.offset == offset
        for _ in range(steps):
            lane.advance(STEP, STEP / 60)
        assert all((slot.x, slot.width) == (x, width) for slot, x, width in before)
        kept = [slot for slot, _, _ in before if slot.right + GAP > lane.offset]
        assert [id(slot) for slot in lane.slots[: len(kept)]] == [id(slot) for slot in kept]
        assert lane.offset - offset <= steps * STEP


@given(st.lists(st.tuples(KEYS, st.integers(0, 150)), min_size=1, max_size=12))
def test_that_items_never_overlap_and_none_is_on_the_belt_twice(changes: list[tuple[list[int], int]]) -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    for keys, steps in changes:
        lane.set_items(_widths(keys))
        for _ in range(steps):
            lane.advance(STEP, STEP / 60)
        slots = lane.slots
        assert all(left.right + GAP <= right.x + 1e-6 for left, right in itertools.pairwise(slots))
        live = [slot.key for slot in slots if slot.is_live]
        assert len(live) == len(set(live))
        assert set(live) <= set(_widths(keys))


@given(KEYS)
def test_that_every_item_is_shown_before_the_loop_begins_again(keys: list[int]) -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    widths = _widths(keys)
    lane.set_items(widths)
    _run(lane, sum(widths.values()) + GAP * len(widths) + ROOM + 400)
    assert all(count >= 1 for count in lane.shown_counts().values())
    assert max(lane.shown_counts().values(), default=1) - min(lane.shown_counts().values(), default=1) <= 1


def test_that_five_hundred_items_are_all_shown() -> None:
    lane = Lane(GAP)
    lane.set_room(1300.0)
    lane.set_items({f"k{n}": 300.0 for n in range(500)})
    for _ in range(int((500 * 336 + 1700) / 15)):
        lane.advance(15.0, 0.25)
    assert min(lane.shown_counts().values()) >= 1
    assert len(lane.slots) < 8


def test_that_a_new_item_comes_next_although_the_loop_is_long() -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    items = {f"k{n}": 300.0 for n in range(100)}
    lane.set_items(items)
    _run(lane, 3300)
    lane.set_items({"new": 300.0} | items)
    _run(lane, ROOM + 3 * 336)
    assert lane.shown_counts()["new"] == 1


def test_that_a_flood_of_new_items_does_not_starve_the_old_ones() -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    items = {f"old{n}": 300.0 for n in range(10)}
    lane.set_items(items)
    _run(lane, 400)
    for wave in range(60):
        items = {f"new{wave}": 300.0} | items
        lane.set_items(items)
        _run(lane, 336)
    assert min(lane.shown_counts()[f"old{n}"] for n in range(10)) >= 2
    _run(lane, 70 * 340 + ROOM)
    assert min(lane.shown_counts().values()) >= 1


def test_that_a_short_list_stands_still_in_full_view() -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    lane.set_items({"a": 200.0, "b": 200.0})
    assert not lane.advance(STEP, 0.03)
    assert lane.offset == 0.0
    assert lane.shown_counts() == {"a": 1, "b": 1}


def test_that_a_list_that_became_short_comes_to_rest_again() -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    lane.set_items(dict.fromkeys("abcdef", 200.0))
    _run(lane, 1000)
    lane.set_items(dict.fromkeys("bde", 200.0))
    _run(lane, 3000)
    rest = lane.offset
    _run(lane, 100)
    assert lane.offset == rest
    assert {slot.key for slot in lane.slots} == set("bde")


def test_that_a_removed_item_fades_and_keeps_its_room_until_it_has_left() -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    lane.set_items({"a": 300.0, "b": 300.0, "c": 300.0})
    lane.set_items({"a": 300.0, "c": 300.0})
    _run(lane, 60)
    gone = next(slot for slot in lane.slots if slot.key == "b")
    assert (gone.x, gone.width, gone.opacity) == (336.0, 300.0, 0.0)
    assert lane.slot_at(336.0 + 10 - lane.offset) is None


def test_that_the_belt_begins_by_standing_until_its_first_item_was_read() -> None:
    lane = Lane(GAP)
    lane.set_room(ROOM)
    lane.set_items({f"k{n}": 300.0 for n in range(10)})
    _run(lane, 230)
    assert lane.offset == 0.0
    _run(lane, 100)
    assert lane.offset > 0.0
    assert lane.sequence.count().missed == 0
    assert lane.sequence.count().shown >= 1


def test_that_nothing_moves_when_the_left_edge_moves() -> None:
    lane = Lane(GAP)
    lane.set_room(800.0, 100.0)
    lane.set_items({f"k{n}": 300.0 for n in range(10)})
    _run(lane, 600)

    def places() -> dict[int, float]:
        return {slot.serial: left + slot.x - lane.offset for slot in lane.slots}

    left = 100.0
    before = places()
    left = 420.0
    lane.set_room(480.0, left)
    assert all(places()[serial] == at for serial, at in before.items() if serial in places())
    left = 60.0
    lane.set_room(840.0, left)
    assert all(places()[serial] == at for serial, at in before.items() if serial in places())


@given(st.lists(st.tuples(KEYS, st.integers(0, 200), st.integers(300, 1000)), min_size=1, max_size=12))
def test_that_the_books_balance_and_nobody_is_overtaken(changes: list[tuple[list[int], int, int]]) -> None:
    lane = Lane(GAP)
    for keys, steps, room in changes:
        lane.set_room(float(room), 1000.0 - room)
        lane.set_items(_widths(keys))
        for _ in range(steps):
            lane.advance(STEP, STEP / 60)
        told = lane.sequence.count()
        assert told.missed == 0
        assert told.came == told.shown + told.waiting + told.withdrawn
    widths = _widths(changes[-1][0])
    _run(lane, 2 * (sum(widths.values()) + GAP * len(widths)) + 4000)
    told = lane.sequence.count()
    assert (told.waiting, told.missed) == (0, 0)


def test_that_a_lane_that_favours_one_item_is_found_out() -> None:
    sequence = Sequence()
    sequence.keep(["a", "b"])
    sequence.placed("a")
    sequence.shown("a")
    sequence.keep(["a", "b", "c"])
    sequence.placed("a")
    sequence.placed("a")
    assert sequence.count().missed == 2
    sequence.keep(["a"])
    told = sequence.count()
    assert (told.came, told.shown, told.withdrawn, told.missed) == (3, 1, 0, 2)

"""The pinned lane: what waits for an acknowledgement stands, takes turns when it must, and never jumps."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from chengyun_widgets.ticker_pinned import PAGE_S, PinnedLane

ROOM = 700.0
FRAME_S = 0.1
KEYS = st.lists(st.integers(0, 20), max_size=12, unique=True)


def _widths(keys: list[int]) -> dict[str, float]:
    return {str(key): 150.0 + key * 10 for key in keys}


def _run(lane: PinnedLane, seconds: float) -> None:
    for _ in range(int(seconds / FRAME_S)):
        lane.advance(FRAME_S)


def test_that_what_fits_stands_for_ever() -> None:
    lane = PinnedLane(8.0)
    lane.set_items({"a": 200.0, "b": 200.0}, ROOM)
    _run(lane, 60)
    assert [(stand.key, stand.x) for stand in lane.stands] == [("a", 0.0), ("b", 208.0)]
    assert (lane.waiting, lane.width) == (0, 408.0)


def test_that_each_gets_its_page_when_more_stand_than_fit() -> None:
    lane = PinnedLane(8.0)
    lane.set_items({f"k{n}": 300.0 for n in range(7)}, ROOM)
    pages = []
    for _ in range(4):
        pages.append({stand.key for stand in lane.stands})
        assert lane.waiting == 7 - len(pages[-1])
        assert lane.width == 608.0
        _run(lane, PAGE_S + 3 * FRAME_S)
    assert set.union(*pages) == {f"k{n}" for n in range(7)}
    assert lane.sequence.count().missed == 0


def test_that_an_item_wider_than_its_room_stands_all_the_same() -> None:
    lane = PinnedLane(8.0)
    lane.set_items({"wide": 900.0}, ROOM)
    assert [stand.key for stand in lane.stands] == ["wide"]


def test_that_the_rest_slides_up_when_one_is_acknowledged() -> None:
    lane = PinnedLane(8.0)
    lane.set_items({"a": 200.0, "b": 200.0}, ROOM)
    lane.set_items({"b": 200.0}, ROOM)
    assert [(stand.key, stand.x) for stand in lane.stands] == [("b", 208.0)]
    lane.advance(FRAME_S)
    assert 0 < lane.stands[0].x < 208.0
    _run(lane, 2)
    assert lane.stands[0].x == 0.0


@given(st.lists(st.tuples(KEYS, st.integers(0, 80)), min_size=1, max_size=10))
def test_that_insertion_and_removal_move_nothing_and_everyone_is_shown(changes: list[tuple[list[int], int]]) -> None:
    lane = PinnedLane(8.0)
    for keys, frames in changes:
        before = {stand.key: stand.x for stand in lane.stands}
        lane.set_items(_widths(keys), ROOM)
        after = {stand.key: stand.x for stand in lane.stands}
        assert all(after[key] == x for key, x in before.items() if key in _widths(keys))
        assert all(left.right <= right.x for left, right in itertools.pairwise(lane.stands))
        for _ in range(frames):
            lane.advance(FRAME_S)
    _run(lane, PAGE_S * (len(changes[-1][0]) + 2))
    told = lane.sequence.count()
    assert (told.missed, told.waiting) == (0, 0)
    assert told.came == told.shown + told.withdrawn

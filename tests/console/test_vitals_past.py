"""The parts of page F2's past: tiles that are asked, kept and asked again; what is usual; who is compared with whom."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from chengyun_console.pages.limit_history import LimitPast, limit_runs, limit_steps, unchanged_since
from chengyun_console.pages.vitals.alike import family_of, shape_of
from chengyun_console.pages.vitals.tiles import (
    LONGEST_RETRY_NS,
    MOST_ASKED,
    MOST_TILES,
    OPEN_STALE_NS,
    TileStore,
    level_of,
    tile_ns,
)
from chengyun_console.pages.vitals.usual_day import DAY_NS, even_points, usual
from chengyun_console.session.answers import WindowSeries
from chengyun_console.session.background import Background
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.alarm_records import ThresholdChange
from chengyun_core.model.catalogue import Catalogue, Threshold
from chengyun_core.model.failure import Reason
from chengyun_core.model.places import Centre
from chengyun_core.model.scales import Level
from tests.support.small_city import small_city

S = 1_000_000_000
NOW = 20_000 * DAY_NS + 333 * S
"""In the middle of a tile, whatever its length."""
HOUR = 3600 * S
BIN = 300 * S


class Door:
    """What a store asks, answered when the test says so."""

    def __init__(self, period_s: float = 5.0) -> None:
        self.asked: list[tuple[int, int, object, str]] = []
        self.store = TileStore(self.ask, period_s, "t")

    def ask(self, from_ns, to_ns, pixels, answer, slot):
        self.asked.append((from_ns, to_ns, answer, slot))

    def answer(self, *, failed: str = "", unreached: str = "", oldest_ns: int = 0) -> None:
        asked, self.asked = self.asked, []
        for from_ns, to_ns, answer, _slot in asked:
            time = np.arange(max(from_ns, oldest_ns), to_ns, 5 * S)
            answer(
                WindowSeries(
                    vital=0,
                    from_ns=from_ns,
                    to_ns=to_ns,
                    time=time if not failed else time[:0],
                    value=np.ones(time.size) if not failed else np.empty(0),
                    raw=True,
                    oldest_ns=oldest_ns,
                    failed=Reason(code=failed) if failed else None,
                    unreached=Reason(code=unreached) if unreached else None,
                )
            )

    def tend(self, t0_ns: int, t1_ns: int, at_s: float = 1.0, now_ns: int = NOW) -> None:
        self.store.tend(t0_ns, t1_ns, now_ns, round(at_s * S))


@given(st.integers(2 * S, 400 * DAY_NS))
def test_that_two_to_five_tiles_make_a_window(span_ns: int) -> None:
    length = tile_ns(level_of(span_ns))
    assert length <= max(span_ns // 2, tile_ns(0))
    assert length > span_ns // 4


def test_that_a_store_never_has_more_under_way_than_it_may() -> None:
    door = Door()
    for back in range(40):
        door.tend(NOW - back * DAY_NS - HOUR, NOW - back * DAY_NS)
    assert len(door.asked) == MOST_ASKED
    assert len({slot for *_rest, slot in door.asked}) == MOST_ASKED, "each in a slot of its own"


def test_that_what_was_answered_is_not_asked_again_but_the_tile_of_the_present_is() -> None:
    door = Door()
    for _ in range(3):
        door.tend(NOW - HOUR, NOW)
        door.answer()
    assert not door.asked
    for at_s in range(2, OPEN_STALE_NS // S, 10):
        door.tend(NOW - HOUR, NOW, at_s)
    assert not door.asked
    door.tend(NOW - HOUR, NOW, 1 + OPEN_STALE_NS / S)
    assert [to_ns for _from, to_ns, *_rest in door.asked] == [NOW - 1]


def test_that_a_page_that_was_away_asks_the_present_at_once() -> None:
    door = Door()
    for _ in range(3):
        door.tend(NOW - HOUR, NOW)
        door.answer()
    door.tend(NOW - HOUR, NOW, 40.0)
    assert len(door.asked) == 1


@pytest.mark.parametrize("how", ["failed", "unreached"])
def test_that_a_tile_nobody_answered_is_asked_again_ever_more_rarely(how: str) -> None:
    door, times, at_s = Door(), [], 1.0
    more = {how: "session.no_answer", **({"oldest_ns": NOW - 60 * S} if how == "unreached" else {})}
    door.tend(NOW - 2 * HOUR, NOW - HOUR, at_s)
    watched = door.asked[0][3]
    for _ in range(1200):
        door.tend(NOW - 2 * HOUR, NOW - HOUR, at_s)
        if any(slot == watched for *_rest, slot in door.asked):
            times.append(at_s)
        door.answer(**more)
        at_s += 0.5
    pauses = np.diff(times)
    assert pauses[:5] == pytest.approx([3.0, 6.0, 12.0, 24.0, 48.0])
    assert pauses[5:] == pytest.approx(LONGEST_RETRY_NS / S)
    at_s += LONGEST_RETRY_NS / S
    for _ in range(2):
        door.tend(NOW - 2 * HOUR, NOW - HOUR, at_s)
        door.answer()
    assert all(tile.is_whole for tile in door.store.pieces(NOW - 2 * HOUR, NOW - HOUR))


def test_that_old_tiles_leave_and_memory_stays_bounded() -> None:
    door = Door()
    for back in range(60):
        for _ in range(4):
            door.tend(NOW - back * DAY_NS - HOUR, NOW - back * DAY_NS)
            door.answer()
    assert len(door.store._tiles) <= MOST_TILES


def test_that_a_restarted_ingest_that_knows_less_takes_nothing_away() -> None:
    door = Door()
    for _ in range(3):
        door.tend(NOW - HOUR, NOW)
        door.answer()
    before = sum(tile.time.size for tile in door.store.pieces(NOW - HOUR, NOW))
    door.store.forget()
    for _ in range(3):
        door.tend(NOW - HOUR, NOW, 2.0)
        door.answer(oldest_ns=NOW - 60 * S)
    assert sum(tile.time.size for tile in door.store.pieces(NOW - HOUR, NOW)) == before


def test_that_another_level_stands_in_until_the_answer_comes() -> None:
    door = Door()
    for _ in range(3):
        door.tend(NOW - HOUR, NOW)
        door.answer()
    time, _value, _doubt = door.store.stopgaps(NOW - 600 * S, NOW)
    assert time.size
    assert NOW - 600 * S <= time.min() <= time.max() < NOW


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3599), st.floats(-1e3, 1e3)), max_size=60, unique_by=lambda row: row[0]),
        min_size=1,
        max_size=4,
    )
)
def test_that_the_shares_are_those_of_all_days_together(days: list[list[tuple[int, float]]]) -> None:
    points = [
        (np.array([NOW + at * S for at, _ in sorted(day)], np.int64), np.array([value for _, value in sorted(day)]))
        for day in days
    ]
    found = usual(points, NOW, NOW + HOUR, NOW + 2 * HOUR)
    pooled = [(int(t) // BIN, v) for time, value in points for t, v in zip(time, value, strict=True)]
    for k, middle_ns in enumerate(found.envelope.time):
        inside = [v for place, v in pooled if place == int(middle_ns) // BIN]
        if not inside:
            assert np.isnan(found.envelope.middle[k])
            continue
        told = (found.envelope.low[k], found.envelope.middle[k], found.envelope.high[k])
        assert np.allclose(told, np.percentile(inside, [10, 50, 90]))


def test_that_extremes_do_not_lean_the_shares() -> None:
    door = Door()
    for _ in range(3):
        door.tend(NOW - HOUR, NOW)
        door.answer()
    tiles = door.store.pieces(NOW - HOUR, NOW)
    width = (tiles[0].to_ns - tiles[0].from_ns) // 1024
    crowded = tiles[0]
    crowded.time = np.sort(np.concatenate([crowded.from_ns + np.arange(0, 4) * (width // 8)]))
    crowded.value = np.array([1.0, -99.0, 99.0, 1.0])
    time, value = even_points([crowded])
    assert (time.tolist(), value.tolist()) == ([crowded.from_ns], [1.0])


def districts(city: Catalogue, *codes: str) -> Catalogue:
    """Return the city with these districts, its vitals lying in them in turn."""
    centres = (city.centres[0], *(Centre(code=c, name=c, level=Level.DISTRICT, parent="500000") for c in codes))
    town = Centre(code="T", name="T", level=Level.TOWN, parent=codes[0])
    vitals = tuple(replace(v, centre=codes[v.number // 4 % len(codes)]) for v in city.vitals)
    return replace(city, centres=(*centres, town), vitals=vitals)


def test_that_one_vital_per_district_is_compared_the_asked_one_first() -> None:
    city = districts(small_city(24), "A", "B", "C")
    vitals = tuple(replace(v, centre="T") if v.number == 12 else v for v in city.vitals)
    names = Gazetteer(CatalogueView(replace(city, vitals=vitals)))
    found = family_of(names, 8)
    assert found.numbers == (8, 0, 4)
    assert found.left_out == 3
    assert family_of(names, 12).numbers == (12, 4, 8), "a town's vital stands for its own district when it is asked"


def test_that_without_districts_every_vital_is_a_place_of_its_own() -> None:
    names = Gazetteer(CatalogueView(small_city(12)))
    assert family_of(names, 4).numbers == (4, 0, 8)


def test_that_a_formula_is_compared_without_its_devices() -> None:
    assert shape_of("last(RAIN-1.rain_1h)") == shape_of("last(RAIN-22.rain_1h)") == "last(.rain_1h)"
    assert shape_of("last(RAIN-1.rain_1h)") != shape_of("last(RAIN-1.rain_24h)")
    assert shape_of("mean(P-1#*.x)") != shape_of("max(P-1#*.x)")
    assert shape_of("?") == "?"


def change(before: str, after: str, *, of: str = "n", column: str = "high_red") -> ThresholdChange:
    """Return a change of one limit in one set."""
    return ThresholdChange(
        number=1, threshold_set=of, vital_code="V", before={column: before}, after={column: after},
        reason="", author="", author_seat="", asked_at=0,
    )  # fmt: skip


def rule(of: str = "n", **limits: float) -> Threshold:
    """Return the vital's rule in a set."""
    return Threshold(threshold_set=of, vital="V", **limits)


def test_that_limits_go_back_through_every_change_and_changes_to_come_do_nothing() -> None:
    past = LimitPast(
        rules={"n": rule(high_red=90.0, low_blue=1.0)}, sets=((0, "n"),),
        changes=[(300, change("90", "95")), (200, change("", "90")), (100, change("80", ""))],
    )  # fmt: skip
    runs = limit_runs(past, 250)
    red, blue = runs["high_red"], runs["low_blue"]
    assert red[0] == (0, 80.0)
    assert np.isnan(red[1][1])
    assert red[2:] == [(200, 90.0)]
    assert blue == [(0, 1.0)]
    assert unchanged_since(runs) == 200
    assert {int(line.severity) for line in limit_steps(runs)} == {1, 4}


def test_that_a_switch_of_sets_is_a_step_to_the_limits_that_set_had_then() -> None:
    past = LimitPast(
        rules={"dry": rule("dry", high_red=90.0), "flood": rule("flood", high_red=70.0, high_blue=50.0)},
        sets=((10, "dry"), (100, "flood"), (200, "dry")),
        changes=[(50, change("60", "65", of="flood")), (150, change("65", "70", of="flood")),
                 (170, change("80", "90", of="dry"))],
    )  # fmt: skip
    runs = limit_runs(past, 1000)
    assert runs["high_red"] == [(0, 80.0), (100, 65.0), (150, 70.0), (200, 90.0)]
    assert [at for at, _ in runs["high_blue"]] == [0, 100, 200]
    assert runs["high_blue"][1][1] == 50.0
    assert not limit_steps(limit_runs(replace(past, sets=((10, "dry"),), changes=()), 1000)), "bands tell that as well"


def test_that_before_a_whole_import_nothing_is_guessed() -> None:
    past = LimitPast(
        rules={"n": rule(high_red=90.0)}, sets=((10, "n"),), changes=[(100, change("80", "90"))], known_since=60
    )  # fmt: skip
    red = limit_runs(past, 1000)["high_red"]
    assert np.isnan(red[0][1])
    assert red[1:] == [(60, 80.0), (100, 90.0)]


SETS = st.sampled_from(["a", "b", "c"])


@given(
    start=st.fixed_dictionaries({code: st.integers(0, 3) for code in "abc"}),
    moves=st.lists(st.tuples(SETS, st.integers(-1, 3)), max_size=12),
    first=SETS,
)
def test_that_limits_gone_back_are_those_that_were_lived_through(
    start: dict[str, int], moves: list[tuple[str, int]], first: str
) -> None:
    now, in_force, lived = dict(start), first, [(0, start[first])]
    sets, changes = [(1, first)], []
    for at, (of, to) in enumerate(moves, 1):
        if to < 0 and of != in_force:
            in_force = of
            sets.append((at * 10, of))
        elif to >= 0 and to != now[of]:
            changes.append((at * 10, change(str(now[of]), str(to), of=of)))
            now[of] = to
        lived.append((at * 10, now[in_force]))
    past = LimitPast(rules={of: rule(of, high_red=value) for of, value in now.items()}, sets=sets, changes=changes)
    red = limit_runs(past, 10_000)["high_red"]
    for at, value in lived:
        assert next(limit for since, limit in reversed(red) if since <= at) == value
    assert all(one[1] != other[1] for one, other in pairwise(red))


def test_that_work_in_the_background_hands_over_only_the_newest_and_raises_what_failed(qtbot: QtBot) -> None:
    background, came = Background(), []
    background.run("a", lambda: 1, came.append)
    background.run("a", lambda: 2, came.append)
    qtbot.waitUntil(lambda: came == [2], timeout=20_000)
    with qtbot.captureExceptions() as caught:
        background.run("a", lambda: 1 // 0, came.append)
        qtbot.waitUntil(lambda: bool(caught), timeout=20_000)
    assert caught[0][0] is ZeroDivisionError
    assert came == [2]

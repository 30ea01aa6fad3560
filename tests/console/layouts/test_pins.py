"""Pinned charts: who chooses them, how they are moved, and where they lie."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.layouts import masters, pins, tiling
from chengyun_console.layouts.overlay import MOST_PINS, Pin
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.failure import Refused
from tests.support.small_city import small_city

SIZES = st.lists(st.sampled_from([1, 2, 4]), min_size=1, max_size=MOST_PINS)
FOUR = tuple(Pin(vital=code) for code in "abcd")


def _codes(charts: pins.Pins) -> str:
    return "".join(pin.vital for pin in charts)


def _master(**row: object) -> masters.Master:
    any_master = next(m for m in masters.shipped().masters if m.row.code == "any")
    return replace(any_master, row=replace(any_master.row, **row))  # type: ignore[arg-type]


def test_that_a_master_pins_what_the_catalogue_ranks() -> None:
    view = CatalogueView(small_city())
    assert [pin.vital for pin in pins.of_master(_master(), view, centre="500000", sector="")] == ["V0000", "V0001"]


def test_that_a_sectors_master_pins_its_own_vitals_first_and_ranked_ones_before_the_others() -> None:
    view = CatalogueView(small_city())
    charts = pins.of_master(_master(pinned="sector", charts=5), view, centre="500000", sector="S2")
    assert [pin.vital for pin in charts] == ["V0003", "V0007", "V0011", "V0000", "V0001"]


def test_that_a_districts_master_pins_the_vitals_of_its_area() -> None:
    city = small_city()
    elsewhere = replace(city.vitals[0], centre="500000")
    view = CatalogueView(replace(city, vitals=(elsewhere, *city.vitals[1:])))
    charts = pins.of_master(_master(pinned="area", charts=3), view, centre="500103", sector="")
    assert [pin.vital for pin in charts] == ["V0001", "V0002", "V0003"]


@given(st.permutations("abcdef"), st.integers(-3, 9), st.integers(0, 3), st.integers(0, 5))
def test_that_moving_loses_no_chart_and_leaves_the_kept_ones(order: list[str], to: int, kept: int, which: int) -> None:
    charts = tuple(Pin(vital=code) for code in order)
    if which < kept:
        with pytest.raises(Refused):
            pins.moved(charts, order[which], to, kept=kept)
        return
    after = pins.moved(charts, order[which], to, kept=kept)
    assert sorted(_codes(after)) == sorted(order)
    assert after[:kept] == charts[:kept]
    assert [c for c in _codes(after) if c != order[which]] == [c for c in order if c != order[which]]


def test_that_a_chart_is_moved_added_sized_and_removed() -> None:
    assert _codes(pins.moved(FOUR, "d", 0, kept=1)) == "adbc"
    assert _codes(pins.added(FOUR, "e")) == "abcde"
    assert pins.sized(FOUR, "b", 4)[1].size == 4
    assert _codes(pins.removed(FOUR, "b", kept=0)) == "acd"


def test_that_what_cannot_be_done_is_refused_with_its_reason() -> None:
    full = tuple(Pin(vital=str(at)) for at in range(MOST_PINS))
    for deed, code in (
        (lambda: pins.added(FOUR, "a"), "pinned_already"),
        (lambda: pins.added(full, "x"), "full"),
        (lambda: pins.removed(FOUR, "x", kept=0), "not_pinned"),
        (lambda: pins.removed(FOUR, "a", kept=1), "chart_locked"),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.reason.code == f"console.layout.{code}"


@given(SIZES, st.integers(1, 8))
def test_that_no_two_charts_lie_on_one_another_and_none_outside(sizes: list[int], columns: int) -> None:
    placed = tiling.cells(sizes, columns)
    covered = [
        (cell.row + down, cell.column + right) for cell in placed for down in range(cell.rows)
        for right in range(cell.columns)
    ]  # fmt: skip
    assert len(covered) == len(set(covered))
    assert all(column < columns for _row, column in covered)
    assert len(placed) == len(sizes)


@given(SIZES, st.integers(300, 3840), st.integers(200, 2160))
def test_that_columns_are_as_wide_as_a_chart_needs(sizes: list[int], width: int, height: int) -> None:
    columns = tiling.columns_for(width, height, sizes)
    assert columns >= 1
    assert columns == 1 or columns <= 2 or width // columns >= tiling.LEAST_WIDTH_PX


@pytest.mark.parametrize(
    ("width", "height", "count", "columns"),
    [
        (1370, 470, 6, 3),
        (930, 330, 6, 3),
        (2070, 1900, 6, 2),
        (2070, 1900, 16, 3),
        (1370, 470, 16, 5),
        (640, 900, 6, 2),
    ],
)
def test_that_six_and_sixteen_charts_take_the_columns_the_eye_would(
    width: int, height: int, count: int, columns: int
) -> None:
    assert tiling.columns_for(width, height, [1] * count) == columns


def test_that_a_chart_finds_its_neighbours() -> None:
    placed = tiling.cells([4, 1, 1, 2], 3)
    assert tiling.neighbour(placed, 0, 1, 0) == 1
    assert tiling.neighbour(placed, 1, 0, 1) == 2
    assert tiling.neighbour(placed, 2, -1, 0) == 0
    assert tiling.neighbour(placed, 0, 0, 1) == 3
    assert tiling.neighbour(placed, 0, -1, 0) == 0

"""Cells of every zoom count what stands in them, one by one, however devices change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.density import NEAREST, WHAT, Density
from chengyun_core.ingest.ground import FINEST, SCALE, Ground, fractions
from chengyun_core.model.device import DeviceState

CITY = (106.0, 29.0)


def _city(count: int, seed: int, *, wide: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    return fractions(CITY[0] + dice.random(count) * wide, CITY[1] + dice.random(count) * wide)


def _counted(x, y, state, zoom, corner, shape, what) -> tuple[np.ndarray, np.ndarray]:
    """Count device by device."""
    counts, worst = np.zeros(shape, np.uint32), np.zeros(shape, np.uint8)
    for at in range(x.size):
        column, row = int(x[at] / SCALE * 2**zoom) - corner[0], int(y[at] / SCALE * 2**zoom) - corner[1]
        if 0 <= row < shape[0] and 0 <= column < shape[1] and DeviceState(int(state[at])) in WHAT[what]:
            counts[row, column] += 1
            worst[row, column] = max(worst[row, column], state[at])
    return counts, worst


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**31), st.integers(1, 200), st.integers(0, NEAREST), st.sampled_from(sorted(WHAT)),
    st.sampled_from([1.0, 0.01, 0.0001]),
)  # fmt: skip
def test_that_a_view_is_what_counting_one_by_one_gives(
    seed: int, count: int, zoom: int, what: str, wide: float
) -> None:
    dice = np.random.default_rng(seed)
    x, y = _city(count, seed, wide=wide)
    state = dice.integers(0, len(DeviceState), count, dtype=np.uint8)
    density = Density(Ground(x, y, np.arange(count, dtype=np.uint32), count))
    density.take(state)
    middle = int(dice.integers(0, count))
    corner = (int(x[middle] / SCALE * 2**zoom) - 3, int(y[middle] / SCALE * 2**zoom) - 4)
    corner = (max(0, corner[0]), max(0, corner[1]))
    counts, worst = density.view(zoom, *corner, 9, 8, what)
    expected, gravest = _counted(x, y, state, zoom, corner, (8, 9), what)
    assert (counts == expected).all()
    assert (worst == gravest).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_that_counts_follow_every_change_in_every_zoom(seed: int, steps: list[int]) -> None:
    dice = np.random.default_rng(seed)
    count = 400
    x, y = _city(count, seed)
    changed, anew = (Density(Ground(x, y, np.arange(count, dtype=np.uint32), count)) for _ in range(2))
    for step in steps:
        slots = dice.choice(count, step, replace=False).astype(np.uint32)
        changed.change(slots, dice.integers(0, len(DeviceState), step, dtype=np.uint8))
    anew.take(changed.state)
    for zoom in range(FINEST + 1):
        level = anew.ground.levels[zoom]
        for key in level.keys[:: max(1, level.keys.size // 20)].tolist():
            column, row = key % 2**zoom, key >> zoom
            for what in WHAT:
                one, other = (density.view(zoom, column, row, 1, 1, what) for density in (changed, anew))
                assert (one[0], one[1]) == (other[0], other[1])


def test_that_levels_above_the_sparse_ones_are_added_to_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chengyun_core.ingest.density.SPARSE", 1)
    monkeypatch.setattr("chengyun_core.ingest.density.MANY", 1)
    test_that_counts_follow_every_change_in_every_zoom()


def test_that_a_near_view_of_too_many_devices_is_not_affordable_and_a_counted_one_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, y = _city(400, 3, wide=0.001)
    density = Density(Ground(x, y, np.arange(400, dtype=np.uint32), 400))
    zoom = FINEST + 2
    corner = (int(x.min() / SCALE * 2**zoom), int(y.min() / SCALE * 2**zoom))
    assert density.is_affordable(zoom, *corner, 50, 50)
    monkeypatch.setattr("chengyun_core.ingest.density.NEAR_MOST", 399)
    assert not density.is_affordable(zoom, *corner, 50, 50)
    assert density.is_affordable(FINEST, *(part >> 2 for part in corner), 50, 50)
    assert density.is_affordable(zoom, corner[0] + 10_000, corner[1], 50, 50)


@pytest.mark.parametrize("zoom", [3, FINEST, FINEST + 3])
def test_that_a_view_beyond_the_east_of_the_world_has_nothing_of_its_west(zoom: int) -> None:
    y = np.full(2, 1 << 31, np.uint32)
    x = np.array([2**32 - 1, 0], np.uint32)
    density = Density(Ground(x, y - np.array([1, 0], np.uint32), np.arange(2, dtype=np.uint32), 2))
    last, middle = 2**zoom - 1, 2 ** (zoom - 1)
    counts, _ = density.view(zoom, last - 1, middle - 2, 40, 4, "all")
    assert np.argwhere(counts).tolist() == [[1, 1]]


def test_that_a_device_without_a_place_counts_nowhere_and_breaks_nothing() -> None:
    x, y = _city(2, 5)
    density = Density(Ground(x, y, np.array([4, 1], np.uint32), 6))
    density.change(np.arange(6, dtype=np.uint32), np.full(6, DeviceState.RED, np.uint8))
    counts, worst = density.view(0, 0, 0, 1, 1, "all")
    assert (counts[0, 0], worst[0, 0]) == (2, DeviceState.RED)
    assert density.state.tolist() == [DeviceState.RED] * 6
    assert density.ground.placed == 2


def test_that_a_city_without_devices_has_a_map() -> None:
    empty = np.empty(0, np.uint32)
    density = Density(Ground(empty, empty, empty, 0))
    assert density.view(0, 0, 0, 1, 1, "all")[0].tolist() == [[0]]
    assert density.view(20, 5, 5, 3, 2, "silent")[0].shape == (2, 3)
    density.take(np.empty(0, np.uint8))
    assert density.version == 1


def test_that_places_come_back_to_a_centimetre() -> None:
    x, y = _city(1000, 3)
    ground = Ground(x, y, np.arange(1000, dtype=np.uint32), 1000)
    back_x, back_y = ground.fractions_of(np.arange(1000))
    assert (back_x == x[ground.slots]).all()
    assert (back_y == y[ground.slots]).all()


def test_that_more_devices_than_fit_beside_their_key_are_sorted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = _city(300, 8)
    slots = np.arange(300, dtype=np.uint32)
    packed = Ground(x, y, slots, 300)
    monkeypatch.setattr("chengyun_core.ingest.ground.KEY_BITS", 36)
    apart = Ground(x, y, slots, 300)
    assert (packed.start == apart.start).all()
    assert (np.sort(packed.slots) == np.sort(apart.slots)).all()
    assert (packed.cell_of == apart.cell_of).all()


def test_that_a_version_changes_with_a_state_and_with_nothing_else() -> None:
    x, y = _city(10, 1)
    density = Density(Ground(x, y, np.arange(10, dtype=np.uint32), 10))
    before = density.version
    density.change(np.array([3], np.uint32), np.array([DeviceState.NEVER], np.uint8))
    assert density.version == before
    density.change(np.array([3], np.uint32), np.array([DeviceState.SILENT], np.uint8))
    assert density.version > before

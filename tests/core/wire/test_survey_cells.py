"""Cells of a density view: exact there and back, and nothing of what is damaged gets through."""

import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.device import DeviceState
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.survey_asks import DensityView
from chengyun_core.wire.survey_cells import MOST_CELLS, packed, unpacked


def _view(width: int, height: int, cells: bytes) -> DensityView:
    return DensityView(zoom=12, column=3260, row=1690, width=width, height=height, cells=cells)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_that_counts_and_states_come_back_as_they_went(width: int, height: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    counts = dice.integers(0, 2**32, (height, width), dtype=np.uint32)
    worst = dice.integers(0, len(DeviceState), (height, width), dtype=np.uint8)
    back, states = unpacked(_view(width, height, packed(counts, worst)))
    assert (back == counts).all()
    assert (states == worst).all()


@given(st.binary(max_size=200), st.integers(-2, 3000), st.integers(-2, 3000))
def test_that_bytes_of_any_kind_are_cells_or_a_bad_message(data: bytes, width: int, height: int) -> None:
    with pytest.raises(BadMessage):
        unpacked(_view(width, height, data))


def test_that_cells_that_swell_are_not_unpacked_beyond_what_the_answer_says() -> None:
    bomb = zlib.compress(bytes(50_000_000))
    with pytest.raises(BadMessage):
        unpacked(_view(4, 4, bomb))
    with pytest.raises(BadMessage):
        unpacked(_view(MOST_CELLS, 2, bomb))


def test_that_a_state_nobody_knows_is_refused() -> None:
    worst = np.full((2, 2), max(DeviceState) + 1, np.uint8)
    with pytest.raises(BadMessage):
        unpacked(_view(2, 2, packed(np.ones((2, 2), np.uint32), worst)))


def test_that_cells_that_break_off_are_refused() -> None:
    whole = _view(2, 2, packed(np.ones((2, 2), np.uint32), np.ones((2, 2), np.uint8)))
    with pytest.raises(BadMessage):
        unpacked(replace(whole, cells=whole.cells[:-3]))

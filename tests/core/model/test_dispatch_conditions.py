"""Spans of the day in routes."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.dispatch_conditions import hours_of, within_hours
from chengyun_core.model.failure import Refused


@pytest.mark.parametrize("text", ["8-18", "08:00", "08:00-24:00", "08:00 - 18:00", "８:00-18:00"])
def test_that_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        hours_of(text)


@given(st.times(), st.integers(0, 1439), st.integers(0, 1439))
def test_that_a_span_and_its_complement_hold_the_whole_day(minute: time, begins: int, ends: int) -> None:
    one, other = (f"{at // 60:02}:{at % 60:02}" for at in (begins, ends))
    if begins == ends:
        assert not within_hours(f"{one}-{other}", minute)
    else:
        assert within_hours(f"{one}-{other}", minute) != within_hours(f"{other}-{one}", minute)

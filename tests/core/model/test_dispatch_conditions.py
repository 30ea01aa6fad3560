"""What a route's conditions and hours mean."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model.dispatch_conditions import condition_of, holds, within_hours
from chengyun_core.model.failure import Refused


@pytest.mark.parametrize(
    ("text", "attributes", "verdict"),
    [
        ("diameter_mm < 500", {"diameter_mm": "400"}, True),
        ("diameter_mm < 500", {"diameter_mm": "500"}, False),
        ("diameter_mm<=500", {"diameter_mm": "500.0"}, True),
        ("diameter_mm >= 500", {"diameter_mm": "1200"}, True),
        ("diameter_mm < 500", {}, None),
        ("diameter_mm < 500", {"diameter_mm": "很粗"}, None),
        ("diameter_mm = 500", {"diameter_mm": "500.0"}, True),
        ("kind = 水管", {"kind": "水管"}, True),
        ("kind in 水管|气管", {"kind": "气管"}, True),
        ("kind in 水管|气管", {"kind": "电缆"}, False),
    ],
)
def test_that_a_condition_holds_or_not_or_is_not_known(
    text: str, attributes: dict[str, str], verdict: bool | None
) -> None:
    assert holds(condition_of(text), attributes) is verdict


@pytest.mark.parametrize("text", ["", "diameter_mm", "< 500", "a < b", "a > nan", "a >= inf"])
def test_that_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        condition_of(text)


@given(st.times(), st.integers(0, 1439), st.integers(0, 1439))
def test_that_a_span_and_its_complement_hold_the_whole_day(minute: time, begins: int, ends: int) -> None:
    one, other = (f"{at // 60:02}:{at % 60:02}" for at in (begins, ends))
    if begins == ends:
        assert not within_hours(f"{one}-{other}", minute)
    else:
        assert within_hours(f"{one}-{other}", minute) != within_hours(f"{other}-{one}", minute)

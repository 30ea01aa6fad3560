"""Ordering: places sort the numbers, equal ones in the order in which they came."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.ordering import stable_order


@settings(max_examples=150, deadline=None)
@given(numbers=st.lists(st.one_of(st.integers(0, 4), st.integers(0, 2**32 - 1)), max_size=60))
def test_that_equal_numbers_keep_their_order(numbers):
    wanted = sorted(range(len(numbers)), key=lambda place: numbers[place])
    assert stable_order(np.array(numbers, np.uint32)).tolist() == wanted

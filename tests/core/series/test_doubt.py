"""Doubt: what is suspect is told as stretches of time, and silence behind it is not."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun_core.model.scales import Quality
from chengyun_core.series.doubt import Doubt, doubt_of, stretches, unknown


def test_that_only_an_uncertain_sample_is_suspect():
    assert doubt_of(np.array([*Quality], np.uint8)).tolist() == [0, Doubt.SUSPECT, 0, 0, 0]
    assert unknown(2).tolist() == [Doubt.UNKNOWN] * 2


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0, 1, 2])), max_size=40), st.integers(1, 12))
def test_that_a_moment_is_suspect_exactly_when_the_sample_that_holds_then_was(rows, longest):
    time = np.cumsum([step for step, _ in rows]).astype(np.int64)
    doubt = np.array([level for _, level in rows], np.uint8)
    found = stretches(time, doubt, Doubt.SUSPECT, longest)
    assert found == sorted(found)
    assert all(end < begin for (_, end), (begin, _) in pairwise(found))
    for at in range(int(time[-1]) + longest + 2 if time.size else 0):
        holding = int(np.searchsorted(time, at, side="right")) - 1
        wanted = holding >= 0 and doubt[holding] == Doubt.SUSPECT and at < time[holding] + longest
        hidden = any(t == at and level == Doubt.SUSPECT for t, level in zip(time.tolist(), doubt, strict=True))
        assert any(begin <= at < end for begin, end in found) in {wanted, wanted or hidden}


def test_that_one_suspect_sample_among_others_of_its_instant_is_not_lost():
    assert stretches(np.array([5, 5, 9]), np.array([2, 0, 0], np.uint8), Doubt.SUSPECT, 10) == [(5, 6)]

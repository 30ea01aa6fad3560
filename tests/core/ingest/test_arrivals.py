"""Arrivals: fresh, late and double samples are told apart as a loop over the samples tells them."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chengyun_core.ingest.arrivals import sort_out


def loop(channel, time, last):
    """The definition: fresh when later than all earlier arrivals of the channel."""
    newest, fresh, previous, late, duplicate = {}, [], [], 0, 0
    for c, t, before in zip(channel, time, last, strict=True):
        reached = newest.setdefault(c, before)
        fresh.append(t > reached)
        previous.append(reached)
        late += t < reached
        duplicate += t == reached
        newest[c] = max(reached, t)
    return fresh, previous, late, duplicate


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=40), floor=st.integers(0, 9))
@example(rows=[(0, 5), (0, 3), (0, 4), (0, 6)], floor=0)
@example(rows=[(0, 5), (1, 5), (0, 5)], floor=5)
def test_that_a_batch_is_sorted_out_as_a_loop_does(rows, floor):
    channel, time = [row[0] for row in rows], [row[1] for row in rows]
    last = [floor - c for c in channel]
    found = sort_out(np.array(channel, np.uint32), np.array(time, np.int64), np.array(last, np.int64))
    fresh, previous, late, duplicate = loop(channel, time, last)
    assert (found.late, found.duplicate) == (late, duplicate)
    assert found.previous.tolist() == previous
    assert (found.fresh is None) == all(fresh)
    if found.fresh is not None:
        assert found.fresh.tolist() == fresh
    assert found.unique == (len(set(channel)) == len(channel))

"""State is handed over as soon as it comes, as long as that leaves the window its time."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.session.mailbox import Mailbox, Post
from chengyun_console.session.pace import LEAST_GAP_NS, LONGEST_GAP_NS, Pace


def test_that_a_window_that_takes_over_quickly_is_handed_state_as_often_as_it_is_published() -> None:
    pace = Pace()
    pace.handed(1000, 100_000)
    assert pace.due_ns == 1000 + LEAST_GAP_NS


@given(cost_ns=st.integers(0, 10**10))
def test_that_taking_over_costs_the_window_a_tenth_of_its_time_or_comes_as_rarely_as_the_tick(cost_ns: int) -> None:
    pace = Pace()
    pace.handed(0, cost_ns)
    assert LEAST_GAP_NS <= pace.due_ns <= LONGEST_GAP_NS
    assert cost_ns * 10 <= pace.due_ns or pace.due_ns == LONGEST_GAP_NS


def test_that_the_reader_is_woken_only_when_it_waited_for_the_box_to_be_emptied() -> None:
    box = Mailbox()
    box.await_taking()
    box.put(Post())
    post, awaited = box.take()
    assert (post is not None, awaited) == (True, False)
    box.put(Post())
    box.await_taking()
    assert box.take()[1]
    assert box.take() == (None, False)

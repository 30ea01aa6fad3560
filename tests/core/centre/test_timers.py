"""Times waited for: whatever is armed, armed anew and let go, due and next are those of a plain list."""

from typing import Never

from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from chengyun_core.centre.timers import DueTimes
from chengyun_core.model.clock import NS_PER_S, ManualClock

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 9), st.integers(0, 40)),
        st.tuples(st.just("forget"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("pass"), st.just(0), st.integers(0, 15)),
    ),
    max_size=120,
)


@given(STEPS)
def test_that_due_and_next_are_those_of_a_plain_list(steps: list[tuple[str, int, int]]) -> None:
    clock = ManualClock(0)
    times: DueTimes[int] = DueTimes(clock)
    plain: dict[int, int] = {}
    asked: dict[int, int] = {}
    for deed, key, seconds in steps:
        if deed == "pass":
            clock.advance(seconds)
        elif deed == "forget":
            times.wait(key, None)
            plain.pop(key, None)
            asked.pop(key, None)
        else:
            due = seconds * NS_PER_S
            # A time that is over already is due at once; the same time told again changes nothing.
            if asked.get(key) != due:
                plain[key] = max(due, clock.monotonic_ns())
            asked[key] = due
            times.wait(key, due)
        now = clock.monotonic_ns()
        assert sorted(times.due()) == sorted(key for key, deadline in plain.items() if deadline <= now)
        first = min(plain.values(), default=None)
        assert times.next_in_s() == (None if first is None else max(0, first - now) / 1e9)


def test_that_the_earliest_comes_first_and_equals_in_the_order_they_were_armed() -> None:
    clock = ManualClock(0)
    times: DueTimes[str] = DueTimes(clock)
    for key, seconds in (("b", 2), ("a", 1), ("d", 2), ("c", 3)):
        times.wait(key, seconds * NS_PER_S)
    clock.advance(2)
    assert times.due() == ["a", "b", "d"]
    times.wait("a", None)
    assert times.due() == ["b", "d"]


def test_that_keys_armed_anew_for_weeks_leave_nothing_behind() -> None:
    clock = ManualClock(0)
    times: DueTimes[int] = DueTimes(clock)
    for turn in range(10_000):
        times.wait(turn % 3, (turn + 1) * NS_PER_S)
    assert len(times._heap) < 100


class _FoundByKey(dict[int, object]):
    """What is waited for, when nobody may go through all of it."""

    @override
    def __iter__(self) -> Never:
        raise AssertionError("everything that is waited for was looked at")

    items = values = keys = __iter__


def test_that_what_is_not_due_is_not_looked_at_to_say_what_is() -> None:
    clock = ManualClock(0)
    times: DueTimes[int] = DueTimes(clock)
    for place in range(100):
        times.wait(place, (place + 1) * NS_PER_S)
    times._waited = _FoundByKey(times._waited)  # type: ignore[assignment]
    clock.advance(2)
    assert (times.due(), times.next_in_s()) == ([0, 1], 0)
    times.wait(0, None)
    assert times.due() == [1]

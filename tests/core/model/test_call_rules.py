"""叫应: two tries, next of the chain, the superior; every addressee ends confirmed or escalated, whatever is tried."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import call_rules
from chengyun_core.model.call_rules import OPEN, Patience
from chengyun_core.model.callout import Attempt, Call, CallState, Outcome

WAITS = Patience(try_ns=100, whole_ns=1000)
UNANSWERED = [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.WRONG_NUMBER]


def _begun(*chain: str) -> Call:
    return call_rules.begun(1, 0, "500103", chain or ("A", "B"), 0, WAITS)


def _try(call: Call, outcome: Outcome, at: int = 10) -> Call:
    person = call.chain[call.at]
    made = Attempt(at=at, channel="phone", number="", outcome=outcome, by="officer", person=person)
    return call_rules.tried(call, made, WAITS)


def test_that_two_tries_without_an_answer_call_the_next_and_after_the_last_the_superior() -> None:
    call = _try(_begun(), Outcome.NO_ANSWER)
    assert (call.state, call.at, call.due_at) == (CallState.CALLING, 0, 110)
    call = _try(call, Outcome.BUSY)
    assert (call.state, call.at) == (CallState.UNREACHABLE, 1)
    call = _try(_try(call, Outcome.NO_ANSWER), Outcome.NO_ANSWER)
    assert (call.state, call.due_at, len(call.attempts)) == (CallState.ESCALATED, None, 4)


def test_that_a_refusal_calls_the_next_at_once() -> None:
    call = _try(_begun(), Outcome.REFUSED)
    assert (call.state, call.at) == (CallState.UNREACHABLE, 1)


def test_that_who_was_escalated_may_still_confirm_and_nobody_else_is_called_for_it() -> None:
    call = call_rules.escalated(_begun())
    assert _try(call, Outcome.NO_ANSWER).state is CallState.ESCALATED
    assert _try(call, Outcome.CONFIRMED).state is CallState.CONFIRMED


def test_that_an_overdue_try_is_told_once_and_the_end_escalates() -> None:
    told = call_rules.late(_begun(), 100)
    assert (told.overdue, told.state, told.due_at) == (True, CallState.WAITING, 1000)
    assert not _try(told, Outcome.NO_ANSWER).overdue
    assert call_rules.late(told, 1000).state is CallState.ESCALATED


def test_that_a_try_is_never_due_after_the_end() -> None:
    assert _try(_begun(), Outcome.NO_ANSWER, at=950).due_at == 1000


def test_that_a_number_is_masked_to_its_last_four_digits() -> None:
    assert call_rules.masked("138-0013-8000") == "***-****-8000"
    assert call_rules.masked("1234") == "****"
    assert call_rules.masked("") == ""


@given(
    st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4, unique=True),
    st.lists(st.one_of(st.sampled_from(Outcome), st.integers(1, 400)), max_size=30),
)
def test_that_everybody_ends_confirmed_or_escalated(chain: list[str], course: list[Outcome | int]) -> None:
    call, now = _begun(*chain), 0
    for step in course:
        if isinstance(step, Outcome):
            call = _try(call, step, now) if call.state is not CallState.CONFIRMED else call
            continue
        now += step
        while call.due_at is not None and call.due_at <= now:
            call = call_rules.late(call, call.due_at)
        assert 0 <= call.at < len(chain)
        assert all(sum(one.person == who for one in call.attempts) <= len(course) for who in chain)
    while call.due_at is not None:
        call = call_rules.late(call, call.due_at)
    assert call.state in (CallState.CONFIRMED, CallState.ESCALATED)
    assert call.due_at is None
    assert (call.state is CallState.CONFIRMED) == any(one.outcome is Outcome.CONFIRMED for one in call.attempts)


@given(st.lists(st.sampled_from(UNANSWERED), min_size=1, max_size=20))
def test_that_nobody_is_tried_more_than_twice_before_the_next(outcomes: list[Outcome]) -> None:
    call = _begun("A", "B", "C")
    for outcome in outcomes:
        if call.state not in OPEN:
            break
        call = _try(call, outcome)
    counts = [sum(one.person == who for one in call.attempts) for who in "ABC"]
    assert counts == sorted(counts, reverse=True)
    assert max(counts) <= call_rules.TRIES

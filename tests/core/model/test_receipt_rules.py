"""The receipt ladder: a machine climbs, jumps, returns and suspends at will; what must hold whatever it does."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chengyun_core.model import receipt_rules
from chengyun_core.model.deadline_rules import TEMPLATES, pending
from chengyun_core.model.event import Hop
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import LADDER, Climbed, Feedback, Receipt, ReceiptState, RequestKind, Role, Step
from chengyun_core.model.receipt_rules import ENDED, MOVES, STEPS, ReceiptMove, Who, rank

SENT_AT = 1_000 * 10**9
FEEDBACK = Feedback(accepted_at=SENT_AT, talked_to="张工", measures="关阀", time_limit="3 小时")


def sent(**fields: object) -> Receipt:
    """Return a receipt that was just sent."""
    kept = Receipt(order=1, place=1, recipient="U", state=ReceiptState.KEPT, changed_at=SENT_AT)
    how = Climbed(at=SENT_AT, received_at=SENT_AT)
    opened = receipt_rules.started(kept, SENT_AT, TEMPLATES["1-5-30"].due_from(SENT_AT), how)
    return replace(opened, **fields)  # type: ignore[arg-type]


def climbed(receipt: Receipt, *steps: Step, account: str = "unit", who: Who = Who.RECIPIENT) -> Receipt:
    """Return a receipt that climbed these steps, one second apart."""
    for step in steps:
        at = SENT_AT + (rank(step) + 1) * 10**9
        how = Climbed(at=at, received_at=at, account=account, on_behalf=who is Who.OFFICER)
        receipt = receipt_rules.reached(receipt, step, how, who, FEEDBACK if step is Step.FED_BACK else None)
    return receipt


def refusal(receipt: Receipt, step: Step, who: Who = Who.RECIPIENT, **how: int) -> str:
    """Return the code with which a step is refused."""
    times = {"at": SENT_AT + 10**9, "received_at": SENT_AT + 10**9, **how}
    with pytest.raises(Refused) as caught:
        receipt_rules.reached(receipt, step, Climbed(**times), who, FEEDBACK)  # type: ignore[arg-type]
    return caught.value.reason.code


class Ladder(RuleBasedStateMachine):
    """Does anything that may be done to a receipt, in any order, and keeps a model of what really happened."""

    @initialize()
    def begin(self) -> None:
        self.receipt, self.now, self.happened = sent(), SENT_AT, {Step.SENT}
        self.over = False

    @rule(step=st.sampled_from(LADDER), who=st.sampled_from(Who), seconds=st.integers(1, 500))
    def climb(self, step: Step, who: Who, seconds: int) -> None:
        self.now += seconds * 10**9
        before = self.receipt
        how = Climbed(at=self.now, received_at=self.now, account=who.value)
        try:
            self.receipt = receipt_rules.reached(before, step, how, who, FEEDBACK)
        except Refused:
            assert self.receipt is before
            return
        assert who in STEPS[step].who
        assert before.state is ReceiptState.OPEN
        assert rank(self.receipt.step) >= rank(before.step)
        self.happened.add(step)

    @rule(move=st.sampled_from([ReceiptMove.RETURN, ReceiptMove.VOID, ReceiptMove.RECALL]))
    def end(self, move: ReceiptMove) -> None:
        try:
            self.receipt = receipt_rules.moved(self.receipt, move)
        except Refused:
            assert (self.receipt.state, move) not in MOVES

    @precondition(lambda self: self.receipt.state is ReceiptState.OPEN)
    @rule(seconds=st.integers(1, 5000))
    def suspend_and_resume(self, seconds: int) -> None:
        before = self.receipt
        standing = receipt_rules.suspended(before, self.now, self.now + seconds * 10**9)
        assert pending(standing) is None
        self.now += seconds * 10**9
        self.receipt = receipt_rules.resumed(standing, self.now)
        step = pending(self.receipt)
        if step is not None:
            assert self.receipt.due[step] == before.due[step] + seconds * 10**9

    @rule(seconds=st.integers(1, 5000))
    def fail_check(self, seconds: int) -> None:
        try:
            self.receipt = receipt_rules.check_failed(self.receipt, self.now, "未修好", self.now + seconds * 10**9)
        except Refused:
            return
        self.happened.discard(Step.FED_BACK)
        assert self.receipt.feedback is None

    @invariant()
    def what_did_not_happen_is_empty(self) -> None:
        assert set(self.receipt.climbed) == self.happened
        assert self.receipt.step == max(self.happened, key=rank)

    @invariant()
    def done_means_checked_after_feedback(self) -> None:
        if self.receipt.state is ReceiptState.DONE:
            assert {Step.FED_BACK, Step.CHECKED} <= self.happened
        if Step.FED_BACK in self.happened:
            assert self.receipt.feedback is not None

    @invariant()
    def what_has_ended_runs_no_clock(self) -> None:
        if self.receipt.state in ENDED:
            assert (pending(self.receipt), self.receipt.call_at) == (None, None)


TestLadder = Ladder.TestCase
TestLadder.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_that_climbing_past_a_step_leaves_it_empty() -> None:
    receipt = climbed(sent(), Step.ARRIVED)
    assert receipt.step is Step.ARRIVED
    assert [step for step in LADDER if receipt_rules.has(receipt, step)] == [Step.SENT, Step.ARRIVED]


def test_that_an_officer_fills_a_lower_step_in_and_the_receipt_stays_where_it_is() -> None:
    receipt = climbed(climbed(sent(), Step.ARRIVED), Step.SIGNED, who=Who.OFFICER)
    assert (receipt.step, receipt.climbed[Step.SIGNED].on_behalf) == (Step.ARRIVED, True)
    assert refusal(receipt, Step.READ) == "receipt.behind"
    assert refusal(receipt, Step.SIGNED, Who.OFFICER) == "receipt.already"


@pytest.mark.parametrize(("step", "who", "code"), [
    (Step.SENT, Who.RECIPIENT, "receipt.not_by"), (Step.CHECKED, Who.RECIPIENT, "receipt.not_by"),
    (Step.CHECKED, Who.OFFICER, "receipt.not_by"), (Step.CHECKED, Who.CHECKER, "receipt.needs_step"),
])  # fmt: skip
def test_that_a_step_is_told_by_whom_the_table_names(step: Step, who: Who, code: str) -> None:
    assert refusal(sent(), step, who) == code


def test_that_a_time_before_the_sending_or_in_the_future_is_refused() -> None:
    assert refusal(sent(), Step.SIGNED, at=SENT_AT - 1) == "receipt.bad_time"
    assert refusal(sent(), Step.SIGNED, at=SENT_AT + 2 * 10**9) == "receipt.bad_time"


def test_that_feedback_needs_its_elements() -> None:
    how = Climbed(at=SENT_AT, received_at=SENT_AT)
    with pytest.raises(Refused, match=r"text\.missing\.feedback"):
        receipt_rules.reached(sent(), Step.FED_BACK, how, Who.RECIPIENT)


def test_that_reading_stops_no_call_to_sign_and_signing_stops_it() -> None:
    called = sent(rung=2, escalated=1)
    assert (climbed(called, Step.READ).rung, climbed(called, Step.READ).escalated) == (2, 1)
    assert (climbed(called, Step.SIGNED).rung, climbed(called, Step.SIGNED).escalated) == (0, 0)


def test_that_a_failed_check_goes_back_to_the_last_step_that_happened_with_a_count() -> None:
    fed_back = climbed(sent(), Step.SIGNED, Step.HANDLING, Step.FED_BACK)
    again = receipt_rules.check_failed(fed_back, SENT_AT, "仍漏水", SENT_AT + 99)
    assert (again.step, again.failed_checks, again.check_reason) == (Step.HANDLING, 1, "仍漏水")
    assert again.due[Step.FED_BACK] == SENT_AT + 99
    with pytest.raises(Refused, match=r"receipt\.needs_step"):
        receipt_rules.check_failed(again, SENT_AT, "r", None)


def test_that_whoever_handled_it_or_wrote_the_feedback_down_may_not_check() -> None:
    own = climbed(sent(), Step.SIGNED, Step.FED_BACK, account="unit")
    assert receipt_rules.handlers_of(own) == {"unit"}
    told = climbed(climbed(sent(), Step.SIGNED, account="desk", who=Who.OFFICER), Step.FED_BACK, account="desk",
                   who=Who.OFFICER)  # fmt: skip
    assert receipt_rules.handlers_of(told) == {"desk"}


def test_that_more_time_is_for_who_has_signed() -> None:
    for kind in (RequestKind.EXTEND, RequestKind.SUSPEND):
        with pytest.raises(Refused, match=r"receipt\.needs_step"):
            receipt_rules.may_ask(sent(), kind)
        receipt_rules.may_ask(climbed(sent(), Step.SIGNED), kind)
    receipt_rules.may_ask(sent(), RequestKind.RETURN)
    with pytest.raises(Refused, match=r"receipt\.behind"):
        receipt_rules.may_ask(climbed(sent(), Step.FED_BACK), RequestKind.RETURN)
    with pytest.raises(Refused, match=r"receipt\.request_waits"):
        receipt_rules.may_ask(sent(request=3), RequestKind.RETURN)


@given(minutes=st.integers(1, 10_000))
def test_that_an_extension_makes_no_deadline_earlier(minutes: int) -> None:
    signed = climbed(sent(), Step.SIGNED)
    until = SENT_AT + minutes * 60 * 10**9
    longer = receipt_rules.extended(signed, until)
    assert all(longer.due[step] >= at for step, at in signed.due.items())
    assert longer.due[Step.FED_BACK] == until
    assert longer.due[Step.SIGNED] == signed.due[Step.SIGNED]
    assert (longer.extended, longer.promised_at) == (1, until)


def test_that_the_event_s_feedback_and_check_are_the_lead_s() -> None:
    lead, assist = sent(role=Role.LEAD), sent()
    assert receipt_rules.hop_of(lead, Step.FED_BACK) is Hop.FED_BACK
    assert receipt_rules.hop_of(assist, Step.FED_BACK) is None
    assert receipt_rules.hop_of(assist, Step.ARRIVED) is Hop.ARRIVED


def test_that_a_returned_one_lives_until_it_is_settled() -> None:
    returned = receipt_rules.moved(sent(), ReceiptMove.RETURN)
    assert receipt_rules.is_living(returned)
    assert not receipt_rules.is_living(replace(returned, settled="令〔2027〕000002"))
    assert not receipt_rules.is_living(receipt_rules.moved(sent(), ReceiptMove.VOID))

"""The receipt ladder (T2) as one table, and what else may befall a receipt: pure functions on frozen records."""

from dataclasses import dataclass, replace
from enum import StrEnum

from chengyun_core.model.deadline_rules import pending
from chengyun_core.model.event import Hop
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import (
    LADDER,
    Climbed,
    Feedback,
    Receipt,
    ReceiptState,
    RequestKind,
    Role,
    Step,
    key_of,
)


class Who(StrEnum):
    """Who may say that a step was reached."""

    CENTRE = "centre"
    """The sending itself."""
    RECIPIENT = "recipient"
    """Whoever holds the post that signs for the recipient."""
    OFFICER = "officer"
    """An officer on behalf of the recipient, with channel and verbatim words (T2)."""
    CHECKER = "checker"
    """An officer who is none of those that handled it (数字城管: 核查 by another than the handler)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """One row of the ladder."""

    who: frozenset[Who]
    needs_feedback: bool = False
    after: Step | None = None
    """A step that must have been reached before; None: any lower one will do."""
    hop: Hop | None = None
    """Hop of the event that follows from it."""
    of_lead: bool = False
    """The hop follows from the lead's step only."""
    ends: bool = False
    """The receipt is done with it."""


_TOLD = frozenset({Who.RECIPIENT, Who.OFFICER})
STEPS: dict[Step, StepRule] = {
    Step.SENT: StepRule(who=frozenset({Who.CENTRE}), hop=Hop.ORDERED),
    Step.DELIVERED: StepRule(who=_TOLD),
    Step.READ: StepRule(who=_TOLD),
    Step.SIGNED: StepRule(who=_TOLD, hop=Hop.SIGNED),
    Step.ARRIVED: StepRule(who=_TOLD, hop=Hop.ARRIVED),
    Step.HANDLING: StepRule(who=_TOLD),
    Step.FED_BACK: StepRule(who=_TOLD, needs_feedback=True, hop=Hop.FED_BACK, of_lead=True),
    Step.CHECKED: StepRule(who=frozenset({Who.CHECKER}), after=Step.FED_BACK, hop=Hop.CHECKED, of_lead=True, ends=True),
}
"""Step × who may × what follows. Who climbs past a step has not reached it: it stays empty, and is shown so."""


class ReceiptMove(StrEnum):
    """What befalls a receipt beside its ladder."""

    START = "start"
    """Its order is sent."""
    SUSPEND = "suspend"
    RESUME = "resume"
    RETURN = "return"
    VOID = "void"
    RECALL = "recall"
    FINISH = "finish"
    LAPSE = "lapse"
    """Its event ended first."""


MOVES: dict[tuple[ReceiptState, ReceiptMove], ReceiptState] = {
    (ReceiptState.KEPT, ReceiptMove.START): ReceiptState.OPEN,
    (ReceiptState.KEPT, ReceiptMove.VOID): ReceiptState.VOID,
    (ReceiptState.KEPT, ReceiptMove.LAPSE): ReceiptState.LAPSED,
    (ReceiptState.OPEN, ReceiptMove.SUSPEND): ReceiptState.SUSPENDED,
    (ReceiptState.OPEN, ReceiptMove.RETURN): ReceiptState.RETURNED,
    (ReceiptState.OPEN, ReceiptMove.VOID): ReceiptState.VOID,
    (ReceiptState.OPEN, ReceiptMove.RECALL): ReceiptState.RECALLED,
    (ReceiptState.OPEN, ReceiptMove.FINISH): ReceiptState.DONE,
    (ReceiptState.OPEN, ReceiptMove.LAPSE): ReceiptState.LAPSED,
    (ReceiptState.SUSPENDED, ReceiptMove.RESUME): ReceiptState.OPEN,
    (ReceiptState.SUSPENDED, ReceiptMove.RETURN): ReceiptState.RETURNED,
    (ReceiptState.SUSPENDED, ReceiptMove.VOID): ReceiptState.VOID,
    (ReceiptState.SUSPENDED, ReceiptMove.LAPSE): ReceiptState.LAPSED,
    (ReceiptState.RETURNED, ReceiptMove.VOID): ReceiptState.VOID,
}
"""What is not here cannot happen."""
ENDED = frozenset({
    ReceiptState.RETURNED, ReceiptState.VOID, ReceiptState.RECALLED, ReceiptState.DONE, ReceiptState.LAPSED,
})  # fmt: skip
"""States that count for `Order.ended`."""


def is_living(receipt: Receipt) -> bool:
    """Return whether somebody has to do something about it; a returned one lives until that is settled."""
    return receipt.state not in ENDED or (receipt.state is ReceiptState.RETURNED and not receipt.settled)


def rank(step: Step) -> int:
    """Return the place of a step on the ladder, 0 the lowest."""
    return LADDER.index(step)


def moved(receipt: Receipt, move: ReceiptMove) -> Receipt:
    """Return the receipt after a move beside the ladder; raise Refused `receipt.not_possible` for one not in MOVES."""
    state = MOVES.get((receipt.state, move))
    if state is None:
        raise Refused("receipt.not_possible", receipt=key_of(receipt), state=receipt.state.value, move=move.value)
    return replace(receipt, state=state, call_at=None, rung=0, escalated=0)


def owes(receipt: Receipt) -> bool:
    """Return whether no event is closed over it without a word: it was not fed back, or fed back as unsolved (挂账)."""
    unsolved = receipt.feedback is not None and not receipt.feedback.solved
    return is_living(receipt) and (unsolved or rank(receipt.step) < rank(Step.FED_BACK))


def is_covered(receipt: Receipt, checker: str, checked_at: int | None) -> bool:
    """Return whether the event's own check speaks for it (核查结案): it was fed back as solved before, by others.

    checker: account that checked the event; checked_at: when, profile ns UTC, None when nobody did.
    """
    if receipt.state is not ReceiptState.OPEN or receipt.feedback is None or not receipt.feedback.solved:
        return False
    told = receipt.climbed[Step.FED_BACK].received_at
    return checked_at is not None and told <= checked_at and bool(checker) and checker not in handlers_of(receipt)


def lapsed(receipt: Receipt, event_state: str, reason: str) -> Receipt:
    """Return a living receipt as its event ends, `closed` or `void`: it lapses where it stands, or is settled.

    What was given back stays given back, and the reason says that nobody else will do it.
    """
    if receipt.state is ReceiptState.RETURNED:
        return replace(receipt, settled=reason or event_state)
    return replace(moved(receipt, ReceiptMove.LAPSE), lapsed_with=event_state, lapsed_reason=reason, resume_at=None)


def started(receipt: Receipt, at_ns: int, due: dict[Step, int], sent: Climbed) -> Receipt:
    """Return the receipt as its order leaves: in the outbox, every deadline counted from now (profile ns UTC)."""
    opened = moved(receipt, ReceiptMove.START)
    return replace(opened, step=Step.SENT, climbed={Step.SENT: sent}, due=due, changed_at=at_ns)


def has(receipt: Receipt, step: Step) -> bool:
    """Return whether a step was really reached, not merely climbed past."""
    return step in receipt.climbed


def reached(receipt: Receipt, step: Step, how: Climbed, who: Who, feedback: Feedback | None = None) -> Receipt:
    """Return the receipt with one step more.

    A recipient only climbs up. An officer may also tell of a lower step that was left out, once he has words for it:
    it is filled in with its time, and the receipt stays where it is.

    Raises:
        Refused: `receipt.not_open`, `receipt.not_by`, `receipt.already`, `receipt.behind`, `receipt.needs_step`,
            `receipt.bad_time`, `text.missing.feedback`.
    """
    rule = STEPS[step]
    _check(receipt, step, how, who)
    if rule.needs_feedback and feedback is None:
        raise Refused("text.missing.feedback")
    higher = step if rank(step) > rank(receipt.step) else receipt.step
    after = replace(
        receipt, step=higher, climbed={**receipt.climbed, step: how}, feedback=feedback or receipt.feedback
    )  # fmt: skip
    if pending(after) is not pending(receipt):
        # What he was called for is done (oncall#4654: every channel stops); reading alone stops no call to sign.
        after = replace(after, rung=0, escalated=0)
    return moved(after, ReceiptMove.FINISH) if rule.ends else after


def handlers_of(receipt: Receipt) -> frozenset[str]:
    """Return the accounts that may not check it: whoever handled it, and whoever told the feedback for them."""
    worked = {how.account for step, how in receipt.climbed.items() if step is not Step.SENT and not how.on_behalf}
    told = receipt.climbed.get(Step.FED_BACK)
    return frozenset(worked | ({told.account} if told else set())) - {""}


def check_failed(receipt: Receipt, at_ns: int, reason: str, again_by: int | None) -> Receipt:
    """Return a receipt whose feedback did not stand: back on the highest step below it, with a new deadline.

    again_by: until when it must be fed back anew, profile ns UTC; None: no deadline. The old feedback stays in the
    journal. Raises Refused `receipt.needs_step` when nothing was fed back.
    """
    if receipt.step is not Step.FED_BACK or receipt.state is not ReceiptState.OPEN:
        raise Refused("receipt.needs_step", receipt=key_of(receipt), step=Step.FED_BACK.value)
    left, due = dict(receipt.climbed), dict(receipt.due)
    left.pop(Step.FED_BACK, None)
    due.pop(Step.FED_BACK, None)
    if again_by is not None:
        due[Step.FED_BACK] = again_by
    return replace(
        receipt, step=max(left, key=rank), climbed=left, feedback=None, failed_checks=receipt.failed_checks + 1,
        check_reason=reason, due=due, rung=0, escalated=0, changed_at=at_ns,
    )  # fmt: skip


def suspended(receipt: Receipt, at_ns: int, until: int) -> Receipt:
    """Return it suspended (缓办) until a profile time: its clocks stand."""
    return replace(moved(receipt, ReceiptMove.SUSPEND), suspended_at=at_ns, resume_at=until)


def resumed(receipt: Receipt, at_ns: int) -> Receipt:
    """Return it resumed: what was left of each deadline then is left of it now."""
    stood = max(0, at_ns - (receipt.suspended_at or at_ns))
    due = {step: until + stood if rank(step) > rank(receipt.step) else until for step, until in receipt.due.items()}
    return replace(moved(receipt, ReceiptMove.RESUME), suspended_at=None, resume_at=None, due=due)


def extended(receipt: Receipt, until: int) -> Receipt:
    """Return it with more time: no deadline still ahead of it is earlier than the time promised."""
    due = dict(receipt.due)
    for step in (*receipt.due, Step.FED_BACK):
        if rank(step) > rank(receipt.step):
            due[step] = max(due.get(step, 0), until)
    return replace(
        receipt, due=due,
        extended=receipt.extended + 1, promised_at=until, rung=0, escalated=0,
    )  # fmt: skip


def may_ask(receipt: Receipt, kind: RequestKind) -> None:
    """Refuse a request that makes no sense where the receipt stands (T4): more time is for who has signed.

    Raises:
        Refused: `receipt.not_open`, `receipt.request_waits`, `receipt.needs_step`.
    """
    if receipt.state is not ReceiptState.OPEN:
        raise Refused("receipt.not_open", receipt=key_of(receipt), state=receipt.state.value)
    if receipt.request is not None:
        raise Refused("receipt.request_waits", receipt=key_of(receipt), request=receipt.request)
    signed = rank(receipt.step) >= rank(Step.SIGNED)
    if kind in (RequestKind.EXTEND, RequestKind.SUSPEND) and not signed:
        raise Refused("receipt.needs_step", receipt=key_of(receipt), step=Step.SIGNED.value)
    if rank(receipt.step) >= rank(Step.FED_BACK):
        raise Refused("receipt.behind", receipt=key_of(receipt), step=receipt.step.value)


def heard_at(receipt: Receipt) -> int | None:
    """Return when the recipient was last heard of, or the order sent to him; None when nothing is expected of him."""
    owes = receipt.state is ReceiptState.OPEN and rank(receipt.step) < rank(Step.FED_BACK)
    return max(how.received_at for how in receipt.climbed.values()) if owes else None


def hop_of(receipt: Receipt, step: Step) -> Hop | None:
    """Return the hop of the event that follows from this receipt's reaching a step."""
    rule = STEPS[step]
    return None if rule.of_lead and not leads(receipt) else rule.hop


def leads(receipt: Receipt) -> bool:
    """Return whether it leads in its event: what came there from a merged one assists (条例 art. 34: one leads)."""
    return receipt.role is Role.LEAD and not receipt.came_from


def _check(receipt: Receipt, step: Step, how: Climbed, who: Who) -> None:
    key, rule = key_of(receipt), STEPS[step]
    if receipt.state is not ReceiptState.OPEN:
        raise Refused("receipt.not_open", receipt=key, state=receipt.state.value)
    if who not in rule.who:
        raise Refused("receipt.not_by", receipt=key, step=step.value, who=who.value)
    if has(receipt, step):
        raise Refused("receipt.already", receipt=key, step=step.value, who=receipt.climbed[step].account)
    if rank(step) < rank(receipt.step) and (who is not Who.OFFICER or rule.needs_feedback):
        raise Refused("receipt.behind", receipt=key, step=receipt.step.value)
    if rule.after is not None and not has(receipt, rule.after):
        raise Refused("receipt.needs_step", receipt=key, step=rule.after.value)
    if not receipt.climbed[Step.SENT].at <= how.at <= how.received_at:
        raise Refused("receipt.bad_time", receipt=key, step=step.value)

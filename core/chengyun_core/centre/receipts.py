"""Receipts: the recipient's own steps, an officer's word on his behalf, and the check by somebody else."""

from dataclasses import dataclass

from chengyun_core.centre import event_care, feedbacks, order_sweeps, receipt_care, recipients
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.order_care import get as order_of
from chengyun_core.centre.order_care import seat_of, settle
from chengyun_core.centre.receipt_seen import as_seen
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model import event_rules, receipt_rules
from chengyun_core.model.event_rules import Move
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import Channel, Climbed, Feedback, Order, Receipt, ReceiptState, Step, key_of
from chengyun_core.model.receipt_commands import (
    ArriveReceipt,
    CheckReceipt,
    ConfirmReceipt,
    DeliverReceipt,
    FeedBackReceipt,
    HandleReceipt,
    ReadReceipt,
    ResumeReceipt,
    SettleReceipt,
    SignReceipt,
)
from chengyun_core.model.receipt_rules import Who
from chengyun_core.wire.envelope import Done

OwnStep = SignReceipt | ArriveReceipt | HandleReceipt | FeedBackReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step as somebody tells it, on its way into the record."""

    step: Step
    how: Climbed
    who: Who
    action: str
    feedback: Feedback | None = None


def deliver(desk: Desk, work: Work, caller: Caller, command: DeliverReceipt) -> Done:
    """Note that the recipient's console has it; a second console of his adds nothing."""
    return _by_itself(desk, work, caller, command, Step.DELIVERED, "receipt.deliver")


def read(desk: Desk, work: Work, caller: Caller, command: ReadReceipt) -> Done:
    """Note that it was shown to the recipient; from now on its order cannot be recalled."""
    return _by_itself(desk, work, caller, command, Step.READ, "receipt.read")


def sign(desk: Desk, work: Work, caller: Caller, command: SignReceipt) -> Done:
    """Sign for the recipient."""
    return _own(desk, work, caller, command, Step.SIGNED, "receipt.sign")


def arrive(desk: Desk, work: Work, caller: Caller, command: ArriveReceipt) -> Done:
    """Tell that the recipient is on site, and where his console says that is."""
    feedbacks.check_position(command.longitude, command.latitude)
    return _own(desk, work, caller, command, Step.ARRIVED, "receipt.arrive")


def handle(desk: Desk, work: Work, caller: Caller, command: HandleReceipt) -> Done:
    """Tell that the work runs."""
    return _own(desk, work, caller, command, Step.HANDLING, "receipt.handle")


def feed_back(desk: Desk, work: Work, caller: Caller, command: FeedBackReceipt) -> Done:
    """Feed back with the four elements."""
    return _own(desk, work, caller, command, Step.FED_BACK, "receipt.feed_back")


def confirm(desk: Desk, work: Work, caller: Caller, command: ConfirmReceipt) -> Done:
    """Tell a step on the recipient's behalf, with channel, words and who said them."""
    words = clean(command.words, field="words", required=True)
    said_by = clean(command.said_by, field="said_by", required=True)
    if command.channel is Channel.CONSOLE:
        raise Refused("receipt.channel", receipt=f"{command.order}.{command.place}")
    order, receipt = as_seen(desk, work, command.order, command.place, command.version)
    how = Climbed(
        at=_source_time(desk, work, command.source_at), received_at=work.at_ns, account=caller.account,
        seat=seat_of(caller), channel=command.channel, words=words, said_by=said_by, on_behalf=True,
    )  # fmt: skip
    feedback = None
    if command.step is Step.FED_BACK and command.feedback is not None:
        feedback = feedbacks.checked(desk, work, receipt, command.feedback)
    told = Told(step=command.step, how=how, who=Who.OFFICER, action="receipt.confirm", feedback=feedback)
    return _climb(desk, work, order, receipt, told)


def check(desk: Desk, work: Work, caller: Caller, command: CheckReceipt) -> Done:
    """Check what was fed back, by somebody who had no hand in it (数字城管: 核查)."""
    reason = clean(command.reason, field="reason", required=not command.passed)
    order, receipt = as_seen(desk, work, command.order, command.place, command.version)
    _check_other_person(desk, caller, receipt)
    if not command.passed:
        return _failed(desk, work, order, receipt, reason)
    how = Climbed(at=work.at_ns, received_at=work.at_ns, account=caller.account, seat=seat_of(caller), words=reason)
    return _climb(desk, work, order, receipt, Told(step=Step.CHECKED, how=how, who=Who.CHECKER, action="receipt.check"))


def resume(desk: Desk, work: Work, caller: Caller, command: ResumeReceipt) -> Done:  # noqa: ARG001 - see HANDLERS
    """End a suspension before its time."""
    reason = clean(command.reason, field="reason")
    order, receipt = as_seen(desk, work, command.order, command.place, command.version)
    after = receipt_rules.resumed(receipt, work.at_ns)
    return _put(desk, work, order, after, "receipt.resume", {"reason": reason})


def settle_returned(desk: Desk, work: Work, caller: Caller, command: SettleReceipt) -> Done:  # noqa: ARG001 - see HANDLERS
    """Say that nothing more is to be done about a returned receipt."""
    reason = clean(command.reason, field="reason", required=True)
    _, receipt = as_seen(desk, work, command.order, command.place, command.version)
    after, change = settle(desk, work, receipt, reason)
    return Done(change=change, key=key_of(after), version=after.version)


def _by_itself(
    desk: Desk, work: Work, caller: Caller, command: DeliverReceipt | ReadReceipt, step: Step, action: str
) -> Done:  # fmt: skip
    receipt = receipt_care.get(work.connection, command.order, command.place)
    passed = receipt_rules.rank(receipt.step) >= receipt_rules.rank(step)
    if receipt.state is not ReceiptState.OPEN or passed:
        return Done(change=0, key=key_of(receipt), version=receipt.version)
    how = Climbed(at=work.at_ns, received_at=work.at_ns, account=caller.account, seat=seat_of(caller))
    order = order_of(work, command.order)
    if order_sweeps.is_ending(order):
        return Done(change=0, key=key_of(receipt), version=receipt.version)
    return _climb(desk, work, order, receipt, Told(step=step, how=how, who=Who.RECIPIENT, action=action))


def _own(desk: Desk, work: Work, caller: Caller, command: OwnStep, step: Step, action: str) -> Done:
    order, receipt = as_seen(desk, work, command.order, command.place, command.version)
    how = Climbed(
        at=_source_time(desk, work, command.source_at), received_at=work.at_ns, account=caller.account,
        seat=seat_of(caller), words=clean(getattr(command, "words", ""), field="words"),
        longitude=getattr(command, "longitude", None), latitude=getattr(command, "latitude", None),
    )  # fmt: skip
    feedback = None
    if isinstance(command, FeedBackReceipt):
        feedback = feedbacks.checked(desk, work, receipt, command.feedback)
    told = Told(step=step, how=how, who=Who.RECIPIENT, action=action, feedback=feedback)
    return _climb(desk, work, order, receipt, told)


def _source_time(desk: Desk, work: Work, at_ns: int | None) -> int:
    """Return when it happened; a console whose clock goes up to a minute before ours means now."""
    if at_ns is None:
        return work.at_ns
    if at_ns > work.at_ns + feedbacks.CLOCKS_APART_NS:
        raise Refused("receipt.not_yet", at=desk.shown(at_ns), now=desk.shown(work.at_ns))
    return min(at_ns, work.at_ns)


def _climb(desk: Desk, work: Work, order: Order, receipt: Receipt, told: Told) -> Done:
    after = receipt_rules.reached(receipt, told.step, told.how, told.who, told.feedback)
    params: dict[str, object] = {"step": told.step.value}
    if told.how.at != work.at_ns:
        params["source_at"] = told.how.at
    if told.how.on_behalf:
        params |= {"channel": told.how.channel.value, "words": told.how.words, "said_by": told.how.said_by}
    written, change = receipt_care.put(desk, work, order, after, told.action, params=params)
    receipt_care.climbed(desk, work, order, written, told.step)
    return Done(change=change, key=key_of(written), version=written.version)


def _failed(desk: Desk, work: Work, order: Order, receipt: Receipt, reason: str) -> Done:
    again_by = None
    if Step.FED_BACK in receipt.due:
        # As much time again as it was first given: what did not stand is a new piece of work.
        again_by = work.at_ns + max(0, receipt.due[Step.FED_BACK] - receipt.climbed[Step.SENT].at)
    after = receipt_rules.check_failed(receipt, work.at_ns, reason, again_by)
    done = _put(desk, work, order, after, "receipt.check_failed", {"reason": reason, "failed": after.failed_checks})
    if receipt.event is not None and receipt_rules.leads(receipt):
        _event_goes_back(desk, work, receipt.event, reason)
    return done


def _event_goes_back(desk: Desk, work: Work, number: int, reason: str) -> None:
    event = event_care.get(work.connection, number)
    if (event.state, Move.CHECK_FAILED) in event_rules.MOVES:
        changes = event_rules.after(event, Move.CHECK_FAILED)
        told = {"passed": False, "words": reason}
        event_care.change(desk, work, event, "event.check", params=told, handler="",
                          failed_checks=event.failed_checks + 1, **changes)  # fmt: skip


def _check_other_person(desk: Desk, caller: Caller, receipt: Receipt) -> None:
    signs = recipients.post(desk.city, receipt.recipient)
    holds = any(holding.post == signs for holding in caller.holdings)
    if holds or caller.account in receipt_rules.handlers_of(receipt):
        raise Refused("receipt.check_own", receipt=key_of(receipt), recipient=receipt.recipient)


def _put(
    desk: Desk, work: Work, order: Order, after: Receipt, action: str, params: dict[str, object]
) -> Done:  # fmt: skip
    written, change = receipt_care.put(desk, work, order, after, action, params=params)
    return Done(change=change, key=key_of(written), version=written.version)

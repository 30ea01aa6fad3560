"""Why a deed on orders and receipts makes no sense here: what no key line offers, and what is told when it is pressed.

The centre judges everything once more; these are the same rules as far as a console can know them.
"""

from collections.abc import Callable

from chengyun_console.actions.subject import Subject
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import LADDER, Order, OrderState, Receipt, ReceiptState, Step, key_of
from chengyun_core.model.receipt_rules import STEPS, Who, handlers_of, rank

Check = Callable[[Subject], Reason | None]


def needs_order(subject: Subject) -> Reason | None:
    """Return why a deed on an order makes no sense here."""
    return None if subject.task.order is not None else Reason(code="tasks.no_order")


def needs_receipt(subject: Subject) -> Reason | None:
    """Return why a deed on a receipt makes no sense here."""
    return None if subject.task.receipt is not None else Reason(code="tasks.no_receipt")


def needs_own(subject: Subject) -> Reason | None:
    """Return why what a recipient does makes no sense here: it is another one's receipt, or not under way."""
    missing = needs_receipt(subject)
    if missing is None and not subject.task.is_own:
        return Reason(code="tasks.not_own")
    return missing or needs_receipt_state(ReceiptState.OPEN)(subject)


def needs_own_unfinished(subject: Subject) -> Reason | None:
    """Return why nothing can be asked for any more: it was fed back, or a request waits."""
    receipt = subject.task.receipt
    if receipt is not None and needs_own(subject) is None:
        if receipt.request is not None:
            return Reason(
                code="receipt.request_waits", params={"receipt": key_of(receipt), "request": str(receipt.request)}
            )
        return _behind(receipt, Step.FED_BACK)
    return needs_own(subject)


def needs_step(step: Step) -> Check:
    """Return the check of a step that the recipient tells: his own, and above where he stands."""

    def why_not(subject: Subject) -> Reason | None:
        receipt, missing = subject.task.receipt, needs_own(subject)
        if missing is not None or receipt is None:
            return missing
        if step in receipt.climbed:
            return Reason(code="tasks.already", params={"step": f"receipt.step.{step.value}"})
        return _behind(receipt, step)

    return why_not


def needs_untold(subject: Subject) -> Reason | None:
    """Return why nothing can be told on behalf of a recipient: it is not under way, or every step was told."""
    receipt, missing = subject.task.receipt, needs_receipt(subject)
    if missing is not None or receipt is None:
        return missing
    told = all(step in receipt.climbed for step in LADDER if Who.OFFICER in STEPS[step].who)
    if told:
        return Reason(code="tasks.already", params={"step": f"receipt.step.{receipt.step.value}"})
    return needs_receipt_state(ReceiptState.OPEN)(subject)


def needs_owing(subject: Subject) -> Reason | None:
    """Return why nobody can be urged: nothing is chosen, or none of what is chosen owes anything."""
    chosen = subject.task.chosen
    if not chosen:
        return Reason(code="tasks.no_receipt")
    return None if any(map(_owes, chosen)) else _why_owes_nothing(chosen[0])


def needs_one_unit(subject: Subject) -> Reason | None:
    """Return why no sheet can be issued: of several units, owing nothing, or under supervision all of them."""
    chosen = subject.task.chosen
    if len({row.recipient for row in chosen}) > 1:
        first, second = sorted({row.recipient for row in chosen})[:2]
        return Reason(code="supervision.one_unit", params={"first": first, "second": second})
    if chosen and all(row.supervision for row in chosen):
        return Reason(code="tasks.supervised_already", params={"supervision": chosen[0].supervision})
    return needs_owing(subject)


def needs_request(subject: Subject) -> Reason | None:
    """Return why there is nothing to decide."""
    return None if subject.task.request is not None else Reason(code="tasks.no_request")


def needs_another_request(subject: Subject) -> Reason | None:
    """Return why this person may not decide: it is his request, his unit's, or he handles what it is about (WF6)."""
    request = subject.task.request
    if request is None:
        return needs_request(subject)
    key = f"{request.order}.{request.place}"
    about = next((row for row in subject.task.receipts if key_of(row) == key), None)
    handles = about is not None and subject.account in handlers_of(about)
    if request.asked_by == subject.account or handles or request.recipient in subject.task.own_units:
        return Reason(code="receipt.own_request", params={"request": str(request.number), "receipt": key})
    return None


def needs_own_request(subject: Subject) -> Reason | None:
    """Return why a request cannot be taken back: somebody else asked."""
    own = subject.task.request is not None and subject.task.request.asked_by == subject.account
    return needs_request(subject) or (None if own else Reason(code="tasks.not_own_request"))


def needs_fed_back(subject: Subject) -> Reason | None:
    """Return why there is nothing to check."""
    receipt = subject.task.receipt
    if receipt is not None and receipt.step is not Step.FED_BACK:
        return Reason(code="tasks.not_fed_back")
    return needs_receipt(subject) or needs_receipt_state(ReceiptState.OPEN)(subject)


def needs_state(*states: OrderState) -> Check:
    """Return the check of an order that stands in one of these states."""

    def why_not(subject: Subject) -> Reason | None:
        order = subject.task.order
        if order is None or order.state in states:
            return needs_order(subject)
        return Reason(code="tasks.order_is", params={"state": f"order.state.{order.state.value}"})

    return why_not


def needs_unread(subject: Subject) -> Reason | None:
    """Return why an order cannot be recalled: it has ended, or somebody has read it."""
    for row in subject.task.receipts:
        if rank(row.step) >= rank(Step.READ):
            return Reason(code="tasks.read_already", params={"step": f"receipt.step.{row.step.value}"})
    return needs_state(OrderState.HELD, OrderState.WAITING, OrderState.SENT)(subject)


def needs_receipt_state(state: ReceiptState) -> Check:
    """Return the check of a receipt that stands in a state."""

    def why_not(subject: Subject) -> Reason | None:
        receipt = subject.task.receipt
        if receipt is None or receipt.state is state:
            return needs_receipt(subject)
        return Reason(code="tasks.receipt_is", params={"state": f"receipt.state.{receipt.state.value}"})

    return why_not


def receipt_of(subject: Subject) -> Receipt:
    """Return the receipt a deed is about; `needs_receipt` has been asked before."""
    assert subject.task.receipt is not None
    return subject.task.receipt


def order_of(subject: Subject) -> Order:
    """Return the order a deed is about; `needs_order` has been asked before."""
    assert subject.task.order is not None
    return subject.task.order


def _owes(receipt: Receipt) -> bool:
    return receipt.state is ReceiptState.OPEN and receipt.step is not Step.FED_BACK


def _why_owes_nothing(receipt: Receipt) -> Reason | None:
    if receipt.state is not ReceiptState.OPEN:
        return Reason(code="tasks.receipt_is", params={"state": f"receipt.state.{receipt.state.value}"})
    return _behind(receipt, Step.FED_BACK)


def _behind(receipt: Receipt, step: Step) -> Reason | None:
    """Return that a receipt stands at a step or above it; None where it does not."""
    if rank(receipt.step) < rank(step):
        return None
    return Reason(code="receipt.behind", params={"receipt": key_of(receipt), "step": receipt.step.value})

"""Deeds on orders and receipts: sign, arrive, handle, ask, decide, check, urge, supervise, take back, make void."""

from chengyun_console.actions.action import Action, Choice, Question, Say, Where
from chengyun_console.actions.alarm_deeds import reasons
from chengyun_console.actions.order_checks import (
    needs_another_request,
    needs_fed_back,
    needs_one_unit,
    needs_owing,
    needs_own_request,
    needs_own_unfinished,
    needs_receipt,
    needs_receipt_state,
    needs_state,
    needs_step,
    needs_unread,
    needs_untold,
    order_of,
    receipt_of,
)
from chengyun_console.actions.subject import Subject
from chengyun_core.model import deadline_rules
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Channel, OrderState, Receipt, ReceiptState, RequestKind, SideRequest, Step
from chengyun_core.model.order_commands import RecallOrder, ReleaseOrder, SendOrders, VoidOrder
from chengyun_core.model.receipt_commands import (
    ArriveReceipt,
    AskSideRequest,
    CheckReceipt,
    ConfirmReceipt,
    DecideSideRequest,
    EscalateReceipts,
    FeedBackReceipt,
    HandleReceipt,
    ReceiptSeen,
    ResumeReceipt,
    SettleReceipt,
    SignReceipt,
    StartRollCall,
    UrgeReceipts,
    WithdrawSideRequest,
)

NS_PER_MIN = 60 * NS_PER_S
_CHANNELS: tuple[tuple[Channel, ...], ...] = (
    (Channel.CONSOLE,), (Channel.CONSOLE, Channel.PHONE), (Channel.PHONE,), (Channel.RADIO,), (Channel.MESSAGE,),
    (Channel.CONSOLE, Channel.PHONE, Channel.MESSAGE),
)  # fmt: skip
_WHYS = ("unsigned", "unarrived", "unhandled", "not_fed_back", "returned", "silent", "no_answer", "serious")
_ASKED: tuple[tuple[RequestKind, int | None], ...] = (
    (RequestKind.RETURN, None), (RequestKind.EXTEND, 30), (RequestKind.EXTEND, 60), (RequestKind.EXTEND, 120),
    (RequestKind.EXTEND, 24 * 60), (RequestKind.SUSPEND, 60), (RequestKind.SUSPEND, 24 * 60), (RequestKind.VOID, None),
)  # fmt: skip
_REFUSALS = ("own_duty", "time_enough", "public_waits", "not_founded")
_MORE_MIN = (15, 30, 60)
_FAILS = ("not_solved", "no_proof", "wrong_place", "incomplete")


def seen(receipts: tuple[Receipt, ...]) -> tuple[ReceiptSeen, ...]:
    """Return receipts as an officer saw them."""
    return tuple(ReceiptSeen(order=row.order, place=row.place, version=row.version) for row in receipts)


def _channels(_subject: Subject) -> tuple[Choice, ...]:
    return tuple(Choice(title=f"tasks.channels.{'_'.join(each)}", value=each) for each in _CHANNELS)


def _asked(_subject: Subject) -> tuple[Choice, ...]:
    return tuple(
        Choice(title=f"tasks.ask.{kind.value}" + (f".{minutes}" if minutes else ""), value=(kind, minutes))
        for kind, minutes in _ASKED
    )


def _request(subject: Subject) -> SideRequest:
    assert subject.task.request is not None
    return subject.task.request


def _verdicts(subject: Subject) -> tuple[Choice, ...]:
    """Return what may be answered: as asked, with another time for what asks for time, or no with a reason."""
    until = _request(subject).until
    more = (Choice(title=f"tasks.decide.given.{minutes}", value=minutes) for minutes in _MORE_MIN)
    timed = tuple(more) if until is not None else ()
    return (Choice(title="tasks.decide.given", value=0), *timed, *reasons("tasks_refusal", _REFUSALS))


def _decide_params(subject: Subject) -> dict[str, object]:
    receipt = subject.task.receipt
    return {"count": receipt.extended if receipt else 0, "reason": _request(subject).reason}


def _checks(_subject: Subject) -> tuple[Choice, ...]:
    return (Choice(title="tasks.check.passed", value=""), *reasons("tasks_fail", _FAILS))


def _chosen_count(subject: Subject) -> dict[str, object]:
    return {"count": len(subject.task.chosen)}


def _sign(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    receipt = receipt_of(subject)
    return SignReceipt(order=receipt.order, place=receipt.place, version=receipt.version)


def _arrive(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    receipt = receipt_of(subject)
    return ArriveReceipt(order=receipt.order, place=receipt.place, version=receipt.version)


def _handle(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    receipt = receipt_of(subject)
    return HandleReceipt(order=receipt.order, place=receipt.place, version=receipt.version)


def _urge(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    (channels,) = answers
    assert isinstance(channels, tuple)
    return UrgeReceipts(receipts=seen(subject.task.chosen), channels=channels)


def _escalate(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    return EscalateReceipts(receipts=seen(subject.task.chosen), reason=say(str(answers[0])))


def _ask(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    receipt, (wanted, reason) = receipt_of(subject), answers
    assert isinstance(wanted, tuple)
    kind, minutes = wanted
    # More time is counted from the deadline there is; a suspension from now.
    due = deadline_rules.due_at(receipt) if kind is RequestKind.EXTEND else None
    until = max(due or 0, subject.now_ns) + minutes * NS_PER_MIN if minutes else None
    return AskSideRequest(
        order=receipt.order, place=receipt.place, version=receipt.version, kind=kind, reason=str(reason), until=until
    )  # fmt: skip


def _withdraw(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    return WithdrawSideRequest(request=_request(subject).number, version=_request(subject).version)


def _decide(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    request, (verdict,) = _request(subject), answers
    if isinstance(verdict, str):
        return DecideSideRequest(request=request.number, version=request.version, given=False, reason=say(verdict))
    assert isinstance(verdict, int)
    until = subject.now_ns + verdict * NS_PER_MIN if verdict else None
    return DecideSideRequest(request=request.number, version=request.version, given=True, until=until)


def _check(subject: Subject, answers: tuple[object, ...], say: Say) -> object:
    receipt, reason = receipt_of(subject), str(answers[0])
    return CheckReceipt(
        order=receipt.order, place=receipt.place, version=receipt.version, passed=not reason,
        reason=say(reason) if reason else "",
    )  # fmt: skip


def _recall(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    order = order_of(subject)
    return RecallOrder(order=order.number, version=order.version, reason=str(answers[0]))


def _release(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    order = order_of(subject)
    return ReleaseOrder(order=order.number, version=order.version)


def _void(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    order = order_of(subject)
    return VoidOrder(order=order.number, version=order.version, reason=str(answers[0]))


def _settle(subject: Subject, answers: tuple[object, ...], _say: Say) -> object:
    receipt = receipt_of(subject)
    return SettleReceipt(
        order=receipt.order, place=receipt.place, version=receipt.version, reason=str(answers[0])
    )  # fmt: skip


def _resume(subject: Subject, _answers: tuple[object, ...], _say: Say) -> object:
    receipt = receipt_of(subject)
    return ResumeReceipt(order=receipt.order, place=receipt.place, version=receipt.version)


_REASON = Question(title="tasks.question.reason")

ORDER_DEEDS: tuple[Action, ...] = (
    Action(id="order.compose", title="tasks.action.compose", keys=("D",), where=Where.EVENT, record=SendOrders),
    Action(id="order.receipts", title="tasks.action.receipts", keys=("T",), where=Where.EVENT),
    Action(id="order.compose_next", title="tasks.action.compose", keys=("D",), where=Where.ORDER, record=SendOrders),
    Action(
        id="order.sign", title="tasks.action.sign", keys=("Return",), where=Where.ORDER, record=SignReceipt,
        why_not=needs_step(Step.SIGNED), make=_sign,
    ),
    Action(
        id="order.arrive", title="tasks.action.arrive", keys=("2",), where=Where.ORDER, record=ArriveReceipt,
        why_not=needs_step(Step.ARRIVED), make=_arrive,
    ),
    Action(
        id="order.handle", title="tasks.action.handle", keys=("3",), where=Where.ORDER, record=HandleReceipt,
        why_not=needs_step(Step.HANDLING), make=_handle,
    ),
    Action(
        id="order.feed_back", title="tasks.action.feed_back", keys=("4",), where=Where.ORDER, record=FeedBackReceipt,
        why_not=needs_step(Step.FED_BACK),
    ),
    Action(
        id="order.request", title="tasks.action.request", keys=("R",), where=Where.ORDER, record=AskSideRequest,
        why_not=needs_own_unfinished, make=_ask,
        questions=(Question(title="tasks.question.request", choices=_asked), _REASON),
    ),
    Action(
        id="order.withdraw", title="tasks.action.withdraw", keys=("Shift+R",), where=Where.ORDER,
        record=WithdrawSideRequest, why_not=needs_own_request, make=_withdraw,
    ),
    Action(
        id="order.confirm", title="tasks.action.confirm", keys=("C",), where=Where.ORDER, record=ConfirmReceipt,
        why_not=needs_untold,
    ),
    Action(
        id="order.urge", title="tasks.action.urge", keys=("U",), where=Where.ORDER, record=UrgeReceipts,
        why_not=needs_owing, make=_urge,
        questions=(Question(title="tasks.question.urge", choices=_channels, params=_chosen_count),),
    ),
    Action(
        id="order.escalate", title="tasks.action.escalate", keys=("E",), where=Where.ORDER, record=EscalateReceipts,
        why_not=needs_one_unit, make=_escalate, tells_key=True,
        questions=(
            Question(
                title="tasks.question.escalate", choices=lambda _subject: reasons("tasks_why", _WHYS),
                params=_chosen_count,
            ),
        ),
    ),
    Action(
        id="order.decide", title="tasks.action.decide", keys=("X",), where=Where.ORDER, record=DecideSideRequest,
        why_not=needs_another_request, make=_decide,
        questions=(Question(title="tasks.question.decide", choices=_verdicts, params=_decide_params),),
    ),
    Action(
        id="order.check", title="tasks.action.check", keys=("K",), where=Where.ORDER, record=CheckReceipt,
        why_not=needs_fed_back, make=_check, questions=(Question(title="tasks.question.check", choices=_checks),),
    ),
    Action(
        id="order.release", title="tasks.action.release", keys=("L",), where=Where.ORDER, record=ReleaseOrder,
        why_not=needs_state(OrderState.HELD), make=_release,
    ),
    Action(
        id="order.recall", title="tasks.action.recall", keys=("B",), where=Where.ORDER, record=RecallOrder,
        why_not=needs_unread, make=_recall, questions=(_REASON,),
    ),
    Action(
        id="order.void", title="tasks.action.void", keys=("N",), where=Where.ORDER, record=VoidOrder,
        why_not=needs_state(OrderState.HELD, OrderState.WAITING, OrderState.SENT), make=_void, questions=(_REASON,),
    ),
    Action(
        id="order.settle", title="tasks.action.settle", keys=("J",), where=Where.ORDER, record=SettleReceipt,
        why_not=needs_receipt_state(ReceiptState.RETURNED), make=_settle, questions=(_REASON,),
    ),
    Action(
        id="order.resume", title="tasks.action.resume", keys=("O",), where=Where.ORDER, record=ResumeReceipt,
        why_not=needs_receipt_state(ReceiptState.SUSPENDED), make=_resume,
    ),
    Action(
        id="order.mark_unit", title="tasks.action.mark_unit", keys=("A",), where=Where.ORDER, why_not=needs_receipt
    ),
    Action(
        id="order.send_batch", title="tasks.action.send_batch", keys=("Shift+D",), where=Where.ORDER,
        record=SendOrders,
    ),
    Action(id="order.mark_all", title="tasks.action.mark_all", keys=("Shift+A",), where=Where.ORDER),
    Action(id="tasks.next_reason", title="tasks.action.next_reason", keys=("S",), where=Where.ORDER),
    Action(id="tasks.supervision", title="tasks.action.supervision", keys=()),
    Action(id="tasks.next_list", title="tasks.action.next_list", keys=("]",), where=Where.ORDER),
    Action(id="tasks.previous_list", title="tasks.action.previous_list", keys=("[",), where=Where.ORDER),
    Action(id="roll_call.open", title="tasks.action.roll_call", keys=("Ctrl+Shift+D",), record=StartRollCall),
)  # fmt: skip

OWN_KEYS = ("order.sign", "order.arrive", "order.handle", "order.feed_back")
"""Enter and digits mean something else in every question: the page itself hears them."""

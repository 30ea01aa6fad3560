"""Orders of one evening with receipts in every standing, requests, a board and a roll call, before a still session."""

from dataclasses import replace

from chengyun_core.model.change import Change
from chengyun_core.model.order import (
    Channel,
    Climbed,
    Feedback,
    Order,
    OrderState,
    Receipt,
    ReceiptState,
    RequestKind,
    RequestState,
    Role,
    SideRequest,
    Step,
    key_of,
)
from chengyun_core.model.scales import EventGrade
from chengyun_core.model.scorecard import Measure, Ratio
from chengyun_core.model.supervision_rules import judged, ordered
from chengyun_core.wire.order_asks import (
    Board,
    BoardLine,
    CentreQueue,
    Ledger,
    LedgerCount,
    OrderTold,
    Outbox,
    Score,
    Scorecard,
    UnitLedger,
)
from tests.console.event_samples import event, stranded
from tests.console.still_session import START_NS, S, StillSession

MIN = 60 * S
SENT_NS = START_NS - 4 * MIN
DUE = {Step.SIGNED: SENT_NS + MIN, Step.ARRIVED: SENT_NS + 5 * MIN, Step.HANDLING: SENT_NS + 30 * MIN}


def order(number: int, **fields: object) -> Order:
    """Return an order sent four minutes ago by another officer."""
    made = Order(
        number=number, code=f"令〔2026〕{number:06d}", title=f"指令 {number}", text="立即前往处置并反馈。",
        centre="500000", issued_at=SENT_NS, issued_by="li", issued_seat="A-03", sent_at=SENT_NS, template="1-5-30",
        recipients=1, changed_at=SENT_NS,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def receipt(number: int, place: int, recipient: str, *steps: tuple[Step, int], **fields: object) -> Receipt:
    """Return a receipt that reached these steps so many seconds after it was sent."""
    climbed = {Step.SENT: Climbed(at=SENT_NS, received_at=SENT_NS, account="li", seat="A-03")}
    climbed |= {
        step: Climbed(at=SENT_NS + ago * S, received_at=SENT_NS + ago * S, account=recipient) for step, ago in steps
    }
    made = Receipt(
        order=number, place=place, recipient=recipient, step=steps[-1][0] if steps else Step.SENT, climbed=climbed,
        due=dict(DUE), changed_at=SENT_NS, version=2 + len(steps),
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def moving() -> tuple[Order, tuple[Receipt, ...]]:
    """Return the order of the gravest event: arrived, told by radio, late, given back, put off, not heard of."""
    whole = order(
        17, event=41, title="转移磁器口沿线群众",
        text="立即组织转移磁器口码头滞留游客，优先老人；到场后每 10 分钟报一次。",
        recipients=5, place="磁器口码头3号趸船", critical="evacuation",
    )  # fmt: skip
    by_radio = Climbed(
        at=SENT_NS + 95 * S, received_at=SENT_NS + 100 * S, account="li", seat="A-03", channel=Channel.RADIO,
        words="收到，两艘冲锋舟已出发", said_by="水上 07 王队", on_behalf=True,
    )  # fmt: skip
    second = receipt(17, 2, "U-02", (Step.DELIVERED, 2), event=41)
    rows = (
        receipt(17, 1, "U-01", (Step.DELIVERED, 1), (Step.READ, 20), (Step.SIGNED, 41), (Step.ARRIVED, 200), event=41,
                role=Role.LEAD),
        replace(second, step=Step.SIGNED, climbed={**second.climbed, Step.SIGNED: by_radio}, request=7, extended=1,
                promised_at=START_NS + 20 * MIN, supervision="督办〔2026〕12"),
        receipt(17, 3, "U-03", (Step.DELIVERED, 3), event=41, reminded=2, task="封闭滨江步道两端入口"),
        receipt(17, 4, "U-04", (Step.DELIVERED, 2), (Step.READ, 60), event=41, state=ReceiptState.RETURNED,
                returned_reason="不属我单位辖区"),
        receipt(17, 5, "U-05", event=41, away="500106"),
    )  # fmt: skip
    return whole, rows


def others() -> tuple[tuple[Order, tuple[Receipt, ...]], ...]:
    """Return other orders: one held, one fed back, one just sent."""
    told = Feedback(
        accepted_at=SENT_NS + 30 * S, talked_to="报案人张女士", measures="清理落石 3 方，设警示锥 20 个",
        time_limit="今日 18:00 前恢复双向通行",
    )  # fmt: skip
    back = receipt(16, 1, "U-02", (Step.DELIVERED, 1), (Step.READ, 9), (Step.SIGNED, 30), (Step.HANDLING, 150),
                   (Step.FED_BACK, 220), event=39, role=Role.LEAD, feedback=told)  # fmt: skip
    kept = receipt(15, 1, "U-03", state=ReceiptState.KEPT, due={}, climbed={})
    return (
        (order(16, event=39, title="清理省道落石"), (back,)),
        (order(15, title="备勤冲锋舟 6 艘", state=OrderState.HELD), (kept,)),
    )


def request() -> SideRequest:
    """Return a request for more time that waits."""
    return SideRequest(
        number=7, order=17, place=2, recipient="U-02", kind=RequestKind.EXTEND, reason="码头水深浪急，需等拖轮",
        until=START_NS + 40 * MIN, asked_at=START_NS - 50 * S, asked_by="wang", asked_seat="U-02-1",
    )  # fmt: skip


def history() -> tuple[Change, ...]:
    """Return the journal rows of the gravest order without their records, oldest first."""
    rows = (
        ("order.send", "order", {"order": "令〔2026〕000017", "title": "转移磁器口沿线群众", "recipients": "5"}, 0),
        ("receipt.sign", "receipt", {"order": "令〔2026〕000017", "recipient": "U-01"}, 41),
        ("receipt.remind", "receipt",
         {"order": "令〔2026〕000017", "recipient": "U-03", "step": "signed", "rung": "remind"}, 60),
        ("receipt.confirm", "receipt",
         {"order": "令〔2026〕000017", "recipient": "U-02", "step": "signed", "channel": "radio",
          "said_by": "水上 07 王队", "words": "收到，两艘冲锋舟已出发"}, 100),
        ("receipt.arrive", "receipt", {"order": "令〔2026〕000017", "recipient": "U-01"}, 200),
    )  # fmt: skip
    return tuple(
        Change(
            number=500 + at, at_ns=SENT_NS + ago * S, action=action, kind=kind, key="17", version=1, record=b"",
            account="" if action == "receipt.remind" else "li", seat="A-03", params=params,
        )
        for at, (action, kind, params, ago) in enumerate(rows)
    )  # fmt: skip


def put_orders(session: StillSession) -> None:
    """Bring events, orders, receipts and the request."""
    for shown in (stranded(), event(39, title="S544 省道边坡落石", grade=EventGrade.LARGER)):
        session.put_fact("event", str(shown.number), shown)
    session.put_fact("side_request", "7", request())
    for whole, rows in (moving(), *others()):
        for row in rows:
            session.put_fact("receipt", key_of(row), row)
        session.put_fact("order", str(whole.number), whole)


def answer_order(session: StillSession) -> None:
    """Answer what the card asked of the gravest order."""
    whole, rows = moving()
    told = OrderTold(order=whole, receipts=rows, requests=(request(),), history=history())
    session.answer_ask("tasks order", told)


def board() -> Board:
    """Return the board as the centre would tell it now."""
    whole, rows = moving()
    lines = ordered([one for row in rows if (one := judged(row, EventGrade.MAJOR, START_NS, 2 * MIN)) is not None])
    return Board(
        lines=tuple(
            BoardLine(
                standing=one, order_code=whole.code, title=whole.title, centre="500000", event_code="事〔2026〕000041"
            )
            for one in lines
        ),
        at_ns=START_NS, silent_s=120.0,
    )  # fmt: skip


def scorecard(unit: str, **numerators: int) -> Scorecard:
    """Return a unit's scorecard: of each ratio so many of 12, 6 where nothing else is said."""
    ratios = tuple(Ratio(measure=one, numerator=numerators.get(one.value, 6), denominator=12) for one in Measure)
    return Scorecard(scores=(Score(unit=unit, ratios=ratios, receipts=12),))


def ledger() -> Ledger:
    """Return the ledger of 30 days: what waits, what was given and what was not."""
    counts = (
        LedgerCount(kind=RequestKind.EXTEND, state=RequestState.GIVEN, count=6),
        LedgerCount(kind=RequestKind.EXTEND, state=RequestState.REFUSED, count=2),
        LedgerCount(kind=RequestKind.EXTEND, state=RequestState.WAITING, count=1),
        LedgerCount(kind=RequestKind.RETURN, state=RequestState.GIVEN, count=1),
        LedgerCount(kind=RequestKind.SUSPEND, state=RequestState.WITHDRAWN, count=1),
    )
    decided = SideRequest(
        number=5, order=16, place=1, recipient="U-02", kind=RequestKind.EXTEND, reason="设备调运", asked_at=SENT_NS,
        asked_by="wang", asked_seat="U-02-1", state=RequestState.GIVEN, decided_at=SENT_NS + 60 * S, decided_by="zhao",
    )  # fmt: skip
    units = (
        UnitLedger(recipient="U-02", counts=counts[:3], receipts=48),
        UnitLedger(recipient="U-04", counts=counts[3:], receipts=31),
    )
    return Ledger(counts=counts, receipts=268, requests=(request(), decided), units=units)


def outbox() -> Outbox:
    """Return the queue of the other centre: two rows, the older one for ten minutes."""
    return Outbox(queues=(CentreQueue(centre="500106", rows=2, oldest_ns=START_NS - 10 * MIN),))

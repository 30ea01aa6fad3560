"""What may be asked of the centre about orders: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.change import Change
from chengyun_core.model.order import (
    Order,
    Receipt,
    ReceiptState,
    RequestKind,
    RequestState,
    RollAnswer,
    RollCall,
    SideRequest,
    Step,
    Supervision,
)
from chengyun_core.model.order_texts import OrderText
from chengyun_core.model.scorecard import Ratio
from chengyun_core.model.supervision_rules import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOrder:
    """Ask `order.get`: one order with all that belongs to it."""

    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTold:
    """Answer: the order, its receipts by place, its requests, and its journal rows without records, oldest first."""

    order: Order
    receipts: tuple[Receipt, ...] = ()
    requests: tuple[SideRequest, ...] = ()
    history: tuple[Change, ...] = ()
    history_cut: bool = False
    """There is more history than is told; the newest rows are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOrders:
    """Ask `order.page`: orders newest first, before a number (keyset: page on with the last number told)."""

    before: int | None = None
    limit: int = 100
    """1 … 200."""
    living: bool | None = None
    event: int | None = None
    centre: str = ""
    """Code of the centre in whose area it is done, exactly that one; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Answer."""

    orders: tuple[Order, ...] = ()
    more: bool = False


class ReceiptView(StrEnum):
    """What is paged through."""

    RECEIVED = "received"
    """All of one recipient, newest first."""
    OVERDUE = "overdue"
    """Whose next deadline is over, the latest first."""
    NEAR_DUE = "near_due"
    RETURNED = "returned"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReceipts:
    """Ask `receipt.page`."""

    view: ReceiptView = ReceiptView.OVERDUE
    recipient: str = ""
    """Must be given for `received`; empty elsewhere: everybody's."""
    state: ReceiptState | None = None
    """Of `received`: only in this state."""
    after: tuple[int, int, int] | None = None
    """`next` of the page before; None: the first page."""
    limit: int = 100
    """1 … 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Answer."""

    receipts: tuple[Receipt, ...] = ()
    next: tuple[int, int, int] | None = None
    """(time, order, place) of the last one told: `after` of the next page; None: this was the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBoard:
    """Ask `supervision.board`: what is late, returned or silent, heaviest first (lateness × grade)."""

    centre: str = ""
    """Only orders carried out in the area of this centre or below; empty: all."""
    recipient: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """One line: the receipt as it stands, and what else is said of it."""

    standing: Standing
    order_code: str
    title: str
    centre: str
    event_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Answer."""

    lines: tuple[BoardLine, ...] = ()
    at_ns: int
    sheets: tuple[Supervision, ...] = ()
    """The 督办 sheets these receipts stand on."""
    cut: bool = False
    """There are more than were looked at; the latest are here."""
    silent_s: float = 0.0
    """For how long one must not have been heard of to be silent here; 0: not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskScorecard:
    """Ask `unit.scorecard`: the ratios of units over the orders issued in a period [from, to), profile ns UTC."""

    units: tuple[str, ...]
    """1 … 60 codes."""
    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One unit's."""

    unit: str
    ratios: tuple[Ratio, ...]
    receipts: int
    """How many were counted."""
    cut: bool = False
    """Only the newest were counted: the period holds more."""
    lapsed: int = 0
    """Of those counted: ended with their event before they were done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Answer."""

    scores: tuple[Score, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLedger:
    """Ask `side_request.ledger`: what recipients asked for in a period [from, to), profile ns UTC (T4)."""

    from_ns: int
    to_ns: int
    recipient: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCount:
    """How many requests of a kind ended how."""

    kind: RequestKind
    state: RequestState
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLedger:
    """One recipient's part of the ledger."""

    recipient: str
    counts: tuple[LedgerCount, ...]
    receipts: int
    """His receipts of the orders issued in the period: the denominator of his ratio."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Answer: counts, the denominator of the ratios, and the newest requests."""

    counts: tuple[LedgerCount, ...] = ()
    receipts: int
    """Receipts of the orders issued in the period: given requests ÷ this is the ratio 数字城管 limits."""
    requests: tuple[SideRequest, ...] = ()
    """Newest first, at most 200."""
    units: tuple[UnitLedger, ...] = ()
    """Of everybody who asked, who asked most first; at most 60."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOutbox:
    """Ask `order.outbox`: what was sent and is not known to have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLine:
    """One recipient's: 待发, 已发, 已达 of his open receipts that nobody has read yet."""

    recipient: str
    away: str = ""
    """Code of the centre it has to reach first; empty: none."""
    waiting: int = 0
    """待发: it has not left for the other centre, or that one has not confirmed it."""
    sent: int = 0
    """已发: the recipient's consoles are this centre's, and none has told that it is there."""
    delivered: int = 0
    """已达"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreQueue:
    """Rows of the outbox for one other centre."""

    centre: str
    rows: int
    oldest_ns: int
    """Since when the oldest waits, profile ns UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """Answer."""

    lines: tuple[OutboxLine, ...] = ()
    queues: tuple[CentreQueue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOrderTemplates:
    """Ask `order.templates`: texts and deadlines to choose from."""

    language: str = "zh_CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineTemplate:
    """One deadline template: step → minutes after sending."""

    name: str
    minutes: dict[Step, float] = field(default_factory=dict)
    of_house: bool = False
    """It is the one that orders without a template of their own get."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTemplates:
    """Answer: the catalogue's texts before the house's, and every deadline template."""

    texts: tuple[OrderText, ...] = ()
    deadlines: tuple[DeadlineTemplate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRollCall:
    """Ask `roll_call.get`: one roll call with its answers."""

    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallTold:
    """Answer: while it runs, `missing` are those who have not answered yet."""

    call: RollCall
    answers: tuple[RollAnswer, ...] = ()
    missing: tuple[str, ...] = ()


ORDER_ASKS: dict[str, tuple[type, type | None]] = {
    "order.get": (AskOrder, OrderTold),
    "order.outbox": (AskOutbox, Outbox),
    "order.page": (AskOrders, Orders),
    "order.templates": (AskOrderTemplates, OrderTemplates),
    "receipt.page": (AskReceipts, Receipts),
    "roll_call.get": (AskRollCall, RollCallTold),
    "side_request.ledger": (AskLedger, Ledger),
    "supervision.board": (AskBoard, Board),
    "unit.scorecard": (AskScorecard, Scorecard),
}
"""Ask → (body, answer). Alphabetical."""

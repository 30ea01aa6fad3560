"""Commands about receipts: the recipient's steps, an officer's word for him, check, reminders, requests, roll calls."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.order import Channel, Feedback, RequestKind, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReceipt:
    """Tell that an order is here: sent by the recipient's console by itself. Told twice, it is told once."""

    order: int
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReceipt:
    """Tell that an order was shown to somebody: sent by the recipient's console when it was opened."""

    order: int
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignReceipt:
    """Sign an order (签收): every channel of reminding stops."""

    order: int
    place: int
    version: int
    source_at: int | None = None
    """When it happened, profile ns UTC; None: now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveReceipt:
    """Tell that one is on site (到场)."""

    order: int
    place: int
    version: int
    source_at: int | None = None
    longitude: float | None = None
    """Degrees, CGCS2000/WGS-84."""
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleReceipt:
    """Tell that the work runs, with what has been done so far (处置中)."""

    order: int
    place: int
    version: int
    source_at: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBackReceipt:
    """Feed back (反馈), with the four elements."""

    order: int
    place: int
    version: int
    feedback: Feedback
    source_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReceipt:
    """Tell a step on behalf of the recipient: by which channel, who said it, in his very words (T2)."""

    order: int
    place: int
    version: int
    step: Step
    channel: Channel
    words: str
    said_by: str
    source_at: int | None = None
    """When it was said, or happened, profile ns UTC; None: now."""
    feedback: Feedback | None = None
    """Of the step `fed_back`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReceipt:
    """Check what was fed back (核查); not passed, it goes back with the reason."""

    order: int
    place: int
    version: int
    passed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeReceipt:
    """End a suspension before its time."""

    order: int
    place: int
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReceipt:
    """Say that nothing more is to be done about a returned receipt, and why."""

    order: int
    place: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSeen:
    """A receipt as an officer saw it, for deeds on many."""

    order: int
    place: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgeReceipts:
    """Urge recipients (催办), by one channel or several."""

    receipts: tuple[ReceiptSeen, ...]
    channels: tuple[Channel, ...]
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateReceipts:
    """Put receipts of one unit under supervision (督办): one numbered sheet, with the reason."""

    receipts: tuple[ReceiptSeen, ...]
    reason: str
    answer_min: float = 30.0
    """Minutes within which the unit has to say what it will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSideRequest:
    """Ask to give an order back, for more time, to be let off, or to put it off (T4)."""

    order: int
    place: int
    version: int
    kind: RequestKind
    reason: str
    until: int | None = None
    """New time for an extension, end of a suspension; profile ns UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawSideRequest:
    """Take one's own request back."""

    request: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSideRequest:
    """Give or refuse a request; never by who asked, nor by who handles it."""

    request: int
    version: int
    given: bool
    reason: str = ""
    until: int | None = None
    """Another time than the one asked for; None: that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRollCall:
    """Call the roll (T9): no one named means every centre below, by its duty officer."""

    title: str
    called: tuple[str, ...] = ()
    """Units or posts."""
    centre: str = ""
    """Centre whose roll it is; empty: the profile's own."""
    window_s: int = 60
    late_window_s: int = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRollCall:
    """Answer for a unit or post one holds."""

    call: int
    code: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRollAnswer:
    """Note an answer heard by another channel, in the very words."""

    call: int
    code: str
    channel: Channel
    words: str
    said_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRollCall:
    """End a roll call before its windows are over."""

    call: int
    version: int


RECEIPT_COMMANDS: dict[str, type[Any]] = {
    "receipt.arrive": ArriveReceipt,
    "receipt.check": CheckReceipt,
    "receipt.confirm": ConfirmReceipt,
    "receipt.decide": DecideSideRequest,
    "receipt.deliver": DeliverReceipt,
    "receipt.escalate": EscalateReceipts,
    "receipt.feed_back": FeedBackReceipt,
    "receipt.handle": HandleReceipt,
    "receipt.read": ReadReceipt,
    "receipt.request": AskSideRequest,
    "receipt.resume": ResumeReceipt,
    "receipt.settle": SettleReceipt,
    "receipt.sign": SignReceipt,
    "receipt.urge": UrgeReceipts,
    "receipt.withdraw": WithdrawSideRequest,
    "roll_call.answer": AnswerRollCall,
    "roll_call.end": EndRollCall,
    "roll_call.note": NoteRollAnswer,
    "roll_call.start": StartRollCall,
}
"""Kind on the wire → record. Alphabetical."""

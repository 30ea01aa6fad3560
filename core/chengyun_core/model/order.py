"""Orders (指令) and their receipts (回执): one order, many recipients, each climbing one ladder (T1-T10)."""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands as a whole."""

    HELD = "held"
    """Written and kept back until it is released (T7)."""
    WAITING = "waiting"
    """Critical: waits for a second person (T8)."""
    SENT = "sent"
    DONE = "done"
    """Every receipt has ended."""
    RECALLED = "recalled"
    """Taken back before anybody had read it (T7)."""
    VOID = "void"
    REFUSED = "refused"
    """The second person said no, or did not say anything in time."""
    LAPSED = "lapsed"
    """随案终止: its event ended before all were done; nobody did the rest, and nothing says that somebody did."""


LIVING_ORDERS = frozenset({OrderState.HELD, OrderState.WAITING, OrderState.SENT})
"""States in which somebody has to do something; these orders are on every screen."""


class Step(StrEnum):
    """The receipt ladder (T2), in its order."""

    SENT = "sent"
    """已发: in the outbox; says nothing about whether it left."""
    DELIVERED = "delivered"
    """已达: the recipient's console (or centre) has it."""
    READ = "read"
    """已阅"""
    SIGNED = "signed"
    """已签收"""
    ARRIVED = "arrived"
    """到场"""
    HANDLING = "handling"
    """处置中"""
    FED_BACK = "fed_back"
    """已反馈"""
    CHECKED = "checked"
    """核查通过"""


LADDER: tuple[Step, ...] = tuple(Step)


class ReceiptState(StrEnum):
    """Beside the ladder: whether it is climbed at all."""

    KEPT = "kept"
    """Its order is held, or waits for a second person: nothing has been sent, no clock runs."""
    OPEN = "open"
    SUSPENDED = "suspended"
    """缓办, approved; its clocks stand."""
    RETURNED = "returned"
    """退回, approved: this recipient is not the one."""
    VOID = "void"
    RECALLED = "recalled"
    DONE = "done"
    LAPSED = "lapsed"
    """随案终止: its event ended first; its step tells how far it had come."""


class Role(StrEnum):
    """横向 and 纵向 at once (D2): exactly one leads."""

    LEAD = "lead"
    ASSIST = "assist"


class Sweep(StrEnum):
    """What is being done to an order's receipts, some in each transaction: an order may go to a thousand towns."""

    ADDRESS = "address"
    """The first receipts are written: some recipients have none yet, they stand in the order's OrderAddress."""
    OPEN = "open"
    """What was kept back leaves."""
    RECALL = "recall"
    VOID = "void"
    LAPSE = "lapse"
    CARRY = "carry"
    """They follow their order to another event."""


class Channel(StrEnum):
    """By what somebody was reached, or confirmed on behalf (T2, T3)."""

    CONSOLE = "console"
    PHONE = "phone"
    RADIO = "radio"
    VIDEO = "video"
    MESSAGE = "message"
    IN_PERSON = "in_person"


class RequestKind(StrEnum):
    """What a recipient may ask for; each needs an approval by another person and stands in a ledger (T4)."""

    RETURN = "return"
    EXTEND = "extend"
    VOID = "void"
    SUSPEND = "suspend"


class RequestState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed:
    """How a step was reached."""

    at: int
    """Source time, profile ns UTC."""
    received_at: int
    """When this centre learned of it."""
    account: str = ""
    seat: str = ""
    channel: Channel = Channel.CONSOLE
    words: str = ""
    """Verbatim, when somebody confirmed on behalf."""
    said_by: str = ""
    """Who said them, when somebody confirmed on behalf."""
    on_behalf: bool = False
    longitude: float | None = None
    """Where, when the recipient's console told it, degrees, CGCS2000/WGS-84."""
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """反馈, which passes only with its four elements (宜兴城运)."""

    accepted_at: int
    """受理时间, profile ns UTC."""
    talked_to: str
    """与谁沟通"""
    measures: str
    """解决措施"""
    time_limit: str
    """解决时限"""
    solved: bool = True
    attachments: tuple[int, ...] = ()
    before: tuple[int, ...] = ()
    """Attachments that show it as it was found."""
    after: tuple[int, ...] = ()
    """Attachments that show it as it was left."""
    longitude: float | None = None
    """Where it was fed back from, degrees, CGCS2000/WGS-84."""
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order as it stands (journal kind `order`, key the number)."""

    number: int
    code: str
    """`令〔2026〕000123`."""
    event: int | None = None
    plan_run: int | None = None
    plan_step: str = ""
    title: str
    text: str
    place: str = ""
    centre: str
    """Centre in whose area it is to be done: what permissions are asked about."""
    critical: str = ""
    """Why two persons are needed: `evacuation`, `closure`, `red_warning`, `extraordinary`; empty: one is enough."""
    template: str = ""
    """Deadline template: `1-5-30` unless said otherwise."""
    within: dict[Step, float] = field(default_factory=dict)
    """Step → minutes after sending, instead of the template's."""
    state: OrderState = OrderState.SENT
    issued_at: int
    issued_by: str
    issued_seat: str = ""
    sent_at: int | None = None
    """When it was put into the outbox: after hold and second person."""
    approval: int | None = None
    """Number of the approval it waits for, or was given by."""
    reason: str = ""
    """Why it was recalled, made void or refused."""
    recipients: int = 0
    ended: int = 0
    """Receipts that have ended."""
    came_from: tuple[int, ...] = ()
    """Events it was carried from, the one it was issued for first: each was merged into the next (并案)."""
    sweeping: Sweep | None = None
    """What is still being done to its receipts; None: all of them are as the order says."""
    swept: int = 0
    """Greatest place that this was done to."""
    changed_at: int
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one recipient made of an order (journal kind `receipt`, key `<order>.<place>`)."""

    order: int
    place: int
    """1 … n within the order."""
    event: int | None = None
    recipient: str
    """Code of the unit, or of the post."""
    role: Role = Role.ASSIST
    task: str = ""
    """What this recipient is to do, when it is not the order's text."""
    state: ReceiptState = ReceiptState.OPEN
    step: Step = Step.SENT
    climbed: dict[Step, Climbed] = field(default_factory=dict)
    due: dict[Step, int] = field(default_factory=dict)
    """Step → until when it must be reached, profile ns UTC."""
    reminded: int = 0
    """How often he was reminded or urged, by the clock or by an officer."""
    reminded_at: int | None = None
    call_at: int | None = None
    """When the clock climbs the next rung of reminders (deadline_rules.RUNGS); None: it is silent."""
    rung: int = 0
    """Rungs climbed for the step that is due: 1 reminded, 2 again, 3 called, 4 superior told."""
    escalated: int = 0
    """How far up: 0 none, 1 reminded again, 2 called, 3 superior told."""
    superior: str = ""
    """Unit that was told of its silence; empty: none was."""
    supervision: str = ""
    """督办〔2026〕nn, once it is supervised."""
    extended: int = 0
    """How often its time was extended."""
    promised_at: int | None = None
    """New time, after an extension."""
    returned_reason: str = ""
    feedback: Feedback | None = None
    failed_checks: int = 0
    check_reason: str = ""
    """Why the last check was not passed; empty: none failed."""
    over_capacity: str = ""
    """Why he got it although he was full (D4)."""
    away: str = ""
    """Code of the other centre it has to reach first; empty: the recipient is of this one."""
    suspended_at: int | None = None
    resume_at: int | None = None
    """When a suspension ends by itself."""
    request: int | None = None
    """Number of the side request that waits."""
    settled: str = ""
    """Of a returned one: what was done about it, the code of the order that replaces it or a reason in words."""
    came_from: tuple[int, ...] = ()
    """As its order's; with one in it, it leads nothing in the event it was carried to (条例 art. 34)."""
    lapsed_with: str = ""
    """Of one that lapsed: what became of its event, `closed` or `void`."""
    lapsed_reason: str = ""
    """Of one that lapsed: why the event ended all the same, in the officer's words."""
    changed_at: int
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRequest:
    """One request of a recipient (journal kind `side_request`, key the number): the ledger of T4."""

    number: int
    order: int
    place: int
    recipient: str = ""
    kind: RequestKind
    reason: str
    until: int | None = None
    """For an extension or a suspension: the new time asked for."""
    asked_at: int
    asked_by: str
    asked_seat: str = ""
    state: RequestState = RequestState.WAITING
    decided_at: int | None = None
    decided_by: str = ""
    decided_seat: str = ""
    decided_reason: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """点名 (T9), journal kind `roll_call`: who answers within its windows."""

    number: int
    title: str
    called: tuple[str, ...]
    """Unit or post codes."""
    answered: dict[str, int] = field(default_factory=dict)
    """Code → profile ns UTC. Filled in when it ends; while it runs, answers are records of their own."""
    words: dict[str, str] = field(default_factory=dict)
    centre: str = ""
    """Centre whose roll it is: what permissions are asked about."""
    window_s: int = 60
    late_window_s: int = 120
    started_at: int
    started_by: str
    started_seat: str = ""
    ended_at: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RollAnswer:
    """One answer to a roll call (journal kind `roll_answer`, key `<call>.<code>`).

    A record of its own: a roll call of a thousand towns is not told anew to every console a thousand times.
    """

    call: int
    code: str
    """Unit or post that answered."""
    at: int
    """Profile ns UTC."""
    late: bool = False
    """After the first window, within the second."""
    account: str
    seat: str = ""
    channel: Channel = Channel.CONSOLE
    words: str = ""
    said_by: str = ""
    on_behalf: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """督办单 (R1), journal kind `supervision`, key the number: what was asked of one unit, why, and until when."""

    number: int
    code: str
    """`督办〔2026〕12`."""
    unit: str
    receipts: tuple[str, ...]
    """Keys of the receipts, `<order>.<place>`."""
    reason: str
    answer_by: int
    """Until when the unit has to say what it will do, profile ns UTC."""
    issued_at: int
    issued_by: str
    issued_seat: str = ""
    version: int = 1


_KEY = re.compile(r"([0-9]{1,15})\.([0-9]{1,6})")


def is_living_order(order: Order) -> bool:
    """Return whether somebody has to do something about it, or the centre itself has not done so yet."""
    return order.state in LIVING_ORDERS or order.sweeping is not None


def parsed_key(key: str) -> tuple[int, int] | None:
    """Return (order, place) of a receipt's key, None for a text that is none."""
    found = _KEY.fullmatch(key)
    return None if found is None else (int(found[1]), int(found[2]))


def key_of(receipt: Receipt) -> str:
    """Return the key of a receipt in the journal and on screens: `<order>.<place>`."""
    return f"{receipt.order}.{receipt.place}"

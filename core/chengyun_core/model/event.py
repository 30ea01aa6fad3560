"""Events (事件): what happened, where, how grave, who leads, and where each stands in its life (办法 §11, §23, §24)."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.scales import EventGrade, Level


class EventState(StrEnum):
    """Where an event stands (E3). The moves between them are one table, `event_rules.MOVES`."""

    REPORTED = "reported"
    """接报"""
    VERIFIED = "verified"
    """核实"""
    GRADED = "graded"
    """分级"""
    ASSIGNED = "assigned"
    """分拨: a lead unit is named."""
    HANDLING = "handling"
    """处置: an order has left, or a unit has said that it works."""
    FED_BACK = "fed_back"
    """反馈: the lead has fed back; it waits for somebody else's check."""
    CHECKED = "checked"
    """核查 passed, by another person than the handler."""
    CLOSED = "closed"
    """办结"""
    EVALUATED = "evaluated"
    """评价"""
    REVIEWED = "reviewed"
    """复盘"""
    RETURNED = "returned"
    """退回: to whoever named the unit; `before` is where it came from."""
    SUSPENDED = "suspended"
    """挂起: for a time and a reason; `before` is where it goes back to."""
    MERGED = "merged"
    """并案: lives on in `merged_into`; keeps its number."""
    VOID = "void"
    """作废"""


CITIZEN_FIELDS = (
    "citizen.responded_at", "citizen.solved", "citizen.satisfied", "citizen.called_back_at", "citizen.words",
)  # fmt: skip
"""Codes in `attributes` of a citizen's demand: times as ns in text, yes and no as `1` and `0` (12345 的三率)."""

LIVING = frozenset(EventState) - {
    EventState.CLOSED, EventState.EVALUATED, EventState.REVIEWED, EventState.MERGED, EventState.VOID,
}  # fmt: skip
"""States in which somebody has to do something; these events are on every screen."""


class EventSource(StrEnum):
    """Where it came from (E1)."""

    ALARM = "alarm"
    MANUAL = "manual"
    IMPORT = "import"
    SUPERIOR = "superior"
    SUBORDINATE = "subordinate"
    CITIZEN = "citizen"
    """A demand of a citizen or company, 12345-style: response, solution and satisfaction are kept in `attributes`."""


class Factor(StrEnum):
    """The four factors a grade is judged from (办法 §24)."""

    NATURE = "nature"
    """性质"""
    URGENCY = "urgency"
    """紧急程度"""
    CONTROL = "control"
    """可控性: 1 in hand … 4 out of control."""
    REACH = "reach"
    """影响范围"""


class Hop(StrEnum):
    """The instants of the chain on one clock (W2): first time each was reached, profile ns UTC of the source."""

    SOURCE = "source"
    """The reading crossed its limit, the caller called."""
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    OPENED = "opened"
    VERIFIED = "verified"
    GRADED = "graded"
    PLANNED = "planned"
    ORDERED = "ordered"
    SIGNED = "signed"
    """First receipt signed."""
    ARRIVED = "arrived"
    """First unit on site."""
    FED_BACK = "fed_back"
    CHECKED = "checked"
    CLOSED = "closed"
    REVIEWED = "reviewed"


class ReportKind(StrEnum):
    """Reports to the superior (E7; 重庆市突发事件应对条例 art. 28)."""

    FIRST = "first"
    """首报, within one hour for 较大 and above."""
    FOLLOW_UP = "follow_up"
    """续报"""
    FINAL = "final"
    """终报"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as it stands. Every change is a journal row (kind `event`, key the number) with the whole record."""

    number: int
    code: str
    """What people say: `事〔2026〕000123`; unique for ever, kept by merged events too."""
    title: str
    narrative: str = ""
    """As told, in the words of who told it; edits are new rows of the journal, never lost."""
    matter: str = ""
    """Code of the matter (业务事项) in the catalogue; empty: not known yet."""
    centre: str
    """Code of the centre in whose area it is."""
    place: str = ""
    longitude: float | None = None
    """Degrees, CGCS2000/WGS-84."""
    latitude: float | None = None
    risk_point: str = ""
    source: EventSource
    source_ref: str = ""
    """Their number: of the alarm, of the superior's event, of the citizen's demand."""
    source_at: int
    """When it happened or was told, profile ns UTC; evidence (突发事件应对法 art. 61, 95)."""
    opened_at: int
    """When this centre received it, profile ns UTC; never the same fact as `source_at`."""
    opened_by: str
    opened_seat: str = ""
    alarms: tuple[int, ...] = ()
    situation: int | None = None
    """The situation it was made from: alarms that join that later join it, too."""
    more_situations: tuple[int, ...] = ()
    """Situations of events that were merged into it, and what its own one was merged into."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Measured attributes by code, as texts (`diameter_mm`: `400`): what decides the tier of a plan (P3)."""
    state: EventState = EventState.REPORTED
    before: EventState | None = None
    resume_at: int | None = None
    """When a suspension ends by itself."""
    grade: EventGrade | None = None
    by_rules_of_its_own: bool = False
    """按专门规定: a social-security event, which the four grades do not cover (突发事件应对法 art. 3)."""
    factors: dict[Factor, int] = field(default_factory=dict)
    """Factor → 1 … 4."""
    suggested: EventGrade | None = None
    grade_reason: str = ""
    lead: str = ""
    """Code of the one lead unit (条例 art. 34)."""
    assisting: tuple[str, ...] = ()
    parent: int | None = None
    children: int = 0
    merged_into: int | None = None
    command_seat: str = ""
    """The one seat that commands it (T10); empty: nobody has taken it."""
    handler: str = ""
    """Account that fed back for the lead: may not check (数字城管)."""
    checker: str = ""
    reports: int = 0
    """How many reports went up."""
    report_due_at: int | None = None
    """Until when the first report must have left; None: no duty, or it has."""
    plan_run: int | None = None
    orders: int = 0
    hops: dict[Hop, int] = field(default_factory=dict)
    attachments: int = 0
    verdict: str = ""
    """评价 in words, of an evaluated event."""
    score: int | None = None
    """评价: 1 … 5."""
    closed_at: int | None = None
    changed_at: int
    version: int = 1
    informant: str = ""
    """Who told it and how to reach them; empty: a sensor, or nobody said."""
    reason: str = ""
    """Why it was returned, suspended, merged or made void; the last of them."""
    may_escalate: bool = False
    """可能演化为重大以上: must be reported at once (条例 art. 34)."""
    lead_level: Level | None = None
    """Level of the centre that has to lead (条例 art. 34): city for 重大 and above or several districts; None: any."""
    also_in: tuple[str, ...] = ()
    """Other districts it reaches, by centre code."""
    report_overdue: bool = False
    """The first report had not left when it was due."""
    failed_checks: int = 0
    """How often the check found that it was not solved."""
    findings: str = ""
    """复盘: causes and lessons."""
    notes: int = 0
    report_numbers: tuple[int, ...] = ()
    attachment_numbers: tuple[int, ...] = ()
    improvements: tuple[int, ...] = ()
    """Numbers of the records that belong to it, in the order in which they came."""


class ImprovementKind(StrEnum):
    """What an item of a review changes (办法 §23: 流程、规则、场景 are iterated)."""

    PLAN = "plan"
    THRESHOLD = "threshold"
    ROUTE = "route"
    PROCESS = "process"
    TRAINING = "training"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """One item of a review that somebody has to do (journal kind `improvement`, key the number)."""

    number: int
    event: int
    kind: ImprovementKind
    text: str
    owner_post: str
    due_at: int
    target: str = ""
    """What it changes: code of a plan, of a vital, of a route."""
    added_at: int
    added_by: str
    done_at: int | None = None
    done_by: str = ""
    done_note: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """One report that went up (journal kind `report`, key the number)."""

    number: int
    event: int
    kind: ReportKind
    issue: int
    """Version of its kind: the third 续报 is 3."""
    text: str
    drafted: str
    """What the program had drafted, so that what the officer changed can be told."""
    sent_at: int
    sent_by: str
    sent_seat: str = ""
    received_at: int | None = None
    """Superior's receipt: by the link, or told by telephone (`channel`)."""
    received_by: str = ""
    channel: str = ""
    version: int = 1


LARGEST_ATTACHMENT = 200 * 2**20
"""Bytes of one file, and of all that belong to one record (RS6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file kept with a record (journal kind `attachment`, key the number); content by its digest, never by name."""

    number: int
    about: str
    """Kind and key of what it belongs to: `event:12`, `receipt:7.2`."""
    digest: str
    """SHA-256, hexadecimal: name of the content in the store."""
    name: str
    """A label as given, made harmless; never a path."""
    size: int
    media: str
    """Found from the content, not from the name."""
    taken_at: int | None = None
    """Source time: when the picture was taken."""
    longitude: float | None = None
    latitude: float | None = None
    added_at: int
    added_by: str
    added_seat: str = ""
    reason: str = ""
    version: int = 1

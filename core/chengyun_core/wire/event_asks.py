"""What may be asked of the centre about events: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.event import Attachment, Event, EventReport, Factor, Hop, Improvement, ReportKind
from chengyun_core.model.event_commands import ImportEvents, OpenEvent
from chengyun_core.model.event_grading import Suggestion
from chengyun_core.model.event_tree import RollUp
from chengyun_core.model.failure import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class AskUpload:
    """Ask `attachment.held`: how much of a content is here."""

    digest: str
    """SHA-256, hexadecimal."""
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPart:
    """Ask `attachment.part`: bytes of a content, at most 512 KiB, in order. Command `attachment.add` keeps it then."""

    digest: str
    size: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadHeld:
    """Answer: how many bytes are here; `size`: all."""

    held: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFile:
    """Ask `attachment.get`: a range of an attachment, at most 512 KiB."""

    attachment: int
    offset: int = 0
    length: int = 512 * 2**10


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """Answer: the record and the bytes from `offset`; fewer than asked at the end."""

    attachment: Attachment
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEvent:
    """Ask `event.get`, `event.hops`: one event."""

    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFile:
    """Answer to `event.get`: the event with what belongs to it."""

    event: Event
    reports: tuple[EventReport, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    children: tuple[Event, ...] = ()
    merged: tuple[int, ...] = ()
    """Events that were merged into it."""
    merged_events: tuple[Event, ...] = ()
    """Their records: both numbers are kept, and one that is taken out again is named with its version."""
    moves: tuple[str, ...] = ()
    """event_rules.Move values possible now."""
    roll_up: RollUp = field(default_factory=RollUp)
    """The event and its children as one."""


class Having(StrEnum):
    """Which events a page is of."""

    LIVING = "living"
    OWED = "owed"
    """Closed, and the review they must have is owed."""
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEventPage:
    """Ask `event.page`: newest first, from a number downwards; empty filters do not filter."""

    having: Having = Having.ALL
    state: str = ""
    grade: int = 0
    """model.scales.EventGrade, -1: not graded; 0: any."""
    matter: str = ""
    district: str = ""
    """Everything in a district."""
    centre: str = ""
    """Exactly this centre."""
    lead: str = ""
    source: str = ""
    opened_from: int = 0
    opened_to: int = 0
    """Profile ns UTC, [from, to); 0: no bound."""
    before: int = 0
    """Only numbers below; 0: from the newest."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEventSearch(AskEventPage):
    """Ask `event.search`: events whose title, narrative, place or code hold every word; else as `event.page`."""

    words: str = ""
    """Separated by blanks, of any length, case and width do not matter; at most 16 words, 200 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Answer: msgpack of model.event.Event each, newest first, and where the next page begins."""

    records: tuple[bytes, ...] = ()
    before: int = 0
    """For the next page; 0: this is the end."""
    examined: int = 0
    """Rows looked at. A rare combination may give a short page, or an empty one, that is not the end: ask on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSimilar:
    """Ask `event.similar` while an event is typed: what is known to be near it (E4)."""

    title: str = ""
    narrative: str = ""
    matter: str = ""
    centre: str = ""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    at: int = 0
    """When it happened, profile ns UTC; 0: now."""
    alarms: tuple[int, ...] = ()
    other_than: int = 0
    """An event that is not to be found: itself."""
    limit: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """One candidate with the reasons why it may be the same."""

    event: Event
    score: float
    """0 … 1."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarEvents:
    """Answer to `event.similar`, the nearest first."""

    found: tuple[Similar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTimeline:
    """Ask `event.timeline`: lines after a journal number, oldest first."""

    event: int
    after: int = 0
    limit: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """One row of the journal as a line (E6)."""

    number: int
    """Of the journal row: it can be looked up and verified."""
    at: int
    """When the centre took it, profile ns UTC."""
    source_at: int
    """When it happened; the same as `at` where nobody said another time."""
    code: str
    """`timeline.<action>`, with `params`."""
    params: dict[str, str]
    account: str
    seat: str
    level: str
    """model.scales.Level of the post that did it; empty: a machine."""
    kind: str
    key: str
    """What record it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Answer to `event.timeline`."""

    lines: tuple[TimelineLine, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HopRow:
    """One hop of the waterfall (W2)."""

    hop: Hop
    at: int
    """Source time, profile ns UTC."""
    received_at: int
    """When the centre learned of it."""
    since_source_s: float
    since_previous_s: float
    budget_s: float | None = None
    """Seconds allowed from `budget_from`; None: no budget."""
    budget_from: Hop | None = None
    late_s: float = 0.0
    """Beyond the budget; 0: within, or none."""
    peers_s: float | None = None
    """Median of the same hop from the source, among the peers that reached it; None: none did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hops:
    """Answer to `event.hops`: the hops reached, in the order of their times, and those not reached."""

    rows: tuple[HopRow, ...] = ()
    missing: tuple[Hop, ...] = ()
    peers: int = 0
    """Ended events of the same matter it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDraft:
    """Ask `event.draft_report`."""

    event: int
    kind: ReportKind
    language: str = "zh_CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One sentence of a draft, and the journal rows it was made from."""

    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Answer: a report made of the timeline's facts and nothing else."""

    text: str
    lines: tuple[DraftLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskNothing:
    """Body of asks that need none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCounts:
    """Answer to `event.counts`: living ones exactly, and how many there ever were."""

    total: int
    by_state: dict[str, int] = field(default_factory=dict)
    by_grade: dict[int, int] = field(default_factory=dict)
    """Of living ones; 0: not graded."""
    reports_due: int = 0
    reports_overdue: int = 0
    reviews_owed: int = 0
    unchecked: int = 0
    """Fed back, and waiting for somebody else's check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleNames:
    """Answer to `event.people`: what the accounts that stand in timelines and receipts are called."""

    names: dict[str, str] = field(default_factory=dict)
    """Account → name; nothing else of an account leaves the centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Answer to `event.owed`: closed events whose review is owed, and items of reviews that nobody has finished."""

    events: tuple[Event, ...] = ()
    items: tuple[Improvement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """Answer to `event.prefill`: the form filled in from its alarms, and the grade its matter suggests."""

    form: OpenEvent
    factors: dict[Factor, int] = field(default_factory=dict)
    suggestion: Suggestion
    evidence: int = 0
    """Pictures and clips kept of the alarms: the event begins with them as its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChecked:
    """Answer to `event.check_import`: the lines of the batch that would be refused, with the reason."""

    faults: tuple[tuple[int, Reason], ...] = ()


EVENT_ASKS: dict[str, tuple[type, type | None]] = {
    "attachment.get": (AskFile, FilePart),
    "attachment.held": (AskUpload, UploadHeld),
    "attachment.part": (UploadPart, UploadHeld),
    "event.check_import": (ImportEvents, ImportChecked),
    "event.counts": (AskNothing, EventCounts),
    "event.draft_report": (AskDraft, Draft),
    "event.get": (AskEvent, EventFile),
    "event.hops": (AskEvent, Hops),
    "event.owed": (AskNothing, Owed),
    "event.page": (AskEventPage, EventPage),
    "event.people": (AskNothing, PeopleNames),
    "event.prefill": (OpenEvent, Prefilled),
    "event.search": (AskEventSearch, EventPage),
    "event.similar": (AskSimilar, SimilarEvents),
    "event.timeline": (AskTimeline, Timeline),
}
"""Ask → (body, answer). Alphabetical."""

"""Commands about events: frozen records and their kinds; merged into `command.COMMANDS`.

`version` is what the officer saw; marks made since (hops, notes, attachments) do not make a deed stale (RF23).
"""

from dataclasses import dataclass, field
from typing import Any

from chengyun_core.model.event import EventSource, Factor, ImprovementKind, ReportKind
from chengyun_core.model.order import Channel
from chengyun_core.model.scales import EventGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEvent:
    """Open an event, from any source (E1). From alarms or a situation, what is left empty is filled in from them."""

    source: EventSource
    title: str = ""
    narrative: str = ""
    matter: str = ""
    centre: str = ""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    risk_point: str = ""
    source_ref: str = ""
    source_at: int | None = None
    """When it happened or was told; None: now, or when the first alarm was raised."""
    informant: str = ""
    alarms: tuple[int, ...] = ()
    situation: int | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    parent: int | None = None
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditEvent:
    """Change what is told of an event; fields left None stay. What was told before stays in the journal (E6)."""

    event: int
    version: int
    title: str | None = None
    narrative: str | None = None
    matter: str | None = None
    centre: str | None = None
    place: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    risk_point: str | None = None
    informant: str | None = None
    attributes: dict[str, str] | None = None
    """Replaces those of the same code; an empty text clears one."""
    also_in: tuple[str, ...] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEvent:
    """Say that it is true, and by what it was found so."""

    event: int
    version: int
    words: str = ""
    channel: Channel = Channel.CONSOLE
    source_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeEvent:
    """Grade, or grade anew (办法 §24): four factors, the officer's own grade, and why it is not the suggested one."""

    event: int
    version: int
    factors: dict[Factor, int] = field(default_factory=dict)
    grade: EventGrade | None = None
    """None: as the rule suggests; with `by_rules_of_its_own`: none of the four."""
    by_rules_of_its_own: bool = False
    reason: str = ""
    may_escalate: bool = False
    """It may become 重大 or graver: reported at once (条例 art. 34)."""
    also_in: tuple[str, ...] = ()
    """Other districts it reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignEvent:
    """Name the one lead unit and those that assist (条例 art. 34)."""

    event: int
    version: int
    lead: str
    assisting: tuple[str, ...] = ()
    reason: str = ""
    """Needed when another led before, and when the lead's level is below what the grade asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEvent:
    """Add a line to the timeline: what was said, by whom, over what, and when."""

    event: int
    text: str
    """Verbatim."""
    source_at: int | None = None
    channel: Channel = Channel.CONSOLE
    said_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBackEvent:
    """Feed back for the lead by hand; normally its receipt does it."""

    event: int
    version: int
    words: str
    source_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEvent:
    """Check what was fed back; by another person than who fed back."""

    event: int
    version: int
    passed: bool
    words: str = ""
    """Why not, when it did not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseEvent:
    """Close a checked event. A reason is needed while receipts are still open."""

    event: int
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateEvent:
    """Evaluate how it was handled."""

    event: int
    version: int
    score: int
    """1 … 5."""
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImprovement:
    """One item of a review."""

    kind: ImprovementKind
    text: str
    owner_post: str
    due_at: int
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEvent:
    """Hold the review: causes and lessons (突发事件应对法 art. 87, 92), and what is to be done about them."""

    event: int
    version: int
    findings: str
    improvements: tuple[NewImprovement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishImprovement:
    """Say that an item of a review is done, and what was done."""

    improvement: int
    version: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnEvent:
    """Give it back to whoever named the unit."""

    event: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendEvent:
    """Suspend until a time; it resumes by itself then."""

    event: int
    version: int
    until: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeEvent:
    """Go on with a suspended event."""

    event: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEvent:
    """Merge it into another that lives; both keep their numbers (E4)."""

    event: int
    version: int
    into: int
    into_version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitEvent:
    """Take a merged event out again."""

    event: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidEvent:
    """Make it void; from 较大 on a second person must approve."""

    event: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent:
    """Put it below another event (E5); no parent: take it out."""

    event: int
    version: int
    parent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAlarms:
    """Add alarms to an event."""

    event: int
    version: int
    alarms: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCommand:
    """Take command at one's own seat; from another seat only with a reason (T10)."""

    event: int
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCommand:
    """Hand command to another seat."""

    event: int
    version: int
    seat: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """Send a report to the superior (E7)."""

    event: int
    version: int
    kind: ReportKind
    text: str
    drafted: str = ""
    """What the program had drafted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived:
    """Write down the superior's receipt of a report."""

    report: int
    version: int
    received_by: str
    channel: Channel
    words: str = ""
    source_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachment:
    """Keep an uploaded file with an event or a receipt; its content has come by `attachment.part`."""

    about: str
    """`event:12`, `receipt:7.2`."""
    digest: str
    """SHA-256, hexadecimal."""
    name: str
    size: int
    taken_at: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenStep:
    """Write down a step of a citizen's demand (12345): response, solution, call-back with satisfaction."""

    event: int
    version: int
    responded_at: int | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    called_back_at: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEvent:
    """One row of an import, checked."""

    line: int
    """Of the file, for messages."""
    event: OpenEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEvents:
    """Import events of a file, one batch: all of it or none of it."""

    file: str
    """Name, a label."""
    batch: int
    rows: tuple[ImportedEvent, ...]


EVENT_COMMANDS: dict[str, type[Any]] = {
    "attachment.add": AddAttachment,
    "event.assign": AssignEvent,
    "event.check": CheckEvent,
    "event.citizen": CitizenStep,
    "event.close": CloseEvent,
    "event.edit": EditEvent,
    "event.evaluate": EvaluateEvent,
    "event.feed_back": FeedBackEvent,
    "event.grade": GradeEvent,
    "event.hand_command": HandCommand,
    "event.import": ImportEvents,
    "event.link": LinkEvent,
    "event.link_alarms": LinkAlarms,
    "event.merge": MergeEvent,
    "event.note": NoteEvent,
    "event.open": OpenEvent,
    "event.report": SendReport,
    "event.report_received": ReportReceived,
    "event.resume": ResumeEvent,
    "event.return": ReturnEvent,
    "event.review": ReviewEvent,
    "event.split": SplitEvent,
    "event.suspend": SuspendEvent,
    "event.take_command": TakeCommand,
    "event.verify": VerifyEvent,
    "event.void": VoidEvent,
    "improvement.finish": FinishImprovement,
}
"""Kind on the wire → record. Alphabetical."""

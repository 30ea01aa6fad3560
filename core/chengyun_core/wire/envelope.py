"""Envelopes of both doors: what a request and its answer look like, and the bodies they carry."""

from dataclasses import dataclass, field

from chengyun_core.model.activation import Activation, ActivationKey, BandNow
from chengyun_core.model.alarm_records import ThresholdChange
from chengyun_core.model.change import Change
from chengyun_core.model.clock import REAL_TIME, ClockLaw


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request on a door: one msgpack frame. `kind` is a command's kind or one of the asks below."""

    id: str
    """Client-made; for commands it is the command id the centre dedupes by."""
    kind: str
    body: bytes = b""
    """msgpack of the record that belongs to the kind."""
    session: str = ""
    """Session token from sign-on; empty for asks that need none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a request: done with a body, or refused / in trouble with a reason code and parameters."""

    id: str
    outcome: str
    """`done`, `refused` (a rule said no), `trouble` (the world failed)."""
    body: bytes = b""
    code: str = ""
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Every 250 ms from each daemon, and at once when somebody subscribes. Topic H/, msgpack.

    The tail numbers let a listener see that it missed the last message before a silence.
    """

    daemon: str
    protocol: int
    epoch: int
    """Of the process: ordered (time_ns at start, at least the last persisted + 1)."""
    tail: int
    """Ingest: seq of the last state frame. Centre: number of the last journal row."""
    clock_ns: int
    """Profile time now."""
    sent_ns: int
    """Machine UTC time now."""
    law: ClockLaw = REAL_TIME
    catalogue: int = 0
    realm: str = "live"
    head: str = ""
    """Centre: the journal's end as `model.audit_head` words it; whoever keeps it elsewhere is a witness."""
    counters: dict[str, int] = field(default_factory=dict)
    """Ingest: `samples`, drops by cause `dropped.<cause>`, `spooled`, `devices`, `devices_silent`, and of a survey
    `devices_stuck`, `devices_drift`, `devices_flapping`. Centre: journal."""
    gauges: dict[str, float] = field(default_factory=dict)
    """Ingest: `samples_per_s`, `latency_p99_ms`; centre: `commit_p99_ms`."""
    lights: dict[str, str] = field(default_factory=dict)
    """Name → `ok`, or a reason code: `centre` (as ingest sees it), `database`, `source.<name>`."""
    demo: str = ""
    """Demo scenario or replay that feeds it; empty for live sensors. Shown, so that nothing lies about being live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Ask `hello` of either door."""

    protocol: int
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """Answer to `hello`."""

    protocol: int
    daemon: str
    epoch: int
    realm: str
    centre: str = ""
    """Code of the profile's own centre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOn:
    """Answer to `session.sign_on`."""

    token: str
    account: str
    name: str
    seat: str
    posts: tuple[str, ...]
    allowed: tuple[str, ...]
    """Actions the table allows this session, so that the screen can hide the rest (the centre still decides)."""
    incoming: bool = False
    """It takes the seat over (接班): it reads and ticks, and the seat is its giver's until both have signed."""
    glass: int = 0
    """Number of the broken glass it was opened by; 0: by a sign-on."""
    until: int = 0
    """When a session of a broken glass ends by itself, profile ns UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Answer to a command: the number of the journal row that holds it, and the number and version of what changed."""

    change: int
    key: str = ""
    version: int = 0
    warnings: tuple[str, ...] = ()
    """Reason codes; `approval.waits`: nothing is done yet, a second person must give approval number `key`."""
    left: tuple[tuple[str, str], ...] = ()
    """(key, reason code) of what was left undone of a deed on many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskChanges:
    """Ask `changes.since` of the centre: changes after `after`, at most `limit`."""

    after: int
    limit: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Answer: the changes, and through which number the answer is complete (holes below it are final)."""

    through: int
    tail: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Answer to `snapshot` of the centre: the living records as changes, valid through journal number `through`."""

    through: int
    records: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCatalogue:
    """Ask `catalogue.get`; 0 means the version in force. The answer's body is msgpack of model.catalogue.Catalogue."""

    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassTerms:
    """What a form for breaking the glass has to know before anybody signs on."""

    posts: tuple[str, ...]
    """Kinds of posts that may be lent."""
    by: tuple[str, ...]
    """Kinds of posts of which one of the two must hold one."""
    minutes: float
    """How long it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Answer to `seats` (asked before sign-on): seats with their holder."""

    seats: tuple[tuple[str, str, str], ...] = ()
    """(seat code, seat name, account holding it or empty)."""
    glass: GlassTerms | None = None
    """What may be lent by breaking the glass; None: told by a centre that lends nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendActivations:
    """Ask `ingest.activations` (needs the ingest key): a run of the spool, in order."""

    activations: tuple[Activation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Answer: all activations of that shard and spool epoch up to `key.seq` are durable and may be deleted."""

    key: ActivationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBands:
    """Ask `ingest.bands`: every vital not in its normal band, sent after the spool is empty on each (re)connect.

    Every alarm of that shard whose vital is not named here has returned. `as_of_seq` is the last activation number
    included; the centre ignores the message if it has confirmed a later one.
    """

    shard: int
    epoch: int
    as_of_seq: int
    at_ns: int
    catalogue_version: int
    vitals_from: int
    vitals_to: int
    """Range [from, to) of vital numbers this shard owns."""
    bands: tuple[BandNow, ...] = ()
    owned: tuple[tuple[int, int], ...] | None = None
    """The exact runs [from, to) inside that range when several daemons share a city; None: the whole range is owned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWatch:
    """Ask `watch` of ingest: raw samples of these vitals' channels go out on W/ (lease 10 s, renewed by asking)."""

    vitals: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWindow:
    """Ask `window` of ingest: the series of one vital between two source times, decimated to `pixels` columns."""

    vital: int
    from_ns: int
    to_ns: int
    pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Answer: per pixel column with data first, lowest, highest, last as (time, value) points in time order.

    time: int64[n] ns as bytes, value: float64[n] as bytes, n <= 4 * pixels; NaN value marks a gap.
    `raw` tells that nothing was left out.
    """

    vital: int
    from_ns: int
    to_ns: int
    time: bytes
    value: bytes
    raw: bool
    oldest_ns: int
    """Oldest source time ingest still holds for this vital; before it the archive must be asked."""
    doubt: bytes = b""
    """uint8[n] as bytes: series.doubt.Doubt of each point's pixel column. Empty: not told, which is not «good»."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPreview:
    """Ask `preview` of ingest: what would alarm now if this threshold set were in force."""

    threshold_set: str
    sets: dict[str, str] | None = None
    """Sets of scopes in 急时 as they would be (`ModePreview.sets`); None: as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Answer: (vital number, colour) of every vital that would be in a band with its value of now."""

    threshold_set: str
    would_alarm: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuality:
    """Ask `quality` of ingest: what came of these vitals' channels in the last 24 hours; empty: of all vitals."""

    vitals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityTold:
    """Answer: parallel columns as bytes, one row per vital asked for; model.data_quality makes a score of a row.

    vital uint32[n]; expected, present float64[n]: samples that should have come and those of them that did;
    received, late, bad int64[n].
    """

    from_ns: int
    """Profile time since which was counted: at most 24 hours, less after a start of the daemon."""
    until_ns: int
    vital: bytes
    expected: bytes
    present: bytes
    received: bytes
    late: bytes
    bad: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AskVerdicts:
    """Ask `alarm.verdicts` of the centre: what officers found of alarms in the last `days`; no vitals: of all."""

    vitals: tuple[int, ...] = ()
    days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Answer: (vital number, alarms acknowledged, of these as false); a vital without any is left out."""

    rows: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskThresholds:
    """Ask `threshold.history` of the centre: the changes of one vital's rules in all sets, as they stand now."""

    vital_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdTold:
    """One change with what only the journal knows."""

    change: ThresholdChange
    effect_at: int = 0
    """Profile ns UTC at which it came into force; 0: it never did, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdHistory:
    """Answer: the changes that moved last, at most `store.threshold_log.MOST_TOLD`, by number."""

    vital_code: str
    rows: tuple[ThresholdTold, ...] = ()
    sets: tuple[tuple[int, str], ...] = ()
    """(since profile ns UTC, code of the set of thresholds in force), oldest first; the first since there is one."""
    known_since: int = 0
    """Before this profile time limits cannot be told: a catalogue came whole then, or there are more changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source of the ingest daemon, as its status tells it."""

    name: str
    kind: str
    state: str
    """`running`, `connecting`, `done`, `failed`."""
    samples: int
    rate: float
    lag_s: float
    drops: dict[str, int] = field(default_factory=dict)
    reason: str = ""
    """Reason code; of a running source: whom it holds back (`ingest.source_rate_limited`, `ingest.source_muting`)."""
    since_ns: int = 0
    """Profile time since which it is in this state, to a heartbeat."""
    last_fault: str = ""
    """What went wrong last, in plain English, printable."""
    offenders: tuple[tuple[str, int], ...] = ()
    """The senders of whom most was refused, worst first, with the count (messages, or samples over a limit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestStatus:
    """Answer to `status` of ingest."""

    sources: tuple[SourceHealth, ...] = ()
    counters: dict[str, int] = field(default_factory=dict)
    gauges: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHistory:
    """Ask `history` of the historian: a series of the archive between two source times."""

    kind: str
    """`vitals`, `channels` (where they are kept raw) or `minutes` (roll-ups of channels)."""
    series: int
    """Number of the vital or channel."""
    from_ns: int
    to_ns: int
    pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Answer: the points as in Window, up to the newest sample ingest took, and what is known to be missing."""

    kind: str
    series: int
    time: bytes
    value: bytes
    raw: bool
    oldest_ns: int
    gaps: tuple[tuple[int, int, int, str], ...] = ()
    """(from_ns, to_ns, samples or -1 when not known, why)."""
    doubt: bytes = b""
    """As in Window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryStatus:
    """Answer to `status` of the historian: parts, rows and bytes, its share of a core, and why it stands still."""

    counters: dict[str, int] = field(default_factory=dict)
    gauges: dict[str, float] = field(default_factory=dict)
    light: str = "ok"


HISTORY_ASKS: dict[str, tuple[type, type | None]] = {
    "hello": (Hello, Welcome),
    "history": (AskHistory, History),
    "status": (Hello, HistoryStatus),
    "window": (AskWindow, Window),
}
"""Ask → (body, answer) of `history.door`."""

INGEST_ASKS: dict[str, tuple[type, type | None]] = {
    "hello": (Hello, Welcome),
    "preview": (AskPreview, Preview),
    "quality": (AskQuality, QualityTold),
    "snapshot": (Hello, None),
    "status": (Hello, IngestStatus),
    "watch": (AskWatch, Done),
    "window": (AskWindow, Window),
}
"""Ask → (body, answer). `snapshot` answers with the bytes of a SNAPSHOT frame."""

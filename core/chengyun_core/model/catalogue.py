"""The city as data: what a numbered version of the catalogue holds. Published by the centre, cached by the others."""

from dataclasses import dataclass, field

from chengyun_core.model.camera import Camera
from chengyun_core.model.dispatch import Matter, Route, Unit
from chengyun_core.model.places import Centre, Post, Seat
from chengyun_core.model.scales import WarningColour


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """A sector (板块) of a scheme: `full` has eight (办法 art. 12), `town` four (art. 12 third paragraph)."""

    code: str
    scheme: str
    name: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A track (跑道) of a sector, with the post of its 跑道长."""

    code: str
    sector: str
    name: str
    owner_post: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtrack:
    """A sub-track (子跑道) of a track."""

    code: str
    track: str
    name: str
    owner_post: str
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A sensing device, or a series of `count` like devices held as one row (22 million fit in a few thousand rows)."""

    code: str
    name: str
    kind: str
    centre: str
    subtrack: str
    owner: str = ""
    count: int = 1
    gateway: str = ""
    """What its readings come through; devices behind one gateway fall silent together (V3)."""
    longitude: float | None = None
    """Degrees WGS-84/CGCS2000; both or none. Of a series: where all of it stands unless the file of places tells more
    (ingest.places)."""
    latitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One measured quantity of a device (series). A series of n devices owns numbers `number … number + n - 1`.

    The code of a single device's channel is `DEVICE.quantity`; of the k-th of a series (from 1) `DEVICE#k.quantity`.
    """

    number: int
    device: str
    quantity: str
    unit: str
    period_s: float
    count: int = 1
    low: float | None = None
    """Physical range: a sample outside is BAD quality, not a value."""
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """A vital sign (体征指标), computed from channels or data by `formula` (grammar in model.formula)."""

    number: int
    code: str
    name: str
    subtrack: str
    centre: str
    unit: str
    owner_post: str
    vital_class: str
    """`risk` (must have a threshold, 办法 art. 14) or `operation`."""
    period_s: float
    decimals: int
    formula: str
    pinned: int = 0
    """Rank among the charts pinned on the cockpit's master layout; 0: not pinned."""
    consequence: int = 2
    """What its alarm may cost if nobody acts: 1 little, 2 service, 3 people or great damage, 4 many people (A13)."""
    respond_min: float = 30.0
    """Minutes in which somebody can still prevent it (A13)."""
    calibrated: str = ""
    """ISO date of the last calibration of its sensors, empty: unknown (V6)."""
    retired: bool = False
    """True for a number whose vital an import no longer names: it holds its place (columns stay dense by number),
    has an empty formula, no threshold, and is shown nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The rule of one vital in one threshold set. Limits are inclusive; None: no such band.

    High bands rise blue ≤ yellow ≤ orange ≤ red, low bands fall. Meaning of each field: docs/thresholds.md.
    """

    threshold_set: str
    vital: str
    high_blue: float | None = None
    high_yellow: float | None = None
    high_orange: float | None = None
    high_red: float | None = None
    low_blue: float | None = None
    low_yellow: float | None = None
    low_orange: float | None = None
    low_red: float | None = None
    hysteresis: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    rate_per_min: float | None = None
    rate_colour: WarningColour = WarningColour.YELLOW
    stuck_s: float | None = None
    stuck_colour: WarningColour = WarningColour.BLUE
    missing_s: float | None = None
    missing_colour: WarningColour = WarningColour.BLUE

    def high(self) -> tuple[float | None, float | None, float | None, float | None]:
        """Return the upper limits, blue to red."""
        return self.high_blue, self.high_yellow, self.high_orange, self.high_red

    def low(self) -> tuple[float | None, float | None, float | None, float | None]:
        """Return the lower limits, blue to red."""
        return self.low_blue, self.low_yellow, self.low_orange, self.low_red


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdSet:
    """A named set of thresholds (平时, 汛期); exactly one is in force at a time."""

    code: str
    name: str
    in_force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A key performance indicator (关键绩效指标): a target owned by a post, not an alarm (办法 art. 13)."""

    code: str
    name: str
    subtrack: str
    centre: str
    unit: str
    target: float
    actual: float
    due: str
    """ISO date."""
    owner_post: str
    better: str = "high"
    """`high`: more is better; `low`: less is better."""
    updated: str = ""
    """ISO date of the last actual figure."""
    stage: str = ""
    """Where the work stands in words, empty: not told (case (四): 实施过程)."""
    begun: str = ""
    """ISO date on which the plan line begins; with `base` it runs straight to `target` on `due`."""
    base: float | None = None
    """Figure on the day `begun`; None: there is no plan line, and nothing is ahead or behind of it."""
    past: str = ""
    """Earlier actual figures as the import brought them, `2026-01-31 71.5; 2026-02-28 74` (model.kpi_progress)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLink:
    """One edge of the cause graph (power → pump → pressure → flood point): one vital's alarm brings about another's."""

    cause: str
    effect: str
    within_s: float
    """An effect raised this long after its cause, at most, follows from it."""
    masks: bool = False
    """Whether a blue or yellow effect is masked while the cause is active; red and orange never are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What an officer needs to know about an alarm (A14): of a vital, or of all vitals of a sub-track."""

    about: str
    """Code of the vital or sub-track; a vital's own goes before its sub-track's."""
    meaning: str
    action: str
    call_post: str = ""
    plan: str = ""
    cameras: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A rule of suppression by design (A7): while one vital stands in a band, others are suppressed."""

    code: str
    name: str
    while_vital: str
    at_least: WarningColour
    suppresses: str
    """Code of a vital, or of a sub-track: all its vitals in the same centre as `while_vital`."""
    up_to: WarningColour = WarningColour.YELLOW
    """Gravest band that is suppressed."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One version of the whole. Rows are ordered; vitals by number (index i holds number i)."""

    version: int = 0
    name: str = ""
    centres: tuple[Centre, ...] = ()
    sectors: tuple[Sector, ...] = ()
    tracks: tuple[Track, ...] = ()
    subtracks: tuple[Subtrack, ...] = ()
    devices: tuple[Device, ...] = ()
    channels: tuple[Channel, ...] = ()
    vitals: tuple[Vital, ...] = ()
    threshold_sets: tuple[ThresholdSet, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    posts: tuple[Post, ...] = ()
    seats: tuple[Seat, ...] = ()
    causes: tuple[CauseLink, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    matters: tuple[Matter, ...] = ()
    units: tuple[Unit, ...] = ()
    routes: tuple[Route, ...] = ()
    cameras: tuple[Camera, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    """Free facts told on screen: source and licence of names, `names_are_ours` and the like."""
    scope_sets: dict[str, str] = field(default_factory=dict)
    """Scope in 急时 (`<centre>` or `<centre>:<track>`) → its set; written by the switch of modes alone, not in a table.
    What obeys which set tells `model.scope_sets`."""

    def set_in_force(self) -> str:
        """Return the code of the threshold set in force where no scope in 急时 has another; empty when none is."""
        return next((item.code for item in self.threshold_sets if item.in_force), "")

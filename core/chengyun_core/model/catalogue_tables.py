"""The tables a catalogue is imported from and exported to: each column with type, limits and meaning."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chengyun_core.model import camera, catalogue, dispatch, places, rights

MOST_CHANNEL_NUMBERS = 2**32
"""Channel numbers are uint32 on the wire."""
LINE_KEY = "@line"
"""Optional key of a row: its true line in the file, when that is not its index + 2 (multi-line cells, blank lines)."""
EXTRA_PREFIX = "#"
"""A key of a row that begins so (`#14`) is a cell without a column heading: the reader found more than it can name."""

Tables = dict[str, list[dict[str, str]]]
"""Table name → rows of {column: text}; an absent column is an empty cell."""


class Cell(StrEnum):
    """What a cell holds."""

    CODE = "code"
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    FLAG = "flag"
    DATE = "date"
    COLOUR = "colour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `refers` names the table whose key the value must be; `low` and `high` bound a number, inclusive."""

    name: str
    kind: Cell
    meaning: str
    required: bool = False
    refers: str = ""
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    above: float | None = None
    """A number must be greater than this."""
    longest: int = 200
    """Characters of a text at most."""
    multiline: bool = False
    undotted: bool = False
    """A code that is part of a channel's code, where the dot separates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: the record its rows become, the columns that together are unique, the columns in file order."""

    name: str
    record: type[Any]
    key: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]
    optional: bool = False
    """An import may leave it out, which is the same as bringing it empty."""


def _code(name: str, meaning: str, *, required: bool = True, refers: str = "", undotted: bool = False) -> Column:
    return Column(
        name=name, kind=Cell.CODE, meaning=meaning, required=required, refers=refers, longest=64, undotted=undotted
    )


def _text(name: str, meaning: str, *, required: bool = False, longest: int = 200) -> Column:
    return Column(name=name, kind=Cell.TEXT, meaning=meaning, required=required, longest=longest)


def _word(name: str, meaning: str, *words: str, required: bool = False) -> Column:
    return Column(name=name, kind=Cell.TEXT, meaning=meaning, required=required, words=words)


def _number(name: str, meaning: str, *, required: bool = False, low: float | None = None) -> Column:
    return Column(name=name, kind=Cell.NUMBER, meaning=meaning, required=required, low=low)


def _positive(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=Cell.NUMBER, meaning=meaning, required=required, above=0.0)


def _integer(name: str, meaning: str, *, required: bool = False, low: float = 0, high: float = 2**31 - 1) -> Column:
    return Column(name=name, kind=Cell.INTEGER, meaning=meaning, required=required, low=low, high=high)


def _flag(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Cell.FLAG, meaning=meaning)


def _date(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=Cell.DATE, meaning=meaning, required=required)


def _colour(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Cell.COLOUR, meaning=meaning, words=("blue", "yellow", "orange", "red"))


_ORDER = _integer("order", "place among its siblings on screen", required=True)
_NAME = _text("name", "what officers read", required=True)

CENTRES = Table(
    name="centres",
    record=places.Centre,
    key=("code",),
    meaning="Governance centres of the three levels.",
    columns=(
        _code("code", "official division code (6 digits; towns 9) or a local one marked as such"),
        _NAME,
        _word("level", "level of the centre", "city", "district", "town", required=True),
        _code(
            "parent",
            "city above a district, district above a town, empty for a city",
            required=False,
            refers="centres",
        ),
        _flag("official_code", "false: the code is a local one (default true)"),
        _text("scheme", "sector scheme it works with (default full)", longest=64),
        _date("valid_from", "first day of validity, empty: since always"),
        _date("valid_to", "first day no longer valid, empty: until further notice"),
    ),
)
SECTORS = Table(
    name="sectors",
    record=catalogue.Sector,
    key=("code",),
    meaning="Sectors of each scheme (full: eight, town: four).",
    columns=(_code("code", "code"), _text("scheme", "scheme it belongs to", required=True, longest=64), _NAME, _ORDER),
)
TRACKS = Table(
    name="tracks",
    record=catalogue.Track,
    key=("code",),
    meaning="Tracks of the sectors, each with the post that answers for it.",
    columns=(
        _code("code", "code"),
        _code("sector", "its sector", refers="sectors"),
        _NAME,
        _code("owner_post", "post that answers for it", refers="posts"),
        _ORDER,
    ),
)
SUBTRACKS = Table(
    name="subtracks",
    record=catalogue.Subtrack,
    key=("code",),
    meaning="Sub-tracks of the tracks.",
    columns=(
        _code("code", "code"),
        _code("track", "its track", refers="tracks"),
        _NAME,
        _code("owner_post", "post that answers for it", refers="posts"),
        _ORDER,
    ),
)
DEVICES = Table(
    name="devices",
    record=catalogue.Device,
    key=("code",),
    meaning="Sensing devices; a series of like devices is one row with a count.",
    columns=(
        _code("code", "code without dot and #: its channels are written CODE.quantity, CODE#k.quantity", undotted=True),
        _NAME,
        _text("kind", "kind of device", required=True, longest=64),
        _code("centre", "centre in whose area it stands", refers="centres"),
        _code("subtrack", "sub-track it serves", refers="subtracks"),
        _text("owner", "who keeps it"),
        _integer("count", "how many like devices the row stands for (default 1)", low=1, high=2**32 - 1),
        _text("gateway", "what its readings come through; devices behind one gateway fall silent together", longest=64),
        Column(name="longitude", kind=Cell.NUMBER, meaning="degrees east, WGS-84/CGCS2000", low=-180, high=180),
        Column(name="latitude", kind=Cell.NUMBER, meaning="degrees north, WGS-84/CGCS2000", low=-90, high=90),
    ),
)
CHANNELS = Table(
    name="channels",
    record=catalogue.Channel,
    key=("device", "quantity"),
    meaning="Measured quantities of devices; their numbers are given by the centre and never reused.",
    columns=(
        _code("device", "device (series) that measures it", refers="devices"),
        _code("quantity", "what is measured, one word without dot and #", undotted=True),
        _text("unit", "unit, empty for a bare number", longest=16),
        _positive("period_s", "expected seconds between samples", required=True),
        _integer("count", "as many as the device's count, which is the default", low=1, high=2**32 - 1),
        _number("low", "physically possible minimum: a sample below is bad"),
        _number("high", "physically possible maximum: a sample above is bad"),
    ),
)
VITALS = Table(
    name="vitals",
    record=catalogue.Vital,
    key=("code",),
    meaning="Vital signs computed from channels.",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("subtrack", "sub-track it belongs to", refers="subtracks"),
        _code("centre", "centre whose area it describes", refers="centres"),
        _text("unit", "unit, empty for a bare number", longest=16),
        _code("owner_post", "post that answers for it", refers="posts"),
        _word(
            "vital_class",
            "risk: needs a threshold in every set (art. 14)",
            "risk",
            "operation",
            required=True,
        ),
        _positive("period_s", "expected seconds between values", required=True),
        _integer("decimals", "decimals shown", required=True, high=9),
        _text("formula", "how it is computed, see docs/thresholds.md", required=True, longest=20_000),
        _integer("pinned", "rank among the pinned charts, 0: not pinned (default 0)", high=999),
        _integer(
            "consequence", "1 little, 2 service, 3 people or great damage, 4 many people (default 2)", low=1, high=4
        ),
        _positive("respond_min", "minutes in which somebody can still prevent it (default 30)"),
        _date("calibrated", "day of the last calibration of its sensors, empty: unknown"),
    ),
)
THRESHOLD_SETS = Table(
    name="threshold_sets",
    record=catalogue.ThresholdSet,
    key=("code",),
    meaning="Named sets of thresholds; exactly one is in force.",
    columns=(_code("code", "code"), _NAME, _flag("in_force", "true for exactly one set")),
)
THRESHOLDS = Table(
    name="thresholds",
    record=catalogue.Threshold,
    key=("threshold_set", "vital"),
    meaning="The rule of one vital in one set. Limits are inclusive, an empty limit means no such band.",
    columns=(
        _code("threshold_set", "its set", refers="threshold_sets"),
        _code("vital", "its vital", refers="vitals"),
        *(_number(f"high_{colour}", f"{colour} from here upward") for colour in ("blue", "yellow", "orange", "red")),
        *(_number(f"low_{colour}", f"{colour} from here downward") for colour in ("blue", "yellow", "orange", "red")),
        _number("hysteresis", "how far back across a limit ends its band (default 0)", low=0),
        _number("on_delay_s", "seconds a limit must be crossed before the band begins (default 0)", low=0),
        _number("off_delay_s", "seconds back before the band ends (default 0)", low=0),
        _positive("rate_per_min", "change per minute that is abnormal, empty: no such rule"),
        _colour("rate_colour", "band of the rate rule (default yellow)"),
        _positive("stuck_s", "seconds of the very same value that are abnormal, empty: no such rule"),
        _colour("stuck_colour", "band of the stuck rule (default blue)"),
        _positive("missing_s", "seconds without a sample that are abnormal, empty: no such rule"),
        _colour("missing_colour", "band of the missing rule (default blue)"),
    ),
)
KPIS = Table(
    name="kpis",
    record=catalogue.Kpi,
    key=("code",),
    meaning="Key performance indicators: targets owned by posts, not alarms (regulation art. 13).",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("subtrack", "sub-track it belongs to", refers="subtracks"),
        _code("centre", "centre whose target it is", refers="centres"),
        _text("unit", "unit, empty for a bare number", longest=16),
        _number("target", "figure to reach", required=True),
        _number("actual", "last figure", required=True),
        _date("due", "day by which the target is to be reached", required=True),
        _code("owner_post", "post that answers for it", refers="posts"),
        _word("better", "high: more is better; low: less is better (default high)", "high", "low"),
        _date("updated", "day of the last figure"),
        _text("stage", "where the work stands, in words", longest=40),
        _date("begun", "day on which the plan line begins; given together with base"),
        _number("base", "figure on that day; the plan line runs straight from it to the target on the due day"),
        _text("past", "earlier figures by day, rising: `2026-01-31 71.5; 2026-02-28 74`", longest=4000),
    ),
)
POSTS = Table(
    name="posts",
    record=places.Post,
    key=("code",),
    meaning="Posts that own tracks, vitals or duties.",
    columns=(
        _code("code", "CENTRE.kind or CENTRE.kind.n; the kind is what permissions are given to"),
        _NAME,
        _code("centre", "its centre", refers="centres"),
        _text("phone", "telephone", longest=64),
        _text("holder", "who holds it"),
    ),
)
SEATS = Table(
    name="seats",
    record=places.Seat,
    key=("code",),
    meaning="Workplaces in the control rooms, taken at sign-on.",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("centre", "centre whose control room it stands in", refers="centres"),
        _code("post", "post that sits there", refers="posts"),
        _code("area", "centre whose area it watches, empty: its own", required=False, refers="centres"),
    ),
)
CAUSES = Table(
    name="causes",
    record=catalogue.CauseLink,
    key=("cause", "effect"),
    meaning="Which vital's alarm brings about which other's (first-out and masking).",
    columns=(
        _code("cause", "vital whose alarm comes first", refers="vitals"),
        _code("effect", "vital whose alarm follows from it", refers="vitals"),
        _positive("within_s", "seconds after its cause in which an effect still follows from it", required=True),
        _flag("masks", "true: a blue or yellow effect is masked while the cause is active (default false)"),
    ),
    optional=True,
)
GUIDANCE = Table(
    name="guidance",
    record=catalogue.Guidance,
    key=("about",),
    meaning="What an officer needs to know about an alarm; a vital's own goes before its sub-track's.",
    columns=(
        _code("about", "code of a vital or of a sub-track"),
        _text("meaning", "what it means", required=True, longest=1000),
        _text("action", "what to do", required=True, longest=2000),
        _code("call_post", "whom to call", required=False, refers="posts"),
        _text("plan", "plan to look up"),
        _text("cameras", "cameras to look at"),
    ),
    optional=True,
)
SUPPRESSIONS = Table(
    name="suppressions",
    record=catalogue.Suppression,
    key=("code",),
    meaning="Rules of suppression by design: while one vital stands in a band, others do not annunciate.",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("while_vital", "vital that must stand in a band", refers="vitals"),
        Column(
            name="at_least", kind=Cell.COLOUR, meaning="band it must have reached", required=True,
            words=("blue", "yellow", "orange", "red"),
        ),
        _code("suppresses", "code of a vital, or of a sub-track: all its vitals in the same centre"),
        _colour("up_to", "gravest band that is suppressed (default yellow)"),
        _text("reason", "why, for the screen", longest=1000),
    ),
    optional=True,
)  # fmt: skip
MATTERS = Table(
    name="matters",
    record=dispatch.Matter,
    key=("code",),
    meaning="Matters the city handles: what speaks for each in a narrative, what it begins with, how long it may take.",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("subtrack", "sub-track it belongs to", refers="subtracks"),
        _text("words", "words that speak for it in a narrative, `-` before one against; bars between", longest=2000),
        _text("attributes", "codes of attributes an officer is asked for, bars between", longest=400),
        *(
            _integer(name, f"factor 1 … 4 an event of it begins with (default {usual})", low=1, high=4)
            for name, usual in (("nature", 2), ("urgency", 2), ("control", 2), ("reach", 1))
        ),
        _positive("handle_min", "minutes within which it is to be solved (default 180)"),
        _flag("automatic", "true: an event of the lowest grade may be sent out without asking (default false)"),
    ),
    optional=True,
)
UNITS = Table(
    name="units",
    record=dispatch.Unit,
    key=("code",),
    meaning="Units that take orders: departments, streets, grids, teams, companies.",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("centre", "centre in whose area it works", refers="centres"),
        _word("kind", "what it is", *(kind.value for kind in dispatch.UnitKind), required=True),
        _code("post", "post of the kind `unit` that signs for it", refers="posts"),
        _text("capabilities", "what it can do, `repair.water`; bars between", longest=1000),
        _text("phone", "telephone", longest=64),
        _integer("capacity", "open receipts it can carry at a time (default 3)", low=1, high=10_000),
        Column(name="longitude", kind=Cell.NUMBER, meaning="degrees east", low=-180, high=180),
        Column(name="latitude", kind=Cell.NUMBER, meaning="degrees north", low=-90, high=90),
        _positive("speed_kmh", "how fast it gets to a place (default 30)"),
        _code("superior", "unit that is told when this one stays silent", required=False, refers="units"),
    ),
    optional=True,
)
ROUTES = Table(
    name="routes",
    record=dispatch.Route,
    key=("code",),
    meaning="Routing rules: who leads and who assists for a matter; weights decide between rules that fit alike.",
    columns=(
        _code("code", "code"),
        _text("matter", "code of the matter, `*`: any", required=True, longest=64),
        _code("centre", "only below this centre, empty: everywhere", required=False, refers="centres"),
        _integer("grade_from", "grade from which it holds: 1 general … 4 extraordinary (default 1)", low=1, high=4),
        _text("hours", "`08:00-18:00` in the city's time, empty: always", longest=11),
        _text("condition", "`diameter_mm < 500`, empty: none"),
        _text("lead", "code of a unit, or `capability:repair.water`: the best unit that can"),
        _text("assist", "the same; bars between several", longest=1000),
        _positive("weight", "how much it counts beside other rules (default 1)"),
    ),
    optional=True,
)
CAMERAS = Table(
    name="cameras",
    record=camera.Camera,
    key=("code",),
    meaning="Cameras: where each stands and looks, and how its stream is come by (docs/video.md).",
    columns=(
        _code("code", "code"),
        _NAME,
        _code("centre", "centre in whose area it stands", refers="centres"),
        Column(name="longitude", kind=Cell.NUMBER, meaning="degrees east", low=-180, high=180),
        Column(name="latitude", kind=Cell.NUMBER, meaning="degrees north", low=-90, high=90),
        _text("path", "place in the tree, parts separated by `/`"),
        _word("kind", "how its stream is come by (default rtsp)", *(kind.value for kind in camera.CameraKind)),
        _text("address", "`rtsp://host/…`, or of the device service; no password", longest=500),
        _text("sub_address", "of the smaller stream, empty: there is none", longest=500),
        _flag("ptz", "true: it can be moved (default false)"),
        _text("owner", "who keeps it"),
        Column(name="heading_deg", kind=Cell.NUMBER, meaning="degrees from north it looks to", low=0, high=360),
        _text("presets", "positions it can be sent to, `1 wide | 2 quay`", longest=2000),
        _word("label", "who may see it (default normal)", *(label.value for label in rights.Label)),
        _code("platform", "platform that has it, of kind platform", required=False),
        _text("platform_id", "`device/channel` there, 20 digits each", longest=64),
        _text("watches", "codes of vitals whose alarms have its picture kept; bars between", longest=2000),
    ),
    optional=True,
)
FACTS = Table(
    name="facts",
    record=dict,
    key=("key",),
    meaning="Facts told on screen: `name` of the catalogue, source and licence of its names.",
    columns=(
        _code("key", "key"),
        Column(name="value", kind=Cell.TEXT, meaning="one or more lines", longest=4000, multiline=True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CENTRES,
        SECTORS,
        TRACKS,
        SUBTRACKS,
        DEVICES,
        CHANNELS,
        VITALS,
        THRESHOLD_SETS,
        THRESHOLDS,
        KPIS,
        POSTS,
        SEATS,
        CAUSES,
        GUIDANCE,
        SUPPRESSIONS,
        MATTERS,
        UNITS,
        ROUTES,
        CAMERAS,
        FACTS,
    )
}
"""All tables by name. An import replaces the whole catalogue, so it must bring each of them that is not optional (a
table may be empty)."""


def empty_tables() -> Tables:
    """Return every table without rows: what an import starts from."""
    return {name: [] for name in TABLES}


def line_of(row: dict[str, str], index: int) -> int:
    """Return the line of a row in its file: told by the row, else its 0-based index counted below one header line."""
    told = row.get(LINE_KEY, "")
    return int(told) if told.isascii() and told.isdigit() else index + 2

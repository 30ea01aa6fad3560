"""What is printed, as plain records: blocks of tables, charts and grids, taken at one moment from one pane."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedColumn:
    """One column. `width` is a weight; columns that are `only_csv` have no place on a page."""

    title: str
    width: int = 100
    is_right: bool = False
    only_csv: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One row: a text per column. `severity` 0..4 puts its shape before the first one."""

    cells: tuple[str, ...]
    severity: int = 0
    is_stale: bool = False
    depth: int = 0
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """A table. `rows` is read once, a slice at a time: 6 000 rows are never written in one breath."""

    title: str = ""
    columns: tuple[PrintedColumn, ...]
    rows: Iterable[PrintedRow]
    has_marks: bool = False
    only: str = ""
    """"csv" or "page": where it belongs; empty: both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBand:
    """A threshold band; `edge` is its dashed line. Open ends are infinite."""

    low: float
    high: float
    severity: int
    edge: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSteps:
    """A limit that changed: (since ns, limit), rising in time; NaN where there was none."""

    severity: int
    steps: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMark:
    """An alarm mark on the time axis of a chart."""

    time_ns: int
    severity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSeries:
    """One line of a chart: `times` little-endian int64 ns UTC ascending, `values` float64; NaN breaks the line."""

    code: str
    name: str
    unit: str
    decimals: int
    times: bytes
    values: bytes
    gap_ns: int = 0
    is_whole: bool = True
    """True: points as the console holds them, each a sample (over long windows ingest has left some out). False: made
    of others, such as extremes of columns or what is usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedChart:
    """A chart over one window, ns UTC. Bands belong to the unit of the first series."""

    title: str
    value: str = ""
    unit: str = ""
    severity: int = 0
    limits: str = ""
    age: str = ""
    notice: str = ""
    t0_ns: int
    t1_ns: int
    bands: tuple[PrintedBand, ...] = ()
    steps: tuple[PrintedSteps, ...] = ()
    marks: tuple[PrintedMark, ...] = ()
    series: tuple[PrintedSeries, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedGroup:
    """One group of a heat grid: `severity` uint8 per cell, 255 where nothing is known."""

    title: str
    severity: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedGrid:
    """A heat grid. It has no lines in a CSV: the table beside it tells the same."""

    groups: tuple[PrintedGroup, ...]


Block = PrintedTable | PrintedChart | PrintedGrid
UNKNOWN_CELL = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One pane as it goes to paper. `filter` and `span` say what was left out; empty: nothing."""

    title: str
    blocks: tuple[Block, ...]
    filter: str = ""
    span: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintHead:
    """What stands on every page, as finished texts: whose, of when, in which mode, by whom, and the journal's head."""

    title: str
    centre: str
    mode: str
    is_drill: bool
    filter: str
    span: str
    as_of: str
    as_of_iso: str
    account: str
    seat: str
    journal_head: int
    watermark: str

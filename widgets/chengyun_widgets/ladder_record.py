"""What a ladder matrix shows: who stands at the left, steps as columns, how each of them stands as cells."""

from dataclasses import dataclass
from enum import Enum


class CellMark(Enum):
    """How a step stands; each has a shape of its own."""

    NONE = "none"
    """Nothing is expected (any more)."""
    DONE = "done"
    """Reached: a tick."""
    FOR_HIM = "for_him"
    """Reached, told by somebody else: a tick in quotation marks."""
    PASSED = "passed"
    """Climbed past without being reached: a dash."""
    AHEAD = "ahead"
    """Its deadline is still to come, and another one comes before: an empty ring."""
    RUNNING = "running"
    """Its clock runs: a ring with hands."""
    LATE = "late"
    """Its deadline is over: a filled plate with an exclamation mark."""
    STANDING = "standing"
    """Its clock stands: two bars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One step of one row: a time or a clock, and a word below it. `share` of its time is used up, 0 … 1."""

    mark: CellMark = CellMark.NONE
    text: str = ""
    word: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One who climbs; a heading names the rows beneath it and has no cells. `key` is unique in the matrix."""

    key: str
    title: str
    badge: str = ""
    note: str = ""
    cells: tuple[MatrixCell, ...] = ()
    is_heading: bool = False
    is_struck: bool = False
    """Its ladder is not climbed any more: given back, void, taken back."""
    is_marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRecord:
    """The whole matrix; every row that is no heading has as many cells as there are columns."""

    who: str
    """Title of the first column."""
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...] = ()

"""The columns of a replica: one numpy array per quantity, indexed by vital number."""

from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.news import F64, I64, U8
from chengyun_core.model.scales import Quality
from chengyun_core.wire.frames import Frame

Index = slice | npt.NDArray[np.integer]
Scalar = TypeVar("Scalar", bound=np.generic)


class Rows(Protocol):
    """What columns can be written from: the same five quantities, one row per vital."""

    @property
    def time(self) -> I64: ...
    @property
    def value(self) -> F64: ...
    @property
    def quality(self) -> U8: ...
    @property
    def band(self) -> U8: ...
    @property
    def side(self) -> U8: ...


class StateColumns:
    """Values of all vitals, NEVER until the first is written."""

    def __init__(self, count: int = 0) -> None:
        self.time: I64 = np.zeros(count, np.int64)
        """Source time of the value, profile ns UTC."""
        self.value: F64 = np.full(count, np.nan)
        self.quality: U8 = np.full(count, Quality.NEVER, np.uint8)
        self.band: U8 = np.zeros(count, np.uint8)
        self.side: U8 = np.zeros(count, np.uint8)

    @property
    def count(self) -> int:
        """Number of vitals."""
        return len(self.time)

    def write(self, vital: Index, source: Rows, rows: Index) -> None:
        """Overwrite these vitals with the given rows of another set of columns."""
        self.time[vital] = source.time[rows]
        self.value[vital] = source.value[rows]
        self.quality[vital] = source.quality[rows]
        self.band[vital] = source.band[rows]
        self.side[vital] = source.side[rows]

    def resized(self, count: int) -> "StateColumns":
        """Return columns of another length that keep the values of the numbers both have."""
        columns = StateColumns(count)
        kept = slice(0, min(count, self.count))
        columns.write(kept, self, kept)
        return columns


def of_frame(frame: Frame) -> Rows:
    """Return a frame's columns as rows, without a copy."""
    rows = StateColumns.__new__(StateColumns)
    columns: dict[str, Any] = frame.columns
    rows.time, rows.value = columns["time"], columns["value"]
    rows.quality, rows.band, rows.side = columns["quality"], columns["band"], columns["side"]
    return rows


def grown(column: npt.NDArray[Scalar], count: int) -> npt.NDArray[Scalar]:
    """Return a column of another length: what both have, then zeros."""
    longer = np.zeros(count, column.dtype)
    kept = min(count, len(column))
    longer[:kept] = column[:kept]
    return longer

"""A batch of samples as four parallel columns, and the intake's screening of it as a whole."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.series.columns import Bools, Bytes, Numbers, Places, Times, Values

NS_PER_DAY = 86_400 * NS_PER_S
EARLIEST_NS = 1
LATEST_NS = (1 << 62) - 1
"""In 2116: the last-value table keeps a time in 62 bits, its quality in the other two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Samples in order of arrival; all columns are n long.

    channel: uint32 numbers; time: int64 ns UTC (source time); value: float64;
    quality: uint8 (Quality GOOD, UNCERTAIN or BAD).
    """

    channel: Numbers
    time: Times
    value: Values
    quality: Bytes

    @classmethod
    def of(
        cls,
        channel: npt.ArrayLike,
        time: npt.ArrayLike,
        value: npt.ArrayLike,
        quality: npt.ArrayLike | None = None,
    ) -> "Batch":
        """Return a batch of anything numpy can read; quality None means all GOOD."""
        channels = np.asarray(channel, np.uint32)
        qualities = np.zeros(channels.shape, np.uint8) if quality is None else np.asarray(quality, np.uint8)
        return cls(
            channel=channels, time=np.asarray(time, np.int64), value=np.asarray(value, np.float64), quality=qualities
        )

    def __len__(self) -> int:
        return int(self.channel.size)

    def only(self, kept: Bools | Places | slice) -> "Batch":
        """Return the samples a mask, indices or a slice choose."""
        return Batch(
            channel=self.channel[kept], time=self.time[kept], value=self.value[kept], quality=self.quality[kept]
        )

    def check_shape(self) -> None:
        """Raise ValueError unless the four columns are one-dimensional and equally long."""
        shapes = {self.channel.shape, self.time.shape, self.value.shape, self.quality.shape}
        if len(shapes) != 1 or self.channel.ndim != 1:
            raise ValueError(f"columns of a batch have shapes {sorted(shapes)}; all four must be (n,)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What times the intake accepts, judged on the profile clock."""

    future_s: float = 60.0
    """A sample further ahead is dropped and counted as `dropped.future`."""
    past_days: float = 7.0
    """A sample older is dropped and counted as `dropped.too_old`."""
    late_s: float = 300.0
    """A step whose instant lies further back is marked late: it must not be annunciated as now."""

    def window(self, now_ns: int) -> tuple[int, int]:
        """Return the oldest and the newest time accepted, ns."""
        oldest = now_ns - round(self.past_days * NS_PER_DAY)
        newest = now_ns + round(self.future_s * NS_PER_S)
        return max(oldest, EARLIEST_NS), min(newest, LATEST_NS)


def screened(batch: Batch, oldest_ns: int, newest_ns: int, *, drops: dict[str, int]) -> Batch:
    """Return the samples inside the time window; the others are counted in `drops` by cause, never silently."""
    if not len(batch):
        return batch
    low, high = int(batch.time.min()), int(batch.time.max())
    if low >= oldest_ns and high <= newest_ns:
        return batch
    old, future = batch.time < oldest_ns, batch.time > newest_ns
    _count(drops, "dropped.too_old", old)
    _count(drops, "dropped.future", future)
    return batch.only(~(old | future))


def _count(drops: dict[str, int], cause: str, which: Bools) -> None:
    drops[cause] = drops.get(cause, 0) + int(np.count_nonzero(which))

"""The last-value table: one 16-byte slot per channel with time, quality and value, written by one scatter."""

import numpy as np

from chengyun_core.ingest.batch import EARLIEST_NS
from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bytes, Numbers, Times, Values

NEVER_NS = EARLIEST_NS
"""Time of a channel of which no sample was seen; every accepted sample is later."""


class LastValues:
    """The newest sample of each channel, by channel number.

    A slot is (stamp int64, value float64); stamp = (time - EARLIEST_NS) * 4 + quality, 0 when never seen. One scatter
    of 16 bytes costs one cache miss, separate columns three. A late sample never gets here, so a slot's time only grows
    and serves as its version. Untouched slots of the 22 million cost no memory.
    """

    def __init__(self, size: int, *, touch: bool = False) -> None:
        """Make `size` empty slots; `touch` maps the memory now, for a steady pace from the first sample on."""
        self.slots = np.zeros((size, 2), np.int64)
        if touch:
            self.slots.fill(0)
        self._stamp: Times = self.slots[:, 0]
        self._value: Values = self.slots[:, 1].view(np.float64)
        self._pairs = self.slots.view(np.complex128)[:, 0]

    def __len__(self) -> int:
        return int(self._stamp.size)

    def times(self, channel: Numbers) -> Times:
        """Return int64[n] ns of these channels' last samples, NEVER_NS where there is none."""
        times = self._stamp[channel]
        times >>= 2
        times += EARLIEST_NS
        return times

    def put(self, channel: Numbers, time: Times, value: Values, quality: Bytes) -> None:
        """Write samples, each newer than its slot (of several for one channel the last one given stays)."""
        packed = np.empty((time.size, 2), np.int64)
        stamp = packed[:, 0]
        np.subtract(time, EARLIEST_NS, out=stamp)
        stamp <<= 2
        stamp |= quality
        packed[:, 1] = value.view(np.int64)
        self._pairs[channel] = packed.view(np.complex128)[:, 0]

    def read(self, channel: Numbers) -> tuple[Times, Values, Bytes]:
        """Return time, value and quality of these channels; quality NEVER where no sample was seen."""
        stamp = self._stamp[channel]
        quality = np.where(stamp == 0, np.uint8(Quality.NEVER), (stamp & 3).astype(np.uint8))
        return (stamp >> 2) + EARLIEST_NS, self._value[channel], quality

    def seen(self) -> int:
        """Return how many channels have ever sent a sample (one pass over the table)."""
        return int(np.count_nonzero(self._stamp))

    def heard_since(self, time_ns: int) -> int:
        """Return how many channels have a sample at or after this time (one pass over the table)."""
        return int(np.count_nonzero(self._stamp >= (time_ns - EARLIEST_NS) << 2))

    def take_over(self, older: "LastValues") -> None:
        """Copy the slots of an older table of the same channel numbers."""
        size = min(len(self), len(older))
        self.slots[:size] = older.slots[:size]

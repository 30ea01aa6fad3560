"""The last-value table: one 16-byte slot per channel with time, quality and value, written by one scatter."""

import numpy as np
import numpy.typing as npt

from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bytes, Numbers, Places, Times, Values

PIECE = 65_536
"""Samples packed at a time: more of them let the processor wait for more slots at once (measured: 0.22 of the bare ring
against 0.19 with 16 k), and twice as many leave its cache."""
NEVER_NS = 0
"""Time of a channel of which no sample was seen; every accepted sample is later."""


Stamps = npt.NDArray[np.uint64]


class LastValues:
    """The newest sample of each channel, by channel number.

    A slot is (stamp uint64, value float64); stamp = time * 4 + quality, 0 when never seen. One scatter
    of 16 bytes costs one cache miss, separate columns three. A late sample never gets here, so a slot's time only grows
    and serves as its version. Untouched slots of the 22 million cost no memory.
    """

    def __init__(self, size: int, *, touch: bool = False) -> None:
        """Make `size` empty slots; `touch` maps the memory now, for a steady pace from the first sample on."""
        self.slots = np.zeros((size, 2), np.uint64)
        if touch:
            self.slots.fill(0)
        self._stamp: Stamps = self.slots[:, 0]
        self._value: Values = self.slots[:, 1].view(np.float64)
        self._pairs = self.slots.view(np.complex128)[:, 0]
        self._packed = np.zeros((PIECE, 2), np.uint64)
        self._packed_pairs = self._packed.view(np.complex128)[:, 0]

    def __len__(self) -> int:
        return int(self._stamp.size)

    def times(self, channel: Numbers | Places) -> Times:
        """Return int64[n] ns of these channels' last samples, NEVER_NS where there is none."""
        # The whole 16-byte slot is taken: it is the same cache line, and the scatter that follows finds it there.
        taken = self._pairs.take(np.asarray(channel, np.intp))
        return (taken.view(np.uint64)[::2] >> 2).view(np.int64)

    def all_times(self, begin: int = 0, end: int | None = None) -> Times:
        """Return int64 ns of the channels numbered begin … end (not included), NEVER_NS where there is none: a copy."""
        return (self._stamp[begin:end] >> 2).view(np.int64)

    def put(self, channel: Numbers | Places, time: Times, value: Values, quality: Bytes) -> None:
        """Write samples, each newer than its slot (of several for one channel the last one given stays)."""
        doubtful = bool(quality.any())
        if _is_run(channel):
            run = slice(int(channel[0]), int(channel[0]) + channel.size)
            np.left_shift(time.view(np.uint64), 2, out=self._stamp[run])
            self._value[run] = value
            if doubtful:
                self._stamp[run] |= quality
            return
        for begin in range(0, time.size, PIECE):
            piece = slice(begin, begin + PIECE)
            place = np.asarray(channel[piece], np.intp)
            packed = self._packed[: place.size]
            np.left_shift(time[piece].view(np.uint64), 2, out=packed[:, 0])
            packed[:, 1] = value[piece].view(np.uint64)
            if doubtful:
                packed[:, 0] |= quality[piece]
            self._pairs[place] = self._packed_pairs[: place.size]

    def read(self, channel: Numbers) -> tuple[Times, Values, Bytes]:
        """Return time, value and quality of these channels; quality NEVER where no sample was seen."""
        stamp = self._stamp[channel]
        quality = np.where(stamp == 0, np.uint8(Quality.NEVER), (stamp & 3).astype(np.uint8))
        return (stamp >> 2).view(np.int64), self._value[channel], quality

    def seen(self) -> int:
        """Return how many channels have ever sent a sample (one pass over the table)."""
        return int(np.count_nonzero(self._stamp))

    def heard_since(self, time_ns: int) -> int:
        """Return how many channels have a sample at or after this time (one pass over the table)."""
        return int(np.count_nonzero(self._stamp >= max(1, time_ns) << 2))

    def take_over(self, older: "LastValues") -> None:
        """Copy the slots of an older table of the same channel numbers."""
        size = min(len(self), len(older))
        self.slots[:size] = older.slots[:size]


def _is_run(channel: Numbers | Places) -> bool:
    """Return whether the numbers follow each other without a gap, as a device series sends them."""
    if not channel.size or int(channel[-1]) - int(channel[0]) != channel.size - 1:
        return False
    return bool((channel[1:] > channel[:-1]).all())

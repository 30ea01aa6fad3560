"""What is known of every vital now, as columns indexed by vital number."""

from collections.abc import Sequence

import numpy as np

from chengyun_core.ingest.last_values import PIECE
from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bytes, Numbers, Places, Times, Values


class VitalState:
    """Columns of one length: time int64 ns, value float64 (NaN when BAD), quality, band and side uint8.

    quality is NEVER and time 0 until a value was seen. The arrays are live: copy what is to be kept.
    time and value share 16-byte slots, so that an update is one scatter.
    """

    def __init__(self, size: int) -> None:
        self.slots = np.zeros((size, 2), np.int64)
        self._pairs = self.slots.view(np.complex128)[:, 0]
        self.time: Times = self.slots[:, 0]
        self.value: Values = self.slots[:, 1].view(np.float64)
        self.value.fill(np.nan)
        self.quality: Bytes = np.full(size, Quality.NEVER, np.uint8)
        self.band: Bytes = np.zeros(size, np.uint8)
        self.side: Bytes = np.zeros(size, np.uint8)

    def __len__(self) -> int:
        return int(self.band.size)

    def put(self, vital: Numbers | Places, time: Times, value: Values, quality: Bytes) -> None:
        """Write values, in order of time (of several for one vital the last one given stays)."""
        for begin in range(0, time.size, PIECE):
            piece = slice(begin, begin + PIECE)
            place = np.asarray(vital[piece], np.intp)
            packed = np.empty((place.size, 2), np.int64)
            packed[:, 0], packed[:, 1] = time[piece], value[piece].view(np.int64)
            self._pairs[place] = packed.view(np.complex128)[:, 0]
            self.quality[place] = quality[piece]

    def forget(self, vitals: Sequence[int]) -> None:
        """Leave these vitals without a value, as if never seen; their bands stay to be returned in order."""
        gone = np.array(vitals, np.intp)
        self.time[gone], self.value[gone], self.quality[gone] = 0, np.nan, Quality.NEVER

    def take_over(self, older: "VitalState") -> None:
        """Copy the rows of an older state of the same vital numbers."""
        size = min(len(self), len(older))
        self.slots[:size] = older.slots[:size]
        for mine, theirs in ((self.quality, older.quality), (self.band, older.band), (self.side, older.side)):
            mine[:size] = theirs[:size]

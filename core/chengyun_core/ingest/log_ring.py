"""The log ring: the newest samples of all channels in order of arrival, in preallocated columns; append is a memcpy."""

import numpy as np

from chengyun_core.ingest.batch import Batch
from chengyun_core.series.columns import Bytes, Numbers, Places, Times, Values

NO_CHANNEL = 0xFFFFFFFF
"""Fills slots that hold no sample yet, so that a scan cannot find any there."""


class LogRing:
    """A ring of samples; 21 bytes each. Late samples are kept like all others: this is history, not evaluation."""

    def __init__(self, capacity: int) -> None:
        """Allocate and touch the columns: a first pass over untouched pages is 40 times slower."""
        self.capacity = max(1, capacity)
        self._channel: Numbers = np.full(self.capacity, NO_CHANNEL, np.uint32)
        self._time: Times = np.full(self.capacity, -1, np.int64)
        self._value: Values = np.full(self.capacity, np.nan)
        self._quality: Bytes = np.full(self.capacity, 255, np.uint8)
        self.taken = 0
        """Samples ever appended."""

    def append(self, batch: Batch) -> None:
        """Add a batch, overwriting the oldest samples."""
        count = len(batch)
        if count > self.capacity:
            self.taken += count - self.capacity
            batch, count = batch.only(slice(count - self.capacity, None)), self.capacity
        at = self.taken % self.capacity
        head = min(count, self.capacity - at)
        self._channel[at : at + head] = batch.channel[:head]
        self._time[at : at + head] = batch.time[:head]
        self._value[at : at + head] = batch.value[:head]
        self._quality[at : at + head] = batch.quality[:head]
        if head < count:
            rest = count - head
            self._channel[:rest] = batch.channel[head:]
            self._time[:rest] = batch.time[head:]
            self._value[:rest] = batch.value[head:]
            self._quality[:rest] = batch.quality[head:]
        self.taken += count

    def of_channel(self, channel: int) -> tuple[Times, Values, Bytes]:
        """Return the samples held of one channel by source time, equal times as they arrived: a scan of the ring."""
        places = np.flatnonzero(self._channel == np.uint32(channel))
        places = self._by_arrival(places)
        time = self._time[places]
        order = np.argsort(time, kind="stable")
        places = places[order]
        return time[order], self._value[places], self._quality[places]

    def _by_arrival(self, places: Places) -> Places:
        seam = self.taken % self.capacity if self.taken > self.capacity else 0
        split = int(np.searchsorted(places, seam))
        return np.concatenate((places[split:], places[:split]))

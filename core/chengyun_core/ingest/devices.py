"""How many devices are heard and how many are silent, counted from the last-value times of their channels."""

import numpy as np
import numpy.typing as npt

from chengyun_core.model.catalogue import Catalogue

SILENT_PERIODS = 3.0
"""A device is silent when none of its channels was heard for this many periods …"""
SILENT_LEAST_S = 15.0
"""… or this long, whichever is more."""


class DeviceCounts:
    """Arrays by channel number, made once per catalogue version."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.registered = sum(device.count for device in catalogue.devices)
        size = max((channel.number + channel.count for channel in catalogue.channels), default=0)
        self._limit_ns = np.zeros(size, dtype=np.int64)
        self._device = np.zeros(size, dtype=np.uint32)
        known = np.zeros(size, dtype=np.bool_)
        first_of: dict[str, int] = {}
        slots = 0
        for channel in catalogue.channels:
            if channel.device not in first_of:
                first_of[channel.device] = slots
                slots += channel.count
            numbers = slice(channel.number, channel.number + channel.count)
            self._limit_ns[numbers] = round(max(SILENT_PERIODS * channel.period_s, SILENT_LEAST_S) * 1e9)
            self._device[numbers] = np.arange(first_of[channel.device], first_of[channel.device] + channel.count)
            known[numbers] = True
        self._known = known
        self.connected = slots

    def online(self, last_ns: npt.NDArray[np.int64], now_ns: int) -> int:
        """Return how many devices were heard lately. last_ns: int64 by channel number, below 0: never."""
        size = min(len(last_ns), len(self._known))
        fresh = self._known[:size] & (last_ns[:size] >= now_ns - self._limit_ns[:size])
        return int(np.count_nonzero(np.bincount(self._device[:size][fresh], minlength=1)))

"""How many devices are heard and how many are silent, counted from the last-value times of their channels."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from chengyun_core.model.catalogue import Catalogue

SILENT_PERIODS = 3.0
"""A device is silent when none of its channels was heard for this many periods …"""
SILENT_LEAST_S = 15.0
"""… or this long, whichever is more."""
PIECE = 1 << 19
"""Channels looked at in one go: some 5 ms."""

TimesOf = Callable[[int, int], npt.NDArray[np.int64]]


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
        self._heard = np.zeros(slots, dtype=np.bool_)
        self._place = self._online = 0
        self._is_first = True

    def go_on(self, times: TimesOf, now_ns: int) -> int:
        """Look at the next `PIECE` channels; return how many devices the last whole round found heard lately.

        The first round tells as it goes.

        `times(begin, end)` gives int64 ns by channel number, below 0: never. A round over 22 million channels at once
        held up the loop, and with it every alarm, for half a second; a city of one piece is counted at every call.
        """
        begin, end = self._place, min(self._place + PIECE, len(self._known))
        last_ns = times(begin, end)
        end = begin + len(last_ns)
        fresh = self._known[begin:end] & (last_ns >= now_ns - self._limit_ns[begin:end])
        self._heard[self._device[begin:end][fresh]] = True
        self._place = end
        if end >= len(self._known) or begin == end:
            self._online, self._place = int(np.count_nonzero(self._heard)), 0
            self._heard[:] = False
            self._is_first = False
        return int(np.count_nonzero(self._heard)) if self._is_first else self._online

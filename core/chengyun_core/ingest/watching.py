"""Who watches which vitals at full rate, for how long: leases that end unless asked for again."""

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

VITALS_PER_WATCH = 512
WATCHERS = 128
"""Leases kept; a further watcher pushes out the one that asked longest ago."""


class Watching:
    """Leases by client. Times are monotonic ns."""

    def __init__(self, lease_s: float) -> None:
        self._lease_ns = round(lease_s * 1e9)
        self._leases: OrderedDict[bytes, tuple[int, npt.NDArray[np.uint32]]] = OrderedDict()
        self.channels: npt.NDArray[np.uint32] = np.empty(0, dtype=np.uint32)
        """uint32[n], sorted: channels of all living leases."""

    def lease(self, client: bytes, channels: Iterable[int], now_ns: int) -> None:
        """Begin or renew a client's lease of these channels; an empty one ends it."""
        numbers = np.fromiter(channels, dtype=np.uint32)
        self._leases.pop(client, None)
        if len(numbers):
            self._leases[client] = (now_ns + self._lease_ns, numbers)
        while len(self._leases) > WATCHERS:
            self._leases.popitem(last=False)
        self._collect()

    def expire(self, now_ns: int) -> None:
        """End what was not renewed."""
        ended = [client for client, (until_ns, _) in self._leases.items() if until_ns <= now_ns]
        for client in ended:
            del self._leases[client]
        if ended:
            self._collect()

    def _collect(self) -> None:
        parts = [numbers for _, numbers in self._leases.values()]
        self.channels = np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint32)

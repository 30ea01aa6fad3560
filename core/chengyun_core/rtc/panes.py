"""Pictures of other consoles in shared memory, where the window reads them."""

import time
from typing import Any

from chengyun_core.wire.pane_memory import BYTES_PER_PIXEL, PaneMemory, PaneWriter

PANES = 8
"""Consoles whose pictures are shown at once."""


class Panes:
    """Gives each console that sends pictures a pane, and the longest silent one's to a newcomer when all are taken."""

    def __init__(self, memory: PaneMemory) -> None:
        self._memory = memory
        self._writers: dict[str, tuple[int, PaneWriter]] = {}
        self._generation = 0

    def pane_of(self, peer: str) -> int:
        """Return where a console's pictures lie, -1 when none came."""
        known = self._writers.get(peer)
        return -1 if known is None else known[0]

    def show(self, peer: str, frame: Any) -> None:
        """Publish a decoded picture (av.VideoFrame)."""
        picture = frame.to_ndarray(format="bgra")
        _, writer = self._writers.get(peer) or self._taken(peer)
        height, width = picture.shape[:2]
        writer.put(picture.reshape(height, width * BYTES_PER_PIXEL), width, time.monotonic_ns())

    def drop(self, peer: str) -> None:
        """Give a console's pane back."""
        known = self._writers.pop(peer, None)
        if known is not None:
            known[1].end()

    def _taken(self, peer: str) -> tuple[int, PaneWriter]:
        used = {pane for pane, _ in self._writers.values()}
        free = next((pane for pane in range(self._memory.panes) if pane not in used), None)
        if free is None:
            oldest = next(iter(self._writers))
            free = self._writers[oldest][0]
            self.drop(oldest)
        self._generation += 1
        self._writers[peer] = (free, PaneWriter(self._memory, free, self._generation))
        return self._writers[peer]

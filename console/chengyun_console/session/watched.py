"""Samples of watched channels between two hand-overs: bounded, the oldest leave first and the loss is told."""

from collections import deque
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.news import WatchRows
from chengyun_core.wire.frames import Frame

MOST_SAMPLES = 65_536
"""Beyond this the charts ask for the window again, which costs less than handing over the flood."""


Number = TypeVar("Number", bound=np.generic)


class WatchBuffer:
    """Frames of raw samples waiting for the GUI. Owned by the reader's thread."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._samples = 0
        self._dropped = False

    def take(self, frame: Frame) -> None:
        """Keep a frame; let the oldest go when there are too many samples."""
        self._frames.append(frame)
        self._samples += frame.head.count
        while self._samples > MOST_SAMPLES:
            self._samples -= self._frames.popleft().head.count
            self._dropped = True

    def lose(self) -> None:
        """Take note that samples were lost on the way (a gap, a restart)."""
        self._dropped = True

    def news(self) -> WatchRows | None:
        """Return all samples kept, in order of arrival; None when there are none."""
        if not self._frames and not self._dropped:
            return None
        columns = [frame.columns for frame in self._frames]
        rows = WatchRows(
            channel=_joined([part["channel"] for part in columns], np.uint32),
            time=_joined([part["time"] for part in columns], np.int64),
            value=_joined([part["value"] for part in columns], np.float64),
            quality=_joined([part["quality"] for part in columns], np.uint8),
            dropped=self._dropped,
        )
        self._frames.clear()
        self._samples, self._dropped = 0, False
        return rows


def _joined(parts: list[npt.NDArray[np.generic]], dtype: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.empty(0, dtype)

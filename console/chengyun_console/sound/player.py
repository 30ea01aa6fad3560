"""What the loudspeaker is fed with, block by block: the samples being played, or silence. Knows no device."""

import threading

import numpy as np

from chengyun_console.sound.tones import RATE, Samples

FADE_S = 0.010
"""A sound that is cut off fades for so long instead of clicking."""


class Player:
    """Filled by one thread and emptied by another. There is no queue: what is loaded later replaces what plays."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: Samples = np.zeros(0, np.float32)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to play."""
        with self._lock:
            return not self._left.size

    def load(self, samples: Samples) -> None:
        """Play these from the next block on."""
        with self._lock:
            self._left = samples

    def cut(self, rate: int = RATE) -> None:
        """Fade what plays within 10 ms."""
        with self._lock:
            rest = self._left[: round(FADE_S * rate)]
            self._left = rest * np.linspace(1.0, 0.0, rest.size, dtype=np.float32)

    def drop(self) -> None:
        """Forget what plays at once: there is no loudspeaker any more."""
        with self._lock:
            self._left = self._left[:0]

    def block(self, count: int) -> Samples:
        """Return the next `count` samples, silence where there are none."""
        block = np.zeros(count, np.float32)
        with self._lock:
            part, self._left = self._left[:count], self._left[count:]
        block[: part.size] = part
        return block

"""What each ingest daemon shows, followed piece by piece: opened when it is there, left when it is replaced."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from chengyun_core.ingest.shown_slots import Looked, ShownFile, leave
from chengyun_core.ingest.survey.surveyor import Surveyor
from chengyun_core.series.columns import Bytes

logger = logging.getLogger(__name__)


class Followed:
    """One daemon's file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._shown: ShownFile | None = None
        self._rounds = self._place = 0

    @property
    def catalogue(self) -> int:
        """Return the version that is shown, 0 when nothing is."""
        return self._shown.shown().catalogue if self._shown is not None else 0

    def tend(self) -> None:
        """Open the file, or the one that took its place."""
        if self._shown is not None and not self._shown.is_still_there():
            self.close()
        if self._shown is None and self._file.exists():
            try:
                self._shown = ShownFile(self._file)
            except OSError as fault:
                logger.warning("%s cannot be followed: %s", self._file, fault)
            self._rounds = self._place = 0

    def look(self, surveyor: Surveyor) -> int:
        """Let the surveyor look at what is new; return how many rounds ended."""
        if self._shown is None:
            return 0
        head = self._shown.shown()
        estate = surveyor.estate
        if head.catalogue != estate.version or head.channels > estate.channels:
            return 0
        ended = min(1, head.rounds - self._rounds)
        if ended:
            surveyor.look(self._shown, self._place, head.channels)
            surveyor.look(self._shown, 0, head.place)
        elif head.place > self._place:
            surveyor.look(self._shown, self._place, head.place)
        self._rounds, self._place = head.rounds, head.place
        return ended

    def bands(self, surveyor: Surveyor) -> Bytes | None:
        """Return the bands of all vitals as they are shown, uint8; None when nothing that fits is."""
        fits = self._shown is not None and self._shown.shown().catalogue == surveyor.estate.version
        return self._shown.bands if fits and self._shown is not None else None

    def begin_anew(self) -> None:
        """Look at everything again: another surveyor has seen nothing yet."""
        self._rounds, self._place = -1, 0

    def say(self, looked: Looked) -> None:
        """Show that somebody looks, and what was found."""
        if self._shown is not None:
            self._shown.say_looked(looked)

    def close(self) -> None:
        """Leave the file."""
        if self._shown is not None:
            self._shown.close()
            self._shown = None
            leave(self._file)


def look_at_all(surveyor: Surveyor, followed: Sequence[Followed]) -> int:
    """Let the surveyor look at what every daemon shows; return how many rounds ended.

    A daemon knows the bands of its own vitals and shows none for the others, so the greatest is the right one.
    """
    ended = sum(one.look(surveyor) for one in followed)
    bands = [shown for one in followed if (shown := one.bands(surveyor)) is not None]
    if bands and len({one.size for one in bands}) == 1:
        surveyor.follow(np.maximum.reduce(bands))
    return ended

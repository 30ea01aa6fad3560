"""What each ingest daemon shows, followed piece by piece: opened when it is there, left when it is replaced."""

import logging
from pathlib import Path

from chengyun_core.ingest.shown_slots import Looked, ShownFile, leave
from chengyun_core.ingest.survey.surveyor import Surveyor

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
        if ended or head.place > self._place:
            surveyor.follow(self._shown)
        self._rounds, self._place = head.rounds, head.place
        return ended

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

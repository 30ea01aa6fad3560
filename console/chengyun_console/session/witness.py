"""Keeps the head of the centre's journal as this console heard it: a witness on another disk (RELIABILITY, rule 9)."""

import logging
from pathlib import Path

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.stamp import iso_utc
from chengyun_core.wire import witness_file
from chengyun_core.wire.envelope import Heartbeat

logger = logging.getLogger(__name__)

FOLDER = "heard"
"""Beside the seats' own folders: heads are heard before anybody has signed on, too."""
EVERY_S = 60.0
"""Between two lines: what was cut off since the last one is what no witness knows of."""


class Witness:
    """Writes what heartbeats tell, at most once a minute. Used by the reader's thread, which may wait for a disk."""

    def __init__(self, profile: Path) -> None:
        self._file = profile / "seats" / FOLDER / witness_file.NAME
        self._next_ns = 0
        self._failing = False

    def heard(self, beat: Heartbeat | None, monotonic_ns: int) -> None:
        """Take note of a heartbeat of the centre; one without a head (an older centre) tells nothing."""
        if beat is None or not beat.head or monotonic_ns < self._next_ns:
            return
        self._next_ns = monotonic_ns + round(EVERY_S * NS_PER_S)
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            witness_file.note(self._file, beat.head, iso_utc(beat.clock_ns))
        except OSError as fault:
            if not self._failing:
                logger.warning("the head of the journal cannot be kept in %s: %s", self._file, fault)
            self._failing = True
        else:
            self._failing = False

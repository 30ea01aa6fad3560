"""Ingest's side of the survey: a piece of the last values is copied out now and then, while somebody looks at them."""

import logging
from pathlib import Path

from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.shown_slots import PIECE, Shown, ShownFile, file_of, wanted_file
from chengyun_core.model.failure import Refused

logger = logging.getLogger(__name__)

PATIENCE = 40
"""Pieces (10 s) for which a survey that shows no sign of life is still copied for."""


class Showing:
    """Owned by the daemon's loop. What fails here is logged and left: sensing goes on without a survey."""

    def __init__(self, profile: Path, shard: int, epoch: int) -> None:
        self._profile, self._shard, self._epoch = profile, shard, epoch
        self._file: ShownFile | None = None
        self._shown = Shown(epoch=epoch, catalogue=0, channels=0, vitals=0)
        self._turns, self._idle = 0, PATIENCE
        self.failed = ""
        """Why memory could not be had for this catalogue; tried again with the next one."""

    def adopt(self, catalogue: int, channels: int, vitals: int) -> None:
        """Show another catalogue version from now on."""
        made = Shown(epoch=self._epoch, catalogue=catalogue, channels=channels, vitals=vitals)
        before = self._shown
        if (catalogue, channels, vitals) != (before.catalogue, before.channels, before.vitals):
            self.close()
            self._shown, self._turns, self._idle, self.failed = made, 0, PATIENCE, ""

    def go_on(self, engine: Engine, now_ns: int) -> None:
        """Copy the next piece, if somebody looks; memory for it is taken when a survey first wants it."""
        if self._file is None and self._shown.catalogue and not self.failed:
            self._make()
        if self._file is None or not self._is_looked_at(self._file):
            return
        last, band = engine.last.slots, engine.state.band
        begin = self._shown.place if self._shown.place < self._shown.channels else 0
        end = min(begin + PIECE, self._shown.channels, last.shape[0])
        self._file.slots[begin:end] = last[begin:end]
        share = slice(self._vital_at(begin), self._vital_at(end))
        self._file.bands[share] = band[share]
        whole = end >= min(self._shown.channels, last.shape[0])
        self._shown = Shown(
            epoch=self._epoch, catalogue=self._shown.catalogue, channels=self._shown.channels,
            vitals=self._shown.vitals, rounds=self._shown.rounds + whole, place=0 if whole else end, now_ns=now_ns,
        )  # fmt: skip
        self._file.say_shown(self._shown)

    def counters(self) -> dict[str, int]:
        """Return what the survey found, for the heartbeat; empty while nobody looks."""
        if self._file is None or self._idle >= PATIENCE:
            return {}
        found = self._file.looked()
        if not found.rounds:
            return {}
        return {"devices_stuck": found.stuck, "devices_drift": found.drift, "devices_flapping": found.flapping}

    def close(self) -> None:
        """Take the file away."""
        if self._file is not None:
            self._file.close(remove=True)
            self._file = None

    def _make(self) -> None:
        try:
            if wanted_file(self._profile).exists():
                self._file = ShownFile(file_of(self._profile, self._shard), self._shown)
        except (OSError, Refused) as fault:
            self.failed = str(fault)
            logger.warning("last values cannot be shown to a survey: %s", fault)

    def _is_looked_at(self, file: ShownFile) -> bool:
        turns = file.looked().turns
        self._idle = 0 if turns != self._turns else min(PATIENCE, self._idle + 1)
        self._turns = turns
        return self._idle < PATIENCE

    def _vital_at(self, channel: int) -> int:
        """Vitals are copied in step with channels, so that a piece stays small where there are as many of them."""
        if channel >= self._shown.channels:
            return self._shown.vitals
        return self._shown.vitals * channel // max(1, self._shown.channels)

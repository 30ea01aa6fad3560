"""From an arrival to its effects, in order: evaluate, spool what was decided, then publish. No sockets here."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.intake import Arrival
from chengyun_core.ingest.ownership import Run, Share, runs_of, whole_of
from chengyun_core.ingest.publisher import Publisher
from chengyun_core.ingest.spool import Spool
from chengyun_core.ingest.watching import Watching
from chengyun_core.model.activation import BandNow
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import Clock

logger = logging.getLogger(__name__)

EngineOf = Callable[[Catalogue], Engine]
ShareOf = Callable[[Catalogue], Share]


class Sensing:
    """Owns the engine and its catalogue. Used by the daemon's loop only."""

    def __init__(
        self,
        *,
        engine_of: EngineOf,
        spool: Spool,
        publisher: Publisher,
        watching: Watching,
        profile: Clock,
        machine: Clock,
        share_of: ShareOf = whole_of,
    ) -> None:
        self._engine_of = engine_of
        self._share_of = share_of
        self._spool = spool
        self._publisher = publisher
        self._watching = watching
        self._profile = profile
        self._machine = machine
        self.catalogue = Catalogue()
        self.share = share_of(self.catalogue)
        """What of the catalogue is ours, among several daemons."""
        self.other_shard = 0
        """Samples that came here and belong to another daemon."""
        self.engine = engine_of(self.catalogue)

    def adopt(self, catalogue: Catalogue) -> None:
        """Work with this version from now on; values and bands of vitals are kept by number.

        Raises Refused for a formula, or ranges of shards, that cannot be used; nothing is changed then.
        """
        share = self._share_of(catalogue)
        if share.spanning:
            logger.error("vitals that span shards are judged by nobody: %s", ", ".join(share.spanning))
        if self.catalogue.version:
            self.engine.adopt(share.catalogue, catalogue.set_in_force())
            self._spool.adopt_bands(self.engine.bands())
        else:
            self.engine = self._engine_of(share.catalogue)
            self.engine.restore(self._spool.bands())
        self.catalogue, self.share = catalogue, share
        self._publisher.adopt(catalogue.version, len(catalogue.vitals), share.owned)

    def owned_runs(self) -> tuple[Run, ...]:
        """Return the numbers of our vitals as runs [from, to)."""
        return runs_of(self.share.owned)

    def bands(self) -> Iterable[BandNow]:
        """Return every vital not in its normal band."""
        return self.engine.bands()

    def arrived(self, arrival: Arrival) -> None:
        """Evaluate one arrival and let its effects out."""
        batch = self._ours(arrival.batch)
        if len(self._watching.channels):
            self._publisher.watched(batch, self._watching.channels)
        own_clock = arrival.own_now_ns is not None
        now_ns = self._profile.utc_ns() if arrival.own_now_ns is None else arrival.own_now_ns
        outcome = self.engine.take(batch, now_ns=now_ns, own_clock=own_clock)
        self._let_out(outcome, arrival.arrived_mono_ns, arrival.arrived_utc_ns, own_clock=own_clock)
        if arrival.closes_until_ns is not None:
            self.close_until(arrival.closes_until_ns, own_clock=own_clock)

    def clock_was_set(self) -> None:
        """Go on at the time to which somebody set the profile's clock."""
        self.engine.clock_was_set(self._profile.utc_ns())

    def close_until(self, watermark_ns: int, *, own_clock: bool = False) -> None:
        """Close the grid of aggregates and judge missing data up to this source time."""
        outcome = self.engine.close_until(watermark_ns)
        self._let_out(outcome, self._machine.monotonic_ns(), self._machine.utc_ns(), own_clock=own_clock)

    def _ours(self, batch: Batch) -> Batch:
        mine = self.share.mine(batch.channel)
        if mine is None:
            return batch
        self.other_shard += int(np.count_nonzero(~mine))
        return batch.only(mine)

    def _let_out(self, outcome: Any, arrived_mono_ns: int, arrived_utc_ns: int, *, own_clock: bool) -> None:
        # A replay's clock passes every sample in turn: how many were read in one batch makes none of them late.
        steps = replace(outcome.steps, late=np.zeros_like(outcome.steps.late)) if own_clock else outcome.steps
        activations = steps.activations(
            self._spool.shard, self._spool.epoch, self._spool.next_seq, self.catalogue.version
        )
        if activations:
            self._spool.append(activations)  # on the disk before anybody is told
        changed = np.asarray(outcome.changed, dtype=np.uint32)
        self._publisher.changed(changed, arrived_mono_ns=arrived_mono_ns, arrived_utc_ns=arrived_utc_ns)

"""The bands that stand now, with since when, at which value and by which limit: kept only for vitals in a band."""

from collections.abc import Iterable
from itertools import chain

import numpy as np

from chengyun_core.ingest.steps import Steps
from chengyun_core.ingest.thresholds import Thresholds
from chengyun_core.model.activation import BandNow
from chengyun_core.model.scales import Aspect, Side, WarningColour
from chengyun_core.series.columns import Times

Key = tuple[int, int]


class Standing:
    """The last step of every vital that is not in its normal band, by aspect."""

    def __init__(self) -> None:
        self._last: dict[Key, tuple[int, float, float]] = {}

    def note(self, steps: Steps) -> None:
        """Remember steps, in their order."""
        if not len(steps):
            return
        keys = zip(steps.vital.tolist(), steps.aspect.tolist(), strict=True)
        last = zip(steps.at_ns.tolist(), steps.value.tolist(), steps.limit.tolist(), strict=True)
        for key, after, step in zip(keys, steps.after.tolist(), last, strict=True):
            if after:
                self._last[key] = step
            else:
                self._last.pop(key, None)

    def restore(self, bands: Iterable[BandNow]) -> None:
        """Take over bands told by an earlier process."""
        told = ((band, (band.vital, int(band.aspect))) for band in bands if band.band)
        self._last.update({key: (band.since_ns, band.value, band.limit) for band, key in told})

    def bands(self, thresholds: Thresholds, time: Times) -> list[BandNow]:
        """Return the bands that are not NONE, by vital number; of one vital the level before the link.

        time: int64 ns by vital, when its value was read; told for bands whose step nobody remembers.
        """
        levels = np.flatnonzero(thresholds.told).tolist()
        links = np.flatnonzero(thresholds.told_missing).tolist()
        keys = chain(((vital, Aspect.PROCESS) for vital in levels), ((vital, Aspect.COMMS) for vital in links))
        return [self._band(vital, aspect, thresholds, time) for vital, aspect in sorted(keys)]

    def _band(self, vital: int, aspect: Aspect, thresholds: Thresholds, time: Times) -> BandNow:
        process = aspect is Aspect.PROCESS
        band = thresholds.told[vital] if process else thresholds.told_missing[vital]
        side = thresholds.told_side[vital] if process else Side.MISSING
        nan = float("nan")
        since_ns, value, limit = self._last.get((vital, int(aspect)), (int(time[vital]), nan, nan))
        return BandNow(
            vital=vital, band=WarningColour(int(band)), side=Side(int(side)), since_ns=since_ns, value=value,
            limit=limit, aspect=aspect,
        )  # fmt: skip

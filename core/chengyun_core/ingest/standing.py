"""The bands that stand now, with since when, at which value and by which limit: kept only for vitals in a band."""

from collections.abc import Iterable

import numpy as np

from chengyun_core.ingest.state import VitalState
from chengyun_core.ingest.steps import Steps
from chengyun_core.model.activation import BandNow
from chengyun_core.model.scales import Side, WarningColour


class Standing:
    """The last step of every vital that is not in its normal band."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[int, float, float]] = {}

    def note(self, steps: Steps) -> None:
        """Remember steps, in their order."""
        if not len(steps):
            return
        last = zip(steps.at_ns.tolist(), steps.value.tolist(), steps.limit.tolist(), strict=True)
        for vital, after, step in zip(steps.vital.tolist(), steps.after.tolist(), last, strict=True):
            if after:
                self._last[vital] = step
            else:
                self._last.pop(vital, None)

    def restore(self, bands: Iterable[BandNow]) -> None:
        """Take over bands told by an earlier process."""
        self._last.update({band.vital: (band.since_ns, band.value, band.limit) for band in bands if band.band})

    def bands(self, state: VitalState) -> list[BandNow]:
        """Return the bands that are not NONE, by vital number."""
        return [self._band(vital, state) for vital in np.flatnonzero(state.band).tolist()]

    def _band(self, vital: int, state: VitalState) -> BandNow:
        band, side = WarningColour(int(state.band[vital])), Side(int(state.side[vital]))
        since_ns, value, limit = self._last.get(vital, (int(state.time[vital]), float("nan"), float("nan")))
        return BandNow(vital=vital, band=band, side=side, since_ns=since_ns, value=value, limit=limit)

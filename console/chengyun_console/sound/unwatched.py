"""Bands that turned orange or red while no centre was there to make alarms of them: somebody has to call (RF1, A15).

Alarms are the centre's: its rules, overrides and acknowledgements decide which band calls. While it is lost ingest
goes on judging, so what is newly grave since the centre was heard last calls by itself. What stood then does not: it
has its alarm already, or there was a reason why it had none. Pure: told bands and times, no Qt.
"""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.links import LinkState, Reach
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.scales import WarningColour

Bands = npt.NDArray[np.uint8]
"""WarningColour codes by vital number, uint8[n]."""
REMEMBERED_S = 30
"""Longer than a centre can be silent before it is called lost."""
PATIENCE_S = 10.0
"""A centre that was never heard is not awaited longer than this after the console's start."""


class Unwatched:
    """Told of the bands on every frame; asked which vitals call."""

    def __init__(self) -> None:
        self._remembered: deque[tuple[int, Bands]] = deque(maxlen=REMEMBERED_S)
        self._known: Bands | None = None
        """The gravest band of each vital that somebody knows of; None: the centre is there."""
        self._first_s: float | None = None

    @property
    def is_alone(self) -> bool:
        """Whether no centre is there."""
        return self._known is not None

    def take(
        self, centre: LinkState, band: Bands, now_ns: int, now_s: float, told: Callable[[], Iterator[tuple[int, int]]]
    ) -> None:
        """Take the bands of this frame. `told` gives (vital, WarningColour) of what the centre had said of vitals."""
        self._first_s = now_s if self._first_s is None else self._first_s
        if not self._is_gone(centre, now_s):
            self._known = None
            if not self._remembered or now_ns - self._remembered[-1][0] >= NS_PER_S:
                self._remembered.append((now_ns, band.copy()))
        elif self._known is None:
            self._known = self._at_loss(centre.since_ns, len(band))
            for vital, colour in told():
                if vital < len(band):
                    self._known[vital] = max(self._known[vital], colour)
        if self._known is not None:
            self._known = _as_long(self._known, len(band))
            # What was known and went is news when it comes again.
            np.minimum(self._known, band, out=self._known)

    def grave(self, band: Bands) -> list[tuple[int, WarningColour]]:
        """Return the vitals that call, with their colours; none while the centre is there."""
        if self._known is None:
            return []
        found = np.flatnonzero((band >= WarningColour.ORANGE) & (band > self._known))
        return [(int(vital), WarningColour(int(band[vital]))) for vital in found]

    def _is_gone(self, centre: LinkState, now_s: float) -> bool:
        if centre.reach is Reach.CONNECTING:
            return self._first_s is not None and now_s - self._first_s >= PATIENCE_S
        return centre.reach in (Reach.LOST, Reach.REFUSED)

    def _at_loss(self, since_ns: int, count: int) -> Bands:
        """Return the bands of the last sign of life: what rose after it was judged by nobody."""
        before = [band for at_ns, band in self._remembered if at_ns <= since_ns]
        return _as_long(before[-1].copy(), count) if before else np.zeros(count, np.uint8)


def _as_long(band: Bands, count: int) -> Bands:
    """Return as many bands as there are vitals now; new ones are known of by nobody."""
    if len(band) == count:
        return band
    grown = np.zeros(count, np.uint8)
    grown[: min(count, len(band))] = band[:count]
    return grown

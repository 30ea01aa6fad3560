"""The state of every slot from the last values of its channels and the bands of the vitals that follow it."""

import numpy as np

from chengyun_core.ingest.last_values import Stamps
from chengyun_core.ingest.survey.estate import NOBODY, Estate
from chengyun_core.model.device import DeviceState
from chengyun_core.series.columns import Bytes, Numbers

NS_PER_S = 10**9
_STAMPS_PER_S = np.uint64(4 * NS_PER_S)


class DeviceStates:
    """Five bytes a channel and seven a slot. A look at a piece changes only what it saw."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._last_s: Numbers = np.zeros(estate.channels, np.uint32)
        """Seconds since 1970 of the newest sample; 0: never. Kept here, so that a new run of ingest, and a daemon that
        owns only some of the channels, take nothing away."""
        self._fresh = np.zeros(estate.channels, np.bool_)
        self._heard = np.zeros(estate.size, np.uint8)
        """Channels of it heard lately, 255 at most."""
        self._ever = np.zeros(estate.size, np.bool_)
        self._band: Bytes = np.zeros(estate.size, np.uint8)
        self.heard_s: Numbers = np.zeros(estate.size, np.uint32)
        """uint32 by slot: seconds since 1970 of the last sample before its silence; 0: it is heard, or never was."""
        self._bands: Bytes = np.zeros(0, np.uint8)

    def look(self, begin: int, stamps: Stamps, now_ns: int) -> tuple[Numbers, Numbers]:
        """Look at channels from `begin` on, stamps uint64[n]; return the slots whose state may be another, and those
        that fell silent just now: uint32, each once."""
        part = slice(begin, begin + stamps.size)
        slots, silence = self._estate.slot_of(part.start, part.stop)
        last = np.maximum(self._last_s[part], (stamps // _STAMPS_PER_S).astype(np.uint32))
        self._last_s[part] = last
        told = (slots != NOBODY) & (last != 0)
        fresh = told & (last.astype(np.int64) * NS_PER_S >= now_ns - silence)
        changed = np.flatnonzero(fresh != self._fresh[part])
        first = np.flatnonzero(told)
        first = first[~self._ever[slots[first]]]
        if not changed.size and not first.size:
            return np.empty(0, np.uint32), np.empty(0, np.uint32)
        self._ever[slots[first]] = True
        self._fresh[part] = fresh
        came, went = changed[fresh[changed]], changed[~fresh[changed]]
        np.add.at(self._heard, slots[came], np.uint8(1))
        np.subtract.at(self._heard, slots[went], np.uint8(1))
        fell = went[self._heard[slots[went]] == 0]
        silent = np.concatenate((fell, first[self._heard[slots[first]] == 0]))
        self.heard_s[slots[came]] = 0
        np.maximum.at(self.heard_s, slots[silent], last[silent])
        return np.unique(slots[np.concatenate((changed, first))]), np.unique(slots[fell])

    def follow(self, bands: Bytes) -> Numbers:
        """Take the bands of all vitals, uint8 by number; return the slots whose state may be another."""
        if bands.size != self._bands.size:
            self._bands = np.zeros(bands.size, np.uint8)
        changed = np.flatnonzero(bands != self._bands)
        if not changed.size:
            return np.empty(0, np.uint32)
        self._bands = bands.copy()
        slots = self._estate.followers(changed)
        self._band[slots] = self._estate.greatest(slots, self._bands)
        return slots

    def of(self, slots: Numbers) -> Bytes:
        """Return the state of these slots, uint8[n]: a band goes before silence."""
        heard, ever, band = self._heard[slots] > 0, self._ever[slots], self._band[slots]
        state = np.where(heard, np.uint8(DeviceState.ONLINE), np.uint8(DeviceState.SILENT))
        state[~heard & ~ever] = DeviceState.NEVER
        banded = band > 0
        state[banded] = band[banded] + np.uint8(DeviceState.SILENT)
        return state

"""Which channels stand still though they send, and which devices come and go: from looks at the last values.

A look sees the newest sample of every channel, not every sample: at most as often as the survey comes by (4 times a
second in a city of half a million channels, every ten seconds in one of 22 million). The rules count what was seen.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.last_values import Stamps
from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bools, Numbers, Places, Times, Values

STUCK_READINGS = 30
STUCK_S = 1800
STUCK_PERIODS = 60
RESTLESS_CHANGES = 8
RESTLESS_RUN = 5.0
FLAPPING_FALLS = 3.0
FLAPPING_CALM = 1.0
FLAPPING_DRAIN_S = 1200.0
RULES: dict[str, dict[str, float]] = {
    "device.rule_flapping": {"falls": FLAPPING_FALLS, "minutes": FLAPPING_DRAIN_S / 60, "calm": FLAPPING_CALM},
    "device.rule_offline": {},
    "device.rule_stuck": {"readings": STUCK_READINGS, "minutes": STUCK_S / 60, "periods": STUCK_PERIODS},
}
Singles = npt.NDArray[np.float32]
Shorts = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Per channel of a look: what its readings rest at without being stuck, and how often it should send."""

    low: Values
    high: Values
    """float64[n]: physical range, infinite where there is none."""
    period_s: Values
    """float64[n]"""


class Stuck:
    """Channels whose value stays the same to the last bit. 34 bytes a channel.

    Rule: at least STUCK_READINGS new readings, STUCK_S seconds and STUCK_PERIODS periods with one and the same value,
    of a channel that changed before at least every RESTLESS_RUN readings on average (known after RESTLESS_CHANGES
    changes). A value of 0 or at an end of the channel's range is rest, not sticking: a rain gauge says 0 when it is
    dry.
    """

    def __init__(self, channels: int) -> None:
        self._stamp: Stamps = np.zeros(channels, np.uint64)
        self._value: Values = np.full(channels, np.nan)
        self.since_ns: Times = np.zeros(channels, np.int64)
        """int64 by channel: source time since which the value is the same."""
        self._readings: Shorts = np.zeros(channels, np.uint16)
        self._run: Singles = np.zeros(channels, np.float32)
        self._changes = np.zeros(channels, np.uint8)
        self.stuck: Bools = np.zeros(channels, np.bool_)

    def look(self, begin: int, stamps: Stamps, values: Values, limits: Limits) -> None:
        """Take the newest samples of channels from `begin` on: stamps uint64[n] (0: never), values float64[n]."""
        end = begin + stamps.size
        seen = (stamps != self._stamp[begin:end]) & (stamps & np.uint64(3) < Quality.BAD)
        at = np.flatnonzero(seen)
        if not at.size:
            return
        channel, value = at + begin, values[at]
        time = (stamps[at] >> np.uint64(2)).view(np.int64)
        self._stamp[channel] = stamps[at]
        same = value.view(np.uint64) == self._value[channel].view(np.uint64)
        self._hold(channel[same])
        self._change(channel[~same], value[~same], time[~same])
        self.stuck[channel] = same & self._is_stuck(channel, value, time, at, limits)

    def found(self) -> Places:
        """Return the channels that are stuck, int64[n]."""
        return np.flatnonzero(self.stuck)

    def _hold(self, channel: Places) -> None:
        readings = self._readings[channel]
        self._readings[channel] = readings + (readings < 0xFFFF).astype(np.uint16)

    def _change(self, channel: Places, value: Values, time: Times) -> None:
        changes, run = self._changes[channel], self._readings[channel].astype(np.float32)
        first = self._readings[channel] == 0
        weight = np.where(changes < RESTLESS_CHANGES, 1.0 / (changes.astype(np.float32) + 1.0), 1.0 / RESTLESS_CHANGES)
        mean = self._run[channel] + (run - self._run[channel]) * weight.astype(np.float32)
        self._run[channel] = np.where(first, self._run[channel], mean)
        self._changes[channel] = np.minimum(changes + (~first).astype(np.uint8), 200)
        self._value[channel], self.since_ns[channel], self._readings[channel] = value, time, 1

    def _is_stuck(self, channel: Places, value: Values, time: Times, at: Places, limits: Limits) -> Bools:
        held_s = (time - self.since_ns[channel]) / 1e9
        long_enough = held_s >= np.maximum(STUCK_S, STUCK_PERIODS * limits.period_s[at])
        restless = (self._changes[channel] >= RESTLESS_CHANGES) & (self._run[channel] <= RESTLESS_RUN)
        rests = (value == 0) | (value <= limits.low[at]) | (value >= limits.high[at])
        return np.asarray(long_enough & restless & ~rests & (self._readings[channel] >= STUCK_READINGS))


class Flapping:
    """Devices that fall silent and come back again and again. 12 bytes a slot.

    Rule: every fall counts 1, and 1 is forgotten every FLAPPING_DRAIN_S seconds; from FLAPPING_FALLS on a device is
    flapping, until less than FLAPPING_CALM is left.
    """

    def __init__(self, slots: int) -> None:
        self._level: Singles = np.zeros(slots, np.float32)
        self._at_s: Numbers = np.zeros(slots, np.uint32)
        self.since_s: Numbers = np.zeros(slots, np.uint32)
        """uint32 by slot: seconds since 1970 since which it is flapping; 0: it is not."""

    def fell(self, slots: Numbers, now_ns: int) -> None:
        """Count one fall of each of these slots, uint32[n], each once."""
        if not slots.size:
            return
        now_s = now_ns // 10**9
        self._level[slots] = self._now(slots, now_s) + np.float32(1.0)
        self._at_s[slots] = now_s
        begins = slots[(self._level[slots] >= FLAPPING_FALLS) & (self.since_s[slots] == 0)]
        self.since_s[begins] = now_s

    def found(self, now_ns: int) -> Places:
        """Return the slots that are flapping now, int64[n]; those that have calmed down are forgotten."""
        slots = np.flatnonzero(self.since_s)
        calm = self._now(slots, now_ns // 10**9) < FLAPPING_CALM
        self.since_s[slots[calm]] = 0
        return slots[~calm]

    def _now(self, slots: npt.NDArray[np.integer], now_s: int) -> Singles:
        passed = np.maximum(0, now_s - self._at_s[slots].astype(np.int64))
        left: Singles = np.maximum(0.0, self._level[slots] - passed / FLAPPING_DRAIN_S).astype(np.float32)
        return left

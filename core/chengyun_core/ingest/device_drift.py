"""Which channels drift: day by day against their own last month, less what their neighbours did in the same hours.

The sum that finds a change is Page's CUSUM (Biometrika 41, 1954); limits are in standard deviations of the channel's
own daily deviations, so one rule serves every quantity. Days, because hours are no independent trials: on twelve
stations of Beijing the same sum over hours held half of all healthy station-hours for drifting.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun_core.series.columns import Bools, Places, Times, Values

HOUR_NS = 3600 * 10**9
HOURS = 24
MONTH_DAYS = 28
"""What a channel is compared with, by hour of the day, forgets at this pace: so does a drift that stays as it is."""
LEARN_DAYS = 21
"""A channel is judged after so many days."""
LEAST_HOURS = 6
"""A day of which fewer hours were seen says nothing."""
NEIGHBOURS = 5
"""From so many channels of one quantity, kind of device and district on, their median is what the hour did to all."""
SLACK = 1.0
"""Standard deviations a day may deviate without counting …"""
MOST = 4.0
"""… and the most one day counts: no single day makes a drift."""
LIMIT = 8.0
"""Sum at which a channel drifts; it does until the sum is below CALM, and the sum grows no further than TWICE."""
CALM = 2.0
TWICE = 2 * LIMIT
_SIGMA_OF_MEAN = 1.2533
"""A normal deviate's standard deviation is √(π/2) times its mean absolute deviation."""
_LEAST_SIGMA = 0.002
"""Of the size of the value: below it lies what rounding does."""
Singles = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftKept:
    """What a survey keeps for its next run: columns by channel number."""

    profile: Singles
    """float32[n, 24]: mean by hour of the day (UTC) of the last month."""
    known: npt.NDArray[np.uint8]
    """uint8[n, 24]: days that made it."""
    sigma: Singles
    """Mean absolute daily deviation."""
    days: npt.NDArray[np.uint8]
    day_sum: Singles
    """Deviations of the hours of the day that runs …"""
    day_hours: npt.NDArray[np.uint8]
    """… and how many they are."""
    above: Singles
    below: Singles
    """The sums of the test."""
    above_since: npt.NDArray[np.uint32]
    below_since: npt.NDArray[np.uint32]
    """Day since which they are not 0."""
    drifts: Bools


def _nothing(size: int) -> DriftKept:
    return DriftKept(
        profile=np.zeros((size, HOURS), np.float32), known=np.zeros((size, HOURS), np.uint8),
        sigma=np.zeros(size, np.float32), days=np.zeros(size, np.uint8), day_sum=np.zeros(size, np.float32),
        day_hours=np.zeros(size, np.uint8), above=np.zeros(size, np.float32), below=np.zeros(size, np.float32),
        above_since=np.zeros(size, np.uint32), below_since=np.zeros(size, np.uint32), drifts=np.zeros(size, np.bool_),
    )  # fmt: skip


class Drift:
    """About 160 bytes a channel, so a survey judges the first million of them and says how many it judges."""

    def __init__(self, group: npt.NDArray[np.int64]) -> None:
        """Take the group of each channel, int64[n]: those with one number are neighbours; -1: not judged."""
        size = group.size
        self._group = group
        self._sum: Values = np.zeros(size)
        self._count = np.zeros(size, np.uint16)
        self._stamp = np.zeros(size, np.uint64)
        self._hour: int | None = None
        self._kept = _nothing(size)

    def look(self, begin: int, stamps: npt.NDArray[np.uint64], values: Values) -> None:
        """Take the newest samples of channels from `begin` on, each reading once. Those beyond the judged are left."""
        end = min(begin + stamps.size, self._group.size)
        stamps, values = stamps[: max(0, end - begin)], values[: max(0, end - begin)]
        at = np.flatnonzero((stamps != self._stamp[begin:end]) & (stamps & np.uint64(3) < 2) & np.isfinite(values))
        channel = at + begin
        self._stamp[channel] = stamps[at]
        full = self._count[channel] == 0xFFFF
        channel, at = channel[~full], at[~full]
        self._sum[channel] += values[at]
        self._count[channel] += 1

    def let_pass(self, now_ns: int) -> bool:
        """Judge the hour when it is over, and the day with its last; return whether an hour was. An hour of which a
        part was missed counts as it is."""
        hour = now_ns // HOUR_NS
        if self._hour is None or hour < self._hour:
            self._hour = hour
        if hour == self._hour:
            return False
        self._end_hour(self._hour % HOURS)
        if hour // HOURS != self._hour // HOURS:
            self._end_day(self._hour // HOURS)
        self._hour = hour
        self._sum[:] = 0.0
        self._count[:] = 0
        return True

    def found(self) -> tuple[Places, Times, Values]:
        """Return the channels that drift, since when (int64 ns) and by how many of their standard deviations (signed
        sum of the test)."""
        kept = self._kept
        channel = np.flatnonzero(kept.drifts)
        up = kept.above[channel] >= kept.below[channel]
        since = np.where(up, kept.above_since[channel], kept.below_since[channel]).astype(np.int64) * HOURS * HOUR_NS
        return channel, since, np.where(up, kept.above[channel], -kept.below[channel]).astype(np.float64)

    def kept(self) -> DriftKept:
        """Return what the next run goes on from."""
        return self._kept

    def restore(self, kept: DriftKept) -> None:
        """Go on from an earlier run: channel numbers are never given twice, so columns are the same or shorter."""
        size = min(self._group.size, kept.sigma.size)
        for name in DriftKept.__dataclass_fields__:
            getattr(self._kept, name)[:size] = getattr(kept, name)[:size]

    def _end_hour(self, slot: int) -> None:
        at = np.flatnonzero((self._count > 0) & (self._group >= 0))
        if not at.size:
            return
        kept, mean = self._kept, self._sum[at] / self._count[at]
        known = kept.known[at, slot] > 0
        deviation = np.where(known, mean - kept.profile[at, slot], 0.0)
        own = deviation - self._of_neighbours(at, deviation, known)
        kept.day_sum[at[known]] += own[known].astype(np.float32)
        kept.day_hours[at[known]] += 1
        pace = 1.0 / np.minimum(kept.known[at, slot] + 1.0, MONTH_DAYS)
        kept.profile[at, slot] += ((mean - kept.profile[at, slot]) * pace).astype(np.float32)
        kept.known[at, slot] = np.minimum(kept.known[at, slot] + 1, MONTH_DAYS)

    def _end_day(self, day: int) -> None:
        kept = self._kept
        at = np.flatnonzero(kept.day_hours >= LEAST_HOURS)
        own = kept.day_sum[at].astype(np.float64) / kept.day_hours[at]
        judged = kept.days[at] >= LEARN_DAYS
        self._sum_up(at[judged], own[judged], day)
        pace = 1.0 / np.minimum(kept.days[at] + 1.0, MONTH_DAYS)
        kept.sigma[at] += ((np.abs(own) - kept.sigma[at]) * pace).astype(np.float32)
        kept.days[at] = np.minimum(kept.days[at] + 1, MONTH_DAYS)
        kept.day_sum[:] = 0.0
        kept.day_hours[:] = 0

    def _of_neighbours(self, at: Places, deviation: Values, known: Bools) -> Values:
        """Return the median deviation of each channel's group in this hour; 0 where there are too few of them."""
        common = np.zeros(at.size)
        group = self._group[at]
        order = np.lexsort((deviation, group, ~known))[: int(np.count_nonzero(known))]  # those not known come last
        numbers, start, counts = np.unique(group[order], return_index=True, return_counts=True)
        if not numbers.size:
            return common
        middle = (deviation[order[start + (counts - 1) // 2]] + deviation[order[start + counts // 2]]) / 2
        place = np.minimum(np.searchsorted(numbers, group), numbers.size - 1)
        enough = known & (numbers[place] == group) & (counts[place] >= NEIGHBOURS)
        common[enough] = middle[place[enough]]
        return common

    def _sum_up(self, channel: Places, own: Values, day: int) -> None:
        kept = self._kept
        size = np.abs(kept.profile[channel]).max(axis=1, initial=0.0)
        sigma = np.maximum(kept.sigma[channel] * _SIGMA_OF_MEAN, np.maximum(_LEAST_SIGMA * size, 1e-12))
        z = np.clip(own / sigma, -MOST, MOST)
        for total, since, step in ((kept.above, kept.above_since, z), (kept.below, kept.below_since, -z)):
            before = total[channel]
            after = np.clip(before + step - SLACK, 0.0, TWICE)
            since[channel[(before == 0) & (after > 0)]] = day
            total[channel] = after
        greatest = np.maximum(kept.above[channel], kept.below[channel])
        kept.drifts[channel] = (greatest >= LIMIT) | (kept.drifts[channel] & (greatest >= CALM))

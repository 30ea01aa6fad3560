"""Aggregates: functions over the held values of many channels, computed for many vitals in one breath."""

from collections.abc import Callable

import numpy as np

from chengyun_core.ingest.vitals import Aggregate
from chengyun_core.model.scales import Quality
from chengyun_core.series.columns import Bools, Bytes, Numbers, Places, Values


class Aggregates:
    """All aggregates of a catalogue. Members live in slots: the distinct channels, by number."""

    def __init__(self, aggregates: tuple[Aggregate, ...]) -> None:
        self.vital: Numbers = np.array([item.vital for item in aggregates], np.uint32)
        numbers = [
            np.concatenate([np.arange(r.start, r.stop, dtype=np.uint32) for r in item.channels]) for item in aggregates
        ]
        members = np.concatenate([np.empty(0, np.uint32), *numbers])
        self.channel: Numbers = np.unique(members)
        self._first = np.uint32(self.channel[0] if self.channel.size else 0)
        span = int(self.channel[-1]) - int(self._first) + 2 if self.channel.size else 1
        # One entry per number between the first and the last member; pages without members cost no memory.
        self._slot: Numbers = np.zeros(span, np.uint32)
        self._slot[self.channel - self._first] = np.arange(1, self.channel.size + 1, dtype=np.uint32)
        self._members: Places = np.searchsorted(self.channel, members)
        self._length: Places = np.array([part.size for part in numbers], np.intp)
        self._begin: Places = np.cumsum(self._length) - self._length
        self._function = np.array([_CODES[item.function] for item in aggregates], np.uint8)
        self._argument: Values = np.array([item.argument for item in aggregates])
        # Slot to the aggregates it feeds, as one column cut into runs.
        order = np.argsort(self._members, kind="stable")
        self._fed: Places = np.repeat(np.arange(len(aggregates)), self._length)[order]
        self._fed_from: Places = np.searchsorted(self._members[order], np.arange(self.channel.size + 1))

    def __len__(self) -> int:
        return int(self.vital.size)

    def slots(self, channel: Numbers) -> Numbers:
        """Return uint32[n]: 1 + slot of each channel, 0 for those that are no members."""
        # A number below the first wraps round to a great one; both ends meet at the last entry, which is 0.
        shifted = np.minimum(channel - self._first, np.uint32(self._slot.size - 1))
        slots: Numbers = self._slot[shifted]
        return slots

    def touched(self, slot: Places) -> Places:
        """Return which aggregates these slots feed, each once, rising."""
        begin, end = self._fed_from[slot], self._fed_from[slot + 1]
        return np.unique(self._fed[_runs(begin, end - begin)])

    def computed(self, which: Places, held: Values, quality: Bytes) -> tuple[Values, Bytes]:
        """Return value (NaN when BAD) and quality of these aggregates.

        held: float64 by slot, NaN when BAD or never seen; quality: uint8 by slot, NEVER when never seen.
        """
        length = self._length[which]
        slots = self._members[_runs(self._begin[which], length)]
        gathered = _Gathered(held[slots], quality[slots], length, self._argument[which])
        value = np.full(which.size, np.nan)
        functions = self._function[which]
        for code in np.unique(functions).tolist():
            here = functions == code
            value[here] = _FUNCTIONS[code](gathered)[here]
        value[~np.isfinite(value)] = np.nan
        return value, _quality(gathered, value, functions)


class _Gathered:
    """The members of the aggregates that are computed now, one run per aggregate."""

    def __init__(self, value: Values, quality: Bytes, length: Places, argument: Values) -> None:
        self.value, self.quality, self.length, self.argument = value, quality, length, argument
        self.run: Places = np.repeat(np.arange(length.size), length)
        self.begin: Places = np.cumsum(length) - length
        self.good: Bools = ~np.isnan(value)
        self.count = self.total(self.good)

    def total(self, weight: Values | Bools) -> Values:
        """Return the sum per run, added strictly from left to right: as a plain loop does."""
        total: Values = np.bincount(self.run, weights=weight, minlength=self.length.size).astype(np.float64, copy=False)
        return total

    def share(self, part: Bools, whole: Values) -> Values:
        """Return the share of `part` per run in per cent."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return 100.0 * self.total(part) / whole


def _sum(members: _Gathered) -> Values:
    return np.where(members.count > 0, members.total(np.where(members.good, members.value, 0.0)), np.nan)


def _mean(members: _Gathered) -> Values:
    return _sum(members) / np.maximum(members.count, 1)


def _min(members: _Gathered) -> Values:
    return np.asarray(np.fmin.reduceat(members.value, members.begin))


def _max(members: _Gathered) -> Values:
    return np.asarray(np.fmax.reduceat(members.value, members.begin))


def _diff(members: _Gathered) -> Values:
    second = np.minimum(members.begin + 1, members.value.size - 1)
    return members.value[members.begin] - members.value[second]


def _share_over(members: _Gathered) -> Values:
    return members.share(members.value > np.repeat(members.argument, members.length), members.count)


def _share_under(members: _Gathered) -> Values:
    return members.share(members.value < np.repeat(members.argument, members.length), members.count)


def _share_bad(members: _Gathered) -> Values:
    seen = members.quality != Quality.NEVER
    return members.share(seen & ~members.good, members.total(seen))


_BY_NAME: dict[str, Callable[[_Gathered], Values]] = {
    "diff": _diff,
    "max": _max,
    "mean": _mean,
    "min": _min,
    "share_bad": _share_bad,
    "share_over": _share_over,
    "share_under": _share_under,
    "sum": _sum,
}
_CODES = {name: code for code, name in enumerate(_BY_NAME)}
_FUNCTIONS = tuple(_BY_NAME.values())


def _quality(members: _Gathered, value: Values, functions: Bytes) -> Bytes:
    """Return BAD without a value, UNCERTAIN when a member is not good (for share_bad that is the value), else GOOD."""
    doubtful = members.total(members.quality != Quality.GOOD) > 0
    doubtful &= functions != _CODES["share_bad"]
    quality = np.where(doubtful, np.uint8(Quality.UNCERTAIN), np.uint8(Quality.GOOD))
    quality[np.isnan(value)] = Quality.BAD
    return quality


def _runs(begin: Places, length: Places) -> Places:
    """Return begin, begin + 1, … of each run, one after the other."""
    starts = np.cumsum(length) - length
    return np.repeat(begin - starts, length) + np.arange(int(length.sum()))

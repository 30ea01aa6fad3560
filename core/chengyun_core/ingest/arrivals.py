"""Sorts a batch into fresh samples and those that come late or twice, channel by channel, in order of arrival."""

from dataclasses import dataclass

import numpy as np

from chengyun_core.ingest.ordering import stable_order
from chengyun_core.series.columns import Bools, Numbers, Places, Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What is fresh. A sample is fresh when its time is later than every earlier arrival of its channel."""

    fresh: Bools | None
    """bool[n]; None: all are."""
    previous: Times
    """int64[n] ns: time of the channel's fresh sample before this one."""
    unique: bool
    """No channel occurs twice in the batch."""
    late: int
    duplicate: int


def sort_out(channel: Numbers, time: Times, last: Times) -> Arrivals:
    """Return what is fresh, given the time of each sample's channel before the batch (int64[n], same order)."""
    if _all_different(channel):
        return _judged(time, last, unique=True)
    order = stable_order(channel)
    begins = _begins(channel[order])
    times, previous = time[order], last[order]
    inner = np.flatnonzero(~begins)
    previous[inner] = times[inner - 1]
    if not (times > previous).all():
        previous = _running(times, last[order], begins)
    back = np.empty_like(previous)
    back[order] = previous
    return _judged(time, back, unique=False)


def _judged(time: Times, previous: Times, *, unique: bool) -> Arrivals:
    fresh = time > previous
    if fresh.all():
        return Arrivals(fresh=None, previous=previous, unique=unique, late=0, duplicate=0)
    duplicate = int(np.count_nonzero(time == previous))
    late = int(np.count_nonzero(~fresh)) - duplicate
    return Arrivals(fresh=fresh, previous=previous, unique=unique, late=late, duplicate=duplicate)


def _all_different(channel: Numbers) -> bool:
    if (channel[1:] > channel[:-1]).all():
        return True
    ordered = np.sort(channel)
    return bool((ordered[1:] != ordered[:-1]).all())


def _begins(ordered: Numbers) -> Bools:
    begins = np.ones(ordered.size, dtype=bool)
    begins[1:] = ordered[1:] != ordered[:-1]
    return begins


def _running(times: Times, last: Times, begins: Bools) -> Times:
    """Return the latest time seen before each sample within its channel's run.

    Times become ranks, so that one running maximum over (run, rank) serves all runs at once.
    """
    known = np.unique(np.concatenate((times, last)))
    run = np.cumsum(begins) * known.size
    rank: Places = np.searchsorted(known, times)
    floor: Places = np.searchsorted(known, last)
    reached = np.maximum.accumulate(run + np.maximum(rank, floor))
    before = run + floor
    inner = np.flatnonzero(~begins)
    before[inner] = reached[inner - 1]
    return known[before - run]

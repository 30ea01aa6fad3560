"""The instants of made-up history: pinned vitals for hours, all others for minutes in coarse steps, in order of time."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.scenario.day import Day
from chengyun_core.model import formula
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused
from chengyun_core.ingest.sources.names import UNKNOWN, ChannelNames

PINNED_STEP_S = 10.0
COARSE_STEP_S = 60.0
SLICE_S = 600
"""History goes out in slices of this many seconds."""


def history(
    catalogue: Catalogue, day: Day, *, now_ns: int, hours: float, minutes: float
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Yield (place, time ns), each slice in order of time, all before `now_ns`."""
    pinned = _pinned(catalogue, day)
    others = np.setdiff1d(np.arange(len(day.number)), pinned)
    longest_s = max(hours * 3600 if len(pinned) else 0.0, minutes * 60 if len(others) else 0.0)
    begin_s = longest_s
    while begin_s > 0:
        end_s = max(0.0, begin_s - SLICE_S)
        parts = [
            _steps(places, day, now_ns, min(begin_s, span_s), end_s, step_s)
            for places, span_s, step_s in ((pinned, hours * 3600, PINNED_STEP_S), (others, minutes * 60, COARSE_STEP_S))
        ]
        place, time = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        order = np.argsort(time, kind="stable")
        if len(order):
            yield place[order], time[order]
        begin_s = end_s


def _steps(
    places: npt.NDArray[np.int64], day: Day, now_ns: int, from_s: float, to_s: float, step_s: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Samples of these channels from `from_s` to `to_s` seconds before now; a channel never sends faster than its period."""
    every = np.maximum(day.period_s[places], step_s)
    counts = np.maximum(0, np.ceil(from_s / every) - np.ceil(to_s / every)).astype(np.int64)
    owner = np.repeat(np.arange(len(places)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    before_s = (np.ceil(from_s / every)[owner] - within) * every[owner]
    inside = before_s > 0
    return places[owner][inside], (now_ns - np.round(before_s[inside] * 1e9)).astype(np.int64)


def _pinned(catalogue: Catalogue, day: Day) -> npt.NDArray[np.int64]:
    names = ChannelNames(catalogue)
    numbers: set[int] = set()
    for vital in catalogue.vitals:
        if not vital.pinned or not vital.formula:
            continue
        try:
            codes = formula.parse(vital.formula).channels
        except Refused:
            continue  # the engine tells it
        numbers.update(number for number in map(names.number, codes) if number != UNKNOWN)
    return np.flatnonzero(np.isin(day.number, np.array(sorted(numbers), dtype=np.int64)))

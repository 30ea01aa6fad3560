"""The instants of made-up history: pinned vitals for hours, others for minutes in coarse steps, in order of time."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.scenario.day import Day
from chengyun_core.ingest.sources.names import UNKNOWN, ChannelNames
from chengyun_core.model import formula
from chengyun_core.model.catalogue import Catalogue, Vital
from chengyun_core.model.failure import Refused
from chengyun_core.model.scope_sets import rules_in_force

PINNED_STEP_S = 10.0
COARSE_STEP_S = 60.0
MISSING_SHARE = 0.4
"""Of the time after which a vital calls its data missing: history must not look like an outage."""
SLICE_S = 120
"""History goes out in slices of this many seconds."""


def history(
    catalogue: Catalogue, day: Day, *, now_ns: int, hours: float, minutes: float
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Yield (place, time ns), each slice in order of time and later than the one before, all before `now_ns`."""
    is_pinned, coarsest_s = _wishes(catalogue, day)
    every_s = np.maximum(day.period_s, np.minimum(np.where(is_pinned, PINNED_STEP_S, COARSE_STEP_S), coarsest_s))
    span_s = np.where(is_pinned, hours * 3600, minutes * 60)
    begin_s = float(span_s.max(initial=0.0))
    while begin_s > 0:
        end_s = max(0.0, begin_s - SLICE_S)
        place, time = _steps(every_s, np.minimum(span_s, begin_s), end_s, now_ns)
        order = np.argsort(time, kind="stable")
        if len(order):
            yield place[order], time[order]
        begin_s = end_s


def _steps(
    every_s: npt.NDArray[np.float64], from_s: npt.NDArray[np.float64], to_s: float, now_ns: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Samples of all channels at multiples of their step, more than `to_s` and at most `from_s` seconds before now."""
    first = np.floor(from_s / every_s)
    counts = np.maximum(0, first - np.floor(to_s / every_s)).astype(np.int64)
    place = np.repeat(np.arange(len(every_s)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    before_s = (first[place] - within) * every_s[place]
    time: npt.NDArray[np.int64] = now_ns - np.round(before_s * 1e9).astype(np.int64)
    return place, time


def _wishes(catalogue: Catalogue, day: Day) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Which channels pinned vitals follow, and the coarsest step at which no vital would call its data missing."""
    names = ChannelNames(catalogue)
    missing = {rule.vital: rule.missing_s for rule in rules_in_force(catalogue)}
    is_pinned = np.zeros(len(day.number), np.bool_)
    coarsest_s = np.full(len(day.number), np.inf)
    for vital in catalogue.vitals:
        limit_s = missing.get(vital.code) or np.inf
        for code in _channels(vital):
            first, count = _numbers(names, code)
            here = slice(*np.searchsorted(day.number, (first, first + count)))
            is_pinned[here] |= vital.pinned > 0
            coarsest_s[here] = np.minimum(coarsest_s[here], MISSING_SHARE * limit_s)
    return is_pinned, coarsest_s


def _channels(vital: Vital) -> tuple[str, ...]:
    try:
        return formula.parse(vital.formula).channels if vital.formula else ()
    except Refused:
        return ()  # the engine tells it


def _numbers(names: ChannelNames, code: str) -> tuple[int, int]:
    reference = formula.reference(code)
    if reference.member == formula.EVERY:
        return names.of_series(reference.device, reference.quantity)
    number = names.number(code)
    return number, 0 if number == UNKNOWN else 1

"""How much time a chart shows: the range chosen, or a longer one where a slow vital would be one dot in it."""

from chengyun_console.preferences import RANGE_MINUTES
from chengyun_core.model.clock import NS_PER_S

LEAST_SAMPLES = 6
"""Fewer points are no course: an hourly station in half an hour is one dot."""


def fitting(minutes: int, period_s: float) -> int:
    """Return the least range, in minutes and not below `minutes`, with `LEAST_SAMPLES` of a vital; else the longest."""
    wanted_s = period_s * LEAST_SAMPLES
    return next((one for one in RANGE_MINUTES if one >= minutes and one * 60 >= wanted_s), max(minutes, *RANGE_MINUTES))


def asked_ns(minutes: int, period_s: float) -> int:
    """Return how much of the past is asked for a range: the sample before it too, or the line begins inside."""
    return round((minutes * 60 + 2 * period_s) * NS_PER_S)

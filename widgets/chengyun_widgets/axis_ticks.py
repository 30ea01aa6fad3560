"""Where the ticks of an axis go and what they say: round values, round clock times."""

import math
from collections.abc import Sequence

_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800)
_DAY_S = 86_400
Bounds = tuple[float, float]
_NS = 1_000_000_000


def value_ticks(low: float, high: float, at_most: int) -> list[float]:
    """Return at most `at_most` round values inside [low, high]."""
    if not high > low or at_most < 1:
        return []
    step = nice_step((high - low) / at_most)
    first = math.ceil(low / step)
    return [index * step for index in range(first, math.floor(high / step) + 1)]


def nice_step(least: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not less than `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= least * 0.999), 10 * power)


def value_label(value: float, step: float) -> str:
    """Write a tick value with as many decimals as its step needs."""
    decimals = min(9, max(0, -math.floor(math.log10(step) + 1e-9))) if step > 0 else 0
    return f"{value:.{decimals}f}"


def time_step_s(t0_ns: int, t1_ns: int, at_most: int) -> int:
    """Return the round number of seconds between ticks so that at most `at_most` fit into the window."""
    least = (t1_ns - t0_ns) / _NS / max(1, at_most)
    return next((step for step in _STEPS_S if step >= least), math.ceil(least / _DAY_S) * _DAY_S)


def time_ticks(t0_ns: int, t1_ns: int, step_s: int, utc_offset_s: int) -> list[int]:
    """Return the round local times inside the window, ns UTC."""
    step, shift = step_s * _NS, utc_offset_s * _NS
    first = -(-(t0_ns + shift) // step)
    return [index * step - shift for index in range(first, (t1_ns + shift) // step + 1)]


def clock_text(time_ns: int, utc_offset_s: int, *, with_seconds: bool = False, with_date: bool = False) -> str:
    """Write a UTC time as local `14:02`, `14:02:07` or `07-18 14:02`."""
    seconds = time_ns // _NS + utc_offset_s
    day, rest = divmod(seconds, _DAY_S)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
    if with_seconds:
        text += f":{rest % 60:02d}"
    return f"{_month_day(day)} {text}" if with_date else text


def tick_text(time_ns: int, step_s: int, utc_offset_s: int) -> str:
    """Write a tick of the time axis: the date at midnight and for steps of days, the clock time otherwise."""
    seconds = time_ns // _NS + utc_offset_s
    if step_s >= _DAY_S or seconds % _DAY_S == 0:
        return _month_day(seconds // _DAY_S)
    return clock_text(time_ns, utc_offset_s, with_seconds=step_s < 60)


def _month_day(day: int) -> str:
    """Write days since 1970-01-01 as MM-DD (Howard Hinnant's civil_from_days): no clock module is asked."""
    shifted = day + 719_468
    of_era = shifted % 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return f"{month + 3 if month < 10 else month - 9:02d}-{of_year - (153 * month + 2) // 5 + 1:02d}"


def fitted_range(data: Bounds, limits: Sequence[float], now: Bounds) -> Bounds:
    """Return the value range to show: the data, the nearest limit above and below, and a margin.

    With a limit in view a calm line looks calm. The range of `now` is kept while the wanted one lies within it and
    fills at least half of it, so that the picture does not breathe.
    """
    low, high = data
    low = max((limit for limit in limits if limit <= low), default=low)
    high = min((limit for limit in limits if limit >= high), default=high)
    least = max(abs(high), abs(low)) * 0.01 or 1.0
    if high - low < least:
        middle = (high + low) / 2
        low, high = middle - least / 2, middle + least / 2
    margin = (high - low) * 0.04
    if now[0] <= low - margin and now[1] >= high + margin and (high - low) >= 0.5 * (now[1] - now[0]):
        return now
    return low - (high - low) * 0.12, high + (high - low) * 0.12

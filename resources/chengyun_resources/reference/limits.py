"""Rows of the threshold tables: limits of each set, hysteresis and delays that fit them."""

from collections.abc import Iterator
from itertools import pairwise

from chengyun_resources.reference.measures import Limits
from chengyun_resources.reference.sites import FLOOD, PEACETIME, Site

SET_ROWS = [
    {"code": PEACETIME, "name": "平时", "in_force": "true"},
    {"code": FLOOD, "name": "汛期", "in_force": "false"},
]
_COLOURS = ("blue", "yellow", "orange", "red")
_HYSTERESIS_OF_GAP = 0.2


def threshold_rows(site: Site) -> Iterator[dict[str, str]]:
    """Yield the threshold of a site in each set; a site without limits has none."""
    if not site.is_risk:
        return
    for threshold_set in (PEACETIME, FLOOD):
        up, down = site.up[threshold_set], site.down[threshold_set]
        row = {"threshold_set": threshold_set, "vital": site.vital, "hysteresis": figure(_hysteresis(up, down))}
        row |= _cells("high", up) | _cells("low", down) | _times(site)
        yield row


def figure(number: float) -> str:
    """Return a number as a cell writes it."""
    return f"{number:.10g}"


def _cells(side: str, limits: Limits) -> dict[str, str]:
    named = zip(_COLOURS, limits, strict=True)
    return {f"{side}_{colour}": figure(limit) for colour, limit in named if limit is not None}


def _times(site: Site) -> dict[str, str]:
    times = {
        "on_delay_s": site.on_delay_s,
        "off_delay_s": site.off_delay_s,
        "missing_s": max(60.0, 6 * site.period_s),
    }
    if "stuck" in site.more:
        times["stuck_s"] = site.more["stuck"]
    if "rate" in site.more:
        times["rate_per_min"] = site.more["rate"]
    return {name: figure(value) for name, value in times.items() if value}


def _hysteresis(up: Limits, down: Limits) -> float:
    """Return a fifth of the narrowest band, two significant digits, so that no band is skipped on the way back."""
    gaps = [abs(far - near) for limits in (up, down) for near, far in pairwise(_given(limits))]
    usual = abs(next(iter([*_given(up), *_given(down)]))) * 0.02
    return float(f"{min(gaps, default=usual) * _HYSTERESIS_OF_GAP:.2g}")


def _given(limits: Limits) -> list[float]:
    return [limit for limit in limits if limit is not None]

"""How a KPI does against its plan line: ahead, on it or behind, how old its figure is, and where it is heading."""

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import median

from chengyun_core.model.catalogue import Kpi
from chengyun_core.model.failure import Refused

TOLERANCE = 0.02
"""Share of the way from base to target within which a figure is on the plan line: monthly figures are rounded."""
STALE_AFTER_DAYS = 62
"""A figure older than two months is stale when nothing tells how often it comes; else after two of its intervals."""
TREND_DAYS = 92
"""The trend is taken over the figures of the last quarter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiFigure:
    """One actual figure. `day` is an ISO date."""

    day: str
    value: float


class Standing(StrEnum):
    """Where a figure stands against the plan line of its own day. No alarm, and none of the four legal colours."""

    AHEAD = "ahead"
    ON_PLAN = "on_plan"
    BEHIND = "behind"
    NO_PLAN = "no_plan"
    """The catalogue gives no beginning: there is no line to be ahead or behind of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a KPI does (C4, 办法 art. 13). `planned` and `gap` are None without a plan line.

    `gap` is positive when better than planned; `per_month` is the change of the figure in 30 days, positive when it
    rises, None with fewer than two figures in the last quarter; `age_days` and `days_left` are None for unknown days.
    """

    is_met: bool
    standing: Standing
    planned: float | None
    gap: float | None
    per_month: float | None
    is_improving: bool | None
    age_days: int | None
    is_stale: bool
    days_left: int
    forecast: float | None
    """The figure on the due day if the trend goes on; None without a trend or past the due day."""


def past_figures(text: str) -> tuple[KpiFigure, ...]:
    """Return the earlier figures of a KPI's cell, oldest first.

    Raises:
        Refused: `catalogue.past_not_figures`, a part is no `DAY FIGURE`; `catalogue.past_not_rising`, days are not in
            order. Both say which part.
    """
    found = tuple(_figure(part) for part in text.split(";") if part.strip())
    for earlier, later in pairwise(found):
        if later.day <= earlier.day:
            raise Refused("catalogue.past_not_rising", part=later.day)
    return found


def figures_of(kpi: Kpi) -> tuple[KpiFigure, ...]:
    """Return every actual figure known of a KPI, oldest first; the last one only when its day is known."""
    last = (KpiFigure(day=kpi.updated, value=kpi.actual),) if kpi.updated else ()
    return (*past_figures(kpi.past), *last)


def planned_on(kpi: Kpi, day: str) -> float | None:
    """Return the figure the plan line asks for on an ISO day; flat before it begins and after it is due."""
    if kpi.base is None or not kpi.begun:
        return None
    begun, due = date.fromisoformat(kpi.begun), date.fromisoformat(kpi.due)
    share = (date.fromisoformat(day) - begun).days / max(1, (due - begun).days)
    return kpi.base + (kpi.target - kpi.base) * min(1.0, max(0.0, share))


def is_met(kpi: Kpi) -> bool:
    """Return whether the last actual figure reaches the target."""
    return kpi.actual >= kpi.target if kpi.better == "high" else kpi.actual <= kpi.target


def progress(kpi: Kpi, today: str) -> Progress:
    """Return how a KPI does. A figure is held against the plan line of its own day, not of `today` (ISO date)."""
    figures = figures_of(kpi)
    planned = planned_on(kpi, kpi.updated or today)
    gap = None if planned is None else (kpi.actual - planned) * _sign(kpi)
    age = (date.fromisoformat(today) - date.fromisoformat(kpi.updated)).days if kpi.updated else None
    left = (date.fromisoformat(kpi.due) - date.fromisoformat(today)).days
    slope = _per_day(figures)
    return Progress(
        is_met=is_met(kpi),
        standing=_standing(kpi, gap),
        planned=planned,
        gap=gap,
        per_month=None if slope is None else slope * 30,
        is_improving=None if slope is None or slope == 0 else slope * _sign(kpi) > 0,
        age_days=age,
        # A figure of a day to come is a mistake of the import: it is not taken for one of now.
        is_stale=age is None or age < 0 or age > _patience(figures),
        days_left=left,
        forecast=_forecast(kpi, slope, left, age),
    )


def _figure(part: str) -> KpiFigure:
    day, _, written = part.strip().partition(" ")
    try:
        value = float(written)
        if date.fromisoformat(day).isoformat() != day or not math.isfinite(value):
            raise ValueError(part)
    except ValueError:
        raise Refused("catalogue.past_not_figures", part=part.strip()[:40]) from None
    return KpiFigure(day=day, value=value)


def _sign(kpi: Kpi) -> int:
    return 1 if kpi.better == "high" else -1


def _standing(kpi: Kpi, gap: float | None) -> Standing:
    if gap is None or kpi.base is None:
        return Standing.NO_PLAN
    slack = TOLERANCE * abs(kpi.target - kpi.base)
    if abs(gap) <= slack:
        return Standing.ON_PLAN
    return Standing.AHEAD if gap > 0 else Standing.BEHIND


def _per_day(figures: tuple[KpiFigure, ...]) -> float | None:
    """Return the slope of the last quarter's figures by least squares, per day; None when there are fewer than two."""
    if not figures:
        return None
    newest = date.fromisoformat(figures[-1].day)
    points = [((date.fromisoformat(one.day) - newest).days, one.value) for one in figures]
    points = [(day, value) for day, value in points if day >= -TREND_DAYS]
    if len(points) < 2:
        return None
    middle = sum(day for day, _ in points) / len(points)
    level = sum(value for _, value in points) / len(points)
    spread = sum((day - middle) ** 2 for day, _ in points)
    return sum((day - middle) * (value - level) for day, value in points) / spread


def _patience(figures: tuple[KpiFigure, ...]) -> float:
    days = [date.fromisoformat(one.day) for one in figures]
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return 2 * median(gaps) if gaps else STALE_AFTER_DAYS


def _forecast(kpi: Kpi, slope: float | None, left: int, age: int | None) -> float | None:
    if slope is None or age is None or left < 0:
        return None
    return kpi.actual + slope * (left + age)

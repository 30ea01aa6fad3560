"""The reference city with a value for every vital, worked out from its own limits: the same on every machine."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.catalogue import Catalogue, Threshold
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.scales import Side
from chengyun_resources.reference import city

Values = npt.NDArray[np.float64]


@lru_cache(maxsize=1)
def reference_city() -> Catalogue:
    """Return the catalogue `chengyun catalogue reference` writes."""
    catalogue, _numbers = build(city.tables(), Numbers(), 1)
    return catalogue


def usual(view: CatalogueView, number: int) -> float:
    """Return a value in the middle of what is normal for a vital."""
    low, high = corridor(view.threshold(number))
    if low is not None and high is not None:
        return (low + high) / 2
    if high is not None:
        return high * 0.55
    return low * 1.6 if low is not None else 20.0 + number % 17


def corridor(rule: Threshold | None) -> tuple[float | None, float | None]:
    """Return the highest low limit and the lowest high limit, None where there is none."""
    if rule is None:
        return None, None
    high = min((limit for limit in rule.high() if limit is not None), default=None)
    low = max((limit for limit in rule.low() if limit is not None), default=None)
    return low, high


def limits_of(rule: Threshold | None) -> tuple[Side, tuple[float | None, ...]]:
    """Return the side on which a vital is bad, and its limits there, blue to red; None where it has none."""
    if rule is None:
        return Side.NONE, (None,) * 4
    return (Side.HIGH, rule.high()) if any(limit is not None for limit in rule.high()) else (Side.LOW, rule.low())


@dataclass(frozen=True)
class City:
    """What a stage needs of a city: its catalogue, what every vital shows now, and how it came there."""

    catalogue: Catalogue
    value: Callable[[CatalogueView, int], float]
    course: Callable[[int, float, Values], Values]
    """(vital, its value now, seconds from now, none above 0) → values, shape of the seconds."""


def the_reference_city() -> City:
    """Return the reference city with everything in the middle of what is normal."""
    return City(catalogue=reference_city(), value=usual, course=_course)


def _course(number: int, now: float, seconds: Values) -> Values:
    """Return a vital's way to its value of now: waves, and a spike every two hours."""
    wave = np.sin(seconds / 2400 + number) * 0.07 + np.sin(seconds / 170 + number * 3) * 0.015
    spike = np.exp(-(((seconds % 7200) - 3000 - number % 900) ** 2) / 8000) * 0.12
    away = np.sin(number) * 0.07 + np.sin(number * 3.0) * 0.015
    return now * (1 + wave + spike - away * np.exp(seconds / 600))

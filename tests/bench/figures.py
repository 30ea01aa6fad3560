"""Medians with spread, rounds that interleave their sides, and what the process used."""

import resource
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def interleaved(sides: Mapping[str, Callable[[], object]], *, rounds: int, repeats: int) -> dict[str, list[float]]:
    """Return seconds per call of every side, one figure a round: the sides take turns within each round."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():
        side()
    for _ in range(rounds):
        for name, side in sides.items():
            start = time.perf_counter()
            for _ in range(repeats):
                side()
            taken[name].append((time.perf_counter() - start) / repeats)
    return taken


def spread(figures: list[float], form: str = ".1f", factor: float = 1.0) -> str:
    """Write median and, in brackets, minimum and maximum."""
    low, middle, high = (f(figures) * factor for f in (min, statistics.median, max))
    return f"{middle:{form}} ({low:{form}} … {high:{form}})"


def ratios(numerator: list[float], denominator: list[float]) -> list[float]:
    """Return the ratio of each round."""
    return [a / b for a, b in zip(numerator, denominator, strict=True)]


def resident_mb() -> float:
    """Return the resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20

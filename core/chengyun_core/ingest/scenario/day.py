"""An ordinary day: what every channel measures when nothing happens, as a pure function of channel and time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.scenario import noise
from chengyun_core.model import formula
from chengyun_core.model.catalogue import Catalogue, Channel, Threshold
from chengyun_core.model.failure import Refused
from chengyun_core.model.scope_sets import rules_in_force

LOCAL_OFFSET_S = 8 * 3600
"""The day of the city's people: UTC+8, no summer time."""
DAY_S = 86_400
DRIFT_SPAN_S = 300.0
NOISE_LIMIT = 2.5
"""Noise beyond this many deviations is cut, so that an ordinary day rings no bell by chance."""


class Behaviour(Protocol):
    """How a quantity behaves (resources.reference.behaviour)."""

    @property
    def mean(self) -> float: ...
    @property
    def daily(self) -> float: ...
    @property
    def noise(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def peak_hour(self) -> float: ...
    @property
    def silent(self) -> bool: ...


BehaviourOf = Callable[[str, str], Behaviour | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Behaviour of a quantity nobody described: the middle of what is allowed, moving a little."""

    mean: float
    daily: float
    noise: float
    low: float
    high: float
    peak_hour: float = 15.0
    silent: bool = False


class Day:
    """The simulated channels of a catalogue as columns, in order of number."""

    def __init__(self, catalogue: Catalogue, behaviour_of: BehaviourOf, *, seed: int, longest_series: int) -> None:
        rows = [(channel, behaviour_of(channel.device, channel.quantity)) for channel in catalogue.channels]
        corridors = _corridors(catalogue)
        known = [(channel, found or _plain(channel, corridors)) for channel, found in rows]
        loud = [(channel, found) for channel, found in known if not found.silent]
        loud.sort(key=lambda item: item[0].number)
        counts = np.array([min(channel.count, longest_series) for channel, _ in loud], dtype=np.int64)
        self.number = _expanded([channel.number for channel, _ in loud], counts)
        """uint32[n]: channel numbers simulated."""
        self.period_s = np.repeat(
            np.array([max(channel.period_s, 0.1) for channel, _ in loud], dtype=np.float64), counts
        )
        self._mean = np.repeat(np.array([item.mean for _, item in loud], dtype=np.float64), counts)
        self._daily = np.repeat(np.array([item.daily for _, item in loud], dtype=np.float64), counts)
        self._noise = np.repeat(np.array([item.noise for _, item in loud], dtype=np.float64), counts)
        self._low = np.repeat(np.array([item.low for _, item in loud], dtype=np.float64), counts)
        self._high = np.repeat(np.array([item.high for _, item in loud], dtype=np.float64), counts)
        self._peak_s = np.repeat(np.array([item.peak_hour * 3600 for _, item in loud], dtype=np.float64), counts)
        self._seed = seed

    def value(self, place: npt.NDArray[np.int64], time_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return float64[n]: values of the channels at these places of `number`, each at its time."""
        of_day = (time_ns / 1e9 + LOCAL_OFFSET_S) % DAY_S
        wave = np.cos(2 * np.pi * (of_day - self._peak_s[place]) / DAY_S)
        moved = self._mean[place] + self._daily[place] * wave + self._noise[place] * self.unit_noise(place, time_ns)
        return np.clip(moved, self._low[place], self._high[place])

    def unit_noise(self, place: npt.NDArray[np.int64], time_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return float64[n]: noise of deviation about 0.8, mostly slow drift, a little of it new in every sample."""
        number = self.number[place]
        slow = noise.drift(self._seed, number, time_ns, DRIFT_SPAN_S)
        fast = noise.bell(self._seed + 1, number, time_ns)
        return np.clip(0.9 * slow + 0.4 * fast, -NOISE_LIMIT, NOISE_LIMIT)


def _expanded(first: Sequence[int], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    starts: npt.NDArray[np.int64] = np.repeat(np.array(first, dtype=np.int64), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    numbers: npt.NDArray[np.uint32] = (starts + within).astype(np.uint32)
    return numbers


def _corridors(catalogue: Catalogue) -> dict[str, tuple[float | None, float | None]]:
    """Channel code → the lowest high limit and the highest low limit of the vital that shows it alone."""
    rules = {rule.vital: rule for rule in rules_in_force(catalogue)}
    found: dict[str, tuple[float | None, float | None]] = {}
    for vital in catalogue.vitals:
        rule = rules.get(vital.code)
        if rule is None or not vital.formula:
            continue
        try:
            parsed = formula.parse(vital.formula)
        except Refused:
            continue  # the engine tells it; the simulator only looks for a corridor
        if parsed.function == "last":
            found[parsed.channels[0]] = _corridor(rule)
    return found


def _corridor(rule: Threshold) -> tuple[float | None, float | None]:
    high = min((limit for limit in rule.high() if limit is not None), default=None)
    low = max((limit for limit in rule.low() if limit is not None), default=None)
    return low, high


def _plain(channel: Channel, corridors: dict[str, tuple[float | None, float | None]]) -> Plain:
    low, high = corridors.get(f"{channel.device}.{channel.quantity}", (None, None))
    low = channel.low if low is None else low
    high = channel.high if high is None else high
    if low is None and high is None:
        low, high = 0.0, 100.0
    low = high - max(abs(high), 1.0) if low is None and high is not None else low
    high = low + max(abs(low), 1.0) if high is None and low is not None else high
    assert low is not None
    assert high is not None
    width = max(high - low, 1e-9)
    return Plain(
        mean=low + 0.45 * width, daily=0.12 * width, noise=0.03 * width, low=low + 0.05 * width, high=high - 0.1 * width
    )

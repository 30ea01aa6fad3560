"""A story's signals over its hours: given curves drawn smoothly, chains stepped forward from cause to effect."""

import math

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.scenario.story_file import Basin, Chain, Input, Relax, StoryFile, Switch, chains_of

STEP_H = 1 / 60
"""One story minute."""
Values = npt.NDArray[np.float64]


class Signals:
    """All signals as columns over a grid of story minutes. Made once, then only read."""

    def __init__(self, story: StoryFile) -> None:
        self._hour: Values = np.arange(0.0, story.hours + STEP_H, STEP_H)
        self._columns: dict[str, Values] = {}
        for curve in story.curve:
            points = np.array(curve.points, dtype=np.float64)
            self._columns[curve.signal] = monotone(points[:, 0], points[:, 1], self._hour)
        for rain in story.bursts:
            self._columns[rain.signal] = _bells(rain.bursts, self._hour)
        self._step_chains(story)

    def at(self, signal: str, hour: Values) -> Values:
        """Return float64[n]: the signal at story hours (before the first and after the last: held)."""
        return np.interp(hour, self._hour, self._columns[signal])

    def _step_chains(self, story: StoryFile) -> None:
        chains = {chain.signal: chain for chain in chains_of(story)}
        tables = {name: column.tolist() for name, column in self._columns.items()}
        state: dict[str, float] = {name: _first(chains[name]) for name in story.order}
        off_since: dict[str, float] = {}
        history: dict[str, list[float]] = {name: [] for name in story.order}
        for step in range(len(self._hour)):
            for name in story.order:
                chain = chains[name]
                put = math.fsum(_share(item, step, tables, history, state) for item in chain.inputs)
                match chain:
                    case Relax():
                        state[name] = _relaxed(chain, state[name], chain.base + put, first=step == 0)
                    case Basin():
                        power = state[chain.power] if chain.power else 1.0
                        state[name] = min(
                            max(state[name] + STEP_H * (put - chain.drain * power), chain.low), chain.high
                        )
                    case Switch():
                        state[name] = _switched(chain, state[name], put, step * STEP_H, off_since)
            for name in story.order:
                history[name].append(state[name])
        self._columns.update({name: np.array(column) for name, column in history.items()})


def monotone(x: Values, y: Values, at: Values) -> Values:
    """Return float64[n]: the curve through all points that never swings beyond them (Fritsch-Carlson)."""
    if len(x) < 3:
        return np.interp(at, x, y)
    width = np.diff(x)
    slope = np.diff(y) / width
    tangent = np.zeros(len(x))
    tangent[0], tangent[-1] = slope[0], slope[-1]
    same = slope[:-1] * slope[1:] > 0
    left, right = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (left + right) / (left / slope[:-1] + right / slope[1:])
    tangent[1:-1] = np.where(same, mean, 0.0)
    index = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(width) - 1)
    part = np.clip((at - x[index]) / width[index], 0.0, 1.0)
    square, cube = part**2, part**3
    return (
        (2 * cube - 3 * square + 1) * y[index]
        + (cube - 2 * square + part) * width[index] * tangent[index]
        + (3 * square - 2 * cube) * y[index + 1]
        + (cube - square) * width[index] * tangent[index + 1]
    )


def _bells(bursts: tuple[tuple[float, float, float], ...], hour: Values) -> Values:
    total = np.zeros(len(hour))
    for middle, height, width in bursts:
        total += height * np.exp(-0.5 * ((hour - middle) / width) ** 2)
    return total


def _first(chain: Chain) -> float:
    match chain:
        case Relax():
            return chain.base
        case Basin():
            return chain.low
        case Switch():
            return 1.0


def _share(
    item: Input, step: int, tables: dict[str, list[float]], history: dict[str, list[float]], state: dict[str, float]
) -> float:
    lag = round(item.lag_h / STEP_H)
    if item.signal in tables:
        value = tables[item.signal][max(0, step - lag)]
    elif lag and history[item.signal]:
        value = history[item.signal][max(0, min(step - lag, len(history[item.signal]) - 1))]
    else:
        value = state[item.signal]
    return item.gain * (value if item.over is None else max(0.0, value - item.over))


def _relaxed(chain: Relax, now: float, target: float, *, first: bool) -> float:
    target = min(max(target, chain.low), chain.high)
    if first:
        return target
    constant = chain.rise_h if target > now else chain.fall_h
    return target + (now - target) * math.exp(-STEP_H / constant)


def _switched(chain: Switch, now: float, put: float, hour: float, off_since: dict[str, float]) -> float:
    if now == 1.0 and put >= chain.off_at:
        off_since[chain.signal] = hour
        return 0.0
    if now == 0.0 and put <= chain.on_at and hour - off_since[chain.signal] >= chain.repair_h:
        return 1.0
    return now

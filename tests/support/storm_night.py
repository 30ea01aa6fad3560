"""What the sensors of the storm city measure in a night of eight hours: a program made from a seed, and its player."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from chengyun_core.model.clock import NS_PER_S
from tests.support import storm_city as storm
from tests.support.living_city import LivingCity

HOURS = 8.0
MINUTE, HOUR = 60.0, 3600.0
TOLD_EVERY_S = 300.0
"""Every sensor tells its value again so often: one that is silent for longer would be a trouble of its own."""
TURN_S = 0.1
RAIN, CUT, RESTORED, DRAINING, OVER = 1.5 * HOUR, 2.67 * HOUR, 4.33 * HOUR, 5.0 * HOUR, 6.8 * HOUR
"""Seconds after the shift began: rain, the cut of the supply and its return, the water that falls, the end of it."""
_RIVER = ((2.2, 181.0), (3.0, 182.6), (3.8, 184.2), (6.3, 181.4), (7.2, 171.4))
"""(hours, metres)"""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Step:
    """One sensor measures another value from a time on."""

    at_s: float
    vital: int
    value: float


def program(seed: int, hours: float = HOURS) -> list[Step]:
    """Return what changes, in order of time."""
    chance = random.Random(seed)
    steps = [*_nuisance(chance), *_water(chance), *_dark(chance), *_river()]
    return sorted(step for step in steps if step.at_s < hours * HOUR)


def _nuisance(chance: random.Random) -> Iterator[Step]:
    """Yield a pressure that is high for some minutes, five times an hour, the whole night."""
    at_s = 4 * MINUTE
    while at_s < HOURS * HOUR:
        vital = chance.choice(storm.CALM)
        yield Step(at_s=at_s, vital=vital, value=round(chance.uniform(52, 70), 1))
        yield Step(at_s=at_s + chance.uniform(2, 8) * MINUTE, vital=vital, value=20.0)
        at_s += chance.expovariate(1 / (12 * MINUTE))


def _water(chance: random.Random) -> Iterator[Step]:
    """Yield points that fill in the storm, the deep ones further than the others, and drain towards morning."""
    for vital in storm.FILLING:
        begin = RAIN + chance.uniform(0.1, 2.4) * HOUR
        deep = chance.random()
        yield Step(at_s=begin, vital=vital, value=0.18)
        if deep > 0.4:
            yield Step(at_s=begin + chance.uniform(10, 30) * MINUTE, vital=vital, value=0.30)
        if deep > 0.8:
            yield Step(at_s=begin + chance.uniform(31, 50) * MINUTE, vital=vital, value=0.46)
        yield Step(at_s=max(begin + HOUR, chance.uniform(DRAINING, OVER)), vital=vital, value=storm.DRY)


def _dark(chance: random.Random) -> Iterator[Step]:
    """Yield the cut of the supply, what hangs on it within three minutes (WF4), and how it comes back."""
    yield Step(at_s=CUT, vital=storm.POWER, value=storm.CUT)
    yield Step(at_s=RESTORED, vital=storm.POWER, value=storm.WELL[storm.POWER])
    for vital in storm.FED:
        yield Step(at_s=CUT + chance.uniform(2, 180), vital=vital, value=storm.DEAD_VOLTS)
        yield Step(at_s=RESTORED + chance.uniform(10, 20 * MINUTE), vital=vital, value=storm.VOLTS)


def _river() -> Iterator[Step]:
    for hours, metres in _RIVER:
        yield Step(at_s=hours * HOUR, vital=storm.RIVER, value=metres)


@dataclass(slots=True, kw_only=True)
class Sky:
    """Plays a program on a city by the city's clock, in a thread of its own. `end` waits for the thread."""

    city: LivingCity
    steps: list[Step]
    began_ns: int
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start to play."""
        self._thread = threading.Thread(target=self._play, name="sky")
        self._thread.start()

    def end(self) -> None:
        """Stop, wherever it is."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(30)

    @property
    def passed_s(self) -> float:
        """Seconds of the city's time since the shift began."""
        return (self.city.clock.utc_ns() - self.began_ns) / NS_PER_S

    def _play(self) -> None:
        waiting, told_s = list(reversed(self.steps)), 0.0
        while not self._over.wait(TURN_S):
            now_s, due = self.passed_s, dict[int, float]()
            while waiting and waiting[-1].at_s <= now_s:
                step = waiting.pop()
                due[step.vital] = step.value
            if due:
                self.city.publish(due)
            if now_s - told_s >= TOLD_EVERY_S:
                told_s = now_s
                self.city.publish_all()

"""RF12: steps of the wall clock, zones and leap seconds over every timer of the centre; `run` drives it for a soak."""

import logging
import random
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.clock.life import FIRES, STEPS_S, ZONES, ClockLife

STEPS_OF_A_LIFE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a run did and found."""

    steps: int
    seed: int
    done: dict[str, int] = field(default_factory=dict)
    """Deeds by kind: timers begun, time passed, clock stepped, zone changed, centre started anew."""
    fired: int = 0
    """Timers that ran out, each exactly once."""
    broken: tuple[str, ...] = ()
    """What fired twice, early, late or never; must be empty."""
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Return whether every timer fired once and in its time."""
        return self.fired > 0 and not self.broken


def run(steps: int, seed: int) -> Counts:
    """Do so many deeds, in lives of 400 each. The same seed does the same."""
    began, dice = time.monotonic(), random.Random(seed)
    done: Counter[str] = Counter()
    fired, broken = 0, []
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        for start in range(0, steps, STEPS_OF_A_LIFE):
            count, fault = _live(min(STEPS_OF_A_LIFE, steps - start), dice, done)
            fired += count
            broken += fault
    finally:
        logging.disable(before)
    return Counts(
        steps=steps, seed=seed, done=dict(done), fired=fired, broken=tuple(broken),
        seconds=round(time.monotonic() - began, 1),
    )  # fmt: skip


def _live(steps: int, dice: random.Random, done: Counter[str]) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        life = ClockLife(Path(folder))
        try:
            for _ in range(steps):
                done[_do_one(life, dice)] += 1
        except AssertionError:
            return sum(life.fired.values()), [traceback.format_exc(limit=-2)]
        finally:
            life.close()
        return sum(life.fired.values()), []


def _do_one(life: ClockLife, dice: random.Random) -> str:
    match dice.randrange(12):
        case 0 | 1 | 2 | 3:
            life.begin(dice.choice(list(FIRES)), dice.choice((1, 5, 30, 240)))
            return "begun"
        case 4 | 5 | 6:
            life.pass_by(dice.choice((1, 59, 300, 1200)))
            return "passed"
        case 7 | 8 | 9:
            life.step(dice.choice(STEPS_S))
            return "stepped"
        case 10:
            life.change_zone(dice.choice(ZONES))
            return "zone"
        case _:
            life.restart()
            return "restarted"

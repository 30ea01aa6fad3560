"""Cuts the power at many random points of one recording and asks a checker what was lost or broken each time."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.powercut.disk import SURVIVAL, Disk, rebuild
from tests.faults.powercut.recording import Deed

Checker = Callable[[Path, Sequence[list[str]]], list[str]]
"""Gets the folder after the cut and the marks made before it; returns a sentence for each promise that was broken."""


@dataclass(slots=True)
class Outcome:
    """What many cuts of one recording came to."""

    seed: int
    cuts: int = 0
    faulty: int = 0
    """Cuts after which at least one promise was broken."""
    promises: int = 0
    """Marks (acknowledgements) that stood when the power went, summed over all cuts."""
    sentences: Counter[str] = field(default_factory=Counter)
    first: str = ""
    """The first fault in words that make it again: seed, cut, deed, survival."""

    def __str__(self) -> str:
        told = f"seed {self.seed}: {self.cuts} cuts, {self.promises} promises, {self.faulty} cuts broke one"
        return f"{told}\n{self.first}" if self.first else told


def cut_at_random(
    deeds: Sequence[Deed], origin: Path, target: Path, *, count: int, seed: int, check: Checker, enough: int = 0
) -> Outcome:  # fmt: skip
    """Cut `count` times, rebuild into `target` (removed after each cut) and check; stop after `enough` faulty ones."""
    chance, disk, outcome, taken = random.Random(seed), Disk(), Outcome(seed), 0
    points = sorted(chance.randint(0, len(deeds)) for _ in range(count))
    for number, point in enumerate(points):
        for deed in deeds[taken:point]:
            disk.take(deed)
        taken = point
        _cut(disk, origin, target, random.Random(f"{seed}:{number}"), check, outcome, f"cut {number}, deed {point}")
        if 0 < enough <= outcome.faulty:
            break
    return outcome


def _cut(
    disk: Disk, origin: Path, target: Path, chance: random.Random, check: Checker, outcome: Outcome, where: str
) -> None:
    p = chance.choice(SURVIVAL)
    rebuild(disk, origin.resolve(), target, chance, p)
    try:
        broken = check(target, disk.marks)
    finally:
        shutil.rmtree(target)
    outcome.cuts += 1
    outcome.promises += len(disk.marks)
    outcome.faulty += bool(broken)
    outcome.sentences.update(sentence.split(":")[0] for sentence in broken)
    if broken and not outcome.first:
        outcome.first = f"{where} of seed {outcome.seed}, survival {p}: {broken[:5]}"

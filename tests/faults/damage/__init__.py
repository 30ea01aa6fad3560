"""RF4: damages the centre's database in random places, starts on it and says what became of each: `run`."""

import logging
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chengyun_core.store.head_file import HeadFile
from chengyun_core.store.page_sums import PageSums
from tests.faults.damage.specimen import DATABASE, Truth, grown, opened_and_judged
from tests.faults.damage.wounds import wound


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What many damaged starts came to; every case is in exactly one of these."""

    cases: int
    seed: int
    harmless: int
    """The damage lay where nothing is read; nothing is missing."""
    healed: int
    """Put right, nothing is missing."""
    told: int
    """Something is missing or not to be trusted, and a lamp or the journal says so, with the rows that are lost."""
    refused: int
    """The daemon does not start and says why."""
    silent: tuple[str, ...]
    """Something is missing and nobody is told, or the wrong rows are named; must be empty."""
    crashed: tuple[str, ...]
    """Anything but a reason; must be empty."""

    @property
    def sound(self) -> bool:
        """Return whether every case is told and none crashed."""
        told = self.harmless + self.healed + self.told + self.refused
        return not self.silent and not self.crashed and told == self.cases


def run(cases: int, seed: int, *, watching: bool = True) -> Counts:
    """Damage, start and judge so many times; the same seed damages the same. `watching` False: the control."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # each damage is told in the log, as it should be
    try:
        with tempfile.TemporaryDirectory() as folder, _eyes(open_=watching):
            found = _judged(Path(folder), cases, seed)
    finally:
        logging.disable(before)
    of = Counter(verdict for verdict, _ in found)
    silent, crashed = (tuple(what for verdict, what in found if verdict == kind) for kind in ("silent", "crashed"))
    return Counts(
        cases=cases, seed=seed, harmless=of["harmless"], healed=of["healed"], told=of["told"], refused=of["refused"],
        silent=silent, crashed=crashed,
    )  # fmt: skip


def _judged(folder: Path, cases: int, seed: int) -> list[tuple[str, str]]:
    specimens = {closed: grown(folder / f"closed-{closed}", closed=closed) for closed in (True, False)}
    return [_case(folder, specimens, f"{seed}:{number}") for number in range(cases)]


def _case(folder: Path, specimens: dict[bool, tuple[Path, Truth]], name: str) -> tuple[str, str]:
    chance = random.Random(name)
    origin, truth = specimens[chance.random() < 0.5]
    target = folder / "case"
    shutil.copytree(origin, target)
    try:
        what = f"{name} of {origin.parent.name}: {wound(target / DATABASE, chance)}"
        verdict, why = opened_and_judged(target, truth)
    except Exception as fault:  # noqa: BLE001 - a crash is what is looked for
        verdict, why = "crashed", repr(fault)
    finally:
        shutil.rmtree(target)
    return verdict, f"{what}: {why}"


@contextmanager
def _eyes(*, open_: bool) -> Iterator[None]:
    """Closed: neither sums nor the noted end are looked at, as if they did not exist."""
    if open_:
        yield
        return
    damaged, last = PageSums.damaged, HeadFile.last
    PageSums.damaged, HeadFile.last = lambda _: (), lambda _: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        PageSums.damaged, HeadFile.last = damaged, last  # type: ignore[method-assign]

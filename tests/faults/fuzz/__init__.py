"""RF16: a seeded fuzzer over every decoder, both doors and the console's replica; `run` says what became of it all."""

import logging
import random
import resource
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.fuzz.targets import Target, all_targets, merged

RSS_CAP_MIB = 200
"""What a run may add to the process's peak; a single message that allocates by its own word would exceed it."""
CRASHES_KEPT = 20
LOGGERS = ("chengyun_core", "chengyun_console")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a run found."""

    frames: int
    seed: int
    used: int
    """Whole after all, and taken as what they say."""
    refused: dict[str, int] = field(default_factory=dict)
    """By target and cause; `used` and these together are all frames."""
    crashes: tuple[str, ...] = ()
    """The last lines of each trace with the bytes that made it; must be empty."""
    rss_added_mib: float = 0.0
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Return whether nothing crashed, everything was told and memory stayed below the cap."""
        told = self.used + sum(self.refused.values()) == self.frames
        return told and not self.crashes and self.rss_added_mib <= RSS_CAP_MIB


def run(frames: int, seed: int, *, until_crash: bool = False) -> Counts:
    """Throw this many damaged messages at everything that takes bytes. The same seed throws the same.

    `until_crash`: one crash will do, the rest is not thrown.
    """
    began, peak = time.monotonic(), _peak_mib()
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # each stranger is told in the log, as it should be
    try:
        with tempfile.TemporaryDirectory(dir=_in_memory()) as folder:
            shares, close = all_targets(Path(folder))
            try:
                used, refused, crashes = _throw(shares, frames, seed, until_crash=until_crash)
            finally:
                close()
    finally:
        logging.disable(before)
    return Counts(
        frames=frames, seed=seed, used=used, refused=refused, crashes=tuple(crashes),
        rss_added_mib=round(_peak_mib() - peak, 1), seconds=round(time.monotonic() - began, 1),
    )  # fmt: skip


def _throw(
    shares: list[tuple[float, Target]], frames: int, seed: int, *, until_crash: bool
) -> tuple[int, dict[str, int], list[str]]:
    used, refused, crashes, left = 0, {}, [], frames
    for place, (share, target) in enumerate(shares):
        count = left if place == len(shares) - 1 else min(left, round(share * frames))
        left -= count
        causes = _throw_at(target, count, random.Random(f"{seed} {place}"), crashes, until_crash=until_crash)
        used += causes.pop("used", 0)
        refused.update(merged(type(target).__name__, causes))
        if until_crash and crashes:
            break
    return used, refused, crashes


def _throw_at(
    target: Target, count: int, dice: random.Random, crashes: list[str], *, until_crash: bool
) -> Counter[str]:
    causes: Counter[str] = Counter()
    for _ in range(count):
        data = target.thrown(dice)
        try:
            causes[target.take(data, dice)] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            causes["crash"] += 1
            if len(crashes) < CRASHES_KEPT:
                crashes.append(f"{type(target).__name__}: {data[:300]!r}: {traceback.format_exc(limit=-3)}")
            if until_crash:
                break
    return causes


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_memory() -> str | None:
    """Return where a database costs no disk: the fuzz asks for answers, not for durability."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() else None

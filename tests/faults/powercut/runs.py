"""The recordings that are cut: the centre's database with two ways of checkpointing, the spool, and their controls."""

import logging
from dataclasses import dataclass
from pathlib import Path

from tests.faults.powercut import centre_work, cuts, recording, spool_work
from tests.faults.powercut.cuts import Checker, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One program to record, and who judges what a cut leaves of it."""

    module: str
    arguments: tuple[str, ...] = ()
    check: Checker
    swallow_syncs: bool = False


_CENTRE, _SPOOL = "tests.faults.powercut.centre_work", "tests.faults.powercut.spool_work"
RUNS = {
    "centre": Run(module=_CENTRE, arguments=("FULL", "1000"), check=centre_work.check),
    "centre, checkpoints often": Run(module=_CENTRE, arguments=("FULL", "50"), check=centre_work.check),
    "spool": Run(module=_SPOOL, check=spool_work.check),
}
CONTROLS = {
    "centre with synchronous=NORMAL": Run(module=_CENTRE, arguments=("NORMAL", "50"), check=centre_work.check),
    "centre without syncs": Run(
        module=_CENTRE, arguments=("FULL", "1000"), check=centre_work.check, swallow_syncs=True
    ),
    "spool without syncs": Run(module=_SPOOL, check=spool_work.check, swallow_syncs=True),
}
"""What must lose: a harness that finds nothing here finds nothing at all."""


def cut(run: Run, base: Path, *, count: int, seed: int, enough: int = 0) -> Outcome:
    """Record a run with a seed in a folder of its own under `base`, cut it `count` times, and return what broke.

    `enough`: so many cuts that broke something will do (of a control).
    """
    folder = base / f"record-{seed}"
    base.mkdir(parents=True, exist_ok=True)
    library = recording.built(base)
    deeds = recording.record(
        library, run.module, folder, str(seed), *run.arguments, swallow_syncs=run.swallow_syncs
    )  # fmt: skip
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # a torn tail is told in the log each time, as it should be
    try:
        return cuts.cut_at_random(deeds, folder, base / "cut", count=count, seed=seed, check=run.check, enough=enough)
    finally:
        logging.disable(before)

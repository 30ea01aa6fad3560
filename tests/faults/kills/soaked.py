"""The soak's part: kills by the hundred of the daemons that are whole, then each mutant until it is caught."""

import tempfile
from pathlib import Path

from tests.faults.kills import schedule
from tests.faults.kills.mutants import MUTANTS
from tests.soak.verdict import Asked, Verdict

FULL, QUICK = 500, 12
MUTANT_AUTOPSY_EVERY = 4
MUTANT_MOST = 60
"""Kills after which a mutant that was not caught counts as having escaped."""


def run(asked: Asked) -> Verdict:
    """Run the part."""
    with tempfile.TemporaryDirectory(prefix="soak-kills-") as folder:
        whole = schedule.run(asked.counted(FULL, QUICK), asked.seed, Path(folder))
    counts, faults = whole.counts(), list(whole.faults)
    for mutant in MUTANTS:
        caught = catch(mutant, asked.seed)
        counts[f"mutant «{mutant}»"] = f"caught after {caught.total()} kills" if caught.faults else "ESCAPED"
        if not caught.faults:
            faults.append(f"the mutant «{mutant}» was not caught in {caught.total()} kills")
    return Verdict(counts=counts, faults=tuple(faults))


def catch(mutant: str, seed: int) -> schedule.Outcome:
    """Kill a city with one rule broken until the harness sees it."""
    with tempfile.TemporaryDirectory(prefix="soak-mutant-") as folder:
        return schedule.run(MUTANT_MOST, seed, Path(folder), mutant=mutant, autopsy_every=MUTANT_AUTOPSY_EVERY)

"""The soak's part of the chain: kills amid alarms, events, orders, receipts; then mutants that must be caught."""

import tempfile
import time
from pathlib import Path

from tests.faults.kills import chain_schedule
from tests.faults.kills.mutants import module_of
from tests.soak.verdict import Asked, Verdict

FULL, QUICK = 150, 6
CONTROLS = ("confirm before COMMIT", "answers forgotten")
CONTROL_MOST = 40
"""Kills after which a mutant that was not caught counts as having escaped."""


def run(asked: Asked) -> Verdict:
    """Run the part; with `seconds` the whole daemon is killed for so long."""
    ends_at = time.monotonic() + (asked.seconds or float("inf"))
    kills = 10**9 if asked.seconds is not None and asked.count is None else asked.counted(FULL, QUICK)
    with tempfile.TemporaryDirectory(prefix="soak-chain-") as folder:
        whole = chain_schedule.run(kills, asked.seed, Path(folder), goes_on=lambda: time.monotonic() < ends_at)
    counts, faults = whole.counts(), list(whole.faults)
    for mutant in CONTROLS:
        caught = catch(mutant, asked.seed)
        counts[f"control «{mutant}»"] = f"caught after {caught.kills} kills" if caught.faults else "ESCAPED"
        if not caught.faults:
            faults.append(f"the mutant «{mutant}» was not caught in {caught.kills} kills")
    return Verdict(counts=counts, faults=tuple(faults))


def catch(mutant: str, seed: int) -> chain_schedule.Outcome:
    """Kill a centre with one rule broken until the harness sees it."""
    with tempfile.TemporaryDirectory(prefix="soak-mutant-") as folder:
        return chain_schedule.run(CONTROL_MOST, seed, Path(folder), module=module_of(mutant, "centre"))

"""The soak's part of power cuts: the recordings of centre and spool, and the controls that must lose."""

import tempfile
from pathlib import Path

from tests.faults.powercut import recording, runs
from tests.soak.verdict import Asked, Verdict

FULL, QUICK = 2_100, 60
CONTROL_SHARE = 10
"""Cuts of each control: a tenth; they only have to show that losing is seen."""
RECORDINGS = 3
"""Different recordings of each run, each with a seed of its own."""


def run(asked: Asked) -> Verdict:
    """Run the part."""
    if recording.compiler() is None:
        return Verdict(faults=("there is no C compiler for the recorder: install gcc",))
    counts: dict[str, object] = {}
    faults: list[str] = []
    total = asked.counted(FULL, QUICK)
    with tempfile.TemporaryDirectory(prefix="soak-cuts-") as folder:
        each = max(1, total // (len(runs.RUNS) * RECORDINGS))
        for name in runs.RUNS:
            for seed in range(asked.seed, asked.seed + RECORDINGS):
                _cut(name, seed, each, Path(folder), counts, faults)
        for name in runs.CONTROLS:
            _control(name, asked.seed, max(20, total // CONTROL_SHARE), Path(folder), counts, faults)
    counts["cuts"] = sum(int(str(count)) for words, count in counts.items() if words.startswith("cuts of"))
    return Verdict(counts=counts, faults=tuple(faults))


def _cut(name: str, seed: int, count: int, base: Path, counts: dict[str, object], faults: list[str]) -> None:
    outcome = runs.cut(runs.RUNS[name], base / f"{name}-{seed}".replace(" ", ""), count=count, seed=seed)
    for words, more in ((f"cuts of {name}", outcome.cuts), ("promises held against cuts", outcome.promises)):
        counts[words] = int(str(counts.get(words, 0))) + more
    if outcome.faulty:
        faults.append(f"{name}: {outcome}")


def _control(name: str, seed: int, count: int, base: Path, counts: dict[str, object], faults: list[str]) -> None:
    outcome = runs.cut(runs.CONTROLS[name], base / f"control-{name}".replace(" ", ""), count=count, seed=seed)
    counts[f"control «{name}» loses in"] = f"{outcome.faulty} of {outcome.cuts} cuts"
    if not outcome.faulty:
        faults.append(f"the control «{name}» lost nothing in {outcome.cuts} cuts: the harness sees nothing")

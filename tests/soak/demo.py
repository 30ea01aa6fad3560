"""The soak's part of the demo: city and console for hours, and what grew."""

import tempfile
from pathlib import Path

from tests.house import soak
from tests.house.sources import REPOSITORY
from tests.soak.verdict import Asked, Verdict

EIGHT_HOURS_S = 8 * 3600.0
QUICK_S = 90.0
EVERY_S = 5.0


def run(asked: Asked) -> Verdict:
    """Run the part; every look is left in build/soak.csv."""
    seconds = asked.timed(EIGHT_HOURS_S, QUICK_S)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        exit_code, samples = soak.watch(round(seconds), EVERY_S, Path(folder))
    file = REPOSITORY / "build" / "soak.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    soak.write(samples, file)
    faults = soak.grown(samples) or ([] if samples else ["no process of the demo was ever seen"])
    faults += [f"the demo ended with {exit_code}"] if exit_code else []
    counts: dict[str, object] = {"seconds": seconds, "looks": len(samples)}
    for role in sorted({sample.role for sample in samples}):
        last = [sample for sample in samples if sample.role == role][-1]
        counts[f"{role} at the end"] = (
            f"{last.memory_bytes / 2**20:.0f} MiB, {last.files} files, {last.threads} threads"
        )
    return Verdict(counts=counts, faults=tuple(faults))

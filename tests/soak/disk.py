"""The soak's part of the disk: full, or failing, at every write and sync of centre and spool, and the control."""

from tests.faults import disk
from tests.soak.verdict import Asked, Verdict

QUICK = 10
CONTROL = 10
"""Faults of each kind for the control: it only has to be seen to lie."""


def run(asked: Asked) -> Verdict:
    """Run the part."""
    found = disk.run(asked.seed, asked.counted(disk.ALL, QUICK))
    control = disk.run(asked.seed, CONTROL, control=True)
    counts: dict[str, object] = {
        "faults tried": sum(found.faults.values()), **found.faults,
        "control seen to lie": f"in {len(control.broken)} of {sum(control.faults.values())} faults",
    }  # fmt: skip
    faults = list(found.broken)
    if not found.faults:
        faults.append("not one fault was tried")
    if not control.broken:
        faults.append("the control was not seen to lie: the harness sees nothing")
    return Verdict(counts=counts, faults=tuple(faults))

"""The soak's part: the flood for ten minutes over 22 million channels."""

import tempfile
from pathlib import Path

from tests.faults.flood import stand
from tests.soak.verdict import Asked, Verdict

FULL_S, QUICK_S = 600.0, 15.0
LATEST_S = 1.0
"""RF13: no red later than this, in the journal and in the console's model."""


def run(asked: Asked) -> Verdict:
    """Run the part."""
    with tempfile.TemporaryDirectory(prefix="soak-flood-") as folder:
        found = stand.run(Path(folder), seconds=asked.timed(FULL_S, QUICK_S))
    return Verdict(counts=found.counts(), faults=tuple(found.faults(latest_s=LATEST_S)))

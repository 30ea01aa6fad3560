"""The soak's part of the clock: steps, zones and leap seconds over every timer of the centre."""

from tests.faults import clock
from tests.soak.verdict import Asked, Verdict

FULL, QUICK = 20_000, 800


def run(asked: Asked) -> Verdict:
    """Run the part."""
    found = clock.run(asked.counted(FULL, QUICK), asked.seed)
    counts: dict[str, object] = {"deeds": found.steps, "timers that ran out": found.fired, **found.done}
    idle = () if found.fired else ("not one timer ran out: nothing was tried",)
    return Verdict(counts=counts, faults=(*found.broken, *idle))

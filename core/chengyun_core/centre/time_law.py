"""The profile's clock law: kept over restarts, changed by settings, and watched for steps of the machine's clock."""

import msgspec

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.centre.work import Work
from chengyun_core.model.clock import REAL_TIME, ClockLaw, ProfileClock
from chengyun_core.model.stamp import parse_iso
from chengyun_core.store import facts

FACT = "clock_law"
_ASKED = "clock_asked"
STEP_NS = 2_000_000_000
"""A difference between wall and monotonic time beyond this is a step (NTP slews less)."""

MACHINE = ProfileClock(REAL_TIME)
"""The machine's own clock."""


def settle(work: Work, settings: CentreSettings) -> ClockLaw:
    """Return the law in force: the kept one, or a new epoch when the settings ask for another than last time."""
    kept = facts.get(work.connection, FACT)
    law = msgspec.json.decode(kept, type=ClockLaw) if kept else REAL_TIME
    asked = f"{settings.clock_rate:g} {settings.clock_as_of}"
    if asked == (facts.get(work.connection, _ASKED) or "1 "):
        return law
    law = _law(settings, law.epoch + 1)
    facts.put(work.connection, FACT, msgspec.json.encode(law).decode())
    facts.put(work.connection, _ASKED, asked)
    work.note("clock.set", "clock", "clock", law.epoch, params={"rate": law.rate, "as_of": settings.clock_as_of})
    return law


def _law(settings: CentreSettings, epoch: int) -> ClockLaw:
    now = MACHINE.utc_ns()
    profile = parse_iso(settings.clock_as_of) if settings.clock_as_of else now
    return ClockLaw(epoch=epoch, machine_anchor_ns=now, profile_anchor_ns=profile, rate=settings.clock_rate)


class StepWatch:
    """Compares wall and monotonic time at every look."""

    def __init__(self, clock: ProfileClock) -> None:
        self._clock = clock
        self._offset_ns = MACHINE.utc_ns() - clock.monotonic_ns()

    def step_ns(self) -> int:
        """Return by how much the machine's clock was stepped since the last look, 0 when it was not."""
        offset = MACHINE.utc_ns() - self._clock.monotonic_ns()
        step, self._offset_ns = offset - self._offset_ns, offset
        return step if abs(step) > STEP_NS else 0

"""The one clock of a profile: a pure mapping from the machine's time, and the port through which it is asked."""

import time
from dataclasses import dataclass
from typing import Protocol

NS_PER_S = 1_000_000_000


class Clock(Protocol):
    """What code that needs the time is given; nobody asks the operating system."""

    def utc_ns(self) -> int:
        """Profile time, nanoseconds since the Unix epoch, UTC: for records."""
        ...

    def monotonic_ns(self) -> int:
        """Machine time that never steps, nanoseconds: for time-outs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLaw:
    """How profile time follows machine time; travels in every heartbeat. `rate` 1 and equal anchors are the real clock.

    profile = profile_anchor_ns + (machine_utc - machine_anchor_ns) * rate
    """

    epoch: int = 0
    """Raised by the centre whenever the law changes."""
    machine_anchor_ns: int = 0
    profile_anchor_ns: int = 0
    rate: float = 1.0

    def profile_ns(self, machine_utc_ns: int) -> int:
        """Return the profile time of a machine time."""
        elapsed = machine_utc_ns - self.machine_anchor_ns
        scaled = elapsed if self.rate == 1.0 else round(elapsed * self.rate)
        return self.profile_anchor_ns + scaled


REAL_TIME = ClockLaw()


class ProfileClock:
    """The machine's clock seen through a law; the law may be replaced when a heartbeat brings a newer one."""

    def __init__(self, law: ClockLaw = REAL_TIME) -> None:
        self.law = law

    def utc_ns(self) -> int:
        """Return profile time, ns UTC."""
        return self.law.profile_ns(time.time_ns())

    def monotonic_ns(self) -> int:
        """Return the machine's monotonic time, ns."""
        return time.monotonic_ns()

    def follow(self, law: ClockLaw) -> None:
        """Take over a newer law; an older epoch is ignored."""
        if law.epoch >= self.law.epoch:
            self.law = law


class ManualClock:
    """A clock that stands until it is moved: for tests and drills."""

    def __init__(self, start_ns: int = 0) -> None:
        self.now_ns = start_ns

    def utc_ns(self) -> int:
        """Return the time set, ns."""
        return self.now_ns

    def monotonic_ns(self) -> int:
        """Return the time set, ns."""
        return self.now_ns

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self.now_ns += round(seconds * NS_PER_S)

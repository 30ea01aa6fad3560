"""The profile time by which samples are judged: it does not jump with the machine's clock until the samples do, too.

A machine whose clock is set an hour ahead would otherwise miss every sensor of the city in one instant, and hold each
true alarm that follows for one of an hour ago (RF12). Time is carried by the clock that never steps; a small drift is
followed, a step is held off until live samples are nearer to the stepped clock than to the carried one (decision 0072).
"""

import logging

from chengyun_core.model.clock import NS_PER_S, ProfileClock

logger = logging.getLogger(__name__)

STEP_NS = 2 * NS_PER_S
"""As in centre.time_law: NTP slews what is less."""
NEAR_NS = 60 * NS_PER_S
"""Samples are near a clock when they are no further from it than ingest lets them be ahead."""
BATCHES_AGREED = 5
"""So many batches more must be near the stepped clock than near the carried one."""


class SteadyClock:
    """A model.clock.Clock over the profile's. Used by the daemon's loop only."""

    def __init__(self, profile: ProfileClock) -> None:
        self._profile = profile
        self._law = profile.law
        self._wall_ns, self._mono_ns = profile.utc_ns(), profile.monotonic_ns()
        self._votes = 0
        self.held_ns = 0
        """By how much the machine's clock is ahead of this one; 0: they agree."""

    def utc_ns(self) -> int:
        """Return the profile time samples are judged by, ns UTC."""
        mono_ns, wall_ns = self._profile.monotonic_ns(), self._profile.utc_ns()
        carried_ns = self._wall_ns + round((mono_ns - self._mono_ns) * self._law.rate)
        if self._profile.law != self._law:
            self._take_over(wall_ns, mono_ns)  # somebody set the profile's clock: that is no step
            return wall_ns
        if abs(wall_ns - carried_ns) <= STEP_NS * max(1.0, self._law.rate):
            self._take_over(wall_ns, mono_ns)
            return wall_ns
        if not self.held_ns:
            logger.warning(
                "the machine's clock was stepped by %.1f s; samples are judged as before until they agree with it",
                (wall_ns - carried_ns) / NS_PER_S,
            )
        self.held_ns = wall_ns - carried_ns
        return carried_ns

    def monotonic_ns(self) -> int:
        """Return the machine's monotonic time, ns."""
        return self._profile.monotonic_ns()

    def saw(self, newest_ns: int) -> None:
        """Take the newest source time of a live batch, while `held_ns` stands: the sensors say which clock is right."""
        carried_ns = self.utc_ns()
        to_wall, to_carried = abs(newest_ns - carried_ns - self.held_ns), abs(newest_ns - carried_ns)
        if min(to_wall, to_carried) <= NEAR_NS:
            self._votes = max(0, self._votes + (1 if to_wall < to_carried else -1))
        if self._votes >= BATCHES_AGREED:
            logger.warning("the samples agree with the stepped clock; it is followed from now on")
            self._take_over(self._profile.utc_ns(), self._profile.monotonic_ns())

    def _take_over(self, wall_ns: int, mono_ns: int) -> None:
        self._law, self._wall_ns, self._mono_ns = self._profile.law, wall_ns, mono_ns
        self.held_ns = self._votes = 0

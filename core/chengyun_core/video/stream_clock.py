"""A stream's own clock as a number that goes on, though its timestamps wrap and cameras set their clocks anew."""

from dataclasses import dataclass

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.video.rtsp.rtp import unwrapped

BACK_NS = NS_PER_S
"""Pictures come in the order they are decoded in: a clock may step back so far without having been set."""
AHEAD_NS = 10 * NS_PER_S
"""A clock may step so much further than the time that passed: pictures left out, or sent faster than they are shown."""


@dataclass(slots=True)
class StreamClock:
    """One connection's. Timestamps are 32 bits (RFC 3550, 5.1): at 90 kHz they wrap every 13 hours."""

    clock_rate: int
    _stamp: int | None = None
    """The newest timestamp, unwrapped as the camera counts."""
    _shift: int = 0
    """What is added since the camera set its clock; 0: it never did."""
    _arrived_ns: int = 0

    def ticks(self, timestamp: int, arrived_ns: int) -> int:
        """Take a picture's timestamp; return it in ticks that go on.

        A camera that was set anew (its time server, a restart behind a relay) goes on as if it had counted what passed
        here: else a picture would be taken for hours late, and a clip would last for hours.
        """
        if self._stamp is None:
            self._stamp, self._arrived_ns = timestamp, arrived_ns
        stamp = unwrapped(timestamp, self._stamp)
        passed_ns = arrived_ns - self._arrived_ns
        if not -BACK_NS <= (stamp - self._stamp) * NS_PER_S // self.clock_rate <= passed_ns + AHEAD_NS:
            self._shift += self._stamp + passed_ns * self.clock_rate // NS_PER_S - stamp
        self._stamp, self._arrived_ns = stamp, arrived_ns
        return stamp + self._shift

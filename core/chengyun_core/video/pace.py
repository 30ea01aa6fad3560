"""A stream's pace: pictures a second, how far it lags behind its own clock, and when pictures must be left out."""

from collections import deque
from dataclasses import dataclass, field

from chengyun_core.model.clock import NS_PER_S

FPS_OVER_NS = 2 * NS_PER_S
CREEP_PER_S = 0.005
"""A camera's clock may run so much slower than ours before it is taken for a lag."""
CATCH_UP_NS = NS_PER_S // 2
"""A lag from which only key pictures are decoded until it is made up: pictures wait for the processor then."""


@dataclass(slots=True)
class Pace:
    """One connection's. Times are monotonic ns."""

    clock_rate: int
    most_fps: int
    _earliest_ns: float | None = None
    """Smallest difference of arrival and stream clock: a picture that takes longer has waited somewhere."""
    _last_ns: int = 0
    _came: deque[int] = field(default_factory=deque)
    _shown: deque[int] = field(default_factory=deque)
    _began_ns: int = 0
    """When the first picture was shown; 0: none was."""
    _is_thinned: bool = False

    def lag_ns(self, ticks: int, arrived_ns: int) -> int:
        """Take a coded picture; return how much later it came than the earliest did, by the stream's own clock."""
        offset = arrived_ns - ticks * NS_PER_S / self.clock_rate
        if self._earliest_ns is None:
            self._earliest_ns, self._last_ns = offset, arrived_ns
        crept = self._earliest_ns + CREEP_PER_S * (arrived_ns - self._last_ns)
        self._earliest_ns, self._last_ns = min(offset, crept), arrived_ns
        return round(offset - self._earliest_ns)

    def is_wanted(self, arrived_ns: int, lag_ns: int, *, is_key: bool) -> bool:
        """Return whether a coded picture shall be decoded: not when there are too many, nor behind one left out."""
        self._came.append(arrived_ns)
        while self._came[0] <= arrived_ns - NS_PER_S:
            self._came.popleft()
        is_pressed = len(self._came) > self.most_fps or lag_ns > CATCH_UP_NS
        if is_key or is_pressed:
            self._is_thinned = is_pressed
        return is_key or not self._is_thinned

    @property
    def is_thinned(self) -> bool:
        """Return whether pictures are being left out."""
        return self._is_thinned

    def showed(self, now_ns: int) -> None:
        """Take note of a picture that was shown."""
        self._began_ns = self._began_ns or now_ns
        self._shown.append(now_ns)

    def fps(self, now_ns: int) -> float:
        """Return pictures a second, over the last two; a stream that has just begun is not slow for that."""
        while self._shown and self._shown[0] <= now_ns - FPS_OVER_NS:
            self._shown.popleft()
        since_ns = now_ns - self._began_ns
        if since_ns >= FPS_OVER_NS:
            return len(self._shown) * NS_PER_S / FPS_OVER_NS
        # The first picture begins the time that the others took.
        return (len(self._shown) - 1) * NS_PER_S / since_ns if len(self._shown) > 1 and since_ns > 0 else 0.0

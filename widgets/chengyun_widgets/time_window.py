"""The window of time a chart shows: it follows the newest sample until an officer takes hold of it."""

MIN_SPAN_NS = 1_000_000_000
MAX_SPAN_NS = 50 * 366 * 86_400 * 1_000_000_000


class TimeWindow:
    """[t0_ns, t1_ns). `follow` moves it while nobody holds it; zoom and pan take hold; `release` lets it go."""

    def __init__(self) -> None:
        self.t0_ns, self.t1_ns = 0, MIN_SPAN_NS
        self.is_held = False
        self._live = (0, MIN_SPAN_NS)

    @property
    def span_ns(self) -> int:
        """Length of the window."""
        return self.t1_ns - self.t0_ns

    def follow(self, t0_ns: int, t1_ns: int) -> bool:
        """Say where the live window is; returns whether what is shown has changed.

        Raises:
            ValueError: the window is empty or runs backwards.
        """
        if t1_ns <= t0_ns:
            raise ValueError(f"time window [{t0_ns}, {t1_ns}) is empty: the end must lie after the start")
        self._live = (t0_ns, t1_ns)
        if self.is_held or (self.t0_ns, self.t1_ns) == self._live:
            return False
        self.t0_ns, self.t1_ns = self._live
        return True

    def zoom(self, factor: float, at: float) -> None:
        """Take hold and make the window `factor` times as long; what is at share `at` (0 left, 1 right) stays."""
        span = min(MAX_SPAN_NS, max(MIN_SPAN_NS, int(self.span_ns * factor)))
        fixed = self.t0_ns + int(self.span_ns * at)
        self._hold(fixed - int(span * at), span)

    def pan(self, share: float) -> None:
        """Take hold and move the window by `share` of its length; positive is towards later."""
        self._hold(self.t0_ns + int(self.span_ns * share), self.span_ns)

    def hold(self, t0_ns: int, t1_ns: int) -> None:
        """Take hold and show exactly this window.

        Raises:
            ValueError: it is empty or runs backwards.
        """
        if t1_ns <= t0_ns:
            raise ValueError(f"time window [{t0_ns}, {t1_ns}) is empty: the end must lie after the start")
        self._hold(t0_ns, t1_ns - t0_ns)

    def release(self) -> None:
        """Go back to the live window."""
        self.is_held = False
        self.t0_ns, self.t1_ns = self._live

    def time_at(self, share: float) -> int:
        """Return the time at share 0..1 of the window."""
        return self.t0_ns + int(self.span_ns * share)

    def _hold(self, t0_ns: int, span_ns: int) -> None:
        self.is_held = True
        self.t0_ns, self.t1_ns = t0_ns, t0_ns + span_ns

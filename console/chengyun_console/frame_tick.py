"""The one beat everything is painted on, and the watch that counts when the GUI thread was late for it."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from chengyun_console.frame_turns import FrameTurns, MakeSteps

STRIP_PERIOD_MS = 33
"""The risk strip moves about two pixels a beat at 60 px/s: the eye reads it as smooth."""
BEATS_PER_FRAME = 2
"""Pages repaint every second beat (15 a second): figures that change faster cannot be read."""
SHORT_GAP_MS = 33.0
LONG_GAP_MS = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """How late the GUI thread was for its beat: counts of delays beyond 33 and 100 ms and the longest, in ms."""

    beats: int = 0
    over_33_ms: int = 0
    over_100_ms: int = 0
    longest_ms: float = 0.0
    busiest_ms: float = 0.0
    """The most processor time the GUI thread took between two beats: its own part of a delay, whatever else runs."""


class GapWatch:
    """Counts the delays of a beat. Pure: it is told the time, and the processor time used."""

    def __init__(self, period_ms: float = STRIP_PERIOD_MS) -> None:
        self._period_ms = period_ms
        self._last: tuple[float, float] | None = None
        self.gaps = Gaps()

    def beat(self, now_s: float, used_s: float = 0.0) -> None:
        """Take note of a beat at a monotonic time; `used_s`: what the GUI thread has used of a processor until now."""
        last_s, before_s = self._last or (now_s - self._period_ms / 1000.0, used_s)
        late_ms, busy_ms = (now_s - last_s) * 1000.0 - self._period_ms, (used_s - before_s) * 1000.0
        self._last = now_s, used_s
        old = self.gaps
        self.gaps = Gaps(
            beats=old.beats + 1,
            over_33_ms=old.over_33_ms + (late_ms > SHORT_GAP_MS),
            over_100_ms=old.over_100_ms + (late_ms > LONG_GAP_MS),
            longest_ms=max(old.longest_ms, late_ms),
            busiest_ms=max(old.busiest_ms, busy_ms),
        )

    def forgive(self) -> None:
        """Forget the last beat, so that a wanted pause (start-up, a hidden window) is not counted."""
        self._last = None


class FrameTick(QObject):
    """Beats for the strip and, every second time, for the pages. Both signals carry monotonic seconds.

    What paints much joins instead of listening: its panes are brought to now one after another (see frame_turns).
    """

    strip_ticked = Signal(float)
    page_ticked = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.watch = GapWatch()
        self._turns = FrameTurns(self)
        self._beats = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(STRIP_PERIOD_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_beating(self) -> bool:
        """Return whether beats come by themselves."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin to beat."""
        self.watch.forgive()
        self._timer.start()

    def stop(self) -> None:
        """Stop beating."""
        self._timer.stop()
        self._turns.stop()

    def join(self, owner: QObject, steps: MakeSteps) -> None:
        """Let a method of `owner` begin the steps of each page frame, for as long as the owner lives."""
        self._turns.join(owner, steps)

    def beat(self, now_s: float) -> None:
        """Do one beat at this monotonic time, and the whole of the frame with it; tests call it instead of waiting."""
        if self._beat(now_s):
            self._turns.run(now_s)

    def _beat(self, now_s: float) -> bool:
        """Move the strip; return whether a frame of the pages is due."""
        self.watch.beat(now_s, time.thread_time())
        self.strip_ticked.emit(now_s)
        self._beats += 1
        is_due = self._beats % BEATS_PER_FRAME == 0
        if is_due:
            self.page_ticked.emit(now_s)
        return is_due

    def _on_timeout(self) -> None:
        now_s = time.monotonic()
        if self._beat(now_s):
            self._turns.begin(now_s)

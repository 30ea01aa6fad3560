"""Counts a seat's annunciations in the last ten minutes and says whether it is in alarm flood (ISA-18.2, A11)."""

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable

from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S

WINDOW_NS = 600 * NS_PER_S
BEGINS_ABOVE = 10
ENDS_BELOW = 5


class FloodMeter:
    """Takes annunciations in any order and any repetition; owned by one thread."""

    def __init__(self) -> None:
        self._times: list[int] = []
        self._known: dict[Hashable, int] = {}
        self._flooded = False

    def take(self, alarms: Iterable[Alarm]) -> None:
        """Take note of alarms as they stand: each raise and each re-alarm of a life is one annunciation."""
        for alarm in alarms:
            self.note(alarm, alarm.raised_at if alarm.raises == 1 and not alarm.realarms else alarm.changed_at)

    def note(self, alarm: Alarm, at_ns: int) -> None:
        """Take note of one annunciation at a profile time (ns UTC) other than that of its raise."""
        key = (alarm.number, alarm.raises, alarm.realarms)
        if key not in self._known:
            self._known[key] = at_ns
            insort(self._times, at_ns)

    def count(self, now_ns: int) -> int:
        """Return how many annunciations lie in the ten minutes before `now_ns`."""
        begin = bisect_left(self._times, now_ns - WINDOW_NS + 1)
        if begin:
            del self._times[:begin]
            self._known = {key: at_ns for key, at_ns in self._known.items() if at_ns > now_ns - WINDOW_NS}
        return bisect_left(self._times, now_ns + 1)

    def is_flooded(self, now_ns: int) -> bool:
        """Return whether the seat is in flood: begun above ten in ten minutes, until below five."""
        count = self.count(now_ns)
        self._flooded = count >= ENDS_BELOW if self._flooded else count > BEGINS_ABOVE
        return self._flooded

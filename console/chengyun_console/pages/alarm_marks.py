"""Remembers when each vital alarmed since the console was opened: charts keep the marks of alarms long closed."""

from collections import defaultdict

from chengyun_core.mirror.news import FactNews
from chengyun_core.model.alarm import Alarm

MOST_PER_VITAL = 64
MOST_IN_ALL = 3_000
"""A screen runs for weeks: what was noted longest ago leaves. A shift of the reference city's flood has some 8 000."""


class AlarmMarks:
    """Fed with the news of facts; asked per vital."""

    def __init__(self) -> None:
        self._seen: defaultdict[int, dict[int, Alarm]] = defaultdict(dict)
        self._vitals: dict[int, int] = {}
        """Number of an alarm → its vital, the one noted longest ago first."""

    def take(self, news: FactNews) -> frozenset[int]:
        """Take note of news; return the numbers of the vitals whose marks changed."""
        touched = set()
        for fact in news.facts:
            if isinstance(fact.record, Alarm):
                self._note(fact.record)
                touched.add(fact.record.vital)
        return frozenset(touched)

    def take_over(self, earlier: "AlarmMarks") -> None:
        """Know what an earlier window's marks knew, and whatever was noted since."""
        for alarm in earlier.every():
            if alarm.number not in self._seen[alarm.vital]:
                self._note(alarm)

    def every(self) -> tuple[Alarm, ...]:
        """Return all alarms seen, in no order."""
        return tuple(alarm for of_vital in self._seen.values() for alarm in of_vital.values())

    def get(self, number: int) -> Alarm | None:
        """Return an alarm seen, by its number; None when it was seen too long ago."""
        vital = self._vitals.get(number)
        return None if vital is None else self._seen[vital].get(number)

    def of(self, vital: int) -> tuple[Alarm, ...]:
        """Return the alarms of a vital seen so far, oldest first."""
        return tuple(sorted(self._seen.get(vital, {}).values(), key=lambda alarm: alarm.raised_at))

    def _note(self, alarm: Alarm) -> None:
        of_vital = self._seen[alarm.vital]
        of_vital[alarm.number] = alarm
        self._vitals.pop(alarm.number, None)
        self._vitals[alarm.number] = alarm.vital
        if len(of_vital) > MOST_PER_VITAL:
            self._forget(min(of_vital))
        if len(self._vitals) > MOST_IN_ALL:
            self._forget(next(iter(self._vitals)))

    def _forget(self, number: int) -> None:
        vital = self._vitals.pop(number)
        del self._seen[vital][number]
        if not self._seen[vital]:
            del self._seen[vital]

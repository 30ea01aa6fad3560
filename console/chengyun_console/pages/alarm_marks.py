"""Remembers when each vital alarmed since the console was opened: charts keep the marks of alarms long closed."""

from collections import defaultdict

from chengyun_core.mirror.news import FactNews
from chengyun_core.model.alarm import Alarm

MOST_PER_VITAL = 64


class AlarmMarks:
    """Fed with the news of facts; asked per vital."""

    def __init__(self) -> None:
        self._seen: defaultdict[int, dict[int, Alarm]] = defaultdict(dict)

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
        for of_vital in earlier._seen.values():
            for alarm in of_vital.values():
                if alarm.number not in self._seen[alarm.vital]:
                    self._note(alarm)

    def of(self, vital: int) -> tuple[Alarm, ...]:
        """Return the alarms of a vital seen so far, oldest first."""
        return tuple(sorted(self._seen.get(vital, {}).values(), key=lambda alarm: alarm.raised_at))

    def _note(self, alarm: Alarm) -> None:
        of_vital = self._seen[alarm.vital]
        of_vital[alarm.number] = alarm
        if len(of_vital) > MOST_PER_VITAL:
            del of_vital[min(of_vital)]

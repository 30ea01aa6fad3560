"""The marks of alarms on charts: those of a vital in order, and never more than a screen of weeks can bear."""

from chengyun_console.pages.alarm_marks import MOST_IN_ALL, MOST_PER_VITAL, AlarmMarks
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.model.alarm import Alarm
from tests.console.still_session import alarm


def news(*alarms: Alarm) -> FactNews:
    facts = tuple(Fact(kind="alarm", key=str(a.number), version=a.version, number=a.number, record=a) for a in alarms)
    return FactNews(facts=facts, gone=(), changes=(), through=1, tail=1, complete=True)


def test_that_a_vital_keeps_its_newest_alarms() -> None:
    marks = AlarmMarks()
    marks.take(news(*(alarm(number, 7) for number in range(MOST_PER_VITAL + 10))))
    assert [one.number for one in marks.of(7)] == list(range(10, MOST_PER_VITAL + 10))


def test_that_of_all_vitals_together_what_was_noted_longest_ago_leaves() -> None:
    marks = AlarmMarks()
    marks.take(news(*(alarm(number, number) for number in range(MOST_IN_ALL))))
    marks.take(news(alarm(0, 0, version=2), alarm(MOST_IN_ALL, 5)))
    assert [one.number for one in marks.of(0)] == [0]
    assert marks.of(1) == ()
    assert [one.number for one in marks.of(5)] == [5, MOST_IN_ALL]
    assert sum(len(marks.of(number)) for number in range(MOST_IN_ALL)) == MOST_IN_ALL

"""The line of a vital on a chart, its bands and marks."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.live_series import RETRY_NS, THIN_RETRY_NS, Filler, LiveSeries, gap_ns
from chengyun_console.pages.alarm_marks import AlarmMarks
from chengyun_console.pages.mark_words import marks
from chengyun_console.pages.trend_records import bands, limits_text
from chengyun_console.session.answers import WindowSeries
from chengyun_console.wording.figures import Figures
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.catalogue import Threshold
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import Quality, WarningColour
from chengyun_resources.texts import Texts
from chengyun_resources.theme.tokens import Severity
from tests.console.still_session import START_NS, S, StillSession, alarm
from tests.support.small_city import small_city


def window(*points: tuple[int, float], failed: str = "") -> WindowSeries:
    """Return an answer with points at these seconds."""
    return WindowSeries(
        vital=0,
        from_ns=0,
        to_ns=1000 * S,
        time=np.array([at * S for at, _ in points], np.int64),
        value=np.array([value for _, value in points], np.float64),
        raw=True,
        oldest_ns=0,
        failed=Reason(code=failed) if failed else None,
    )


def drawn(series: LiveSeries) -> list[int]:
    """Return the seconds of all points held."""
    return [int(at) // S for at in series._pyramid.raw(0, 10**19)[0]]


@pytest.fixture
def session(qapp: object) -> StillSession:
    """A session with twelve vitals."""
    made = StillSession()
    made.show_city(small_city(12))
    return made


def test_that_what_comes_while_the_past_is_asked_is_put_behind_it(session: StillSession) -> None:
    series = LiveSeries(0)
    series.begin()
    session.clock.now_ns = 50 * S
    session.put({0: 5.0})
    assert series.take(session.state)
    assert not series.take(session.state)
    series.fill(window((10, 1.0), (40, 4.0)))
    assert drawn(series) == [10, 40, 50]


def test_that_an_answer_that_overlaps_the_present_doubles_nothing(session: StillSession) -> None:
    series = LiveSeries(0)
    series.begin()
    session.clock.now_ns = 50 * S
    session.put({0: 5.0})
    series.take(session.state)
    series.fill(window((10, 1.0), (50, 5.0)))
    assert drawn(series) == [10, 50]


def test_that_a_restarted_ingest_does_not_take_away_what_the_chart_knows() -> None:
    series = LiveSeries(0)
    series.fill(window((10, 1.0), (20, 2.0), (30, 3.0)))
    series.fill(window((25, 9.0), (40, 4.0)))
    assert drawn(series) == [10, 20, 25, 40]
    series.fill(window())
    assert drawn(series) == [10, 20, 25, 40]


@given(st.lists(st.integers(1, 60), unique=True).map(sorted), st.lists(st.integers(1, 120), unique=True).map(sorted))
def test_that_points_never_go_back_in_time(past: list[int], live: list[int]) -> None:
    series = LiveSeries(0)
    series.begin()
    for at in live:
        series._append(at * S, float(at))
    series.fill(window(*((at, float(at)) for at in past)))
    held = drawn(series)
    assert held == sorted(set(held))
    assert set(past) <= set(held)
    assert {at for at in live if at > max(past, default=0)} <= set(held)


def test_that_missing_data_breaks_the_line_once(session: StillSession) -> None:
    series = LiveSeries(0)
    session.clock.now_ns = 50 * S
    session.put({0: 5.0})
    series.take(session.state)
    session.state.quality[0] = Quality.MISSING
    assert series.take(session.state)
    assert not series.take(session.state)
    assert math.isnan(series._pyramid.newest)


def test_that_a_window_is_asked_once_and_again_only_when_no_answer_came() -> None:
    asked: list[int] = []
    answers = []

    def ask(vital: int, _from: int, _to: int, _pixels: int, answer: object) -> None:
        asked.append(vital)
        answers.append(answer)

    series, filler = LiveSeries(7), Filler(ask)
    for monotonic_ns in (1, 2, RETRY_NS, RETRY_NS + 2):
        filler.tend(series, 1000 * S, monotonic_ns, 60 * S, 400)
    assert asked == [7, 7]
    answers[-1](window(failed="window.unknown"))
    assert not series.is_filled
    answers[-1](window((1, 1.0)))
    assert series.is_filled
    filler.tend(series, 1000 * S, 100 * RETRY_NS, 60 * S, 400)
    assert len(asked) == 2


def test_that_a_past_shorter_than_the_window_is_asked_for_again_until_it_is_whole() -> None:
    asked, answers = [], []
    series, filler = LiveSeries(7), Filler(lambda *args: (asked.append(args[0]), answers.append(args[-1])))
    range_ns = 900 * S
    filler.tend(series, 1000 * S, 1, range_ns, 400)
    answers[-1](replace(window((990, 1.0)), oldest_ns=990 * S))
    filler.tend(series, 1000 * S, 1 + THIN_RETRY_NS - 1, range_ns, 400)
    assert len(asked) == 1
    filler.tend(series, 1000 * S, 1 + THIN_RETRY_NS, range_ns, 400)
    assert len(asked) == 2
    answers[-1](window((100, 3.0), (990, 1.0)))
    filler.tend(series, 1000 * S, 100 * THIN_RETRY_NS, range_ns, 400)
    assert (len(asked), len(series)) == (2, 2)


def test_that_an_answer_to_an_older_question_is_ignored() -> None:
    answers = []
    series, filler = LiveSeries(7), Filler(lambda *args: answers.append(args[-1]))
    filler.tend(series, 1000 * S, 1, 60 * S, 400)
    filler.forget()
    answers[0](window((1, 1.0)))
    assert not series.is_filled


def test_that_a_line_is_never_broken_within_what_one_pixel_holds() -> None:
    day_ns = 86_400 * S
    assert gap_ns(2.0, day_ns, 400) >= 2 * day_ns // 400
    assert gap_ns(60.0, 1800 * S, 400) == 1200 * S


def test_that_bands_reach_from_limit_to_limit_and_the_gravest_to_infinity() -> None:
    rule = Threshold(threshold_set="n", vital="v", high_yellow=180.5, high_red=183.5, low_blue=0.35, low_yellow=0.30)
    made = {(band.severity, band.low, band.high, band.edge) for band in bands(rule)}
    assert made == {
        (Severity.YELLOW, 180.5, 183.5, 180.5),
        (Severity.RED, 183.5, math.inf, 183.5),
        (Severity.BLUE, 0.30, 0.35, 0.35),
        (Severity.YELLOW, -math.inf, 0.30, 0.30),
    }
    assert bands(None) == ()


def test_that_limits_are_told_in_words() -> None:
    vital = small_city(1).vitals[0]
    figures = Figures(Texts("zh_CN"))
    rule = Threshold(threshold_set="n", vital="v", high_yellow=180.5, low_red=3.0)
    assert limits_text(figures, vital, rule) == "黄 180.50   下限 红 3.00"
    assert limits_text(figures, vital, None) == "未设阈值"


def news(*alarms: Alarm, gone: tuple[int, ...] = ()) -> FactNews:
    """Return news of alarms."""
    facts = tuple(Fact(kind="alarm", key=str(a.number), version=a.version, number=1, record=a) for a in alarms)
    left = tuple(("alarm", str(number)) for number in gone)
    return FactNews(facts=facts, gone=left, changes=(), through=1, tail=1, complete=True)


def test_that_a_closed_alarm_leaves_its_mark_on_the_chart() -> None:
    seen = AlarmMarks()
    assert seen.take(news(alarm(1, 3), alarm(2, 3, raised_at=START_NS - 600 * S))) == {3}
    seen.take(news(gone=(1,)))
    made = marks(seen.of(3), str)
    assert [mark.key for mark in made] == ["2", "1"]
    assert {mark.severity for mark in made} == {Severity.RED}
    assert seen.of(4) == ()


def test_that_an_escalated_alarm_has_one_mark_of_its_gravest_colour() -> None:
    seen = AlarmMarks()
    seen.take(news(alarm(1, 3, WarningColour.YELLOW)))
    seen.take(news(alarm(1, 3, WarningColour.RED, version=2)))
    assert [mark.severity for mark in marks(seen.of(3), str)] == [Severity.RED]

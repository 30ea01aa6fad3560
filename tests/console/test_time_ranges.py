"""A chart shows so much time that the vital on it has a course."""

import pytest

from chengyun_console.pages.cockpit.pinned import PinnedPanel
from chengyun_console.time_ranges import fitting
from tests.console.conftest import Room
from tests.support.small_city import small_city

HOUR_S = 3600.0


@pytest.mark.parametrize(
    ("minutes", "period_s", "shown"),
    [(30, 2.0, 30), (30, 300.0, 30), (30, HOUR_S, 360), (60, HOUR_S, 360), (1440, HOUR_S, 1440), (30, 86_400.0, 1440)],
)
def test_that_a_slow_vital_gets_a_longer_range_and_no_vital_a_shorter_one(minutes, period_s, shown) -> None:
    assert fitting(minutes, period_s) == shown


def windows(pinned: PinnedPanel) -> list[float]:
    return [chart.view._window.span_ns / 60e9 for chart in pinned._charts]


def test_that_pinned_charts_of_an_hourly_city_show_hours_and_say_so(desk_room: Room) -> None:
    room, pinned = desk_room, desk_room.window.cockpit.pinned
    assert windows(pinned) == pytest.approx([30.0, 30.0])
    room.session.sent.windows = []
    room.session.show_city(small_city(12, version=2, period_s=HOUR_S))
    room.session.put({0: 12.0})
    room.beat()
    assert windows(pinned) == pytest.approx([360.0, 360.0])
    assert pinned._charts[0].view._record.title == "寸滩站 水位 · 近 6 小时"
    asked = room.session.sent.windows[0]
    assert (asked.to_ns - asked.from_ns) / 3600e9 == 8.0, "the sample before the window too, or the line begins inside"


def test_that_the_trend_of_an_hourly_vital_is_more_than_a_dot(desk_room: Room) -> None:
    room, trend = desk_room, desk_room.window.vitals.trend
    room.session.show_city(small_city(12, version=2, period_s=HOUR_S))
    room.session.put({0: 12.0})
    room.desk.select_vital(0)
    room.window.show_page("F2")
    room.beat()
    assert trend._span_ns == 6 * 3600e9
    assert trend.actions_by_key["360"].isChecked()
    assert room.desk.preferences.vitals_range_minutes == 60, "what was chosen is kept for others"

"""An alarm's mark on a chart leads to its card: by click, by key, on both pages, also when the alarm ended."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from chengyun_console.pages.mark_words import mark_note
from chengyun_core.model.alarm import AlarmState, effective
from chengyun_core.model.scales import WarningColour
from chengyun_widgets.multi_trend import MultiTrend
from chengyun_widgets.trend import TrendView
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S, alarm

CTRL = Qt.KeyboardModifier.ControlModifier


def chart_on(room: Room, page: str) -> TrendView | MultiTrend:
    """Return the chart of vital 3 on a page, painted."""
    window = room.window
    room.session.put_alarms(alarm(7, 3))
    if page == "F2":
        window.show_page("F2")
        room.beat(2.0)
        window.vitals.open_vital(3)
        chart = window.vitals.trend.view
    else:
        window.cockpit.pinned.show_first(3)
        chart = window.cockpit.pinned._charts[0].view
    room.beat(2.0)
    chart.grab()
    return chart


def mark_of(chart: TrendView | MultiTrend) -> QPoint:
    if isinstance(chart, MultiTrend):
        layout = chart.layout_now()
        (place,) = chart.mark_places(layout)
        return QPoint(round(place[1]), round(layout.plot.bottom()) - 4)
    (place,) = chart._mark_places(chart._frame)
    return QPoint(round(place[1]), round(chart._plot().bottom()) - 4)


@pytest.mark.parametrize("page", ["F1", "F2"])
def test_that_a_click_on_a_mark_opens_the_card_of_its_alarm(desk_room: Room, qtbot: QtBot, page: str) -> None:
    chart = chart_on(desk_room, page)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=mark_of(chart))
    assert desk_room.window.card.isVisible()
    assert desk_room.desk.alarm().number == 7


@pytest.mark.parametrize("page", ["F1", "F2"])
def test_that_keys_do_the_same_and_a_closed_alarm_is_shown_as_it_was_known_last(
    desk_room: Room, qtbot: QtBot, page: str
) -> None:
    chart = chart_on(desk_room, page)
    desk_room.session.put_alarms(alarm(7, 3, closed=True))
    desk_room.beat(2.0)
    chart.grab()
    qtbot.keyClick(chart, Qt.Key.Key_Left, CTRL)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    card = desk_room.window.card
    assert card.isVisible()
    assert card._past.number == 7
    assert effective(card._past) is AlarmState.NORM
    desk_room.session.put_alarms(alarm(8, 4))
    desk_room.window.routes.open_card(8)
    assert card._past is None, "another alarm in focus is shown instead"


def test_that_a_mark_tells_colour_time_and_how_the_alarm_stands_now(desk_room: Room) -> None:
    made = alarm(7, 3, WarningColour.ORANGE)
    clock = desk_room.desk.figures.clock(START_NS - 60 * S)
    desk_room.session.put_alarms(made)
    assert mark_note(desk_room.desk, made) == f"橙色告警 {clock} · 未确认"
    desk_room.session.put_alarms(alarm(7, 3, WarningColour.ORANGE, version=2, acked_at=START_NS))
    assert mark_note(desk_room.desk, made).endswith("· 已确认")
    desk_room.session.put_alarms(alarm(7, 3, closed=True))
    assert mark_note(desk_room.desk, made).endswith("· 已结束"), "what was noted of it last is not how it stands"

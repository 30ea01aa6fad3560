"""The trend as an eye and a hand meet it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_core.series.pyramid import MinMaxPyramid
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.presence import Presence
from chengyun_widgets.theme import Theme, load_theme
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import ArraySource, TrendBand, TrendMark, TrendRecord, TrendSeries
from tests.widgets.pictures import count_of, pixels_of
from tests.widgets.samples import T0, T1, trend_records

RAMP = ArraySource(np.linspace(T0, T1, 300).astype(np.int64), np.linspace(1.0, 9.0, 300))


def record(**changes: object) -> TrendRecord:
    series = (TrendSeries(key="s", name="水位", source=RAMP, unit="m"),)
    fields: dict[str, object] = {"title": "寸滩站 水位", "value": "9.00", "unit": "m", "series": series}
    return TrendRecord(**(fields | changes))  # type: ignore[arg-type]


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> TrendView:
    made = TrendView(theme)
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.set_window(T0, T1)
    return made


@pytest.fixture
def large(theme: Theme, qtbot: QtBot) -> TrendView:
    made = TrendView(theme, interactive=True, has_axes=True)
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.set_window(T0, T1)
    made.show_record(record())
    made.grab()
    return made


def test_that_a_normal_line_is_grey_blue_and_an_abnormal_one_has_its_severity(view: TrendView, theme: Theme) -> None:
    view.show_record(record())
    calm = pixels_of(view)
    assert count_of(calm, theme.colour(Colour.TRACE)) > 200
    view.show_record(record(severity=Severity.RED))
    alarmed = pixels_of(view)
    assert count_of(alarmed, theme.colour(Colour.TRACE)) == 0
    assert count_of(alarmed, theme.ink(Severity.RED)) > 200


def test_that_a_stale_line_is_dimmed_and_its_value_hollow(view: TrendView, theme: Theme) -> None:
    view.show_record(record(presence=Presence.FRESH))
    fresh = count_of(pixels_of(view), theme.colour(Colour.TRACE))
    view.show_record(record(presence=Presence.STALE, age="迟 00:02:13"))
    stale = count_of(pixels_of(view), theme.colour(Colour.TRACE))
    assert stale < fresh / 20
    assert "00:02:13" in view.accessibleDescription()


@pytest.mark.parametrize("presence", [Presence.EMPTY, Presence.REFUSED])
def test_that_a_chart_without_data_says_why_and_draws_no_line(
    view: TrendView, theme: Theme, presence: Presence
) -> None:
    view.show_record(record(presence=presence, notice="无权查看", value="", unit=""))
    assert count_of(pixels_of(view), theme.colour(Colour.TRACE)) == 0
    assert "无权查看" in view.accessibleDescription()


def test_that_the_four_states_are_four_pictures(view: TrendView) -> None:
    pictures = set()
    for presence in Presence:
        view.show_record(record(presence=presence, notice="—", age="迟"))
        pictures.add(pixels_of(view).tobytes())
    assert len(pictures) == 4


def test_that_a_spike_in_the_newest_sample_is_seen(view: TrendView, theme: Theme) -> None:
    pyramid = MinMaxPyramid(10_000)
    pyramid.append(np.linspace(T0, T1 - 10**9, 9_000).astype(np.int64), np.ones(9_000))
    view.show_record(record(series=(TrendSeries(key="s", name="", source=pyramid),)))
    view.grab()
    calm = view._ranges[""]
    pyramid.append(np.array([T1]), np.array([50.0]))
    view.set_window(T0 + 1, T1)
    view.grab()
    assert view._ranges[""][1] > 50 > calm[1]


def test_that_limits_in_reach_are_drawn_in_the_colour_of_their_band(view: TrendView, theme: Theme) -> None:
    band = TrendBand(low=5.0, high=np.inf, severity=Severity.YELLOW)
    view.show_record(record())
    without = pixels_of(view)
    view.show_record(record(bands=(band,)))
    changed = (pixels_of(view) != without).any(axis=1)
    assert changed.sum() > 50


def test_that_the_same_record_and_window_cost_no_painting(view: TrendView, qtbot: QtBot, qapp: QApplication) -> None:
    view.show()
    qtbot.waitExposed(view)
    view.show_record(record())
    qtbot.waitUntil(lambda: view.paint_count > 0, timeout=5000)
    qapp.processEvents()
    before = view.paint_count
    view.show_record(record())
    view.set_window(T0, T1)
    qapp.processEvents()
    assert view.paint_count == before


def test_that_bands_and_axes_are_painted_once_for_many_values(view: TrendView) -> None:
    view.show_record(record(value="1.00"))
    view.grab()
    picture = view._picture
    view.show_record(record(value="2.00", severity=Severity.BLUE))
    view.set_window(T0 + 10**9, T1 + 10**9)
    view.grab()
    assert view._picture is picture


def test_that_another_theme_repaints_everything(view: TrendView) -> None:
    view.show_record(record())
    night = pixels_of(view)
    view.set_theme(load_theme("day"))
    assert (pixels_of(view)[5, 5] & 0xFFFFFF) != (night[5, 5] & 0xFFFFFF)


def test_that_a_click_and_enter_open_a_small_chart(view: TrendView, qtbot: QtBot) -> None:
    view.show_record(record())
    with qtbot.waitSignal(view.was_opened):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
    with qtbot.waitSignal(view.was_opened):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_that_a_click_near_an_alarm_mark_opens_the_alarm(view: TrendView, qtbot: QtBot) -> None:
    mark = TrendMark(key="alarm-7", time_ns=(T0 + T1) // 2, severity=Severity.ORANGE)
    view.show_record(record(marks=(mark,)))
    view.grab()
    plot = view._plot()
    at = QPoint(round(plot.center().x()) + 8, round(plot.bottom()) - 4)
    with qtbot.waitSignal(view.mark_was_opened, check_params_cb=lambda key: key == "alarm-7"):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)


def test_that_keys_put_the_crosshair_on_a_mark_and_enter_opens_its_alarm(view: TrendView, qtbot: QtBot) -> None:
    early, late = (
        TrendMark(key=key, time_ns=T0 + (T1 - T0) * share // 10, severity=Severity.RED, note=f"{key} raised")
        for key, share in (("early", 3), ("late", 8))
    )
    view.show_record(record(marks=(late, early)))
    view.grab()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(view, key, Qt.KeyboardModifier.ControlModifier)
    assert view._notes_at(view._cursor_x, late.time_ns) == ["late raised"]
    with qtbot.waitSignal(view.mark_was_opened, check_params_cb=lambda key: key == "late"):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_that_suspect_values_are_hatched_and_told(view: TrendView) -> None:
    view.show_record(record())
    before = pixels_of(view)
    half = (T0 + T1) // 2
    view.show_record(record(suspect=((half, T1),), suspect_note="values are suspect"))
    changed = (pixels_of(view) != before).any(axis=0)
    middle = round(view._plot().center().x())
    assert not changed[: middle - 1].any()
    assert changed[middle + 4 : round(view._plot().right()) - 4].all()
    assert view._notes_at(0.0, half + 1) == ["values are suspect"]
    assert view._notes_at(0.0, half - 1) == []


def wheel(view: TrendView, at: QPointF, notches: int) -> None:
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_that_the_wheel_zooms_at_the_pointer_and_stops_following(large: TrendView, qtbot: QtBot) -> None:
    plot = large._plot()
    with qtbot.waitSignal(large.window_was_asked):
        wheel(large, QPointF(plot.left(), 100), 1)
    assert large.shown_window()[0] == T0
    assert large.shown_window()[1] < T1
    large.set_window(T0 + 10**12, T1 + 10**12)
    assert large.shown_window()[0] == T0
    assert not large.is_following


def test_that_dragging_moves_the_picture_with_the_hand(large: TrendView, qtbot: QtBot) -> None:
    plot = large._plot()
    qtbot.mousePress(large, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    qtbot.mouseMove(large, QPoint(200 + round(plot.width() / 4), 100))
    qtbot.mouseRelease(large, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    assert large.shown_window()[0] == pytest.approx(T0 - (T1 - T0) / 4, abs=(T1 - T0) / 200)


def test_that_home_goes_back_to_the_newest_sample(large: TrendView, qtbot: QtBot) -> None:
    qtbot.keyClick(large, Qt.Key.Key_Left)
    assert large.shown_window()[0] < T0
    with qtbot.waitSignal(large.follow_was_asked):
        qtbot.keyClick(large, Qt.Key.Key_Home)
    assert large.shown_window() == (T0, T1)


def test_that_the_pointer_asks_for_the_value_at_its_time(large: TrendView, qtbot: QtBot) -> None:
    plot = large._plot()
    large.show()
    qtbot.waitExposed(large)
    qtbot.mouseMove(large, QPoint(2, 2))
    with qtbot.waitSignal(large.time_is_hovered) as hovered:
        qtbot.mouseMove(large, QPoint(round(plot.center().x()), 100))
    assert hovered.args is not None
    assert hovered.args[0] == pytest.approx((T0 + T1) / 2, abs=(T1 - T0) / 100)
    assert large._value_text(large._record.series[0], (T0 + T1) // 2).startswith(("水位 4.9", "水位 5.0"))


def test_that_series_of_one_unit_share_their_scale_and_others_have_their_own(large: TrendView) -> None:
    high = ArraySource(RAMP._time, RAMP._value * 10)
    large.show_record(
        record(
            series=(
                TrendSeries(key="a", name="a", source=RAMP, unit="m"),
                TrendSeries(key="b", name="b", source=high, unit="m"),
                TrendSeries(key="c", name="c", source=high, unit="mm"),
            )
        )
    )
    large.grab()
    assert large._ranges["m"][0] < 1.0 < 90.0 < large._ranges["m"][1]
    assert large._ranges["mm"][0] > 0.0


def test_that_every_record_of_the_gallery_is_painted_at_any_size(view: TrendView) -> None:
    for shown in trend_records():
        for size in ((160, 96), (230, 120), (900, 300), (60, 20)):
            view.show_record(shown)
            view.resize(*size)
            assert pixels_of(view).any()

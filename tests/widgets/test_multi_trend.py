"""The chart of several lines: nothing lost in its pixels, keys and mouse alike, one scale per unit."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_core.series.pyramid import MinMaxPyramid
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.line_style import line_style
from chengyun_widgets.multi_layout import layout_of
from chengyun_widgets.multi_record import Envelope, Hatch, LimitSteps, MultiLine, MultiRecord, TrendZone
from chengyun_widgets.multi_trend import MultiTrend
from chengyun_widgets.rank_bars import RankBars, RankRow, ranked, span_of
from chengyun_widgets.theme import Theme
from chengyun_widgets.trend_record import ArraySource, TrendMark
from tests.widgets.pictures import count_of, pixels_of

S = 1_000_000_000
T0 = 1_784_356_320 * S
HOUR = 3600 * S


def line(place: int, value: np.ndarray, *, unit: str = "m", **more: object) -> MultiLine:
    """Return a line over the hour from T0 with these values evenly spread."""
    time = T0 + np.arange(len(value)) * (HOUR // len(value))
    return MultiLine(
        key=f"v{place}", number=str(place + 1), name=f"line {place}", source=ArraySource(time, value),
        style=line_style(place), unit=unit, value=f"{value[-1]:.2f}", **more,
    )  # fmt: skip


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> MultiTrend:
    made = MultiTrend(theme)
    made.resize(900, 300)
    qtbot.addWidget(made)
    made.set_window(T0, T0 + HOUR)
    made.show()
    return made


def test_that_one_sample_in_a_million_is_seen_whatever_the_dash(view: MultiTrend, theme: Theme) -> None:
    value = np.zeros(1_000_000)
    value[654_321] = 10.0
    time = T0 + np.arange(value.size) * (HOUR // value.size)
    pyramid = MinMaxPyramid(value.size)
    pyramid.append(time, value)
    for place in range(3):
        dashed = MultiLine(key="v", number="1", name="v", source=pyramid, style=line_style(place))
        view.show_record(MultiRecord(lines=(dashed,)))
        plot = view.layout_now().plot
        x = round(view.x_of(plot, int(time[654_321])))
        column = pixels_of(view)[int(plot.top()) : int(plot.bottom()) - 8, x - 1 : x + 2]
        ink = theme.colour(line_style(place).colour)
        assert count_of(column, ink) > plot.height() * 0.5


def test_that_lines_of_one_unit_share_a_scale_and_stacked_ones_have_their_own(view: MultiTrend) -> None:
    lines = (line(0, np.full(50, 1.0)), line(1, np.full(50, 9.0)), line(2, np.full(50, 500.0), unit="mm"))
    view.show_record(MultiRecord(lines=lines))
    view.grab()
    scales = view._scales(view.layout_now())
    assert (scales[0].low, scales[0].high) == (scales[1].low, scales[1].high)
    assert scales[2].low > 400.0
    view.show_record(MultiRecord(lines=lines, is_stacked=True))
    view.grab()
    scales = view._scales(view.layout_now())
    assert scales[1].low > scales[0].high
    tops = [scale.rect.top() for scale in scales]
    assert tops == sorted(set(tops))


@pytest.mark.parametrize(("width", "height"), [(480, 180), (780, 216), (1200, 400)])
@pytest.mark.parametrize("count", [1, 2, 16])
def test_that_the_legend_of_sixteen_finds_room_and_leaves_the_plot_some(count: int, width: int, height: int) -> None:
    lines = tuple(line(place, np.zeros(4), unit=f"u{place % 3}") for place in range(count))
    for is_stacked in (False, True):
        at = layout_of(MultiRecord(lines=lines, is_stacked=is_stacked), width, height)
        rows = -(-count // at.legend_columns)
        assert at.plot.width() >= 150
        assert count == 1 or rows * at.row_px <= at.legend.height() + 0.5
        assert all(at.plot.contains(lane.center()) for lane in at.lanes)


def test_that_the_crosshair_reads_all_lines_by_key(view: MultiTrend, qtbot: QtBot) -> None:
    ramp = np.arange(3600.0)
    view.show_record(MultiRecord(lines=(line(0, ramp), line(1, ramp * 2))))
    view.grab()
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.cursor_ns is not None
    seconds = (view.cursor_ns - T0) / S
    assert 1700 < seconds < 1800
    one, two = (float(text) for text in view._values_told())
    assert one == pytest.approx(seconds, abs=8.0)
    assert two == pytest.approx(2 * one)
    assert "line 1" in view.accessibleDescription()
    assert view.drop_cursor()
    assert view.cursor_ns is None


def test_that_a_gap_is_read_as_no_value(view: MultiTrend) -> None:
    value = np.arange(60.0)
    value[30:40] = np.nan
    view.show_record(MultiRecord(lines=(line(0, value, gap_ns=300 * S),)))
    view.grab()
    assert np.isnan(view.value_at(view.record.lines[0], T0 + 35 * 60 * S))
    assert view.value_at(view.record.lines[0], T0 + 50 * 60 * S) == 50.0


def test_that_keys_scroll_zoom_and_come_home(view: MultiTrend, qtbot: QtBot) -> None:
    view.show_record(MultiRecord(lines=(line(0, np.zeros(10)),)))
    asked: list[tuple[int, int]] = []
    view.window_was_asked.connect(lambda a, b: asked.append((a, b)))
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert asked[-1] == (T0 - HOUR // 10, T0 + HOUR - HOUR // 10)
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert asked[-1][0] == T0 - HOUR
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert asked[-1][1] - asked[-1][0] == HOUR * 5 // 4
    assert not view.is_following
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.is_following
    assert view.shown_window() == (T0, T0 + HOUR)
    with qtbot.waitSignal(view.oldest_was_asked):
        qtbot.keyClick(view, Qt.Key.Key_Home)


def test_that_dragging_and_the_wheel_do_the_same(view: MultiTrend, qtbot: QtBot) -> None:
    view.show_record(MultiRecord(lines=(line(0, np.zeros(10)),)))
    plot = view.layout_now().plot
    at = plot.center().toPoint()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(view, at + QPoint(round(plot.width() / 4), 0))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at)
    assert view.shown_window()[0] == pytest.approx(T0 - HOUR / 4, abs=20 * S)
    before = view.window_shown.span_ns
    turn = QWheelEvent(
        QPointF(at), QPointF(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, turn)
    assert view.window_shown.span_ns == pytest.approx(before * 0.8, rel=1e-6)


def test_that_zones_steps_and_a_normal_day_leave_their_ink(view: MultiTrend, theme: Theme) -> None:
    plain = MultiRecord(lines=(line(0, np.linspace(0, 1, 60)),))
    view.show_record(plain)
    before = pixels_of(view)
    times = T0 + np.arange(0, 60) * 60 * S
    flat = np.ones(60)
    envelope = Envelope(time=times, low=flat * 0.2, middle=flat * 0.5, high=flat * 0.8)
    extras = (
        {"zones": (TrendZone(hatch=Hatch.LOADING, from_ns=T0, to_ns=T0 + HOUR // 2, note="loading"),)},
        {"zones": (TrendZone(hatch=Hatch.UNKNOWN, from_ns=T0, to_ns=T0 + HOUR // 2),)},
        {"zones": (TrendZone(hatch=Hatch.SUSPECT, from_ns=T0, to_ns=T0 + HOUR // 2),)},
        {"zones": (TrendZone(hatch=Hatch.GAP, from_ns=T0, to_ns=T0 + HOUR // 2),)},
        {"envelope": envelope},
        {"steps": (LimitSteps(severity=Severity.RED, steps=((0, 0.4), (T0 + HOUR // 2, 0.7))),)},
    )
    for extra in extras:
        view.show_record(MultiRecord(lines=plain.lines, **extra))
        assert (pixels_of(view) != before).sum() > 100, extra
    assert view.told_at(T0 + 60 * S)[-1] != "loading"
    view.show_record(MultiRecord(lines=plain.lines, **extras[0]))
    assert view.told_at(T0 + 60 * S)[-1] == "loading"


def test_that_a_late_line_is_hollow(view: MultiTrend, theme: Theme) -> None:
    value = np.linspace(0, 1, 60)
    view.show_record(MultiRecord(lines=(line(0, value),)))
    fresh = count_of(pixels_of(view), theme.colour(Colour.TRACE))
    view.show_record(MultiRecord(lines=(line(0, value, is_stale=True, age="07:12 前"),)))
    assert count_of(pixels_of(view), theme.colour(Colour.TRACE)) < fresh / 2
    assert "07:12" in view.accessibleDescription()


def rows(*values: float) -> tuple[RankRow, ...]:
    return tuple(RankRow(key=str(at), name=f"p{at}", value=value, text=f"{value}") for at, value in enumerate(values))


def test_that_rows_without_a_value_are_ranked_last() -> None:
    assert [row.key for row in ranked(rows(1.0, float("nan"), 3.0, 2.0))] == ["2", "3", "0", "1"]


@pytest.mark.parametrize(
    ("values", "low"), [((10.0, 5.0, 1.0), 0.0), ((183.0, 182.0), 181.9), ((-1.0, -4.0), -4.0), ((), 0.0)]
)
def test_that_bars_begin_at_zero_where_that_says_something(values: tuple[float, ...], low: float) -> None:
    found, high = span_of(rows(*values))
    assert found == pytest.approx(low)
    assert high > found


def test_that_arrows_choose_a_row_and_enter_opens_it(theme: Theme, qtbot: QtBot) -> None:
    area = RankBars(theme)
    qtbot.addWidget(area)
    area.resize(400, 300)
    area.show_rows(rows(3.0, 2.0, 1.0), "districts")
    chosen: list[str] = []
    opened: list[str] = []
    area.row_was_chosen.connect(chosen.append)
    area.row_was_opened.connect(opened.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(area.bars, key)
    assert chosen == ["0", "1", "0"]
    assert opened == ["0"]
    assert "1. p0" in area.bars.accessibleDescription()


def test_that_a_limit_changed_before_the_window_is_drawn_from_its_left_edge_on(view: MultiTrend, theme: Theme) -> None:
    value = np.linspace(0.0, 1.0, 60)
    before = T0 - HOUR
    view.show_record(MultiRecord(lines=(line(0, value),)))
    plain = pixels_of(view)
    steps = LimitSteps(severity=Severity.RED, steps=((0, 0.9), (before, 0.2)))
    view.show_record(MultiRecord(lines=(line(0, value),), steps=(steps,)))
    plot = view.layout_now().plot
    rows, right_of_label = slice(int(plot.top()) + 1, int(plot.bottom()) - 1), int(plot.left()) + 60
    touched = np.flatnonzero((pixels_of(view) != plain)[rows, right_of_label:].any(axis=1))
    assert touched.size == 1, "one level line: nothing comes down from a limit of before"


def test_that_the_own_row_is_brought_into_view_once(theme: Theme, qtbot: QtBot) -> None:
    area = RankBars(theme)
    qtbot.addWidget(area)
    area.resize(400, 120)
    area.show()
    many = tuple(replace(row, is_own=row.key == "30") for row in rows(*(float(v) for v in range(40, 0, -1))))
    area.show_rows(many, "districts")
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0, timeout=20_000)
    area.verticalScrollBar().setValue(0)
    area.show_rows((*many[:-1], replace(many[-1], value=0.5)), "districts")
    QApplication.processEvents()
    assert area.verticalScrollBar().value() == 0, "an officer who scrolled away is left in peace"


def marked(*minutes: int) -> MultiRecord:
    """Return a chart with an alarm mark at each of these minutes, named by it."""
    made = tuple(
        TrendMark(key=str(at), time_ns=T0 + at * 60 * S, severity=Severity.RED, note=f"red, minute {at}")
        for at in minutes
    )
    return MultiRecord(lines=(line(0, np.arange(60.0)),), marks=made)


def test_that_keys_go_from_mark_to_mark_and_enter_opens_its_alarm(view: MultiTrend, qtbot: QtBot) -> None:
    view.show_record(marked(-90, 10, 40))
    opened: list[str] = []
    view.mark_was_opened.connect(opened.append)
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert view.told_at(view.cursor_ns)[-1] == "red, minute 40"
    assert "red, minute 40" in view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Return)
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert not view.is_following, "the mark before the window is gone to"
    t0, t1 = view.shown_window()
    assert t0 < T0 - 90 * 60 * S < t1
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened == ["40", "-90"]


def test_that_enter_away_from_marks_opens_the_chart(view: MultiTrend, qtbot: QtBot) -> None:
    view.show_record(marked(10))
    view._point_at(T0 + 30 * 60 * S)
    assert all("minute" not in text for text in view.told_at(view.cursor_ns))
    with qtbot.waitSignal(view.was_opened), qtbot.assertNotEmitted(view.mark_was_opened):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_that_the_crosshair_tells_what_is_known_of_the_moment_and_doubts_beside_the_value(view: MultiTrend) -> None:
    asked: list[tuple[int, float]] = []

    def about(time_ns: int, value: float) -> tuple[str, ...]:
        asked.append((time_ns, value))
        return ("limits then: 40",)

    suspect = line(0, np.arange(60.0), doubt_at=lambda time_ns: "suspect" if time_ns > T0 + HOUR // 2 else "")
    view.show_record(MultiRecord(lines=(suspect,), about=about))
    view.grab()
    early, late = (view.told_at(T0 + minute * 60 * S) for minute in (10, 50))
    assert "line 0 10.00 m" in early
    assert "line 0 50.00 m suspect" in late
    assert early[-1] == "limits then: 40"
    assert asked[0] == (T0 + 600 * S, 10.0)


@pytest.mark.parametrize("count", [1, 400])
def test_that_the_least_suspect_stretch_in_a_year_is_seen_and_many_cost_one(
    view: MultiTrend, theme: Theme, count: int
) -> None:
    plain = MultiRecord(lines=(line(0, np.zeros(60)),))
    view.show_record(plain)
    before = pixels_of(view)
    step = HOUR // 2 // count
    zones = (
        tuple(
            TrendZone(hatch=Hatch.SUSPECT, from_ns=T0 + k * step, to_ns=T0 + k * step + max(1, step // 2))
            for k in range(count)
        )
        if count > 1
        else (TrendZone(hatch=Hatch.SUSPECT, from_ns=T0 + HOUR // 2, to_ns=T0 + HOUR // 2 + 1),)
    )
    view.show_record(replace(plain, zones=zones))
    changed = (pixels_of(view) != before).any(axis=0)
    plot = view.layout_now().plot
    wide = plot.width() / 2 if count > 1 else 3
    assert int(changed.sum()) == pytest.approx(wide, abs=3)


def test_that_a_limit_beyond_the_scale_is_not_drawn_at_its_edge(view: MultiTrend, theme: Theme) -> None:
    flat = line(0, np.linspace(0, 1, 60))
    high = LimitSteps(severity=Severity.RED, steps=((0, float("nan")), (T0, 1.5), (T0 + HOUR // 2, 900.0)))
    view.show_record(MultiRecord(lines=(flat,), steps=(high,)))
    before = pixels_of(replace_steps(view, ()))
    changed = pixels_of(replace_steps(view, (high,))) != before
    plot = view.layout_now().plot
    middle = round(plot.center().x())
    assert changed[:, round(plot.left()) : middle].any(), "the limit of the first half is in the picture"
    assert not changed[round(plot.top()) : round(plot.top()) + 3, middle + 4 : round(plot.right()) - 4].any()


def replace_steps(view: MultiTrend, steps: tuple[LimitSteps, ...]) -> MultiTrend:
    """Show other steps on the same scale."""
    view.show_record(replace(view.record, steps=steps))
    view._ranges = {"unit m": (-0.2, 1.8)}
    return view

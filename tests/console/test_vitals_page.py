"""Page F2 by itself, fed by a still session: lines, scrolling into the archive, comparing, limits over time."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chengyun_console.actions.trend_deeds import TREND_ACTIONS
from chengyun_console.desk import Desk
from chengyun_console.pages.vitals.page import _TOGGLE_KEYS, VitalsPage
from chengyun_console.pages.vitals.trends import MOST_SERIES
from chengyun_console.preferences import Preferences
from chengyun_console.session.answers import WindowSeries
from chengyun_console.session.session import Session
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.alarm_records import ThresholdChange, ThresholdState
from chengyun_core.model.failure import Reason
from chengyun_core.series.doubt import Doubt
from chengyun_core.wire.envelope import AskHistory, AskThresholds, History, ThresholdHistory, ThresholdTold
from chengyun_resources.texts import Texts
from chengyun_widgets.line_style import line_style
from chengyun_widgets.multi_record import Hatch
from chengyun_widgets.theme import load_theme
from tests.console.still_session import S, StillSession
from tests.support.small_city import small_city

HOUR, DAY = 3600 * S, 86_400 * S
Course = Callable[[np.ndarray], np.ndarray]


class Desktop:
    """The page, its session, and the beat in the test's hand."""

    def __init__(self, qtbot: QtBot, profile: Path, vitals: int = 24) -> None:
        self.session = StillSession()
        self.desk = Desk(cast("Session", self.session), profile, load_theme("night"), Texts("zh_CN"), Preferences())
        self.page = VitalsPage(self.desk)
        self.page.resize(1600, 900)
        qtbot.addWidget(self.page)
        self.page.show()
        self.qtbot, self.now_s = qtbot, 0.0
        self.session.hear()
        view = CatalogueView(small_city(vitals, period_s=5.0))
        self.session.catalogue = view
        self.session.state.resize(view.period_s)
        self.desk.take_catalogue(view)
        self.page.take_catalogue("full")
        told = float(slope(np.array([self.session.clock.utc_ns()]))[0])
        self.session.put({vital: told + vital for vital in range(vitals)})
        self.beat()

    @property
    def record(self):
        return self.page.trend.view.record

    def beat(self, seconds: float = 1.0) -> None:
        self.session.clock.advance(seconds)
        self.now_s += seconds
        self.page.take_frame()
        self.page.refresh(self.now_s)

    def answer(self, course: Course, *, oldest_ns: int = 0, **more: object) -> int:
        """Answer every window asked for with a sample every 5 s; returns how many there were."""
        asked, self.session.sent.windows = self.session.sent.windows, []
        for one in asked:
            time = np.arange(max(one.from_ns, oldest_ns) // (-5 * S) * -5 * S, one.to_ns, 5 * S)
            series = WindowSeries(
                vital=one.vital, from_ns=one.from_ns, to_ns=one.to_ns, time=time, value=course(time), raw=True,
                oldest_ns=oldest_ns,
            )  # fmt: skip
            one.answer(replace(series, **more))
        return len(asked)

    def fill(self, course: Course, **more: object) -> None:
        for _ in range(12):
            self.beat(0.3)
            if not self.answer(course, **more):
                return


def slope(time: np.ndarray) -> np.ndarray:
    """Return a value that tells the time it is of: seconds modulo a week."""
    return (time // S % 604_800).astype(float)


@pytest.fixture
def desktop(qtbot: QtBot, tmp_path: Path) -> Desktop:
    return Desktop(qtbot, tmp_path)


def test_that_up_to_sixteen_vitals_share_one_axis_and_the_seventeenth_is_told(desktop: Desktop) -> None:
    said: list[str] = []
    desktop.desk.message_came.connect(lambda text, _trouble: said.append(text))
    desktop.page.table.select_row(23)
    for number in range(20):
        desktop.page._on_marked(number)
    desktop.beat()
    assert len(desktop.record.lines) == MOST_SERIES == 16
    assert said
    assert "16" in said[0]
    desktop.page._on_marked(3)
    desktop.beat()
    assert "V0003" not in [line.key for line in desktop.record.lines[1:]]


def test_that_a_kept_row_bears_the_line_it_has_on_the_chart(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    for number in (4, 7):
        desktop.page._on_marked(number)
    assert desktop.page.table.marks == {4: line_style(1), 7: line_style(2)}
    desktop.beat()
    assert [(line.key, line.number) for line in desktop.record.lines] == [
        ("V0000", "1"),
        ("V0004", "2"),
        ("V0007", "3"),
    ]


def test_that_scrolling_back_finds_its_neighbourhood_there_already(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.fill(slope)
    view = desktop.page.trend.view
    view.hold(*(edge - HOUR // 2 for edge in desktop.page.trend._window(desktop.desk.now_ns())))
    desktop.fill(slope)
    for _ in range(3):
        view.window_shown.pan(-0.02)
        view._announce()
        assert not [zone for zone in desktop.record.zones if zone.hatch is Hatch.LOADING]


def test_that_there_is_no_seam_between_archive_and_live_edge(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.fill(slope)
    for _ in range(20):
        desktop.beat(5.0)
        now = desktop.session.clock.utc_ns()
        desktop.session.put({0: float(slope(np.array([now]))[0])})
        desktop.beat(0.3)
    line = desktop.page.trend._lines[0].series
    time, value = line.raw(0, 2**62)
    assert (np.diff(time) > 0).all()
    assert np.allclose(value, slope(time))
    assert time[-1] == desktop.session.state.time[0]
    assert np.diff(time).max() <= 8 * S, "no stretch was lost where tiles meet and where the live edge begins"
    desktop.page.trend.forget_past()
    desktop.fill(slope)
    time, value = line.raw(0, desktop.desk.now_ns() - 10 * S)
    assert (np.diff(time) == 5 * S).all(), (
        "what the archive told meanwhile stands in place of the live tail, not beside"
    )
    assert np.allclose(value, slope(time))


def test_that_days_back_the_line_is_that_of_the_archive_and_end_brings_live_back(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    view, now = desktop.page.trend.view, desktop.desk.now_ns()
    desktop.fill(slope)
    view.setFocus()
    for _ in range(30):
        desktop.qtbot.keyClick(view, Qt.Key.Key_PageUp)
    desktop.fill(slope)
    t0, t1 = view.window_shown.t0_ns, view.window_shown.t1_ns
    assert t1 < now - 20 * HOUR
    time, value = desktop.page.trend._lines[0].series.raw(t0, t1)
    assert time.size > 500
    assert np.allclose(value, slope(time))
    desktop.qtbot.keyClick(view, Qt.Key.Key_End)
    desktop.beat()
    assert view.window_shown.t1_ns >= desktop.desk.now_ns()


def test_that_what_is_being_read_is_hatched_and_what_nobody_could_be_asked_says_so(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.beat()
    assert {zone.hatch for zone in desktop.record.zones} == {Hatch.LOADING}
    reached = desktop.desk.now_ns() - HOUR // 2
    desktop.fill(slope, oldest_ns=reached, unreached=Reason(code="session.no_archive"))
    zones = desktop.record.zones
    assert {zone.hatch for zone in zones} == {Hatch.UNKNOWN}
    assert max(zone.to_ns for zone in zones) == reached
    assert "历史服务没有回答" in zones[0].note


def test_that_a_stretch_of_suspect_values_is_told_apart(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.fill(slope)
    desktop.beat(5.0)
    began = desktop.session.clock.utc_ns()
    desktop.session.put({0: 5.0})
    desktop.session.state._columns.quality[0] = 1
    desktop.beat(5.0)
    desktop.session.put({0: 6.0})
    desktop.beat(1.0)
    suspect = [zone for zone in desktop.record.zones if zone.hatch is Hatch.SUSPECT]
    assert [(zone.from_ns, zone.to_ns) for zone in suspect] == [(began, began + 5 * S)]


def answer_doubted(desktop: Desktop, level: int, begin_ns: int, end_ns: int) -> None:
    """Answer the windows asked for with a sample every 5 s, those from one time to another in doubt."""
    for _ in range(12):
        desktop.beat(0.3)
        asked, desktop.session.sent.windows = desktop.session.sent.windows, []
        for one in asked:
            time = np.arange(one.from_ns // (-5 * S) * -5 * S, one.to_ns, 5 * S)
            doubt = np.where((time >= begin_ns) & (time < end_ns), level, 0).astype(np.uint8)
            one.answer(
                WindowSeries(
                    vital=one.vital,
                    from_ns=one.from_ns,
                    to_ns=one.to_ns,
                    time=time,
                    value=slope(time),
                    raw=True,
                    oldest_ns=0,
                    doubt=doubt,
                )
            )


@pytest.mark.parametrize(("level", "hatch"), [(Doubt.SUSPECT, Hatch.SUSPECT), (Doubt.UNKNOWN, Hatch.UNRATED)])
def test_that_what_was_suspect_days_ago_is_drawn_so_after_a_scroll_back(
    desktop: Desktop, level: Doubt, hatch: Hatch
) -> None:
    desktop.page.table.select_row(0)
    began = desktop.session.clock.utc_ns() // DAY * DAY - 3 * DAY
    desktop.page.trend.view.hold(began - HOUR, began + HOUR)
    answer_doubted(desktop, level, began, began + 600 * S)
    zones = [zone for zone in desktop.record.zones if zone.hatch is hatch]
    assert [(zone.from_ns, zone.to_ns) for zone in zones] == [(began, began + 600 * S)]
    assert zones[0].note
    assert not [zone for zone in desktop.record.zones if zone.hatch not in {hatch, Hatch.LOADING}]


def test_that_a_suspect_sample_at_the_end_says_nothing_of_times_to_come(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    answer_doubted(desktop, Doubt.SUSPECT, desktop.session.clock.utc_ns() - 60 * S, 2**62)
    zones = [zone for zone in desktop.record.zones if zone.hatch is Hatch.SUSPECT]
    assert zones
    assert max(zone.to_ns for zone in zones) <= desktop.desk.now_ns()


def test_that_a_gap_of_the_archive_is_drawn_with_its_reason(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.beat()
    kind, ask, _answer = desktop.session.sent.asks["trend-gaps"]
    assert kind == "history"
    assert isinstance(ask, AskHistory)
    now = desktop.desk.now_ns()
    gap = (now - 600 * S, now - 300 * S, 60, "feed_full")
    desktop.session.answer_ask(
        "trend-gaps", History(kind="vitals", series=0, time=b"", value=b"", raw=True, oldest_ns=0, gaps=(gap,))
    )
    desktop.beat()
    (zone,) = [zone for zone in desktop.record.zones if zone.hatch is Hatch.GAP]
    assert zone.note == "缺数约 60 个：送存区已满"
    assert zone.note in desktop.page.trend.view.told_at(now - 400 * S)


def test_that_yesterday_is_drawn_at_todays_times(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.page.trend.toggle("yesterday")
    desktop.fill(slope)
    ghost = next(line for line in desktop.record.lines if line.is_ghost)
    now = desktop.desk.now_ns()
    found = ghost.source.columns(now - HOUR, now - 60 * S, 4000)
    assert len(found.time)
    assert np.allclose(found.first, slope(found.time - DAY))


def test_that_a_normal_day_is_worked_out_of_four_weeks_and_says_how_many_had_data(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.page.trend.toggle("usual")
    since = desktop.desk.now_ns() - 15 * DAY

    def steady(time: np.ndarray) -> np.ndarray:
        return np.where(time < since + 4 * DAY, 20.0, 10.0)

    desktop.fill(steady, oldest_ns=since)
    day = desktop.page.trend._usual[1]

    def is_worked_out() -> bool:
        return day.shown is not None and day.shown.days == 2 and float(day.shown.envelope.middle[-1]) == 15.0

    desktop.qtbot.waitUntil(is_worked_out, timeout=30_000)
    desktop.beat()
    assert desktop.record.caption == "常日：近 4 个同星期日，仅 2 日有数据"
    usual = desktop.record.envelope
    known = np.isfinite(usual.middle)
    assert known.any()
    assert usual.low[known].min() == 10.0
    assert usual.high[known].max() == 20.0
    assert np.allclose(usual.middle[known], 15.0)


def test_that_districts_are_ranked_and_the_chosen_one_is_drawn_beside(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.session.put({0: 5.0, 4: 9.0, 8: 7.0})
    desktop.qtbot.keyClick(desktop.page, Qt.Key.Key_C)
    desktop.beat()
    rows = desktop.page.districts.bars.bars.rows
    assert rows[0].value == max(row.value for row in rows)
    assert {int(row.key) for row in rows} == set(range(0, 24, 4)), "all of the sub-track, unit and formula of vital 0"
    assert len(desktop.record.crowd) == 5
    desktop.qtbot.keyClick(desktop.page.districts.bars.bars, Qt.Key.Key_Down)
    desktop.beat()
    assert desktop.record.lines[1].key == f"V{int(rows[0].key):04d}"
    assert desktop.page.beside.currentWidget() is desktop.page.districts


def test_that_limits_are_drawn_as_they_were(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.beat()
    kind, ask, _answer = desktop.session.sent.asks["limits"]
    assert (kind, ask) == ("threshold.history", AskThresholds(vital_code="V0000"))
    changed = desktop.desk.now_ns() - 600 * S
    change = ThresholdChange(
        number=1, threshold_set="normal", vital_code="V0000", before={"high_yellow": "40"}, after={"high_yellow": "50"},
        reason="复核", author="chief", author_seat="A-01", asked_at=changed - HOUR, approver="editor",
        state=ThresholdState.IN_FORCE,
    )  # fmt: skip
    row = ThresholdTold(change=change, effect_at=changed)
    desktop.session.answer_ask("limits", ThresholdHistory(vital_code="V0000", rows=(row,)))
    desktop.beat()
    steps = {int(limit.severity): limit.steps for limit in desktop.record.steps}
    assert steps[2] == ((0, 40.0), (changed, 50.0))
    assert steps[4] == ((0, 100.0),)


def test_that_the_letters_of_the_page_are_those_of_the_table_of_actions() -> None:
    letters = {action.id.removeprefix("trend."): action.keys[0] for action in TREND_ACTIONS if len(action.keys[0]) == 1}
    assert {toggle: key.name.removeprefix("Key_") for key, toggle in _TOGGLE_KEYS.items()} == {
        name: key for name, key in letters.items() if key.isalpha()
    }


def test_that_the_card_tells_source_arrival_and_who_set_the_limits(desktop: Desktop) -> None:
    def told() -> dict[str, str]:
        shown = desktop.page.explain._text._shown
        assert shown is not None
        return {line.label: line.text for line in shown.lines}

    desktop.page.table.select_row(0)
    desktop.beat(3.0)
    assert told()["数据来源"] == "采集端实时接入"
    assert told()["到达时间"] == "00:00:04 前到达本席"
    assert told()["阈值由谁定"] == "随目录第 1 版导入，此后无人改过"
    slot = next(slot for slot in desktop.session.sent.asks if slot.startswith("limits-"))
    change = ThresholdChange(
        number=1, threshold_set="normal", vital_code="V0000", before={"high_yellow": "40"}, after={"high_yellow": "50"},
        reason="复核", author="chief", author_seat="A-01", asked_at=0, approver="editor", state=ThresholdState.IN_FORCE,
    )  # fmt: skip
    row = ThresholdTold(change=change, effect_at=desktop.desk.now_ns())
    desktop.session.answer_ask(slot, ThresholdHistory(vital_code="V0000", rows=(row,)))
    desktop.beat()
    assert told()["阈值由谁定"] == (
        "2026-07-18 14:32:11 已生效（平时）：上限黄 40 → 50；chief 申请，editor 批准；原因：复核"
    )


def test_that_window_and_toggles_go_along_to_a_panel_that_takes_this_ones_place(desktop: Desktop) -> None:
    trend = desktop.page.trend
    assert trend.carried() is None
    for key in ("usual", "stack"):
        trend.toggle(key)
    trend.view.hold(desktop.desk.now_ns() - DAY, desktop.desk.now_ns() - HOUR)
    kept = trend.carried()
    for key in ("usual", "yesterday", "stack"):
        trend.toggle(key)
    trend.follow()
    trend.take_carried(kept)
    assert trend.carried() == kept
    assert [key for key in ("stack", "yesterday", "usual") if trend.is_on(key)] == ["stack", "usual"]


def test_that_the_crosshair_tells_quality_and_the_limits_in_force_then(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    now = desktop.desk.now_ns()
    answer_doubted(desktop, Doubt.SUSPECT, now - 300 * S, now - 200 * S)
    changed, view = now - 600 * S, desktop.page.trend.view
    row = ThresholdTold(
        change=ThresholdChange(
            number=1, threshold_set="normal", vital_code="V0000", before={"high_yellow": "40"},
            after={"high_yellow": "50"}, reason="", author="", author_seat="", asked_at=0,
        ),
        effect_at=changed,
    )  # fmt: skip
    told = ThresholdHistory(
        vital_code="V0000", rows=(row,), sets=((now - 1800 * S, "normal"),), known_since=now - 1200 * S
    )  # fmt: skip
    desktop.session.answer_ask("limits", told)
    desktop.beat()
    view.grab()
    assert "质量：良好" in view.told_at(now - 400 * S)
    assert not [text for text in view.told_at(now - 250 * S) if "良好" in text]
    assert any("存疑" in text for text in view.told_at(now - 250 * S))
    limits = [next(text for text in view.told_at(now - ago * S) if "限值" in text) for ago in (100, 700, 1300)]
    assert "50.00" in limits[0]
    assert "40.00" in limits[1]
    assert limits[2] == "当时限值未知：之后整表导入过目录"


def test_that_nothing_is_called_good_where_there_is_no_value(desktop: Desktop) -> None:
    desktop.page.table.select_row(0)
    desktop.fill(lambda time: np.full(time.size, np.nan))
    view = desktop.page.trend.view
    view.grab()
    assert not [text for text in view.told_at(desktop.desk.now_ns() - 400 * S) if "质量" in text]

"""The cockpit and the table of vitals, fed by a still session."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.layouts.overlay import Overlay
from chengyun_console.pages.cockpit.sectors import card_severity
from chengyun_console.preferences import PreferenceFile, Preferences
from chengyun_core.mirror.links import Reach
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.scales import Quality, WarningColour
from chengyun_core.wire.envelope import QualityTold, Verdicts
from chengyun_resources.theme.tokens import Severity
from chengyun_widgets.plain_tip import plain_tip
from chengyun_widgets.presence import Presence
from tests.console.conftest import Room
from tests.console.still_session import alarm
from tests.support.small_city import small_city


def card_facts(room: Room) -> dict[str, str]:
    """Return figure per sector card."""
    return {card._record.title: card._record.figure for card in room.window.cockpit.sectors._widgets}


def test_that_each_sector_has_a_card_with_health_tracks_abnormal_and_kpis(desk_room: Room) -> None:
    room = desk_room
    room.session.put({0: 120.0}, band={0: 4})
    room.beat()
    cards = {card._record.title: card._record for card in room.window.cockpit.sectors._widgets}
    emergency = cards["应急动员"]
    assert emergency.note == "2 跑道"
    assert dict(emergency.facts) == {"异常体征": "1", "KPI 达标": "50%"}
    assert emergency.severity is Severity.RED
    assert cards["设施运行"].severity is Severity.NONE


@pytest.mark.parametrize(
    ("health", "worst", "severity"),
    [(97, 0, 0), (97, 2, 0), (97, 3, 3), (84, 1, 2), (74, 2, 3), (50, 4, 4)],
)
def test_that_a_card_takes_the_graver_of_its_health_and_its_worst_vital(health: int, worst: int, severity: int) -> None:
    assert card_severity(health, worst) == severity


def test_that_one_goes_down_to_kpis_and_vitals_and_back_by_the_breadcrumb(desk_room: Room) -> None:
    room, cockpit = desk_room, desk_room.window.cockpit
    view = room.desk.names.view
    cockpit.sectors._widgets[0].was_opened.emit("S1")
    room.beat()
    assert [child.name for child in cockpit.descent._children] == ["防汛抗旱", "燃气安全"]
    cockpit.descent._on_card("T1")
    cockpit.descent._on_card("ST2")
    room.beat()
    assert cockpit.descent.node == view.layer(NodeKind.SUBTRACK).node("ST2")
    assert "000-0000-0001" in cockpit.descent._owner.text()
    kpis = [cockpit.descent._kpis._facts.row_at(at) for at in range(1)]
    assert (kpis[0].title, kpis[0].status, kpis[0].severity) == ("排涝时长", "未达标", Severity.NONE)
    assert cockpit.descent._vitals._facts.rowCount() == 3
    cockpit.descent._on_crumb("0")
    assert cockpit.descent.node.code == "S1"
    cockpit.descent._on_crumb("top")
    assert cockpit.descent.node is None


def test_that_the_gravest_vital_of_a_subtrack_stands_first(desk_room: Room) -> None:
    room, cockpit = desk_room, desk_room.window.cockpit
    room.session.put({4: 60.0, 8: 130.0}, band={4: 2, 8: 4})
    cockpit.open_node(room.desk.names.view.layer(NodeKind.SUBTRACK).node("ST1"))
    room.beat()
    rows = [cockpit.descent._vitals._facts.row_at(at) for at in range(3)]
    assert [row.key for row in rows] == ["vital:8", "vital:4", "vital:0"]


def test_that_pinned_charts_show_value_bands_limits_and_past(desk_room: Room) -> None:
    room, pinned = desk_room, desk_room.window.cockpit.pinned
    assert [asked.slot for asked in room.session.sent.windows] == ["pinned-V0000", "pinned-V0001"]
    room.session.answer_windows((600, 8.0), (300, 9.0))
    room.session.put({0: 51.5}, band={0: 2})
    room.beat()
    chart = pinned._charts[0]
    record = chart.view._record
    assert (record.title, record.value, record.unit, record.severity) == ("寸滩站 水位", "51.50", "m", Severity.YELLOW)
    assert record.limits == "黄 50.00  红 100.00"
    assert len(chart.series) == 3
    assert record.presence is Presence.FRESH


def test_that_a_longer_range_is_asked_anew_and_kept_for_the_seat(desk_room: Room, tmp_path: Path) -> None:
    room = desk_room
    room.session.answer_windows((600, 8.0))
    room.window.cockpit.pinned.actions_by_key["360"].click()
    room.beat()
    asked = room.session.sent.windows[0]
    assert (asked.to_ns - asked.from_ns) // 1_000_000_000 == 360 * 60 + 2 * 5, "and two periods before it"
    assert PreferenceFile(tmp_path, "A-03").read().layouts["duty_officer/peacetime"].range_minutes == 360


def test_that_windows_are_asked_again_after_ingest_was_restarted(desk_room: Room) -> None:
    room = desk_room
    room.session.answer_windows((600, 8.0))
    room.session.put({0: 10.0}, epoch=2)
    room.beat()
    assert {asked.vital for asked in room.session.sent.windows} == {0, 1}


def test_that_the_heat_grid_counts_abnormal_and_silent_vitals(desk_room: Room) -> None:
    room = desk_room
    room.session.put({0: 60.0, 1: 130.0}, band={0: 2, 1: 4})
    room.session.state.quality[5] = Quality.MISSING
    room.window.cockpit.take_frame()
    room.beat()
    assert room.window.cockpit.heat._note.text() == "异常 2   无数据 1（虚线）"
    assert room.window.cockpit.heat._title.text() == "全域体征 12"


def test_that_a_retired_vital_is_on_no_screen(room: Room) -> None:
    city = small_city(12)
    vitals = tuple(replace(v, retired=v.number == 0, formula="" if v.number == 0 else v.formula) for v in city.vitals)
    room.session.hear()
    room.session.show_city(replace(city, vitals=vitals))
    room.session.enter()
    room.session.put(dict.fromkeys(range(12), 10.0))
    room.beat()
    assert room.window.cockpit.heat._title.text() == "全域体征 11"
    assert [chart.vital.number for chart in room.window.cockpit.pinned._charts] == [1]
    room.window.show_page("F2")
    room.beat()
    assert 0 not in room.window.vitals.table.rows.order


def test_that_the_gravest_alarm_is_explained_before_anybody_asks(desk_room: Room) -> None:
    room = desk_room
    room.desk.select_vital(None)
    room.session.put_alarms(alarm(1, 2, WarningColour.BLUE), alarm(2, 4, WarningColour.RED))
    room.beat()
    assert room.window.cockpit.explain._text._shown.name == "电网 实时负荷"


def test_that_l_on_an_alarm_goes_to_its_subtrack(desk_room: Room) -> None:
    room, cockpit = desk_room, desk_room.window.cockpit
    room.session.put_alarms(alarm(1, 2))
    room.beat()
    cockpit.alarms.focus_list()
    cockpit.alarms._list.select("1")
    QTest.keyClick(cockpit.alarms._list, Qt.Key.Key_L)
    assert cockpit.descent.node.name == "管廊燃气"


def test_that_an_acknowledged_alarm_shows_the_seat_and_stops_flashing(desk_room: Room) -> None:
    room = desk_room
    room.session.put_alarms(alarm(1, 2))
    room.beat()
    model = room.window.cockpit.alarms._list._facts
    assert model.row_at(0).flash.value == "fast"
    room.session.put_alarms(alarm(1, 2, acked_at=1, acked_by="li", acked_seat="A-05", version=2))
    room.beat()
    assert (model.row_at(0).flash.value, model.row_at(0).status) == ("none", "A-05")


def test_that_nothing_is_painted_again_while_nothing_changes(desk_room: Room) -> None:
    room, cockpit = desk_room, desk_room.window.cockpit
    room.session.answer_windows((600, 8.0))
    room.beat()
    before = [card.paint_count for card in cockpit.sectors._widgets] + [cockpit.heat.grid.paint_count]
    room.beat(0.01)
    room.session.put({3: 13.0})
    room.beat(0.01)
    assert [card.paint_count for card in cockpit.sectors._widgets] + [cockpit.heat.grid.paint_count] == before


def shown(room: Room) -> list[int]:
    """Return the vitals of F2 as they stand on screen."""
    return room.window.vitals.table.rows.order.tolist()


@pytest.fixture
def vitals_room(desk_room: Room) -> Room:
    """On F2."""
    desk_room.window.show_page("F2")
    desk_room.beat()
    return desk_room


def test_that_the_table_shows_every_vital_the_gravest_first(vitals_room: Room) -> None:
    room = vitals_room
    room.session.put({7: 130.0, 9: 60.0}, band={7: 4, 9: 2})
    room.beat(2.0)
    room.beat(2.0)
    assert shown(room)[:2] == [7, 9]
    assert len(shown(room)) == 12
    assert room.window.vitals.panel._title.text() == "体征 12 / 12"


@pytest.mark.parametrize(("text", "count"), [("ctz", 2), ("大坪", 2), ("V0005", 1), ("zz没有", 0)])
def test_that_the_text_filter_takes_name_initials_and_code(vitals_room: Room, text: str, count: int) -> None:
    vitals_room.window.vitals.filters.text.setText(text)
    assert len(shown(vitals_room)) == count


def test_that_state_and_sector_filters_narrow_together(vitals_room: Room) -> None:
    room, filters = vitals_room, vitals_room.window.vitals.filters
    room.session.put({0: 60.0, 3: 60.0}, band={0: 2, 3: 2})
    room.beat()
    filters.choose_state("abnormal")
    assert sorted(shown(room)) == [0, 3]
    filters.sector.setCurrentIndex(filters.sector.findData("S2"))
    assert shown(room) == [3]
    filters.choose_state("4")
    assert shown(room) == []


def test_that_opening_a_filtered_vital_lifts_the_filters(vitals_room: Room) -> None:
    room = vitals_room
    room.window.vitals.filters.text.setText("V0005")
    room.window.vitals.open_vital(2)
    assert room.window.vitals.table.current_row() == 2
    assert len(shown(room)) == 12


def test_that_panning_holds_the_window_and_live_brings_it_back(vitals_room: Room) -> None:
    room, trend = vitals_room, vitals_room.window.vitals.trend
    room.beat()
    room.session.answer_windows((600, 8.0))
    trend.view.hold(1_000_000_000, 2_000_000_000)
    room.beat()
    assert trend.view.shown_window() == (1_000_000_000, 2_000_000_000)
    assert any(asked.from_ns <= 1_000_000_000 and asked.to_ns > 1_900_000_000 for asked in room.session.sent.windows)
    trend.actions_by_key["live"].click()
    room.beat()
    assert trend.view.shown_window()[1] >= room.session.clock.utc_ns()


def test_that_ages_are_written_so_that_they_sort_as_text(vitals_room: Room) -> None:
    room, table = vitals_room, vitals_room.window.vitals.table
    room.beat(3600.0)
    room.session.put({4: 1.0})
    room.beat(30.0)
    room.session.put({5: 1.0})
    room.beat()
    table.sort_by("age")
    assert shown(room)[:2] == [5, 4]
    ages = room.window.vitals._columns.data().cells["age"]
    assert str(ages[4]) == "00:00:31"


def test_that_f2_is_not_built_before_it_is_seen(desk_room: Room) -> None:
    assert desk_room.window.vitals._columns is None


def test_that_values_of_a_lost_ingest_keep_their_last_figure(desk_room: Room) -> None:
    room = desk_room
    room.session.hear(ingest=Reach.LOST)
    room.beat(5.0)
    record = room.window.cockpit.pinned._charts[0].view._record
    assert record.value == "10.00"
    assert record.age == "00:06 前"
    assert np.isfinite(room.session.state.value[0])


def test_that_another_version_of_the_catalogue_renames_what_is_on_screen_and_keeps_the_lines(vitals_room: Room) -> None:
    room, page = vitals_room, vitals_room.window.vitals
    page.open_vital(1)
    room.beat()
    room.session.answer_windows((600, 8.0), (300, 9.0))
    city = small_city(14, version=2)
    vitals = tuple(replace(vital, name="改名" if vital.number == 1 else vital.name) for vital in city.vitals)
    room.session.show_city(replace(city, vitals=vitals))
    room.beat()
    room.beat()
    assert page.trend.view.record.lines[0].name == "改名"
    assert len(page.trend._lines[1].series) >= 2
    assert page.panel._title.text() == "体征 14 / 14"
    room.window.show_page("F1")
    room.beat()
    assert room.window.cockpit.heat._title.text() == "全域体征 14"
    assert [chart.vital.name for chart in room.window.cockpit.pinned._charts][1] == "改名"


def test_that_a_tip_shows_an_imported_name_as_it_is_written() -> None:
    assert plain_tip("<b>寸滩</b>\nA&B") == "<qt>&lt;b&gt;寸滩&lt;/b&gt;<br>A&amp;B</qt>"
    assert plain_tip("") == ""


def test_that_ranges_and_panes_are_those_the_seat_keeps(room: Room, tmp_path: Path) -> None:
    own = Overlay(range_minutes=360, splits={"left": (500, 500)})
    kept = Preferences(vitals_range_minutes=1440, layouts={"duty_officer/peacetime": own})
    PreferenceFile(tmp_path, "A-03").write(kept)
    room.session.hear()
    room.session.show_city(small_city(12))
    room.session.enter("A-03")
    room.session.put(dict.fromkeys(range(12), 10.0))
    room.beat()
    asked = room.session.sent.windows[0]
    assert (asked.to_ns - asked.from_ns) // 1_000_000_000 == 360 * 60 + 2 * 5, "and two periods before it"
    assert room.window.cockpit.pinned.actions_by_key["360"].isChecked()
    assert room.window.vitals.trend.actions_by_key["1440"].isChecked()
    upper, lower = room.window.cockpit.panes.splits["left"].sizes()
    assert abs(upper - lower) < 40


def test_that_the_score_of_data_quality_and_its_parts_stand_behind_a_figure(desk_room: Room) -> None:
    """V6 可评价性: the score is told with what it is made of."""
    room = desk_room
    room.desk.select_vital(4)
    room.window.cockpit.take_frame()
    room.beat()
    figures = {"expected": np.array([100.0]), "present": np.array([90.0])}
    counts = {name: np.array([value], "<i8") for name, value in (("received", 90), ("late", 9), ("bad", 0))}
    told = {name: column.tobytes() for name, column in (figures | counts).items()}
    room.session.answer_ask("quality", QualityTold(from_ns=0, until_ns=1, vital=np.array([4], "<u4").tobytes(), **told))
    room.session.answer_ask("verdicts", Verdicts(rows=((4, 10, 5),)))
    room.beat()
    (line,) = [line for line in room.window.cockpit.explain._text._shown.lines if line.label == "可评价性"]
    assert "可用率 90%" in line.text
    assert "告警真实率 50%" in line.text


def test_that_escape_takes_the_crosshair_off_the_chart(vitals_room: Room) -> None:
    room, view = vitals_room, vitals_room.window.vitals.trend.view
    room.qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.cursor_ns is not None
    room.window._back()
    assert view.cursor_ns is None


def test_that_the_cards_down_the_tree_do_not_look_live_while_ingest_is_lost(desk_room: Room) -> None:
    room = desk_room
    cockpit = room.window.cockpit
    cockpit.open_node(room.desk.names.view.layer(NodeKind.SECTOR).nodes[0])
    room.beat()
    assert cockpit.descent._cards[0].record.presence is Presence.FRESH
    room.session.hear(ingest=Reach.LOST)
    room.beat(3.0)
    assert cockpit.descent._cards[0].record.presence is Presence.STALE
    assert cockpit.descent._cards[0].record.age

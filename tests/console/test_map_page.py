"""F5 at a console: what is on, where it looks, what is asked, drawn and erased, and how things stood, all by keys."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.maps.areas import warning_rings
from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.presets import PEACETIME, Show
from chengyun_console.warnings.page import WarningsPage
from chengyun_core.model.drawing import DrawingKind, Meaning
from chengyun_core.model.drawing_commands import EraseDrawing, PutDrawing
from chengyun_core.model.failure import Reason
from chengyun_core.model.warning import Affected, Polygon
from chengyun_core.wire.drawing_asks import AskPast, PastFacts
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.map_asks import AskReach, AskWithin, Found, Reach, ReachRing, Within
from chengyun_core.wire.survey_asks import AskDevicesWithin, DevicesWithin, KindCount
from chengyun_core.wire.warning_asks import AskWarning, WarningTold
from chengyun_widgets.mapping.layers import AreaLayer, MapItem, PointLayer, RingLayer, SketchLayer
from chengyun_widgets.mapping.view import Bounds, MapView
from tests.console import event_samples, map_scenes, mode_samples, scenes, warning_samples, warning_scenes
from tests.console.still_session import ALLOWED, S

RIGHTS = (*ALLOWED, "drawing.put", "drawing.erase", "event.note")


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests, at seat A-03 of the city, with layers and risk points."""
    folder: Path = tmp_path_factory.mktemp("map")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        made.session.enter(allowed=RIGHTS)
        map_scenes.show_map(made)
        yield made


@pytest.fixture
def page(at: scenes.Stand) -> Iterator[MapPanel]:
    """The map in front with nothing asked, drawn or locked."""
    at.window.show_page("F5")
    panel = map_scenes.page_of(at).map
    yield panel
    panel.canvas.lock_view(False)
    while panel.step_back():
        pass
    panel.toggles.back_to_mode()
    for number in range(1, len(at.session.sent.commands) + 1):
        at.session.command_ended.emit(f"command-{number}", Reply(id=f"command-{number}", outcome="done"))
    at.session.sent.commands.clear()
    at.beat()


def _key(at: scenes.Stand, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is: shortcuts of the window need a window that has it."""
    map_scenes.page_of(at).map.canvas.setFocus()
    at.press(key, modifiers)
    at.beat()


def _codes(panel: MapPanel) -> set[str]:
    return {layer.code for layer in panel.canvas.layers}


def test_that_peace_shows_base_alarms_events_and_risk_points_with_their_source(page: MapPanel) -> None:
    assert page.toggles.shows == PEACETIME
    assert {"layer:districts", "layer:rivers", Show.ALARMS, Show.EVENTS, Show.RISK_POINTS} <= _codes(page)
    assert "layer:pipes" not in _codes(page)
    assert "无审图号" in page.canvas._attribution
    assert "示意" in page.canvas._attribution


def test_that_digits_turn_layers_and_zero_gives_them_back_to_the_mode(at: scenes.Stand, page: MapPanel) -> None:
    _key(at, Qt.Key.Key_4)
    assert Show.RISK_POINTS not in page.toggles.shows
    assert Show.RISK_POINTS not in _codes(page)
    _key(at, Qt.Key.Key_3)
    assert Show.FORCES in _codes(page)
    spoken = {row.key: row.spoken for row in page.toggles.steps()}
    assert spoken["show:forces"].endswith("已显示"), "a box says nothing to who does not see it"
    assert spoken["show:risk_points"].endswith("未显示")
    _key(at, Qt.Key.Key_0)
    assert (page.toggles.shows, page.toggles.is_own) == (PEACETIME, False)


def test_that_a_preset_brings_its_layers_and_says_what_it_lacks(at: scenes.Stand, page: MapPanel) -> None:
    at.session.put_fact("mode_preset", "flood", replace(mode_samples.FLOOD, layers=("rivers", "mains", "hydrants")))
    page.show_preset("flood")
    at.beat()
    assert {"layer:pipes", "layer:rivers"} <= _codes(page)
    assert Show.FORCES in page.toggles.shows
    assert page.banner.isVisible()
    assert "消火栓" in page.banner.text()


def test_that_a_locked_view_is_moved_by_nothing_and_returns_where_it_was(at: scenes.Stand, page: MapPanel) -> None:
    before = page.canvas.view
    _key(at, Qt.Key.Key_L)
    _key(at, Qt.Key.Key_Left)
    page.look_at((0.5, 0.5), 6.0)
    assert page.canvas.view == before
    _key(at, Qt.Key.Key_L)
    page.look_at((0.5, 0.5), 6.0)
    assert page.canvas.view == MapView(0.5, 0.5, 6.0)
    _key(at, Qt.Key.Key_Z)
    assert page.canvas.view == before


def test_that_q_asks_what_and_who_is_around_and_tells_it_with_counts(at: scenes.Stand, page: MapPanel) -> None:
    _key(at, Qt.Key.Key_Q)
    _kind, within, _answer = at.session.sent.asks["map.within.F5"]
    _kind, devices, _answer = at.session.sent.asks["density.within.F5"]
    assert isinstance(within, AskWithin)
    assert isinstance(devices, AskDevicesWithin)
    assert (within.radius_m, devices.radius_m) == (5000.0, 5000.0)
    assert (round(within.longitude, 4), round(within.latitude, 4)) == (106.58, 29.58)
    found = Found(
        kind="unit", key="U-1", name="水上救援队", longitude=106.6, latitude=29.6, metres=2400.0, state="busy"
    )
    counts, unplaced = {"unit": 3, "risk_point": 36}, {"unit": 2}
    told = Within(found=(found,), counts=counts, people=1200, people_known=12, unplaced=unplaced)
    at.session.answer_ask("map.within.F5", told)
    at.session.answer_ask(
        "density.within.F5", DevicesWithin(kinds=(KindCount(kind="水位计", registered=412, online=400, alarming=1),))
    )
    at.beat()
    answer = page.inquiry.answer()
    assert answer is not None
    title, rows = answer
    words = "\n".join(f"{row.title} {row.detail} {row.status} {row.age}" for row in rows)
    assert title == "5.0 km 内"
    for word in ("1,200", "36", "处置力量 3", "另有 2 个没有坐标", "还有 2 个未列出", "2.4 km", "水位计", "412"):
        assert word in words, word
    assert any(isinstance(layer, RingLayer) and layer.code == "question" for layer in page.canvas.layers)
    _key(at, Qt.Key.Key_BracketRight)
    assert at.session.sent.asks["map.within.F5"][1].radius_m == 10_000.0  # type: ignore[attr-defined]
    _key(at, Qt.Key.Key_Escape)
    _key(at, Qt.Key.Key_Escape)
    assert page.inquiry.answer() is None, "a message is left first"


def test_that_a_polygon_of_keys_is_asked_about_and_a_refusal_is_told(at: scenes.Stand, page: MapPanel) -> None:
    _key(at, Qt.Key.Key_P)
    for way in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Down,
                Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Return):  # fmt: skip
        QTest.keyClick(page.canvas, way)
    ask = at.session.sent.asks["map.within.F5"][1]
    assert isinstance(ask, AskWithin)
    assert (len(ask.ring), ask.radius_m) == (3, 0.0)
    at.session.answer_ask(
        "map.within.F5", Reason(code="text.too_long", params={"field": "x", "length": "1", "most": "0"})
    )
    at.beat()
    answer = page.inquiry.answer()
    assert answer is not None
    assert answer[1][0].key == "told:fault"


def test_that_reach_without_roads_is_drawn_as_circles_and_called_straight(at: scenes.Stand, page: MapPanel) -> None:
    _key(at, Qt.Key.Key_E)
    ask = at.session.sent.asks["map.reach.F5"][1]
    assert isinstance(ask, AskReach)
    rings = tuple(ReachRing(minutes=minutes, radius_m=minutes * 500.0) for minutes in ask.minutes)
    at.session.answer_ask("map.reach.F5", Reach(by_roads=False, rings=rings))
    at.beat()
    answer = page.inquiry.answer()
    assert answer is not None
    assert "直线" in answer[1][0].title
    drawn = next(layer for layer in page.canvas.layers if isinstance(layer, RingLayer) and layer.code == "reach")
    assert drawn.radii_m == (2500.0, 5000.0, 7500.0)
    assert all("直线" in label for label in drawn.labels)


def test_that_an_area_is_drawn_by_keys_and_kept_with_its_meaning_and_words(at: scenes.Stand, page: MapPanel) -> None:
    _key(at, Qt.Key.Key_A)
    assert page.canvas.is_drawing
    for way in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space,
                Qt.Key.Key_Return):  # fmt: skip
        QTest.keyClick(page.canvas, way)
    line = page.draw_line
    assert line.isVisible()
    QTest.keyClick(line.line, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(line.line, "cordoned")
    QTest.keyClick(line.line, Qt.Key.Key_Return)
    sent = at.session.sent.commands[-1]
    assert isinstance(sent, PutDrawing)
    assert (sent.kind, sent.meaning, sent.text, sent.drawing) == (DrawingKind.AREA, Meaning.CORDON, "cordoned", 0)
    assert sent.event == at.desk.event_focus.number
    assert len(sent.places) == 3
    assert all(106.0 < longitude < 107.0 and 29.0 < latitude < 30.0 for longitude, latitude in sent.places)


def test_that_a_drawing_left_by_esc_sends_nothing(at: scenes.Stand, page: MapPanel) -> None:
    _key(at, Qt.Key.Key_T)
    QTest.keyClick(page.canvas, Qt.Key.Key_Space)
    QTest.keyClick(page.draw_line.line, Qt.Key.Key_Return)
    assert page.draw_line.isVisible(), "a note without words says nothing"
    QTest.keyClick(page.draw_line.line, Qt.Key.Key_Escape)
    assert (page.draw_line.isVisible(), at.session.sent.commands) == (False, [])


def test_that_the_chosen_drawing_is_erased_as_it_was_seen(at: scenes.Stand, page: MapPanel) -> None:
    sketches = next(layer for layer in page.canvas.layers if isinstance(layer, SketchLayer))
    assert "危险区：沿江低洼段" in sketches.sketches[0].text
    page.canvas.choose(MapItem(Show.DRAWINGS, "drawing:1"))
    _key(at, Qt.Key.Key_X)
    assert at.session.sent.commands[-1] == EraseDrawing(drawing=1, version=1)


def test_that_without_the_right_or_an_event_no_tool_is_taken(at: scenes.Stand, page: MapPanel) -> None:
    focus = at.desk.event_focus.number
    at.desk.event_focus.select(None)
    _key(at, Qt.Key.Key_A)
    assert not page.canvas.is_drawing
    at.desk.event_focus.select(focus)
    at.session.enter(allowed=ALLOWED)
    at.window.show_page("F5")
    _key(at, Qt.Key.Key_A)
    assert not page.canvas.is_drawing
    at.session.enter(allowed=RIGHTS)


def test_that_the_line_of_time_shows_what_the_journal_had_and_what_it_cannot(at: scenes.Stand, page: MapPanel) -> None:
    _key(at, Qt.Key.Key_S)
    assert page.slider.isVisible()
    QTest.keyClick(page.slider, Qt.Key.Key_Left)
    ask = at.session.sent.asks["past.facts.F5"][1]
    assert isinstance(ask, AskPast)
    assert 0 < at.desk.now_ns() - ask.at <= 120 * S
    at.beat()
    assert "正在读取" in page.banner.text()
    at.session.answer_ask("past.facts.F5", PastFacts(records=(), begins_at=ask.at - 3600 * S))
    for _ in range(20):
        QTest.qWait(10)
        at.beat()
    events = next(layer for layer in page.canvas.layers if isinstance(layer, PointLayer) and layer.code == Show.EVENTS)
    assert len(events.ids) == 0
    assert Show.DEVICES not in _codes(page)
    assert "未显示" in page.banner.text()
    QTest.keyClick(page.slider, Qt.Key.Key_End)
    at.beat()
    assert page.past.at_ns is None
    assert not page.banner.isVisible()


def test_that_m_on_an_event_leads_to_its_place_and_chooses_it(at: scenes.Stand, page: MapPanel) -> None:
    number = at.desk.event_focus.number
    at.window.show_page("F3")
    at.do("event.map")
    at.beat()
    assert at.window.stack.front == "F5"
    assert page.canvas.chosen == MapItem(Show.EVENTS, f"event:{number}")
    assert page.canvas.view.zoom == pytest.approx(13.5)
    assert page.pointing.card.told is not None
    assert "磁器口" in page.pointing.card.told.title


def test_that_m_on_an_alarm_without_a_place_shows_its_division_and_says_so(at: scenes.Stand, page: MapPanel) -> None:
    said: list[str] = []
    at.desk.message_came.connect(lambda text, _trouble: said.append(text))
    alarm = next(iter(at.session.facts.alarms.values()))
    at.window.show_page("F1")
    at.desk.select_alarm(alarm.number)
    at.do("alarm.map")
    at.beat()
    assert any("没有准确位置" in text or "不知道它在哪里" in text for text in said)


def test_that_a_place_is_found_by_a_part_of_its_name(at: scenes.Stand, page: MapPanel) -> None:
    field = map_scenes.page_of(at).side.search
    field.setFocus()
    QTest.keyClicks(field, "GS002")
    field.setText("渝中")
    at.beat()
    at.beat()
    finder = map_scenes.page_of(at).finder
    assert finder.list.isVisible()
    assert any("渝中" in row.title for row in finder.list.rows())
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not finder.list.isVisible()
    bounds = page.canvas.screen_now.bounds
    area = page.maps.store.shapes["districts"].bounds["500103"]
    assert bounds.holds(area)


def test_that_enter_on_a_mark_opens_it_where_it_is_dealt_with(at: scenes.Stand, page: MapPanel) -> None:
    number = at.desk.event_focus.number
    page.canvas.was_opened.emit(MapItem(Show.EVENTS, f"event:{number}"))
    assert at.window.stack.front == "F3"


def test_that_warnings_areas_lie_hatched_over_the_map(at: scenes.Stand, page: MapPanel) -> None:
    ring = ((106.5, 29.5), (106.6, 29.5), (106.6, 29.6), (106.5, 29.5))
    one = warning_samples.warning(area=Affected(polygons=(Polygon(ring=ring),), circles=((106.7, 29.7, 5.0),)))
    at.session.put_fact("warning", str(one.number), one)
    at.beat()
    layer = next(layer for layer in page.canvas.layers if isinstance(layer, AreaLayer) and layer.code == Show.WARNINGS)
    assert [area.is_hatched for area in layer.areas] == [True, True]
    assert {(area.id, area.severity) for area in layer.areas} == {(f"warning:{one.number}", int(one.colour))}
    assert [area.label for area in layer.areas if area.label] == ["暴雨红色预警"], "named once"
    at.session.drop_fact("warning", str(one.number))


def test_that_t_on_a_warning_shows_its_area_and_who_and_what_lies_in_it(at: scenes.Stand, page: MapPanel) -> None:
    warning_scenes.put(at)
    told = warning_samples.told()
    _to_the_map(at, told.warning.number)
    assert at.window.stack.front == "F5"
    ring = warning_rings(told.warning)[0]
    corners = Bounds(*map(min, zip(*ring, strict=True)), *map(max, zip(*ring, strict=True)))
    assert page.canvas.screen_now.bounds.holds(corners)
    within, devices = (at.session.sent.asks[f"{kind}.F5"][1] for kind in ("map.within", "density.within"))
    assert isinstance(within, AskWithin)
    assert isinstance(devices, AskDevicesWithin)
    assert (within.warning, within.ring, len(devices.ring)) == (7, (), len(warning_samples.RING))
    at.session.answer_ask("warning.get.F5", told)
    at.session.answer_ask("map.within.F5", Within(counts={"risk_point": 23, "unit": 4}, area_km2=512.34))
    at.beat()
    answer = page.inquiry.answer()
    assert answer is not None
    assert answer[0] == "暴雨红色预警范围 512.3 km²"
    words = "\n".join(f"{row.title} {row.detail} {row.status}" for row in answer[1])
    persons = ("渝中 张明（区应急局） 风险点 14", "沙坪坝 未登记责任人 风险点 9")
    for word in ("风险点 23，责任人 1 人，涉及 2 处", *persons, "处置力量 4"):
        assert word in words, word
    assert not any(layer.code == "question" for layer in page.canvas.layers), "its own outline is there already"
    assert not page.pointing.card.isVisible(), "it would lie over what is inside"
    _key(at, Qt.Key.Key_Escape)
    assert page.inquiry.answer() is None


def test_that_a_map_led_to_before_it_was_ever_seen_has_what_the_mode_has(at: scenes.Stand) -> None:
    fresh = MapPanel(at.desk, "fresh")
    fresh.toggles.show(Show.WARNINGS)
    assert (fresh.toggles.shows, fresh.toggles.is_own) == (PEACETIME, False)
    fresh.toggles.show(Show.CAMERAS)
    assert fresh.toggles.shows == PEACETIME | {Show.CAMERAS}
    fresh.deleteLater()


def test_that_several_outlines_are_shown_whole_and_asked_about_as_one(at: scenes.Stand, page: MapPanel) -> None:
    two = Affected(polygons=(Polygon(ring=warning_samples.RING),), circles=((107.4, 29.9, 5.0),))
    at.session.put_fact("warning", "9", warning_samples.warning(9, area=two))
    _to_the_map(at, 9)
    assert at.session.sent.asks["map.within.F5"][1] == AskWithin(warning=9)
    assert "density.within.F5" not in at.session.sent.asks, "devices are counted within one outline"
    bounds = page.canvas.screen_now.bounds
    assert all(bounds.holds(Bounds(x, y, x, y)) for ring in warning_rings(warning_samples.warning(9, area=two))
               for x, y in ring)  # fmt: skip
    at.session.drop_fact("warning", "9")


def test_that_a_warning_of_names_alone_shows_its_divisions_and_says_so(at: scenes.Stand, page: MapPanel) -> None:
    said: list[str] = []
    at.desk.message_came.connect(lambda text, _trouble: said.append(text))
    named = warning_samples.warning(10, area=Affected(text="渝中区", centres=("500103",)))
    at.session.put_fact("warning", "10", named)
    _to_the_map(at, 10)
    assert said[-1] == "这条预警没有画出范围，显示的是它写明的区划。"
    assert page.canvas.screen_now.bounds.holds(page.maps.store.shapes["districts"].bounds["500103"])
    assert at.session.sent.asks["warning.get.F5"][1] == AskWarning(warning=10)
    assert "map.within.F5" not in at.session.sent.asks
    refused = Reason(code="warning.unknown", params={"warning": "10"})
    at.session.answer_ask("warning.get.F5", refused)
    at.beat()
    answer = page.inquiry.answer()
    assert answer is not None
    assert [row.key for row in answer[1]] == ["told:fault"]
    at.session.drop_fact("warning", "10")


def _to_the_map(at: scenes.Stand, number: int) -> None:
    """Press T on the page of warnings with a warning in focus, nothing asked before."""
    for slot in ("map.within.F5", "density.within.F5", "warning.get.F5"):
        at.session.sent.asks.pop(slot, None)
    at.do("page.warnings")
    at.beat()
    page = at.window.stack.of(WarningsPage)
    page.show_warning(number)
    one = at.session.facts.warned.warnings[number]
    at.session.answer_ask("warnings.get", WarningTold(warning=one))
    at.beat()
    page.list.list.setFocus()
    at.press(Qt.Key.Key_T, Qt.KeyboardModifier.NoModifier)
    at.beat()


def test_that_a_map_without_any_base_still_shows_what_happens(qapp: QApplication, tmp_path: Path) -> None:
    with scenes.stand(tmp_path, scenes.Look()) as bare:
        scenes.seat(bare)
        event_samples.show_events(bare, page="F5")
        panel = map_scenes.bring(bare, layers=False).map
        assert "没有底图" in panel.canvas._attribution
        assert Show.EVENTS in _codes(panel)

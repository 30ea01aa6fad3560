"""What explains the cockpit's figures: health to its sources, a KPI in four tabs, whom to call, and the focus."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from chengyun_console.paper.panes import printed_of
from chengyun_console.wording.calls import call_rows
from chengyun_console.wording.kpi import KpiWords
from chengyun_core.mirror.scope import Scope, ScopeKind
from chengyun_core.mirror.tree import NodeKind
from chengyun_core.model.alarm_records import AlarmComment
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.command import CommentAlarm
from chengyun_core.model.scales import WarningColour
from chengyun_widgets.fact_list import FactList
from tests.console.conftest import Room
from tests.console.event_samples import event, order, put_events, receipts
from tests.console.still_session import ALLOWED, START_NS, alarm


def press(room: Room, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(room.window.focusWidget() or room.window, key, modifier)
    room.beat()


def rows_of(shown: FactList) -> list[tuple[str, str, str]]:
    rows = [shown._facts.row_at(at) for at in range(shown._facts.rowCount())]
    return [(row.key, row.title, row.status) for row in rows if row is not None]


def reddened(room: Room) -> Room:
    room.session.put({0: 120.0, 1: 130.0, 3: 60.0}, band={0: 4, 1: 4, 3: 2})
    room.session.put_alarms(alarm(1, 0), alarm(2, 1), alarm(3, 3, WarningColour.YELLOW))
    room.beat()
    return room


def test_that_w_on_a_sector_explains_its_health_to_tracks_vitals_and_kpis(desk_room: Room) -> None:
    room = reddened(desk_room)
    room.window.cockpit.sectors._widgets[0].setFocus()
    press(room, Qt.Key.Key_W)
    sheet = room.window.drills.health
    assert sheet.isVisible()
    keys = [key for key, *_ in rows_of(sheet.list)]
    assert keys[:4] == ["head:track", "node:T1", "node:T2", "head:vitals"]
    assert {"vital:0", "vital:1", "kpi:K2"} <= set(keys)
    assert "60" in sheet._sum.text()
    lost = [float(status.split()[0].lstrip("−")) for key, _, status in rows_of(sheet.list) if key.startswith("node:")
            and status.startswith("−")]  # fmt: skip
    shown = float(room.window.cockpit.sectors._widgets[0]._record.figure)
    assert sum(lost) == pytest.approx(100 - shown, abs=0.6)


def test_that_each_line_of_a_health_leads_to_its_source_and_backspace_goes_up(desk_room: Room) -> None:
    room = reddened(desk_room)
    sheet = room.window.drills.health
    room.window.drills.open_health(room.desk.names.view.sectors()[0])
    sheet.list.select("node:T1")
    press(room, Qt.Key.Key_Return)
    assert sheet.node is not None
    assert sheet.node.code == "T1"
    press(room, Qt.Key.Key_Backspace)
    assert sheet.node.code == "S1"
    sheet.list.select("vital:1")
    press(room, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    assert room.desk.vital == 1
    assert room.window.cockpit.descent.node.code == "ST2"
    assert room.window.cockpit.descent._vitals.current_key() == "vital:1"


def test_that_a_click_on_the_figure_of_a_card_asks_for_its_health_and_beside_it_goes_down(desk_room: Room) -> None:
    room = desk_room
    card = room.window.cockpit.sectors._widgets[0]
    card.grab()
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.figure_rect().center().toPoint())
    assert room.window.drills.health.isVisible()
    assert room.window.cockpit.descent.node is None
    press(room, Qt.Key.Key_Escape)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().center())
    assert room.window.cockpit.descent.node is not None


def test_that_a_vital_that_is_not_of_now_is_told_in_the_health_of_its_node(desk_room: Room) -> None:
    room = desk_room
    room.beat(60.0)
    room.window.drills.open_health(room.desk.names.view.sectors()[0])
    room.beat()
    titles = {key: title for key, title, _ in rows_of(room.window.drills.health.list)}
    assert "9" in titles["head:silent"]


def test_that_enter_on_a_kpi_opens_four_tabs_turned_by_digits_and_arrows(desk_room: Room) -> None:
    room = reddened(desk_room)
    cockpit, sheet = room.window.cockpit, room.window.drills.kpi
    cockpit.open_node(room.desk.names.view.layer(NodeKind.SUBTRACK).node("ST2"))
    cockpit.descent._kpis.setFocus()
    cockpit.descent._kpis.select("kpi:K2")
    press(room, Qt.Key.Key_Return)
    assert sheet.isVisible()
    seen = []
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_Right, Qt.Key.Key_Left):
        press(room, key)
        seen.append(sheet.tab)
    assert seen == ["decisions", "risks", "results", "process", "decisions", "process"]
    press(room, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_that_the_risks_of_a_kpi_are_its_subtracks_alarms_and_vitals_and_lead_to_them(desk_room: Room) -> None:
    room = reddened(desk_room)
    k2 = room.desk.names.view.catalogue.kpis[1]
    words = KpiWords(room.desk, k2)
    assert [alarm.number for alarm in words.alarms()] == [2]
    room.window.drills.kpi.tab = "risks"
    room.window.drills.open_kpi("K2")
    keys = [key for key, *_ in rows_of(room.window.drills.kpi.risks)]
    assert keys == ["head:alarms", "alarm:2", "head:abnormal", "vital:1"]
    room.window.drills.kpi.risks.select("alarm:2")
    press(room, Qt.Key.Key_Return)
    assert room.desk.alarm().number == 2
    assert not room.window.drills.kpi.isVisible()


def test_that_a_kpi_without_a_plan_says_so_and_nothing_is_made_up_of_orders(desk_room: Room) -> None:
    room = reddened(desk_room)
    words = KpiWords(room.desk, room.desk.names.view.catalogue.kpis[1])
    assert "无计划线" in words.headline()
    assert words.chart().plan is None
    assert words.chart().points == ()
    told = [line.text for section in (*words.decisions(), *words.process()) for line in section.lines]
    assert "没有针对本指标在办事件的指令。" in told
    assert "没有正在执行的实施步骤。" in told


def test_that_a_kpi_tells_the_events_of_its_alarms_with_orders_and_nobody_elses(desk_room: Room) -> None:
    room = reddened(desk_room)
    words = KpiWords(room.desk, room.desk.names.view.catalogue.kpis[1])
    put_events(room.session, event(41, title="栈桥被淹", alarms=(2,)), event(7, title="别处", alarms=(1,)))
    room.session.put_fact("order", "17", order())
    for receipt in receipts():
        room.session.put_fact("receipt", f"{receipt.order}.{receipt.place}", receipt)
    told = " ".join(line.text for section in (*words.results(), *words.decisions()) for line in section.lines)
    assert "事〔2026〕000041 · 栈桥被淹 · 未定级 · 接报" in told
    assert "令〔2026〕000017 · 转移磁器口沿线群众 · U-02 · 已发 · 签收 超 06:" in told
    assert "别处" not in told


def test_that_the_process_of_a_kpi_tells_what_officers_did_and_said_on_its_alarms(desk_room: Room) -> None:
    room = reddened(desk_room)
    room.session.put_fact(
        "comment", "1", AlarmComment(number=1, alarm=2, at=START_NS, account="li", seat="A-03", text="已派人")
    )
    words = KpiWords(room.desk, room.desk.names.view.catalogue.kpis[1])
    told = [line.text for section in words.process() for line in section.lines]
    assert any("已派人" in text for text in told)
    assert any("触发" in text for text in told)


def test_that_whom_to_call_begins_with_the_owner_and_goes_up_the_tree(desk_room: Room) -> None:
    room = desk_room
    rows = call_rows(room.desk, 2)
    assert [row.key for row in rows] == [
        "head:first",
        "post:500000.track_owner.1",
        "head:above",
        "post:500000.track_owner.2",
    ]
    assert rows[1].status == "000-0000-0001"
    assert rows[1].badges == ()
    session = SessionRecord(seat="A-07", account="wang", name="王工", posts=("500000.track_owner.1",), since=START_NS)
    room.session.put_fact("session", "A-07", session)
    assert call_rows(room.desk, 2)[1].badges == ("在席 A-07",)
    sector = room.desk.names.view.sectors()[0]
    assert [row.key for row in call_rows(room.desk, sector)] == [
        "head:tracks", "post:500000.track_owner.1", "post:500000.track_owner.2",
    ]  # fmt: skip


def test_that_h_opens_the_card_ctrl_c_copies_the_number_and_a_call_is_noted_on_the_alarm(desk_room: Room) -> None:
    room = reddened(desk_room)
    room.session.enter(allowed=(*ALLOWED, "alarm.comment"))
    room.desk.select_alarm(2)
    room.window.cockpit.alarms.focus_list()
    press(room, Qt.Key.Key_H)
    card = room.window.drills.call
    assert card.isVisible()
    press(room, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "000-0000-0001"
    card.noting.click()
    sent = room.session.sent.commands[-1]
    assert isinstance(sent, CommentAlarm)
    assert sent.alarm == 2
    assert "防汛跑道长" in sent.text
    press(room, Qt.Key.Key_H)
    assert not card.isVisible()


def test_that_a_post_without_a_number_copies_nothing_and_says_so(desk_room: Room) -> None:
    room = desk_room
    QGuiApplication.clipboard().setText("before")
    told: list[tuple[str, bool]] = []
    room.desk.message_came.connect(lambda text, bad: told.append((text, bad)))
    room.window.drills.call.open_for(room.desk.names.view.layer(NodeKind.TRACK).node("T2"), None, room.window.rect())
    press(room, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "before"
    assert told[-1][1]


def test_that_f_asks_narrows_every_pane_and_esc_shows_everything_again(desk_room: Room) -> None:
    room = reddened(desk_room)
    cockpit = room.window.cockpit
    room.desk.select_alarm(2)
    cockpit.alarms.focus_list()
    press(room, Qt.Key.Key_F)
    assert room.window.chooser.isVisible()
    press(room, Qt.Key.Key_1)
    assert room.desk.scope.scope == Scope(kind=ScopeKind.SECTOR, code="S1")
    assert {key for key, *_ in rows_of(cockpit.alarms._list)} == {"1", "2"}
    assert cockpit.alarms._title.text() == "告警 · 筛选外 1（红 0）"
    assert cockpit.heat._title.text() == "全域体征 9"
    assert cockpit.sectors._widgets[1]._record.notice == "筛选外"
    assert len(room.session.facts.board.alarms) == 3
    room.window.show_page("F2")
    room.beat()
    assert 3 not in room.window.vitals.table.rows.order
    press(room, Qt.Key.Key_Escape)
    assert room.desk.scope.scope is None
    room.beat()
    assert 3 in room.window.vitals.table.rows.order


def test_that_a_sheet_is_handed_on_to_another_window_with_what_it_is_about(desk_room: Room) -> None:
    room = reddened(desk_room)
    drills, node = room.window.drills, room.desk.names.view.sectors()[0]
    drills.open_health(node)
    health = drills.health.carried()
    drills.open_kpi("K2")
    drills.kpi.show_tab("process")
    kpi = drills.kpi.carried()
    drills.call.open_for(1, None, room.window.rect())
    call = drills.call.carried()
    drills.hide()
    assert [sheet.carried() for sheet in drills.overlays] == [None, None, None]
    for sheet, kept in ((drills.health, health), (drills.kpi, kpi), (drills.call, call)):
        sheet.take_carried(kept)
        assert sheet.isVisible()
    assert drills.health.node == node
    assert (drills.kpi.kpi.code, drills.kpi.tab) == ("K2", "process")
    assert rows_of(drills.call.list)


def test_that_a_long_list_of_vitals_says_how_many_it_leaves_to_f2(
    desk_room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, descent = reddened(desk_room), desk_room.window.cockpit.descent
    monkeypatch.setattr("chengyun_console.pages.cockpit.node_rows.MOST_ROWS", 2)
    room.window.cockpit.open_node(room.desk.names.view.layer(NodeKind.TRACK).node("T1"))
    room.beat()
    assert [key for key, *_ in rows_of(descent._vitals)] == ["vital:0", "vital:1"]
    assert "6" in descent._vital_head.text()
    assert "2" in descent._vital_head.text()


def test_that_paper_follows_the_focus_and_says_so(desk_room: Room) -> None:
    room = reddened(desk_room)
    room.desk.scope.choose(Scope(kind=ScopeKind.SECTOR, code="S2"), room.session.facts)
    room.beat()
    printed = printed_of(room.window.cockpit.alarms, room.desk)
    assert printed.filter.startswith("聚焦：设施运行")
    assert len(list(printed.blocks[0].rows)) == 1
    heat = printed_of(room.window.cockpit.heat, room.desk)
    assert sum(len(group.severity) for group in heat.blocks[0].groups) == 3
    assert "聚焦" not in printed_of(room.window.unfolded, room.desk).filter


def test_that_a_focus_shows_its_own_charts_and_gives_the_pins_back(desk_room: Room) -> None:
    room = reddened(desk_room)
    pinned = room.window.cockpit.pinned
    before = [chart.vital.number for chart in pinned._charts]
    room.desk.scope.choose(Scope(kind=ScopeKind.SUBTRACK, code="ST2"), room.session.facts)
    assert [chart.vital.number for chart in pinned._charts] == [1, 5, 9]
    room.desk.scope.choose(Scope(kind=ScopeKind.SECTOR, code="S2"), room.session.facts)
    assert [chart.vital.number for chart in pinned._charts] == [3, 7, 11]
    room.desk.scope.clear()
    assert [chart.vital.number for chart in pinned._charts] == before


def test_that_the_next_unacknowledged_alarm_outside_the_focus_ends_it_with_a_word(desk_room: Room) -> None:
    room = reddened(desk_room)
    room.desk.scope.choose(Scope(kind=ScopeKind.SECTOR, code="S2"), room.session.facts)
    room.beat()
    assert [key for key, *_ in rows_of(room.window.cockpit.alarms._list)] == ["3"]
    press(room, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert room.desk.scope.scope is None
    assert room.window.message.isVisible()


def test_that_typing_in_the_heat_grid_lights_hits_and_enter_explains_them_in_turn(desk_room: Room) -> None:
    room = desk_room
    heat = room.window.cockpit.heat
    press(room, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert heat.field.isVisible()
    QTest.keyClicks(heat.field, "ctz")
    assert heat.grid._marked is not None
    assert set(heat.grid._marked.nonzero()[0].tolist()) == {0, 6}
    press(room, Qt.Key.Key_Return)
    first = room.desk.vital
    press(room, Qt.Key.Key_Return)
    assert {first, room.desk.vital} == {0, 6}
    assert "寸滩站" in heat.tip(0)
    heat.close_search()
    assert heat.grid._marked is None

"""P on an event: P, Enter, Ctrl+Enter starts the plan bound to the place and sends its orders (WF2)."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.actions.table import BY_ID
from chengyun_console.shell.alarm_card import deeds_for
from chengyun_console.shell.plan_sheet import PlanSheet
from chengyun_console.shell.search_commands import Commands
from chengyun_console.shell.search_finds import Finds
from chengyun_core.model import command
from chengyun_core.model.catalogue import Guidance
from chengyun_core.model.event import EventState
from chengyun_core.model.event_commands import EditEvent
from chengyun_core.model.plan_commands import SendPlanOrders, StartPlan
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.plan_asks import AskDrafts, AskMatch, AskPlans, AskTry
from tests.console.conftest import Room
from tests.console.still_session import alarm
from tests.support import plan_samples as samples
from tests.support.small_city import small_city

NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(room.window.focusWidget(), key, modifiers)
    QApplication.processEvents()


def done(room: Room, **fields: str) -> None:
    """Answer the command sent last."""
    sent = f"command-{len(room.session.sent.commands)}"
    body = codec.pack(Done(change=42, **fields))  # type: ignore[arg-type]
    room.session.command_ended.emit(sent, Reply(id=sent, outcome="done", body=body))


@pytest.fixture
def events(desk_room: Room) -> Room:
    """The page whose letters mean events in front, an event in focus."""
    room = desk_room
    room.session.enter(allowed=tuple(command.KIND_OF.values()))
    room.session.show_city(samples.dressed(small_city(12)))
    room.session.put_fact("event", "123", samples.EVENT)
    room.desk.event_focus.select(123)
    room.window.show_page("F3")
    room.window.stack.currentWidget().setFocus()
    room.beat()
    return room


@pytest.fixture
def opened(events: Room) -> Room:
    """P pressed, the plans that fit told."""
    press(events, Qt.Key.Key_P)
    assert events.session.sent.asks["plans.match"][1] == AskMatch(event=123)
    events.session.answer_ask("plans.match", samples.matches())
    return events


def sheet_of(room: Room) -> PlanSheet:
    return room.window.plan_desk.sheet


def started(room: Room, missing: str = "") -> None:
    """Enter, and what the centre answers."""
    press(room, Qt.Key.Key_Return)
    room.session.put_fact("plan_run", "7", samples.run())
    done(room, key="7")
    assert room.session.sent.asks["plans.drafts"][1] == AskDrafts(run=7)
    room.session.answer_ask("plans.drafts", samples.drafts(missing=missing or "nothing"))


def told(room: Room) -> str:
    return "\n".join(
        f"{line.label}|{line.text}" for section in sheet_of(room).chooser.sheet.text.sections for line in section.lines
    )


def test_that_three_keys_start_the_plan_of_the_place_and_send_all_its_orders(opened: Room) -> None:
    started(opened)
    press(opened, Qt.Key.Key_Return, CTRL)
    start, orders = opened.session.sent.commands
    assert start == StartPlan(event=123, template=samples.BURST, edition=1, risk_point=samples.POINT)
    assert isinstance(orders, SendPlanOrders)
    assert [draft.recipients[0].code for draft in orders.drafts] == ["SW-QX1", "JJ-SQ", "JX-YZ", "XF-SQ", "GR-JX"]
    done(opened, key="7")
    assert sheet_of(opened).isHidden()


def test_that_plans_are_ranked_with_reasons_the_deciding_row_and_whom_they_call(opened: Room) -> None:
    rows = sheet_of(opened).chooser.list.rows()
    assert rows[0].title == "城市供水爆管处置 · 上清寺街道嘉西村DN400供水管"
    assert sheet_of(opened).chooser.list.current_key() == rows[0].key
    assert any("对应事项 供水管漏水，事件为 供水爆管" in row.detail for row in rows)
    assert opened.session.sent.asks["plans.match_try"][1] == AskTry(
        event=123, template=samples.BURST, edition=1, risk_point=samples.POINT
    )
    opened.session.answer_ask("plans.match_try", samples.tried())
    text = told(opened)
    assert "T1|管径(毫米) < 500 — 由此条判定" in text
    assert "绑定在本风险点" in text
    assert "没有单位具备“管线保护”能力" in text


def test_that_another_tier_than_the_tables_needs_a_reason(opened: Room) -> None:
    chooser = sheet_of(opened).chooser
    chooser.tier.setCurrentIndex(chooser.tier.findData("T2"))
    chooser.list.setFocus()
    press(opened, Qt.Key.Key_Return)
    assert opened.session.sent.commands == []
    assert "写明理由" in sheet_of(opened).status.text()
    chooser.reason.setText("漏水量大")
    press(opened, Qt.Key.Key_Return)
    assert opened.session.sent.commands == [
        StartPlan(event=123, template=samples.BURST, edition=1, risk_point=samples.POINT, tier="T2", reason="漏水量大")
    ]


def test_that_a_missing_measure_is_told_and_can_be_given_on_the_spot(events: Room) -> None:
    bare = replace(samples.EVENT, attributes={}, risk_point="")
    found = samples.matches(bare)
    unbound = replace(found, matches=tuple(one for one in found.matches if not one.risk_point))
    press(events, Qt.Key.Key_P)
    events.session.answer_ask("plans.match", unbound)
    assert "缺 管径(毫米)" in told(events)
    press(events, Qt.Key.Key_M, ALT)
    sheet_of(events).ask_line.line.setText("600")
    press(events, Qt.Key.Key_Return)
    assert events.session.sent.commands == [EditEvent(event=123, version=1, attributes={"diameter_mm": "600"})]
    events.session.sent.asks.clear()
    done(events, key="123")
    assert "plans.match" in events.session.sent.asks


def test_that_a_step_nobody_can_do_is_shown_and_left_out_until_somebody_is_chosen(opened: Room) -> None:
    started(opened, missing="pipeline.protect")
    row = sheet_of(opened).review.list.rows()[2]
    assert (row.status, row.detail) == ("无人可派", "没有单位具备“管线保护”能力")
    press(opened, Qt.Key.Key_Return, CTRL)
    orders = opened.session.sent.commands[-1]
    assert isinstance(orders, SendPlanOrders)
    assert [draft.plan_step for draft in orders.drafts] == ["QIANGXIU", "SHUDAO", "SONGSHUI", "GAOZHI"]


def test_that_orders_are_left_out_reworded_and_given_to_another_unit(opened: Room) -> None:
    started(opened)
    review = sheet_of(opened).review
    press(opened, Qt.Key.Key_Down)
    press(opened, Qt.Key.Key_Space)
    review.list.select("QIANGXIU")
    review.unit.setCurrentIndex(review.unit.findData("SW-QX2"))
    review.text.setPlainText("先关阀，再抢修")
    assert "已改" in review.list.rows()[0].badges
    assert "原文：到上清寺街道嘉西村关阀止水" in review.was.text()
    press(opened, Qt.Key.Key_Return, CTRL)
    orders = opened.session.sent.commands[-1]
    assert isinstance(orders, SendPlanOrders)
    assert "SHUDAO" not in [draft.plan_step for draft in orders.drafts]
    assert orders.drafts[0].text == "先关阀，再抢修"
    assert orders.drafts[0].recipients[0].code == "SW-QX2"


def test_that_what_was_edited_is_there_after_esc_and_another_window(opened: Room) -> None:
    started(opened)
    sheet_of(opened).review.text.setPlainText("先关阀")
    sheet_of(opened).review.list.setFocus()
    press(opened, Qt.Key.Key_Escape)
    assert sheet_of(opened).isHidden()
    opened.window.plan_desk.review(7)
    opened.session.answer_ask("plans.drafts", samples.drafts(missing="nothing"))
    assert sheet_of(opened).review.edits[0].text == "先关阀"


def test_that_a_refusal_is_told_in_the_sheet_and_the_orders_are_asked_anew_with_the_edits(opened: Room) -> None:
    started(opened)
    sheet_of(opened).review.text.setPlainText("先关阀")
    press(opened, Qt.Key.Key_Return, CTRL)
    opened.session.end_command(outcome="refused", code="plan.ended", run="7", state="stopped")
    assert "运行 7 已结束" in sheet_of(opened).status.text()
    opened.session.answer_ask("plans.drafts", replace(samples.drafts(missing="nothing"), version=2))
    press(opened, Qt.Key.Key_Return, CTRL)
    orders = opened.session.sent.commands[-1]
    assert isinstance(orders, SendPlanOrders)
    assert (orders.version, orders.drafts[0].text) == (2, "先关阀")


def test_that_a_plan_that_runs_leads_to_its_orders_instead_of_being_started_again(events: Room) -> None:
    events.session.put_fact("plan_run", "7", samples.run())
    press(events, Qt.Key.Key_P)
    events.session.answer_ask("plans.match", samples.matches())
    press(events, Qt.Key.Key_Return)
    assert events.session.sent.commands == []
    assert events.session.sent.asks["plans.drafts"][1] == AskDrafts(run=7)


def test_that_an_ended_event_gets_no_plan_and_says_why(events: Room) -> None:
    events.desk.event_focus.select(124, replace(samples.EVENT, number=124, state=EventState.CLOSED))
    events.window.plan_desk.choose()
    assert sheet_of(events).isHidden()
    message = events.window.message.message
    assert message is not None
    assert "已结束" in message.text


def test_that_the_plan_an_alarms_guidance_names_is_looked_for_from_its_card(desk_room: Room) -> None:
    room = desk_room
    city = small_city(12)
    named = Guidance(about="ST1", meaning="水位超限", action="撤离", plan="城市供水爆管处置")
    room.session.show_city(samples.dressed(replace(city, guidance=(named,))))
    room.session.put_alarms(alarm(1, 0), alarm(2, 1))
    room.desk.select_alarm(2)
    assert "plan.open_guided" not in [action.id for action in deeds_for(room.desk)]
    room.desk.select_alarm(1)
    assert "plan.open_guided" in [action.id for action in deeds_for(room.desk)]
    room.window.do((BY_ID["plan.open_guided"],))
    assert room.window.page == "F7"
    assert room.session.sent.asks["plans.page"][1] == AskPlans(words="城市供水爆管处置", limit=100)


def test_that_the_command_bar_looks_for_plans(events: Room) -> None:
    events.window.command_bar.open()
    found = Commands(events.desk, Finds(events.desk)).found("/plan 嘉西村")
    assert found is not None
    assert [(one.row.key, one.row.title) for one in found] == [("do:plan:嘉西村", "在预案库查“嘉西村”")]
    events.window.command_bar.take("do:plan:嘉西村")
    assert events.window.page == "F7"
    assert events.session.sent.asks["plans.page"][1] == AskPlans(words="嘉西村", limit=100)

"""The pane of a running plan: steps as they stand, ahead or behind, and what an officer does with them (P4)."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.pages.plans.page import PlansPage
from chengyun_console.pages.plans.runner import RunnerPane
from chengyun_core.model import command
from chengyun_core.model import plan_run_rules as rules
from chengyun_core.model.plan import PlanRun
from chengyun_core.model.plan_commands import EndStep, RaiseTier, RedlineStep, SkipStep, StopPlan
from chengyun_core.model.plan_pace import pace
from chengyun_core.model.plan_tiers import decide
from chengyun_core.wire.plan_asks import AskDrafts, AskRun, Runs, RunTold
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.step_list import Sign, StepRow
from tests.console.conftest import Room
from tests.console.still_session import START_NS, S
from tests.support import plan_samples as samples
from tests.support.small_city import small_city

ALT = Qt.KeyboardModifier.AltModifier


def busy(began_ns: int = START_NS) -> PlanRun:
    """Return the plan with two steps over, two ordered."""
    run = rules.ordered(samples.run(began_ns=began_ns), {"QIANGXIU": 1, "SHUDAO": 2})
    run = rules.done(run, "SHUDAO", at_ns=START_NS, by="receipt:2.1")
    values = {"V0003": "0.08 MPa（14:20:01）"}
    run = rules.done(run, "GAOZHI", at_ns=START_NS, by="officer", values=values, note="已逐户通知")
    return replace(run, watches=("V0003",), rules_met=(0,))


@pytest.fixture
def running(desk_room: Room) -> Room:
    """F7 with the run in focus and the edition told."""
    room = desk_room
    room.session.enter(allowed=tuple(command.KIND_OF.values()))
    room.session.show_city(samples.dressed(small_city(12)))
    room.session.put_fact("event", "123", samples.EVENT)
    room.session.put_fact("plan_run", "7", busy())
    room.window.show_page("F7")
    room.beat()
    page = room.window.stack.of(PlansPage)
    page.library.list.select("r:7")
    slot = next(slot for slot in room.session.sent.asks if slot.startswith("plans.edition"))
    room.session.answer_ask(slot, samples.told())
    room.beat()
    page.runner.list.setFocus()
    return room


def pane(room: Room) -> RunnerPane:
    return room.window.stack.of(PlansPage).runner


def rows(room: Room) -> dict[str, StepRow]:
    return {row.key: row for row in pane(room).list.rows() if isinstance(row, StepRow)}


def press(room: Room, key: Qt.Key) -> None:
    QTest.keyClick(room.window.focusWidget(), key, ALT)
    QApplication.processEvents()


def answer(room: Room, text: str) -> None:
    pane(room).ask_line.line.setText(text)
    QTest.keyClick(pane(room).ask_line.line, Qt.Key.Key_Return)


def test_that_each_step_tells_by_its_sign_how_it_stands_and_what_ended_it(running: Room) -> None:
    told = rows(running)
    signs = [row.sign for row in told.values()]
    assert signs[:6] == [Sign.RUNNING, Sign.DONE, Sign.READY, Sign.READY, Sign.DONE, Sign.WAITING]
    assert told["SHUDAO"].detail == "回执 2.1 到位，自动完成"
    assert told["GAOZHI"].detail == "由 officer 确认完成 · 已逐户通知 · 主城供水 总压 0.08 MPa（14:20:01）"
    assert told["QIANGXIU"].title == "1  到上清寺街道嘉西村关阀止水并抢修管道，管径400毫米"


def test_that_a_late_step_is_red_and_the_run_says_how_far_it_is_behind(running: Room) -> None:
    running.session.put_fact("plan_run", "7", busy(START_NS - 2400 * S), version=9)
    running.beat()
    row = rows(running)["GUANXIAN"]
    assert row.status.startswith("超时 10:")
    assert row.status_colour is Colour.RED_TEXT
    assert pane(running).standing.text() == "按计划进行 · 预计 20:12 结束 · 1 步超时"
    running.beat(4 * 3600.0)
    assert pane(running).standing.text().startswith("落后 100 分钟 · 预计 21:52 结束")


def test_that_a_stop_rule_that_was_met_asks_for_a_decision(running: Room) -> None:
    assert pane(running).rules.text().startswith("条件已满足，请决定——终止：抢修完成")


def test_that_a_step_is_done_by_hand_with_the_values_on_screen(running: Room) -> None:
    pane(running).list.select("GUANXIAN")
    press(running, Qt.Key.Key_D)
    answer(running, "已交底")
    sent = running.session.sent.commands[-1]
    assert isinstance(sent, EndStep)
    assert (sent.run, sent.step, sent.note, sent.version) == (7, "GUANXIAN", "已交底", busy().version)
    assert sent.values["V0003"].startswith("13.00 m @ 2026-07-18 14:32:")


@pytest.mark.parametrize(
    ("key", "text", "made"),
    [
        (Qt.Key.Key_K, "管线不在此处", SkipStep(run=7, version=0, step="GUANXIAN", reason="管线不在此处")),
        (Qt.Key.Key_R, "先交底再开挖", RedlineStep(run=7, version=0, step="GUANXIAN", text="先交底再开挖")),
        (Qt.Key.Key_U, "T2 水量大", RaiseTier(run=7, version=0, tier="T2", reason="水量大")),
        (Qt.Key.Key_Q, "误报", StopPlan(run=7, version=0, reason="误报")),
    ],
)
def test_that_each_deed_asks_in_place_and_carries_the_version_seen(
    running: Room, key: Qt.Key, text: str, made: object
) -> None:
    pane(running).list.select("GUANXIAN")
    press(running, key)
    answer(running, text)
    assert running.session.sent.commands == [replace(made, version=busy().version)]  # type: ignore[type-var]


def test_that_a_question_is_about_the_step_it_was_asked_of(running: Room) -> None:
    pane(running).list.select("GUANXIAN")
    press(running, Qt.Key.Key_K)
    pane(running).list.select("SONGSHUI")
    answer(running, "不需要")
    sent = running.session.sent.commands[-1]
    assert isinstance(sent, SkipStep)
    assert sent.step == "GUANXIAN"


def test_that_a_tier_without_a_reason_is_not_sent(running: Room) -> None:
    press(running, Qt.Key.Key_U)
    answer(running, "T2")
    assert running.session.sent.commands == []
    assert "写明理由" in pane(running).status.text()


def test_that_ready_steps_are_ordered_in_the_sheet_over_the_page(running: Room) -> None:
    press(running, Qt.Key.Key_O)
    assert running.window.plan_desk.sheet.isVisible()
    assert running.session.sent.asks["plans.drafts"][1] == AskDrafts(run=7)


def test_that_only_what_makes_sense_of_the_step_in_focus_has_a_button(running: Room) -> None:
    pane(running).list.select("SHUDAO")
    shown = {code for code, button in pane(running).deeds.by_id.items() if not button.isHidden()}
    assert shown == {"plan.orders", "plan.raise_tier", "plan.stop"}
    press(running, Qt.Key.Key_D)
    assert pane(running).ask_line.isHidden()


def test_that_a_run_that_ended_is_asked_for_and_shown_without_deeds(running: Room) -> None:
    shown = pane(running)
    shown.show_event(99)
    slot = next(slot for slot in running.session.sent.asks if slot.startswith("plans.runs"))
    assert running.session.sent.asks[slot][1] == AskRun(event=99)
    ended = rules.stopped(replace(busy(), event=99, number=3), at_ns=START_NS, reason="误报")
    running.session.answer_ask(slot, samples.runs(ended))
    assert shown.standing.text() == "已终止 · 误报"
    assert all(button.isHidden() for button in shown.deeds.by_id.values())


def test_that_a_reworded_step_tells_what_it_said_before(running: Room) -> None:
    run = rules.redlined(samples.run(), "QIANGXIU", "先关东侧阀门再抢修")
    running.session.put_fact("plan_run", "7", run)
    running.beat()
    row = rows(running)["QIANGXIU"]
    assert "先关东侧阀门再抢修" in row.title
    assert row.detail.startswith("原文：到〔地点〕关阀止水并抢修管道")


def test_that_values_kept_with_a_step_are_told_with_their_time_and_bands_by_their_word(running: Room) -> None:
    kept = {"V0003": "0.31 MPa @ 2026-07-18 14:20:01", "V0004": "band:none @ 2026-07-18 14:20:02"}
    run = rules.done(samples.run(), "GAOZHI", at_ns=START_NS, by="officer", values=kept)
    running.session.put_fact("plan_run", "7", run)
    running.beat()
    detail = rows(running)["GAOZHI"].detail
    assert "0.31 MPa（14:20:01）" in detail
    assert "正常（14:20:02）" in detail
    assert "band" not in detail


def test_that_a_higher_tier_by_what_is_measured_now_is_told_with_its_condition(running: Room) -> None:
    event = replace(samples.EVENT, attributes={"diameter_mm": "800"}, version=2)
    running.session.put_fact("event", "123", event)
    running.beat()
    slot = next(slot for slot in running.session.sent.asks if slot.startswith("plans.runs"))
    verdict = decide(samples.template().tiers, event.attributes)
    running.session.answer_ask(slot, Runs(runs=(RunTold(run=busy(), pace=pace(busy(), START_NS), suggested=verdict),)))
    running.beat()
    assert "按现测值应为 T2" in pane(running).rules.text()


def test_that_who_ended_a_step_is_told_by_name(running: Room) -> None:
    running.desk.people.names["officer"] = "陈静"
    run = rules.done(samples.run(), "GAOZHI", at_ns=START_NS, by="officer")
    running.session.put_fact("plan_run", "7", run)
    running.beat()
    assert rows(running)["GAOZHI"].detail == "由 陈静 确认完成"

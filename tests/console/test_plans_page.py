"""F7: the library found by words, one plan by its modules, gaps, what changed, what would start."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.pages.plans.page import PlansPage
from chengyun_core.mirror.news import FactNews
from chengyun_core.model import command
from chengyun_core.model.change import Change
from chengyun_core.model.mode import Part, PartChange, SwitchState
from chengyun_core.model.plan import PlanState
from chengyun_core.model.plan_commands import NoteDrill, RetirePlan, SubmitPlan
from chengyun_core.model.plan_diff import differences
from chengyun_core.wire.plan_asks import AskDiff, AskGaps, AskPlan, AskPlans, AskTry, Diff, Plans
from tests.console import mode_samples
from tests.console.conftest import Room
from tests.support import plan_samples as samples
from tests.support.small_city import small_city


def page_of(room: Room) -> PlansPage:
    return room.window.stack.of(PlansPage)


@pytest.fixture
def plans(desk_room: Room) -> Room:
    """F7 in front of an officer who may do everything, first answers given."""
    room = desk_room
    room.session.enter(allowed=tuple(command.KIND_OF.values()))
    room.session.show_city(samples.dressed(small_city(12)))
    room.session.put_fact("event", "123", samples.EVENT)
    room.desk.event_focus.select(123)
    room.window.show_page("F7")
    room.beat()
    room.session.answer_ask("plans.page", samples.page())
    room.session.answer_ask("plans.library", samples.counts())
    room.session.answer_ask("plans.card", samples.told())
    room.beat()
    return room


def sheet(room: Room) -> str:
    return "\n".join(
        f"{section.title}|{line.label}|{line.text}"
        for section in page_of(room).card.sheet.text.sections
        for line in section.lines
    )


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.AltModifier) -> None:
    QTest.keyClick(room.window.focusWidget(), key, modifiers)
    QApplication.processEvents()


def type_line(room: Room, text: str) -> None:
    page_of(room).card.ask_line.line.setText(text)
    press(room, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)


def test_that_words_are_asked_as_they_are_typed_and_only_the_newest(plans: Room) -> None:
    page_of(plans).library.field.setFocus()
    page_of(plans).library.field.setText("爆管 嘉西村")
    kind, ask, _answer = plans.session.sent.asks["plans.page"]
    assert (kind, ask) == ("plan.page", AskPlans(words="爆管 嘉西村", limit=100))


def test_that_the_plans_of_an_emergency_in_force_stand_first_and_go_back_when_it_is_lifted(plans: Room) -> None:
    first = samples.page().templates[-1]
    at_hand = (PartChange(part=Part.PLANS, before="", after=first.code),)
    declared = mode_samples.declaration(parts=at_hand)
    plans.session.put_fact("mode", "500000/500000", declared)
    plans.beat()
    rows = page_of(plans).library.list.rows()
    assert next(row.key for row in rows if row.is_heading) == "h:at_hand"
    assert next(row.key for row in rows if not row.is_heading).split(":")[1].split(".")[0] == first.code
    assert len({row.key for row in rows}) == len(rows)
    plans.session.put_fact("mode", "500000/500000", replace(declared, state=SwitchState.LIFTED, version=3, term=2))
    plans.beat()
    assert "h:at_hand" not in {row.key for row in page_of(plans).library.list.rows()}


def test_that_templates_and_plans_at_points_are_listed_with_edition_state_and_bindings(plans: Room) -> None:
    rows = {row.key: row for row in page_of(plans).library.list.rows()}
    first = rows["t:SS-BAOGUAN.1"]
    assert first.title == "城市供水爆管处置"
    assert first.detail == "供水爆管 · 第 1 版 · 13 步 · 3 级 · 绑定 3 处"
    assert first.status == "生效"
    assert any(key.startswith("b:FX-JIAXI:") for key in rows)


def test_that_a_plan_long_not_drilled_is_flagged_where_it_is_listed(plans: Room) -> None:
    old = replace(samples.head(replace(samples.template(), drilled="2024-01-01")))
    page_of(plans).library.ask()
    plans.session.answer_ask("plans.page", Plans(templates=(old,)))
    row = page_of(plans).library.list.rows()[1]
    assert row.badges == ("待更新",)
    assert "上次演练 2024-01-01" in row.detail


def test_that_the_card_tells_the_modules_with_the_tier_table_and_names_for_codes(plans: Room) -> None:
    told = sheet(plans)
    assert "T1|小管（<500毫米） · 管径(毫米) < 500 · 四级响应" in told
    assert "到〔地点〕关阀止水并抢修管道，管径〔管径(毫米)〕毫米" in told
    assert "牵头 · 能“供水抢修”的单位 · 限 3 小时 · 回执“已反馈”即完成" in told
    assert "{" not in told


def test_that_a_plan_at_a_risk_point_tells_what_differs_there(plans: Room) -> None:
    page_of(plans).card.show_plan(samples.BURST, samples.POINT)
    assert plans.session.sent.asks["plans.card"][1] == AskPlan(code=samples.BURST, risk_point=samples.POINT)
    plans.session.answer_ask("plans.card", samples.told(samples.BURST, samples.POINT))
    assert "上清寺街道嘉西村DN400供水管|管径(毫米)|400" in sheet(plans)
    assert "此处由" in sheet(plans)


def test_that_gaps_are_asked_by_their_key_and_counted(plans: Room) -> None:
    press(plans, Qt.Key.Key_G)
    assert isinstance(plans.session.sent.asks["plans.gaps"][1], AskGaps)
    plans.session.answer_ask("plans.gaps", samples.gaps())
    titles = [row.title for row in page_of(plans).library.list.rows()]
    assert "没有预案的风险点" in titles
    assert "无预案的边坡" in titles
    assert "供水管漏水" in titles
    assert "电梯救援" in titles


def test_that_a_trial_asks_about_the_event_in_focus_and_tells_whom_nobody_can_be_sent_for(plans: Room) -> None:
    press(plans, Qt.Key.Key_T)
    press(plans, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert plans.session.sent.asks["plans.other"][1] == AskTry(event=123, template=samples.BURST, edition=1)
    plans.session.answer_ask("plans.other", samples.tried())
    assert "2 步无人可派" in sheet(plans)
    assert plans.session.sent.commands == []
    press(plans, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert "分级表" in sheet(plans)


def test_that_editions_are_compared_part_by_part(plans: Room) -> None:
    press(plans, Qt.Key.Key_C)
    type_line(plans, "0")
    assert plans.session.sent.asks["plans.other"][1] == AskDiff(code=samples.BURST, before=0, after=1)
    new = samples.template()
    old = replace(new, actions=new.actions[1:], valid_to="2027-01-01")
    plans.session.answer_ask("plans.other", Diff(differences=tuple(differences(old, new))))
    assert "新增：到" in sheet(plans)
    assert "失效日" in sheet(plans)


def test_that_retiring_asks_why_and_keeps_what_was_typed(plans: Room) -> None:
    press(plans, Qt.Key.Key_X)
    line = page_of(plans).card.ask_line
    line.line.setText("已并入内涝预案")
    press(plans, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert line.isHidden()
    assert plans.window.page == "F7"
    page_of(plans).card.sheet.setFocus()
    press(plans, Qt.Key.Key_X)
    assert line.line.text() == "已并入内涝预案"
    press(plans, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert plans.session.sent.commands == [
        RetirePlan(code=samples.BURST, edition=1, version=1, reason="已并入内涝预案")
    ]


def test_that_a_drill_is_noted_with_its_day(plans: Room) -> None:
    page_of(plans).card.sheet.setFocus()
    press(plans, Qt.Key.Key_L)
    press(plans, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert plans.session.sent.commands == [NoteDrill(code=samples.BURST, edition=1, version=1, drilled="2026-07-18")]


def test_that_only_a_draft_is_handed_in_and_what_is_refused_is_told_there(plans: Room) -> None:
    card = page_of(plans).card
    assert card.deeds.by_id["plan.submit"].isHidden()
    draft = replace(samples.template(), state=PlanState.DRAFT, edition=2, version=3)
    card.show_plan(samples.BURST, edition=2)
    plans.session.answer_ask("plans.card", replace(samples.told(), template=draft))
    card.sheet.setFocus()
    press(plans, Qt.Key.Key_S)
    assert plans.session.sent.commands == [SubmitPlan(code=samples.BURST, edition=2, version=3)]
    plans.session.end_command(outcome="refused", code="plan.no_actions", value="X")
    assert card.status.text() == "预案 X 没有任何步骤。"


def test_that_a_seat_that_may_only_read_sees_no_deeds_it_may_not_do(plans: Room) -> None:
    plans.session.enter(allowed=("alarm.acknowledge",))
    page_of(plans).card.show_told()
    shown = {action for action, button in page_of(plans).card.deeds.by_id.items() if not button.isHidden()}
    assert shown == {"plan.compare", "plan.try"}


def test_that_another_seats_change_of_a_plan_is_asked_for_again(plans: Room) -> None:
    plans.session.sent.asks.clear()
    plans.beat()
    assert plans.session.sent.asks == {}
    change = Change(
        number=9,
        at_ns=1,
        account="x",
        seat="A-01",
        action="plan.approve",
        kind="plan",
        key="SS-BAOGUAN.2",
        version=1,
        record=b"",
    )
    news = FactNews(facts=(), gone=(), changes=(change,), through=9, tail=9, complete=True)
    plans.session.facts_came.emit(news)
    plans.beat()
    assert {"plans.page", "plans.card"} <= plans.session.sent.asks.keys()

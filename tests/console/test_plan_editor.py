"""Writing an edition: steps moved, added, taken away; faults where they are; nothing written is lost (P2, P6, E10)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.pages.plans import plan_edit as edit
from chengyun_console.pages.plans.editor import EditorPanel
from chengyun_console.pages.plans.page import PlansPage
from chengyun_core.model import command
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanState
from chengyun_core.model.plan_check import Known
from chengyun_core.model.plan_commands import SavePlan
from chengyun_core.wire.plan_asks import AskPlan
from chengyun_resources.texts import Texts
from chengyun_widgets.step_list import Sign, StepRow
from tests.console.conftest import Room
from tests.support import plan_samples as samples
from tests.support.small_city import small_city

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
CODES = tuple(action.code for action in samples.template().actions)


@pytest.fixture
def editing(desk_room: Room) -> Room:
    """F7 with the editor of a plan in force open; the city has its matters, and no table of units."""
    room = desk_room
    room.session.enter(allowed=tuple(command.KIND_OF.values()))
    room.session.show_city(replace(samples.dressed(small_city(12)), units=()))
    room.window.show_page("F7")
    room.beat()
    page = room.window.stack.of(PlansPage)
    page.open_plan(samples.BURST)
    room.session.answer_ask("plans.card", samples.told())
    page.card.sheet.setFocus()
    press(room, Qt.Key.Key_E)
    return room


def editor(room: Room) -> EditorPanel:
    return room.window.stack.of(PlansPage).editor


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = ALT) -> None:
    QTest.keyClick(room.window.focusWidget(), key, modifiers)
    QApplication.processEvents()


def shown(room: Room) -> list[str]:
    return [row.key for row in editor(room).list.rows()]


def test_that_a_plan_in_force_is_edited_as_a_new_edition_and_saved(editing: Room) -> None:
    editor(editing).head.lines["name"].textEdited.emit("城市供水爆管处置（修订）")
    press(editing, Qt.Key.Key_Return, CTRL)
    sent = editing.session.sent.commands[-1]
    assert isinstance(sent, SavePlan)
    assert (sent.version, sent.template.edition, sent.template.state) == (0, 0, PlanState.DRAFT)
    assert sent.template.name == "城市供水爆管处置（修订）"


def test_that_steps_are_moved_by_keys_added_and_taken_away(editing: Room) -> None:
    press(editing, Qt.Key.Key_Down)
    assert shown(editing)[:2] == [CODES[1], CODES[0]]
    press(editing, Qt.Key.Key_A)
    assert shown(editing)[2] == "S1"
    editor(editing).list.setFocus()
    press(editing, Qt.Key.Key_Delete)
    assert "S1" not in shown(editing)


def test_that_a_step_is_dragged_to_another_place(editing: Room) -> None:
    steps = editor(editing).list
    steps.place_was_asked.emit(CODES[0], 2)
    assert shown(editing)[2] == CODES[0]


def test_that_a_fault_stands_at_its_step_and_its_field_and_keeps_the_draft_from_being_sent(editing: Room) -> None:
    press(editing, Qt.Key.Key_A)
    row = editor(editing).list.rows()[1]
    assert isinstance(row, StepRow)
    assert (row.sign, row.detail) == (Sign.CROSSED, "由回执完成的步骤须写明单位或能力。")
    assert editor(editing).step.faults["capability"].text() == "由回执完成的步骤须写明单位或能力。"
    press(editing, Qt.Key.Key_Return, CTRL)
    assert editing.session.sent.commands == []
    editor(editing).step.lines["capability"].textEdited.emit("pump")
    assert editor(editing).step.faults["capability"].isHidden()


def test_that_a_cell_of_the_tier_table_that_cannot_be_read_is_told(editing: Room) -> None:
    conditions = editor(editing).head.tiers[0][2]
    conditions.textEdited.emit("管径很小")
    assert "看不懂" in editor(editing).head.fault.text()
    conditions.textEdited.emit("diameter_mm < 400")
    assert editor(editing).head.fault.text() == ""
    plan = editor(editing).plan
    assert plan is not None
    assert plan.tiers[0].conditions[0].value == "400"


def test_that_what_was_written_is_there_after_esc(editing: Room) -> None:
    press(editing, Qt.Key.Key_Down)
    press(editing, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    page = editing.window.stack.of(PlansPage)
    assert page.right.currentWidget() is page.card
    page.card.sheet.setFocus()
    press(editing, Qt.Key.Key_E)
    assert shown(editing)[:2] == [CODES[1], CODES[0]]


def test_that_a_saved_edition_is_shown_and_its_draft_is_gone(editing: Room) -> None:
    press(editing, Qt.Key.Key_Down)
    press(editing, Qt.Key.Key_Return, CTRL)
    editing.session.end_command()
    assert editing.desk.drafts.read(f"plan.edit.{samples.BURST}.0") == {}
    assert isinstance(editing.session.sent.asks["plans.card"][1], AskPlan)


@given(st.lists(st.sampled_from(CODES), max_size=6), st.integers(0, len(CODES) - 1))
def test_that_taking_steps_away_and_moving_them_never_leaves_a_step_waiting_for_one_that_is_gone(
    gone: list[str], place: int
) -> None:
    plan = samples.template()
    for code in gone:
        plan = edit.removed(plan, code)
    if plan.actions:
        plan = edit.moved(plan, plan.actions[-1].code, min(place, len(plan.actions) - 1))
        plan, new = edit.added(plan, plan.actions[0].code)
        assert new not in CODES
    here = {action.code for action in plan.actions}
    assert all(set(action.after) <= here for action in plan.actions)
    assert "plan.after_ring" not in {reason.code for reason in edit.faults(plan, Known(), {}).values()}


def test_that_modules_written_as_lines_are_read_back_the_same() -> None:
    plan = samples.template()
    assert edit.resources_read(edit.resources_text(plan.resources)) == plan.resources
    assert edit.messages_read(edit.messages_text(plan.messages)) == plan.messages
    assert edit.rules_read(edit.rules_text(plan.stop_rules)) == plan.stop_rules
    assert edit.unkept(edit.kept(plan)) == plan
    assert isinstance(edit.rules_read("停; 什么时候; +"), Reason)
    assert edit.unkept("{") is None


@pytest.mark.parametrize(
    ("read", "text", "line"),
    [
        (edit.resources_read, "抢修车; 2; 辆; 停车场\n水泵; 两台", "2"), (edit.resources_read, "; 3", "1"),
        (edit.messages_read, "镇街; 请先期处置\n镇街; 再说一次", "2"), (edit.messages_read, "只有对象", "1"),
        (edit.rules_read, "结束; band in none\n提级; diameter_mm 大于 500; +", "2"),
        (edit.rules_read, "提级; value > 3; 是", "1"), (edit.bars_read, "CAM-1\nCAM-2\nCAM-1", "3"),
    ],
)  # fmt: skip
def test_that_a_line_of_a_module_that_cannot_be_read_is_told_with_its_number(
    read: Callable[[str], object], text: str, line: str
) -> None:
    reason = read(text)
    assert isinstance(reason, Reason)
    assert reason.params["line"] == line
    assert Texts("zh_CN").has(reason.code)
    assert Texts("en").has(reason.code)


def test_that_modules_are_read_back_as_they_are_written() -> None:
    one = samples.template()
    assert edit.resources_read(edit.resources_text(one.resources)) == one.resources
    assert edit.messages_read(edit.messages_text(one.messages)) == one.messages
    assert edit.rules_read(edit.rules_text(one.stop_rules)) == one.stop_rules
    assert edit.bars_read("\n".join(one.parties)) == one.parties


def test_that_a_tier_is_moved_up_and_the_first_stays_where_it_is() -> None:
    one = samples.template()
    assert [tier.code for tier in edit.tier_raised(one, 2).tiers] == ["T1", "T3", "T2"]
    assert edit.tier_raised(one, 0) == one

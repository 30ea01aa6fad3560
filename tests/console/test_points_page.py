"""F7: risk points found, written, bound and unbound by key; a new plan from nothing and from a copy (P1, P7)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from chengyun_console.pages.plans import point_edit
from chengyun_console.pages.plans.page import PlansPage
from chengyun_console.pages.plans.plan_edit import copied, with_action
from chengyun_console.pages.plans.point_card import ANOTHER
from chengyun_core.model import command
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanState, RiskPoint
from chengyun_core.model.plan_commands import BindPlan, DropPoint, SavePlan, SavePoint, UnbindPlan
from chengyun_core.wire.plan_asks import AskPoint, AskPoints, RiskPoints
from chengyun_resources.texts import Texts
from tests.console import scenes
from tests.support import plan_samples as samples
from tests.support.small_city import small_city

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def shared(qapp: QApplication) -> Iterator[scenes.Stand]:
    """Give one window for all tests here: each begins on F7 with the library told."""
    with TemporaryDirectory() as folder, scenes.stand(Path(folder), scenes.Look()) as at:
        at.session.show_city(samples.dressed(small_city(12)))
        at.session.enter(allowed=tuple(command.KIND_OF.values()))
        at.window.show_page("F7")
        at.beat()
        yield at


@pytest.fixture
def at(shared: scenes.Stand) -> scenes.Stand:
    """F7 with the library at the left and the risk point of the burst main in focus behind it."""
    page = page_of(shared)
    shared.window.message.dismiss()
    if page.left.currentWidget() is page.points:
        page.toggle_points()
    if page.points.is_bare:
        page.points.toggle_bare()
    for answered in ("plans.page", "plans.points", "plans.library"):
        shared.session.sent.asks.pop(answered, None)
    shared.session.sent.commands.clear()
    page.library.ask()
    shared.session.answer_ask("plans.page", samples.page())
    shared.session.answer_ask("plans.library", samples.counts())
    return shared


def page_of(at: scenes.Stand) -> PlansPage:
    return at.window.stack.of(PlansPage)


def press(at: scenes.Stand, key: Qt.Key, modifiers: Qt.KeyboardModifier = ALT) -> None:
    QTest.keyClick(at.window.focusWidget(), key, modifiers)
    QApplication.processEvents()


def points(at: scenes.Stand) -> PlansPage:
    """Turn to the risk points with the burst main in focus."""
    page = page_of(at)
    page.library.field.setFocus()
    press(at, Qt.Key.Key_P)
    at.session.answer_ask("plans.points", samples.points())
    page.points.list.select(samples.POINT)
    page.point.show_point(samples.POINT)
    at.session.answer_ask("plans.point", samples.point_told())
    page.point.list.select(samples.BURST)
    page.points.list.setFocus()
    return page


def test_that_points_are_asked_as_words_are_typed_and_come_back_to_plans_by_the_same_key(at: scenes.Stand) -> None:
    page = points(at)
    page.points.field.setFocus()
    page.points.field.setText("渝中 供水")
    assert at.session.sent.asks["plans.points"][1] == AskPoints(words="渝中 供水", limit=100)
    page.points.field.setText("")
    press(at, Qt.Key.Key_P)
    assert page.left.currentWidget() is page.library


def test_that_a_point_in_a_list_tells_its_plans_and_one_without_is_marked(at: scenes.Stand) -> None:
    rows = {row.key: row for row in points(at).points.list.rows()}
    assert rows[samples.POINT].detail == "城市供水爆管处置 · 供水管 · FX-JIAXI"
    assert rows[samples.POINT].badges == ()
    assert rows["FX-9001"].badges == ("缺预案",)


def test_that_points_without_a_plan_are_listed_by_their_key(at: scenes.Stand) -> None:
    page = points(at)
    press(at, Qt.Key.Key_V)
    assert at.session.sent.asks["plans.points"][1] == AskPoints(bare=True, limit=100)
    at.session.answer_ask("plans.points", samples.points(bare=True))
    assert [row.key for row in page.points.list.rows()] == ["FX-9001"]


def test_that_more_points_are_asked_when_the_end_is_near(at: scenes.Stand) -> None:
    page = points(at)
    page.points.list.verticalScrollBar().setValue(page.points.list.verticalScrollBar().maximum())
    ask = at.session.sent.asks["plans.points"][1]
    assert isinstance(ask, AskPoints)
    assert ask.after == "FX-9001"
    more = RiskPoints(points=(replace(samples.points().points[0], code="FX-Z"),))
    at.session.answer_ask("plans.points", more)
    assert page.points.list.rows()[-1].key == "FX-Z"


def test_that_a_gap_in_focus_shows_its_point(at: scenes.Stand) -> None:
    page = page_of(at)
    page.library.field.setFocus()
    press(at, Qt.Key.Key_G)
    at.session.answer_ask("plans.gaps", samples.gaps())
    page.library.list.select("p:FX-9001")
    assert at.session.sent.asks["plans.point"][1] == AskPoint(code="FX-9001")
    assert page.right.currentWidget() is page.point
    press(at, Qt.Key.Key_G)


def test_that_what_a_binding_changes_is_counted_at_the_point_and_marked_step_by_step(at: scenes.Stand) -> None:
    page = points(at)
    assert page.point.list.rows()[0].detail == "1 步另定单位"
    press(at, Qt.Key.Key_B)
    told = samples.told(risk_point=samples.POINT)
    assert told.binding is not None
    changed = replace(told.binding, within_min={"SHUDAO": 12.0}, left_out=("SONGSHUI",))
    at.session.answer_ask("plans.bindable", samples.page())
    at.session.answer_ask("plans.binding", replace(told, binding=changed, binding_stamp="1.0"))
    rows = {row.key: row for row in page.binding.list.rows()}
    assert rows["SHUDAO"].detail == "此处限 12 分钟（原 20 分钟）"
    assert rows["SONGSHUI"].detail.startswith("此处不适用")
    assert rows["QIANGXIU"].badges == ()


def test_that_a_binding_is_written_by_key_and_checked_against_what_was_seen(at: scenes.Stand) -> None:
    page = points(at)
    press(at, Qt.Key.Key_B)
    at.session.answer_ask("plans.bindable", samples.page())
    told = replace(samples.told(risk_point=samples.POINT), binding_stamp="7.9")
    at.session.answer_ask("plans.binding", told)
    page.binding.list.select("SHUDAO")
    QTest.keyClicks(page.binding.minutes, "0")
    press(at, Qt.Key.Key_Return, CTRL)
    assert at.session.sent.commands == []
    page.binding.minutes.setText("")
    QTest.keyClicks(page.binding.minutes, "15")
    page.binding.unit.setText("交巡警上清寺大队")
    page.binding.unit.textEdited.emit("交巡警上清寺大队")
    press(at, Qt.Key.Key_Return, CTRL)
    (sent,) = at.session.sent.commands
    assert isinstance(sent, BindPlan)
    assert (sent.stamp, sent.binding.within_min["SHUDAO"], sent.binding.units["SHUDAO"]) == ("7.9", 15.0, "JJ-SQ")
    at.session.end_command()
    assert page.right.currentWidget() is page.point


def test_that_another_plan_is_chosen_bound_and_what_is_like_the_plan_is_no_difference(at: scenes.Stand) -> None:
    page = points(at)
    page.point.list.select(ANOTHER)
    press(at, Qt.Key.Key_B)
    at.session.answer_ask("plans.bindable", samples.page())
    page.binding.plan.setCurrentIndex(page.binding.plan.findData("SS-LOUSHUI"))
    told = replace(samples.told("SS-LOUSHUI"), binding=None, binding_stamp="")
    at.session.answer_ask("plans.binding", told)
    first = told.template.actions[0]
    page.binding.list.select(first.code)
    page.binding.minutes.setFocus()
    QTest.keyClicks(page.binding.minutes, f"{first.within_min:g}")
    press(at, Qt.Key.Key_Return, CTRL)
    (sent,) = at.session.sent.commands
    assert isinstance(sent, BindPlan)
    assert (sent.stamp, sent.binding.template, sent.binding.within_min) == ("", "SS-LOUSHUI", {})
    at.session.end_command()


def test_that_a_plan_is_unbound_for_a_reason(at: scenes.Stand) -> None:
    page = points(at)
    press(at, Qt.Key.Key_J)
    page.point.ask_line.line.setText("改由物业处置")
    press(at, Qt.Key.Key_Return, NONE)
    assert at.session.sent.commands == [
        UnbindPlan(risk_point=samples.POINT, template=samples.BURST, reason="改由物业处置")
    ]
    at.session.end_command()


def test_that_only_a_point_nothing_is_bound_to_is_taken_away(at: scenes.Stand) -> None:
    page = points(at)
    assert not page.point.deeds.by_id["point.drop"].isVisible()
    page.point.show_point("FX-9001")
    at.session.answer_ask("plans.point", samples.point_told("FX-9001"))
    press(at, Qt.Key.Key_W)
    page.point.ask_line.line.setText("已治理销号")
    press(at, Qt.Key.Key_Return, NONE)
    assert at.session.sent.commands == [DropPoint(code="FX-9001", stamp="1.0", reason="已治理销号")]
    at.session.end_command()


def test_that_a_new_point_is_told_what_is_wrong_where_and_sent_when_nothing_is(at: scenes.Stand) -> None:
    page = points(at)
    press(at, Qt.Key.Key_I)
    editor = page.point_editor
    for name, text in (("code", "FX-X"), ("name", "学田湾DN600供水管"), ("kind", "供水管"), ("centre", "渝中区"),
                       ("attributes", "diameter_mm＝600\n材质 铸铁")):  # fmt: skip
        field = editor.fields[name]
        (field.setPlainText if isinstance(field, QPlainTextEdit) else field.setText)(text)
    press(at, Qt.Key.Key_Return, CTRL)
    assert at.session.sent.commands == []
    assert editor.faults["attributes"].text().startswith("第 2 行“材质 铸铁”")
    field = editor.fields["attributes"]
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("diameter_mm＝600\nmaterial=铸铁")
    press(at, Qt.Key.Key_Return, CTRL)
    (sent,) = at.session.sent.commands
    assert isinstance(sent, SavePoint)
    assert sent.point == RiskPoint(code="FX-X", name="学田湾DN600供水管", centre="500103", kind="供水管",
                                   attributes={"diameter_mm": "600", "material": "铸铁"})  # fmt: skip
    assert sent.stamp == ""
    at.session.end_command()


def test_that_what_was_written_of_a_point_is_there_after_leaving(at: scenes.Stand) -> None:
    page = points(at)
    press(at, Qt.Key.Key_F)
    page.point_editor.fields["name"].setFocus()
    QTest.keyClicks(page.point_editor.fields["name"], "X")
    press(at, Qt.Key.Key_Escape, NONE)
    assert page.right.currentWidget() is page.point
    press(at, Qt.Key.Key_F)
    assert page.point_editor.texts()["name"].endswith("X")
    for name in ("owner_post", "vitals"):
        field = page.point_editor.fields[name]
        field.clear()
    press(at, Qt.Key.Key_Return, CTRL)
    (sent,) = at.session.sent.commands
    assert isinstance(sent, SavePoint)
    assert (sent.stamp, sent.point.code) == ("1.0", samples.POINT)
    at.session.end_command()


def test_that_a_plan_is_written_from_nothing_and_told_what_it_lacks(at: scenes.Stand) -> None:
    page = page_of(at)
    page.library.field.setFocus()
    press(at, Qt.Key.Key_N)
    assert page.right.currentWidget() is page.editor
    press(at, Qt.Key.Key_Return, CTRL)
    assert at.session.sent.commands == []
    assert "代码：请为预案取一个代码，如 SS-BAOGUAN。" in page.editor.head.fault.text()
    assert "Project" not in page.editor.head.fault.text()
    press(at, Qt.Key.Key_Escape, NONE)


def test_that_a_copy_is_a_plan_of_its_own_and_never_an_edition_of_the_first(at: scenes.Stand) -> None:
    page = page_of(at)
    page.open_plan(samples.BURST)
    at.session.answer_ask("plans.card", samples.told())
    page.card.sheet.setFocus()
    press(at, Qt.Key.Key_Y)
    lines = page.editor.head.lines
    assert (lines["code"].text(), lines["code"].isReadOnly()) == ("", False)
    assert lines["name"].text() == "城市供水爆管处置（副本）"
    lines["code"].setFocus()
    QTest.keyClicks(lines["code"], "SS-BAOGUAN-2")
    press(at, Qt.Key.Key_Return, CTRL)
    (sent,) = at.session.sent.commands
    assert isinstance(sent, SavePlan)
    # A named first edition: a code that is taken is refused, and not made the next edition of that plan.
    assert (sent.template.code, sent.template.edition, sent.version) == ("SS-BAOGUAN-2", 1, 0)
    assert (sent.template.state, sent.template.drilled, sent.template.approved_by) == (PlanState.DRAFT, "", "")
    at.session.end_command()


def test_that_what_is_changed_in_a_copy_is_not_changed_in_the_first() -> None:
    first = samples.template()
    before = replace(first)
    copy = with_action(copied(first, "副本"), first.actions[0].code, text="另一句话", within_min=1.0)
    assert copy.actions[0].text == "另一句话"
    assert first == before


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("centre", "没有的地方", "plan.point_centre"), ("owner_post", "没有的单位", "console.points.no_post"),
        ("vitals", "没有的体征", "plan.point_vital"), ("longitude", "200", "console.points.degrees"),
        ("longitude", "一百零六", "console.points.degrees"), ("latitude", "29.5", "plan.half_a_place"),
        ("name", "  ", "console.points.missing"),
    ],
)  # fmt: skip
def test_that_each_field_of_a_point_is_read_or_told(at: scenes.Stand, field: str, text: str, code: str) -> None:
    names = at.desk.names
    good = point_edit.texts_of(replace(samples.BARE, owner_post="SW-QX1"), names)
    assert point_edit.read(good, names).point == replace(samples.BARE, owner_post="SW-QX1")
    found = point_edit.read({**good, field: text}, names)
    assert found.point is None
    assert {reason.code for reason in found.faults.values()} == {code}
    texts = Texts("zh_CN")
    assert all(texts.has(Reason(code=reason.code).code) for reason in found.faults.values())


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def test_that_a_step_is_left_out_at_a_point_by_the_mouse_alone(at: scenes.Stand) -> None:
    page = page_of(at)
    click(page.library.actions_by_key["plan.points"])
    at.session.answer_ask("plans.points", samples.points())
    row = page.points.list.visualRect(page.points.list.model().index(0, 0))
    QTest.mouseClick(page.points.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    page.point.show_point(samples.POINT)
    at.session.answer_ask("plans.point", samples.point_told())
    page.point.list.select(samples.BURST)
    click(page.point.deeds.by_id["plan.bind"])
    at.session.answer_ask("plans.bindable", samples.page())
    at.session.answer_ask("plans.binding", replace(samples.told(risk_point=samples.POINT), binding_stamp="1.0"))
    steps = page.binding.list
    row = steps.visualRect(steps.model().index(1, 0))
    QTest.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    page.binding.left_out.toggle()
    click(page.binding.deeds.by_id["form.send"])
    (sent,) = at.session.sent.commands
    assert isinstance(sent, BindPlan)
    assert len(sent.binding.left_out) == 1
    at.session.end_command()

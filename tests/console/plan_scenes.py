"""Page F7, the sheet of P, the pane of a running plan and the editor with something on them, for walks and pictures."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from chengyun_console.pages.plans.page import PlansPage
from chengyun_core.model import plan_run_rules as rules
from chengyun_core.model.plan import PlanRun
from chengyun_core.model.plan_diff import differences
from chengyun_core.wire.plan_asks import Diff, Plans
from tests.console.still_session import START_NS, S
from tests.support import plan_samples as samples

if TYPE_CHECKING:
    from tests.console.scenes import Stand


def busy() -> PlanRun:
    """Return a plan that runs: two steps over, one late, two ordered, a stop rule met."""
    run = rules.ordered(samples.run(began_ns=START_NS - 2400 * S), {"QIANGXIU": 1, "SONGSHUI": 3})
    run = rules.done(run, "SHUDAO", at_ns=START_NS - 600 * S, by="receipt:2.1")
    run = rules.done(run, "GAOZHI", at_ns=START_NS - 900 * S, by="officer", note="已逐户通知")
    return replace(run, rules_met=(0,))


def show_plans(at: "Stand") -> None:
    """Show F7 with a plan in focus, in a city that has its matters and six units."""
    assert at.desk.names is not None
    at.session.show_city(samples.dressed(at.desk.names.view.catalogue))
    at.session.put_fact("event", "123", samples.EVENT)
    at.window.show_page("F7")
    at.beat()
    at.session.answer_ask("plans.page", samples.page())
    at.session.answer_ask("plans.library", samples.counts())
    at.session.answer_ask("plans.card", samples.told())


def show_card(at: "Stand") -> None:
    """Show F7 with the plan of a risk point and what differs there."""
    page = _page(at)
    page.library.list.select(f"b:{samples.POINT}:{samples.BURST}")
    at.session.answer_ask("plans.card", samples.told(risk_point=samples.POINT))


def show_searched(at: "Stand") -> None:
    """Show F7 with words that nothing holds."""
    _page(at).library.search("没有这个地方")
    at.session.answer_ask("plans.page", Plans())


def show_gaps(at: "Stand") -> None:
    """Show what the library does not cover."""
    page = _page(at)
    page.library.toggle_gaps()
    at.session.answer_ask("plans.gaps", samples.gaps())


def show_difference(at: "Stand") -> None:
    """Show what changed from one edition to another."""
    page = _page(at)
    page.open_plan(samples.BURST)
    at.session.answer_ask("plans.card", samples.told())
    at.press(Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    page.card.ask_line.submit()
    one = samples.template()
    steps = (replace(one.actions[0], text="先关东侧阀门，再到{place}抢修", within_min=120.0), *one.actions[1:-1])
    now = replace(one, name="城市供水爆管处置（修订）", actions=steps, valid_to="2027-12-31")
    at.session.answer_ask("plans.other", Diff(differences=tuple(differences(one, now))))


def show_points(at: "Stand") -> None:
    """Show the risk points, one of them in focus with its plans."""
    page = _page(at)
    if page.left.currentWidget() is not page.points:
        page.toggle_points()
    page.points.ask()
    at.session.answer_ask("plans.points", samples.points())
    page.points.list.select(samples.POINT)
    page.point.show_point(samples.POINT)
    at.session.answer_ask("plans.point", samples.point_told())
    page.point.list.select(samples.BURST)


def hide_points(at: "Stand") -> None:
    """Turn from the risk points to the plans again."""
    page = _page(at)
    if page.left.currentWidget() is page.points:
        page.toggle_points()


def show_bare_points(at: "Stand") -> None:
    """Show the risk points without a plan."""
    show_points(at)
    page = at.window.stack.of(PlansPage)
    page.points.toggle_bare()
    at.session.answer_ask("plans.points", samples.points(bare=True))
    at.session.answer_ask("plans.point", samples.point_told("FX-9001"))


def show_point_editor(at: "Stand") -> None:
    """Show the editor of a new risk point with two faults."""
    show_points(at)
    page = at.window.stack.of(PlansPage)
    page.new_point()
    for name, text in (
        ("code", "FX-XUETIAN"), ("name", "学田湾DN600供水管"), ("kind", "供水管"), ("centre", "渝中区"),
        ("longitude", "106.5502"), ("attributes", "diameter_mm=600\n材质 铸铁"),
    ):  # fmt: skip
        field = page.point_editor.fields[name]
        (field.setPlainText if isinstance(field, QPlainTextEdit) else field.setText)(text)


def show_binding(at: "Stand") -> None:
    """Show the editor of a binding: units, words and times that differ at this place, a step that does not apply."""
    show_points(at)
    page = at.window.stack.of(PlansPage)
    page.point.bind()
    at.session.answer_ask("plans.bindable", samples.page())
    told = samples.told(risk_point=samples.POINT)
    assert told.binding is not None
    codes = [action.code for action in told.template.actions]
    binding = replace(told.binding, within_min={codes[1]: 12.0}, left_out=(codes[3],),
                      texts={codes[1]: "在嘉西村路口疏导交通，学校门前不设绕行"})  # fmt: skip
    at.session.answer_ask("plans.binding", replace(told, binding=binding, binding_stamp="1.0"))
    page.binding.list.select(codes[1])


def show_new_plan(at: "Stand") -> None:
    """Show the editor of a plan nobody wrote yet."""
    _page(at).new_plan()


def show_stopped(at: "Stand") -> None:
    """Show the pane of a plan that was stopped."""
    show_running(at)
    page = at.window.stack.of(PlansPage)
    run = rules.stopped(busy(), at_ns=START_NS, reason="压力恢复，转入常态")
    at.session.put_fact("plan_run", "7", run, version=2)
    slot = next((slot for slot in at.session.sent.asks if slot.startswith("plans.runs")), "")
    if slot:
        at.session.answer_ask(slot, samples.runs(run))
    at.beat()
    page.runner.refresh()


def show_running(at: "Stand") -> None:
    """Show the pane of a running plan."""
    page = _page(at)
    at.session.put_fact("plan_run", "7", busy())
    at.beat()
    page.library.list.select("r:7")
    slot = next((slot for slot in at.session.sent.asks if slot.startswith("plans.edition")), "")
    if slot:
        at.session.answer_ask(slot, samples.told())


def show_editor(at: "Stand") -> None:
    """Show the editor with a step nobody is asked for."""
    page = _page(at)
    page.open_plan(samples.BURST)
    at.session.answer_ask("plans.card", samples.told())
    page.card.sheet.setFocus()
    at.press(Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    page.editor.add()


def show_modules(at: "Stand") -> None:
    """Show the editor's other side: head, tier table, modules."""
    show_editor(at)
    _page(at).editor.tabs.setCurrentIndex(1)


def show_choice(at: "Stand") -> None:
    """Show the plans that fit the event."""
    at.desk.event_focus.select(123)
    at.window.plan_desk.choose()
    at.session.answer_ask("plans.match", samples.matches())
    if "plans.match_try" in at.session.sent.asks:
        at.session.answer_ask("plans.match_try", samples.tried())


def show_review(at: "Stand") -> None:
    """Show the orders of a plan that has just begun, one of them with nobody to send."""
    at.session.put_fact("plan_run", "8", samples.run(8))
    at.window.plan_desk.review(8)
    at.session.answer_ask("plans.drafts", samples.drafts(samples.run(8), missing="pipeline.protect"))


def _page(at: "Stand") -> PlansPage:
    return at.window.stack.of(PlansPage)


STATES: dict[str, Callable[["Stand"], None]] = {
    "bare-points": show_bare_points,
    "difference": show_difference,
    "gaps": show_gaps,
    "new-plan": show_new_plan,
    "plan-at-a-point": show_card,
    "plan-stopped": show_stopped,
    "searched-nothing": show_searched,
}
"""States of F7 the walks do not go through: shown in the gallery, each over F7 as `show_plans` leaves it."""

"""Page F7, the sheet of P, the pane of a running plan and the editor with something on them, for walks and pictures."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from chengyun_console.pages.plans.page import PlansPage
from chengyun_core.model import plan_run_rules as rules
from chengyun_core.model.plan import PlanRun
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
    """Show F7 with a plan in focus."""
    at.session.put_fact("event", "123", samples.EVENT)
    at.window.show_page("F7")
    at.beat()
    at.session.answer_ask("plans.page", samples.page())
    at.session.answer_ask("plans.library", samples.counts())
    at.session.answer_ask("plans.card", samples.told())


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

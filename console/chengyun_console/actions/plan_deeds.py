"""Actions about plans: the page, the sheet that starts one, what is done with an edition and with a running plan."""

from chengyun_console.actions.action import Action, Where
from chengyun_console.actions.subject import Subject
from chengyun_core.model import plan_commands as plans
from chengyun_core.model.event_commands import EditEvent
from chengyun_core.model.failure import Reason


def _needs_guided(subject: Subject) -> Reason | None:
    return None if subject.plan else Reason(code="console.plans.no_guided")


PLAN_ACTIONS: tuple[Action, ...] = (
    Action(id="plan.choose", title="console.plans.action.choose", keys=("P",), where=Where.EVENT,
           record=plans.StartPlan),
    Action(id="plan.open_guided", title="console.plans.action.open_guided", keys=("G",), where=Where.ALARM,
           why_not=_needs_guided),
    Action(id="plan.start", title="console.plans.action.start", keys=("Return",), where=Where.FORM,
           record=plans.StartPlan),
    Action(id="plan.measure", title="console.plans.action.measure", keys=("Alt+M",), where=Where.FORM,
           record=EditEvent),
    Action(id="plan.orders", title="console.plans.action.orders", keys=("Alt+O",), where=Where.FORM,
           record=plans.SendPlanOrders),
    Action(id="plan.step_done", title="console.plans.action.step_done", keys=("Alt+D",), where=Where.FORM,
           record=plans.EndStep),
    Action(id="plan.step_skip", title="console.plans.action.step_skip", keys=("Alt+K",), where=Where.FORM,
           record=plans.SkipStep),
    Action(id="plan.redline", title="console.plans.action.redline", keys=("Alt+R",), where=Where.FORM,
           record=plans.RedlineStep),
    Action(id="plan.raise_tier", title="console.plans.action.raise_tier", keys=("Alt+U",), where=Where.FORM,
           record=plans.RaiseTier),
    Action(id="plan.stop", title="console.plans.action.stop", keys=("Alt+Q",), where=Where.FORM,
           record=plans.StopPlan),
    Action(id="plan.edit", title="console.plans.action.edit", keys=("Alt+E",), where=Where.FORM,
           record=plans.SavePlan),
    Action(id="plan.submit", title="console.plans.action.submit", keys=("Alt+S",), where=Where.FORM,
           record=plans.SubmitPlan),
    Action(id="plan.retire", title="console.plans.action.retire", keys=("Alt+X",), where=Where.FORM,
           record=plans.RetirePlan),
    Action(id="plan.note_drill", title="console.plans.action.note_drill", keys=("Alt+L",), where=Where.FORM,
           record=plans.NoteDrill),
    Action(id="plan.compare", title="console.plans.action.compare", keys=("Alt+C",), where=Where.FORM),
    Action(id="plan.try", title="console.plans.action.try", keys=("Alt+T",), where=Where.FORM),
    Action(id="plan.gaps", title="console.plans.action.gaps", keys=("Alt+G",), where=Where.FORM),
    Action(id="plan.new", title="console.plans.action.new", keys=("Alt+N",), where=Where.FORM,
           record=plans.SavePlan),
    Action(id="plan.copy", title="console.plans.action.copy", keys=("Alt+Y",), where=Where.FORM,
           record=plans.SavePlan),
    Action(id="plan.points", title="console.plans.action.points", keys=("Alt+P",), where=Where.FORM),
    Action(id="plan.bare", title="console.plans.action.bare", keys=("Alt+V",), where=Where.FORM),
    Action(id="plan.bind", title="console.plans.action.bind", keys=("Alt+B",), where=Where.FORM,
           record=plans.BindPlan),
    Action(id="plan.unbind", title="console.plans.action.unbind", keys=("Alt+J",), where=Where.FORM,
           record=plans.UnbindPlan),
    Action(id="point.new", title="console.plans.action.point_new", keys=("Alt+I",), where=Where.FORM,
           record=plans.SavePoint),
    Action(id="point.edit", title="console.plans.action.point_edit", keys=("Alt+F",), where=Where.FORM,
           record=plans.SavePoint),
    Action(id="point.drop", title="console.plans.action.point_drop", keys=("Alt+W",), where=Where.FORM,
           record=plans.DropPoint),
    Action(id="plan.step_add", title="console.plans.action.step_add", keys=("Alt+A",), where=Where.FORM),
    Action(id="plan.step_remove", title="console.plans.action.step_remove", keys=("Alt+Delete",), where=Where.FORM),
    Action(id="plan.step_move", title="console.plans.action.step_move", keys=("Alt+Up", "Alt+Down"),
           where=Where.FORM),
    Action(id="plan.step_take", title="console.plans.action.step_take", keys=("Space",), where=Where.FORM),
)  # fmt: skip
PLAN_KEYS: tuple[str, ...] = tuple(action.id for action in PLAN_ACTIONS if action.where is Where.FORM)
"""Handled by the pane that has the keyboard."""

"""The handbook's tables of plans: what a plan is made of, what ends a step, how steps stand, deeds and who may."""

from collections.abc import Callable

from chengyun_console.actions.plan_deeds import PLAN_ACTIONS
from chengyun_console.guide.keycaps import keys_of
from chengyun_console.guide.posts import posts_of
from chengyun_console.guide.tables import GAVE_UP, heads, table
from chengyun_core.model.plan import DoneBy, RunStepState
from chengyun_resources.texts import Texts

MODULES = (
    "trigger", "tiers", "actions", "parties", "resources", "messages", "cameras", "layers", "stop_rules",
)  # fmt: skip
"""Modules of a plan in the order of its card (P2)."""


def deeds_on_plans(texts: Texts) -> str:
    """Return every deed on plans, risk points and what runs of them: key, what it does, who may."""
    rows = [
        (keys_of(action) or GAVE_UP, texts.say(action.title),
         posts_of(action.permission, texts) if action.permission else texts.say("guide.post.everybody"))
        for action in PLAN_ACTIONS
    ]  # fmt: skip
    return table(heads(texts, "key", "does", "who"), rows)


def plan_modules(texts: Texts) -> str:
    """Return what a plan is made of and what each part says."""
    rows = [(texts.say(f"console.plans.module.{name}"), texts.say(f"guide.module.{name}")) for name in MODULES]
    return table(heads(texts, "module", "meaning"), rows)


def step_ends(texts: Texts) -> str:
    """Return what ends a step of a running plan."""
    rows = [(texts.say(f"console.plans.done_by.{way.value}"), texts.say(f"guide.ends.{way.value}")) for way in DoneBy]
    return table(heads(texts, "ends", "meaning"), rows)


def step_states(texts: Texts) -> str:
    """Return how a step of a running plan can stand and what that asks of an officer."""
    rows = [
        (texts.say(f"word.run_step.{state.value}"), texts.say(f"guide.step.{state.value}")) for state in RunStepState
    ]
    return table(heads(texts, "state", "meaning"), rows)


PLAN_TABLES: dict[str, Callable[[Texts], str]] = {
    "deeds_on_plans": deeds_on_plans,
    "plan_modules": plan_modules,
    "step_ends": step_ends,
    "step_states": step_states,
}
"""Marker in a chapter, `{{name}}` → the function that makes its text; merged into `chain_tables.CHAIN_TABLES`."""

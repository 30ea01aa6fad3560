"""Which vitals a running plan waits for, and how a vital's state is said in conditions."""

import math
from collections.abc import Iterable
from dataclasses import replace

from chengyun_core.model.event import Event
from chengyun_core.model.plan import Condition, DoneBy, PlanRun, PlanTemplate, RiskPoint, RunStep
from chengyun_core.model.plan_check import VITAL_ATTRIBUTES
from chengyun_core.model.scales import WarningColour

BAND = "band:"
"""Before the name of a band in a captured value: a word that is said in the reader's language."""
_AT = " @ "


def attributes_of(band: WarningColour, value: float) -> dict[str, str]:
    """Return what conditions may ask of a vital: `band` (none, blue, …) and `value`, which is left out when unknown."""
    told = {"band": band.name.lower()}
    return told if math.isnan(value) else {**told, "value": f"{value:.12g}"}


def measured(event: Event, point: RiskPoint | None) -> dict[str, str]:
    """Return what is measured of an event: its own attributes, and for what it lacks those of its risk point."""
    own = {code: text for code, text in event.attributes.items() if text}
    return {**(point.attributes if point else {}), **own}


def captured(band: WarningColour, value: str, at: str) -> str:
    """Return what is kept with a step of a vital: `0.08 MPa @ 2026-07-18 14:20:01`; without a value, its band."""
    return f"{value or f'{BAND}{band.name.lower()}'}{_AT}{at}"


def captured_parts(text: str) -> tuple[str, str]:
    """Return value and time of what `captured` made; of any other text the text and nothing."""
    value, _, at = text.partition(_AT)
    return value, at


def watching(run: PlanRun, template: PlanTemplate, vitals: Iterable[str]) -> PlanRun:
    """Return the run with its steps' vitals named, and all those it waits for.

    `vitals`: codes that watch its risk point. A step that names none waits for the first of them; when there is none
    it is ended by hand, for nothing else could ever end it.
    """
    here = tuple(vitals)
    steps = tuple(_named(step, here) for step in run.steps)
    own = [step.action.vital for step in steps if step.action.done_by is DoneBy.VITAL]
    ruled = [rule.condition for rule in template.stop_rules if rule.condition is not None]
    asked = [one for condition in ruled for one in (here if condition.attribute in VITAL_ATTRIBUTES else ())]
    asked += [condition.attribute for condition in ruled if condition.attribute not in VITAL_ATTRIBUTES]
    return replace(run, steps=steps, watches=tuple(dict.fromkeys((*own, *asked))))


def watched(run: PlanRun, condition: Condition) -> tuple[str, ...]:
    """Return the vitals of a run that a stop rule speaks of: the one its condition names, else all that are watched."""
    return run.watches if condition.attribute in VITAL_ATTRIBUTES else (condition.attribute,)


def _named(step: RunStep, vitals: tuple[str, ...]) -> RunStep:
    action = step.action
    if action.done_by is not DoneBy.VITAL or action.vital:
        return step
    named = replace(action, vital=vitals[0]) if vitals else replace(action, done_by=DoneBy.HAND)
    return replace(step, action=named)

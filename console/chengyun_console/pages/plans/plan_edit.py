"""An edition as it is written: steps added, taken away, moved; cells read; faults by the place they are at. No Qt."""

import re
from collections.abc import Iterable
from dataclasses import replace

import msgspec

from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.plan import Action, Condition, PlanState, PlanTemplate, Resource, StopRule, Tier
from chengyun_core.model.plan_check import Known, faults_of
from chengyun_core.model.plan_conditions import conditions_of, figure_of, text_of
from chengyun_core.model.scales import ResponseLevel

Place = tuple[str, str, str]
"""Table, key and column, as model.plan_check names them."""
NARROW = str.maketrans({0xFF0C: ","})
"""Wide commas, as an input method writes them, for plain ones."""
_MARK = re.compile(f"[;{chr(0xFF1B)}]")
"""Between the fields of one line of a module; an input method writes the wide one."""


def begun(template: PlanTemplate) -> PlanTemplate:
    """Return what is edited: the draft itself, or a new edition made of one that is in force or retired."""
    if template.state is PlanState.DRAFT:
        return template
    return replace(
        template, edition=0, state=PlanState.DRAFT, version=0, approved_by="", approved_at=None, written_by=""
    )  # fmt: skip


def added(template: PlanTemplate, after: str) -> tuple[PlanTemplate, str]:
    """Return the edition with a new step behind that one (at the end when there is none), and its code."""
    taken = {action.code for action in template.actions}
    code = next(f"S{number}" for number in range(1, len(taken) + 2) if f"S{number}" not in taken)
    at = next((place + 1 for place, action in enumerate(template.actions) if action.code == after), len(taken))
    made = (*template.actions[:at], Action(code=code, text=""), *template.actions[at:])
    return replace(template, actions=made), code


def removed(template: PlanTemplate, code: str) -> PlanTemplate:
    """Return the edition without a step; what came after it comes after what that one came after."""
    gone = next((action for action in template.actions if action.code == code), None)
    if gone is None:
        return template
    kept = (action for action in template.actions if action.code != code)
    return replace(template, actions=tuple(_bridged(action, gone) for action in kept))


def moved(template: PlanTemplate, code: str, place: int) -> PlanTemplate:
    """Return the edition with a step at another place, from 0. What waits for what stays as it is."""
    step = next(action for action in template.actions if action.code == code)
    rest = [action for action in template.actions if action.code != code]
    rest.insert(place, step)
    return replace(template, actions=tuple(rest))


def with_action(template: PlanTemplate, code: str, **changes: object) -> PlanTemplate:
    """Return the edition with fields of a step changed; with a new code, what waited for it waits for the new one."""
    new = str(changes.get("code", code))
    made = (
        replace(action, **changes) if action.code == code else _renamed(action, code, new)  # type: ignore[arg-type]
        for action in template.actions
    )
    return replace(template, actions=tuple(made))


def with_tier(template: PlanTemplate, place: int, **changes: object) -> PlanTemplate:
    """Return the edition with a row of the tier table changed; steps of a renamed tier go with it."""
    before = template.tiers[place]
    after = replace(before, **changes)  # type: ignore[arg-type]
    tiers = (*template.tiers[:place], after, *template.tiers[place + 1 :])
    actions = tuple(
        replace(action, tier=after.code) if before.code and action.tier == before.code else action
        for action in template.actions
    )
    return replace(template, tiers=tiers, actions=actions)


def tier_added(template: PlanTemplate) -> PlanTemplate:
    """Return the edition with one row more at the end of the tier table."""
    taken = {tier.code for tier in template.tiers}
    code = next(f"T{number}" for number in range(1, len(taken) + 2) if f"T{number}" not in taken)
    return replace(template, tiers=(*template.tiers, Tier(code=code, name="")))


def tier_removed(template: PlanTemplate, place: int) -> PlanTemplate:
    """Return the edition without a row of the tier table; its steps are marked by the check, not lost."""
    return replace(template, tiers=(*template.tiers[:place], *template.tiers[place + 1 :]))


def known_of(matters: Iterable[str], units: Iterable[str], vitals: Iterable[str]) -> Known:
    """Return what the catalogue on this machine knows, for the check."""
    return Known(matters=frozenset(matters), units=frozenset(units), vitals=frozenset(vitals))


def faults(template: PlanTemplate, known: Known, unread: dict[Place, Reason]) -> dict[Place, Reason]:
    """Return the first fault of each place: what cannot be read, then why it could not run."""
    found = dict(unread)
    if not template.name.strip():
        found[("templates", template.code, "name")] = Reason(code="text.missing.name")
    for one in faults_of(template, known):
        reason = Reason(code=one.code, params={"value": one.value, **one.params})
        found.setdefault((one.table, one.key, one.column), reason)
    return found


def conditions_read(text: str) -> tuple[Condition, ...] | Reason:
    """Return the conditions of a cell, or why it is none."""
    try:
        return conditions_of(text)
    except Refused as refused:
        return refused.reason


def condition_read(text: str) -> Condition | Reason | None:
    """Return the one condition of a cell, None of an empty one, or why it is none."""
    found = conditions_read(text)
    if isinstance(found, Reason):
        return found
    if len(found) > 1:
        return Reason(code="plan.one_condition")
    return found[0] if found else None


def minutes_read(text: str) -> float:
    """Return minutes; 0, which the check refuses, of what is no number."""
    return figure_of(text) or 0.0


def response_read(text: str) -> ResponseLevel | None:
    """Return a level of response by its number, None of an empty cell."""
    return ResponseLevel(int(text)) if text in ("1", "2", "3", "4") else None


def names_of(text: str) -> tuple[str, ...]:
    """Return the names in a text, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def resources_text(resources: Iterable[Resource]) -> str:
    """Return resources as lines of `name; count; unit; where`."""
    return "\n".join(f"{one.name}; {one.count:g}; {one.unit}; {one.where}" for one in resources)


def resources_read(text: str) -> tuple[Resource, ...]:
    """Return the resources of such lines; a count that is no number is one."""
    found = []
    for line in names_of(text):
        name, count, unit, where = (*_fields(line), "", "", "", "")[:4]
        found.append(Resource(name=name, count=figure_of(count) or 1.0, unit=unit, where=where))
    return tuple(found)


def messages_text(messages: dict[str, str]) -> str:
    """Return messages as lines of `to; text`."""
    return "\n".join(f"{to}; {text}" for to, text in messages.items())


def messages_read(text: str) -> dict[str, str]:
    """Return the messages of such lines."""
    lines = ((*_MARK.split(line, maxsplit=1), "")[:2] for line in names_of(text))
    return {to.strip(): said.strip() for to, said in lines}


def rules_text(rules: Iterable[StopRule]) -> str:
    """Return stop rules as lines of `text; condition; +` where `+` raises the tier."""
    return "\n".join(
        f"{rule.text}; {text_of((rule.condition,)) if rule.condition else ''}; {'+' if rule.raises_tier else ''}"
        for rule in rules
    )


def rules_read(text: str) -> tuple[StopRule, ...] | Reason:
    """Return the stop rules of such lines, or why one of them cannot be read."""
    found = []
    for line in names_of(text):
        said, condition, raises = (*_fields(line), "", "", "")[:3]
        read = condition_read(condition)
        if isinstance(read, Reason):
            return read
        found.append(StopRule(text=said, condition=read, raises_tier=raises == "+"))
    return tuple(found)


def kept(template: PlanTemplate) -> str:
    """Return an edition as a text for the draft's file."""
    return msgspec.json.encode(template).decode()


def unkept(text: str) -> PlanTemplate | None:
    """Return the edition in such a text, None when it is none (any more)."""
    try:
        return msgspec.json.decode(text, type=PlanTemplate)
    except msgspec.MsgspecError:
        return None


def _fields(line: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _MARK.split(line))


def _bridged(action: Action, gone: Action) -> Action:
    if gone.code not in action.after:
        return action
    after = (one for code in action.after for one in (gone.after if code == gone.code else (code,)))
    return replace(action, after=tuple(dict.fromkeys(one for one in after if one != action.code)))


def _renamed(action: Action, old: str, new: str) -> Action:
    if old == new or old not in action.after:
        return action
    return replace(action, after=tuple(new if code == old else code for code in action.after))

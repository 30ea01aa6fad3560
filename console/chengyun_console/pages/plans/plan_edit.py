"""An edition as it is written: steps added, taken away, moved; cells read; faults by the place they are at. No Qt."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

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


def empty() -> PlanTemplate:
    """Return a plan nobody wrote yet. Its edition is named, so that it never becomes another plan's next one (P7)."""
    return PlanTemplate(code="", edition=1, name="", matter="", version=0)


def copied(template: PlanTemplate, name: str) -> PlanTemplate:
    """Return another plan with the same words: its own code to be given, no edition, no binding, no drill of the first.

    Records are frozen and rows are written by code and edition: nothing of the copy is ever the original's (P7,
    eden-legacy#1579).
    """
    return replace(
        template, code="", edition=1, name=name, state=PlanState.DRAFT, version=0, drilled="", written_by="",
        approved_by="", approved_at=None,
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


def tier_raised(template: PlanTemplate, place: int) -> PlanTemplate:
    """Return the edition with a row of the tier table one place earlier: what comes on top of what is the order."""
    tiers = list(template.tiers)
    if 0 < place < len(tiers):
        tiers[place - 1], tiers[place] = tiers[place], tiers[place - 1]
    return replace(template, tiers=tuple(tiers))


def tier_removed(template: PlanTemplate, place: int) -> PlanTemplate:
    """Return the edition without a row of the tier table; its steps are marked by the check, not lost."""
    return replace(template, tiers=(*template.tiers[:place], *template.tiers[place + 1 :]))


def known_of(matters: Iterable[str], units: Iterable[str], vitals: Iterable[str]) -> Known:
    """Return what the catalogue on this machine knows, for the check."""
    return Known(matters=frozenset(matters), units=frozenset(units), vitals=frozenset(vitals))


def faults(template: PlanTemplate, known: Known, unread: dict[Place, Reason]) -> dict[Place, Reason]:
    """Return the first fault of each place: what cannot be read, then why it could not run."""
    found = dict(unread)
    for name in ("code", "name", "matter"):
        if not getattr(template, name).strip():
            found[("templates", template.code, name)] = Reason(code=f"console.plans.edit.no_{name}")
    for one in faults_of(template, known):
        reason = Reason(code=one.code, params={"value": one.value, **one.params})
        found.setdefault((one.table, one.key, one.column), reason)
    for place, message in _bare(template):
        found.setdefault(place, Reason(code=message))
    return found


def _bare(template: PlanTemplate) -> Iterable[tuple[Place, str]]:
    """Yield what is named and not said: an import would refuse the empty cell."""
    for action in template.actions:
        if not action.text.strip():
            yield ("actions", action.code, "text"), "console.plans.edit.no_step_text"
    for tier in template.tiers:
        if not tier.code.strip() or not tier.name.strip():
            yield ("tiers", tier.code, "name"), "console.plans.edit.no_tier_name"
    for name in ("valid_from", "valid_to"):
        if (day := getattr(template, name)) and not _is_day(day):
            yield ("templates", template.code, name), "console.plans.edit.no_day"
    if any(not to or not text for to, text in template.messages.items()):
        yield ("modules", "", "messages"), "console.plans.edit.no_message"
    if any(not rule.text for rule in template.stop_rules):
        yield ("modules", "", "stop_rules"), "console.plans.edit.no_rule"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


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


def _numbered(text: str) -> Iterable[tuple[int, str]]:
    """Yield the lines that say something with their numbers, from 1."""
    lines = ((place, line.strip()) for place, line in enumerate(text.splitlines(), 1))
    return ((place, line) for place, line in lines if line)


def _unread(place: int, line: str, code: str) -> Reason:
    return Reason(code=code, params={"line": str(place), "part": line})


def resources_text(resources: Iterable[Resource]) -> str:
    """Return resources as lines of `name; count; unit; where`."""
    return "\n".join(f"{one.name}; {one.count:g}; {one.unit}; {one.where}" for one in resources)


def resources_read(text: str) -> tuple[Resource, ...] | Reason:
    """Return the resources of such lines, or which line cannot be read; an empty count is one."""
    found = []
    for place, line in _numbered(text):
        name, count, unit, where = (*_fields(line), "", "", "", "")[:4]
        figure = figure_of(count) if count else 1.0
        if not name or figure is None or figure < 0:
            return _unread(place, line, "console.plans.edit.bad_resource")
        found.append(Resource(name=name, count=figure, unit=unit, where=where))
    return tuple(found)


def messages_text(messages: dict[str, str]) -> str:
    """Return messages as lines of `to; text`."""
    return "\n".join(f"{to}; {text}" for to, text in messages.items())


def messages_read(text: str) -> dict[str, str] | Reason:
    """Return the messages of such lines, or which line cannot be read, or speaks to somebody a second time."""
    found: dict[str, str] = {}
    for place, line in _numbered(text):
        to, said = (part.strip() for part in (*_MARK.split(line, maxsplit=1), "")[:2])
        if not to or not said or to in found:
            code = "console.plans.edit.message_twice" if to in found else "console.plans.edit.bad_message"
            return _unread(place, line, code)
        found[to] = said
    return found


def bars_read(text: str) -> tuple[str, ...] | Reason:
    """Return the names in a text, one a line, or which one stands there twice."""
    found: list[str] = []
    for place, line in _numbered(text):
        if line in found:
            return _unread(place, line, "console.plans.edit.name_twice")
        found.append(line)
    return tuple(found)


def rules_text(rules: Iterable[StopRule]) -> str:
    """Return stop rules as lines of `text; condition; +` where `+` raises the tier."""
    return "\n".join(
        f"{rule.text}; {text_of((rule.condition,)) if rule.condition else ''}; {'+' if rule.raises_tier else ''}"
        for rule in rules
    )


def rules_read(text: str) -> tuple[StopRule, ...] | Reason:
    """Return the stop rules of such lines, or why one of them cannot be read."""
    found = []
    for place, line in _numbered(text):
        said, condition, raises = (*_fields(line), "", "", "")[:3]
        read = condition_read(condition)
        if isinstance(read, Reason) or not said or raises not in ("", "+"):
            return _unread(place, line, "console.plans.edit.bad_rule")
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

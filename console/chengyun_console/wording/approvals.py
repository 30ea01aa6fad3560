"""A request for a second person in words: what is asked, about what, by whom."""

from chengyun_console.actions.table import ACTIONS
from chengyun_console.wording.gazetteer import Gazetteer
from chengyun_core.model.approval import Approval
from chengyun_resources.texts import Texts


def approval_title(texts: Texts, names: Gazetteer | None, approval: Approval) -> str:
    """Return `搁置 · 寸滩站 水位`: the action's title and the subject's name, or their codes when nobody knows them."""
    title = next((action.title for action in ACTIONS if action.permission == approval.action), "")
    action = texts.say(title) if title else approval.action
    return texts.say("console.deed", action=action, alarm=_name(names, approval.subject))


def approval_terms(texts: Texts, approval: Approval) -> str:
    """Return the terms asked for, as the request tells them; codes among them are said as sentences."""
    said = (_term(texts, name, value) for name, value in approval.params.items())
    return " · ".join(part for part in said if part)


def _term(texts: Texts, name: str, value: str) -> str:
    if name == "minutes":
        return texts.say("console.approval.minutes", minutes=value) if value else texts.say("console.shelf.one_shot")
    return texts.say(value) if texts.has(value) else value


def _name(names: Gazetteer | None, code: str) -> str:
    if names is None:
        return code
    try:
        vital = names.vital(names.view.number_of(code))
    except KeyError:
        return names.place(code)
    return vital.name if vital else code

"""The handbook's tables, in the officer's language, from the tables the program itself runs by."""

from collections.abc import Callable, Sequence

from chengyun_console.actions.action import Where
from chengyun_console.actions.table import ACTIONS
from chengyun_console.actions.verbs import VERBS, title_of
from chengyun_console.guide.keycaps import keys_of
from chengyun_console.preferences import SETTINGS, Preferences
from chengyun_core.mirror.state import Freshness
from chengyun_core.model.alarm import AlarmState
from chengyun_core.model.flood_meter import BEGINS_ABOVE, ENDS_BELOW
from chengyun_core.model.scales import Quality
from chengyun_resources.texts import Texts

GAVE_UP = "—"


def keys(texts: Texts) -> str:
    """Return every action with its key, by where it means something."""
    parts = []
    for where in Where:
        rows = [(keys_of(action) or GAVE_UP, texts.say(action.title)) for action in ACTIONS if action.where is where]
        if rows:
            parts += [f"## {texts.say(f'console.where.{where.value}')}", table(heads(texts, "key", "does"), rows)]
    return "\n\n".join(parts)


def legend(texts: Texts) -> str:
    """Return the four shapes with their words, solid and stale; the mark of a lost link."""
    rows = [
        (f"![{level}](mark:{level})", f"![{level}](mark:{level}:stale)", texts.say(f"console.band.{level}"))
        for level in (4, 3, 2, 1)
    ]
    rows.append(("![link](mark:link)", "![link](mark:link:stale)", texts.say("guide.link_lost")))
    return table(heads(texts, "shape", "stale_shape", "word"), rows)


def states(texts: Texts) -> str:
    """Return the states of an alarm with what each asks of an officer."""
    rows = [
        (texts.say(f"console.state.{state.value}"), texts.say(f"guide.state.{state.value}")) for state in AlarmState
    ]
    return table(heads(texts, "state", "meaning"), rows)


def quality(texts: Texts) -> str:
    """Return the words of quality and what follows from each."""
    rows = [
        (texts.say(f"console.quality.{int(one)}"), texts.say(f"guide.quality.{one.name.lower()}")) for one in Quality
    ]
    return table(heads(texts, "quality", "meaning"), rows)


def freshness(texts: Texts) -> str:
    """Return the ways a value can be late and how each is drawn."""
    rows = [
        (texts.say(f"paper.freshness.{int(one)}"), texts.say(f"guide.freshness.{one.name.lower()}"))
        for one in Freshness
    ]
    return table(heads(texts, "freshness", "meaning"), rows)


def settings(texts: Texts) -> str:
    """Return a seat's settings: meaning, choices, default."""
    defaults = Preferences()
    rows = []
    for row in SETTINGS:
        code = f"guide.setting.{row.name}"
        meaning = texts.say(code) if texts.has(code) else row.meaning
        choices = " · ".join(str(choice) for choice in row.choices) or GAVE_UP
        rows.append((f"`{row.name}`", meaning, choices, str(getattr(defaults, row.name)) or GAVE_UP))
    return table(heads(texts, "setting", "meaning", "choices", "default"), rows)


def flood(texts: Texts) -> str:
    """Return when a flood of alarms begins and ends."""
    return texts.say("guide.flood", begins=BEGINS_ABOVE, ends=ENDS_BELOW)


def verbs(texts: Texts) -> str:
    """Return the verbs of the command bar: what is written, what follows it, what it does."""
    rows = [(f"`/{verb.name}`", texts.say(f"search.takes.{verb.takes}"), texts.say(title_of(verb))) for verb in VERBS]
    return table(heads(texts, "verb", "takes", "does"), rows)


TABLES: dict[str, Callable[[Texts], str]] = {
    "flood": flood,
    "freshness": freshness,
    "keys": keys,
    "legend": legend,
    "quality": quality,
    "settings": settings,
    "states": states,
    "verbs": verbs,
}
"""Marker in a chapter, `{{name}}` → the function that makes its text."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    return "\n".join((*lines, *(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)))


def heads(texts: Texts, *names: str) -> tuple[str, ...]:
    """Return the heads of a table's columns."""
    return tuple(texts.say(f"guide.head.{name}") for name in names)

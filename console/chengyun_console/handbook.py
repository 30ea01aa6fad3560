"""What the handbook prints of the console, made from its tables: keys and settings, as Markdown."""

from chengyun_console.actions.action import Action
from chengyun_console.actions.table import ACTIONS
from chengyun_console.preferences import SETTINGS, Preferences
from chengyun_resources.texts import Texts


def keys_table(texts: Texts) -> str:
    """Return the table of keys: where, key, what it does."""
    rows = [f"| {' | '.join(_cells(action, texts))} |" for action in ACTIONS]
    return "\n".join(("| where | key | does |", "|---|---|---|", *rows))


def _cells(action: Action, texts: Texts) -> tuple[str, str, str]:
    where = texts.say(f"console.where.{action.where.value}")
    return where, " · ".join(action.keys) or "—", texts.say(action.title)


def settings_table() -> str:
    """Return the table of a seat's settings: name, meaning, choices, default."""
    defaults = Preferences()
    rows = [
        f"| {row.name} | {row.meaning} | {', '.join(map(str, row.choices)) or 'any'} | {getattr(defaults, row.name)} |"
        for row in SETTINGS
    ]
    return "\n".join(("| setting | meaning | choices | default |", "|---|---|---|---|", *rows))

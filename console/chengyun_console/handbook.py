"""What the handbook prints of the console, made from its tables: keys, verbs and settings, as Markdown."""

from chengyun_console.actions.action import Action
from chengyun_console.actions.table import ACTIONS
from chengyun_console.actions.verbs import VERBS, title_of
from chengyun_console.layouts import masters
from chengyun_console.layouts.arrangement import ROOT, Arrangement, Way
from chengyun_console.preferences import SETTINGS, Preferences
from chengyun_resources.texts import Texts

_BETWEEN = {Way.ACROSS: "+", Way.DOWN: "/"}


def keys_table(texts: Texts) -> str:
    """Return the table of keys: where, key, what it does."""
    rows = [f"| {' | '.join(_cells(action, texts))} |" for action in ACTIONS]
    return "\n".join(("| where | key | does |", "|---|---|---|", *rows))


def _cells(action: Action, texts: Texts) -> tuple[str, str, str]:
    where = texts.say(f"console.where.{action.where.value}")
    return where, " · ".join(action.keys) or "—", texts.say(action.title)


def verbs_table(texts: Texts) -> str:
    """Return the table of the command bar's verbs: what is written, what follows it, what it does."""
    rows = ((f"`/{verb.name}`", texts.say(f"search.takes.{verb.takes}"), texts.say(title_of(verb))) for verb in VERBS)
    return "\n".join(("| verb | followed by | does |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)))


def settings_table() -> str:
    """Return the table of a seat's settings: name, meaning, choices, default."""
    defaults = Preferences()
    rows = [
        f"| {row.name} | {row.meaning} | {', '.join(map(str, row.choices)) or 'any'} | {getattr(defaults, row.name)} |"
        for row in SETTINGS
    ]
    return "\n".join(("| setting | meaning | choices | default |", "|---|---|---|---|", *rows))


def layouts_table() -> str:
    """Return the table of the cockpit's masters: for whom, what is shown, what is locked."""
    rows = [_master_row(master) for master in masters.shipped().masters]
    head = "| master | level | sector | post | mode | panes | panes on wide screens | charts (kept) | range | locked |"
    return "\n".join((head, "|---|---|---|---|---|---|---|---|---|---|", *rows))


def labels_table() -> str:
    """Return the labels of the wall."""
    rows = [f"| {key} | {value} |" for key, value in masters.shipped().wall.items()]
    return "\n".join(("| what | on the wall |", "|---|---|", *rows))


def _master_row(master: masters.Master) -> str:
    row = master.row
    cells = (
        row.code,
        *(part or "any" for part in master.key),
        _nested(master.panes, ROOT),
        _nested(master.wide, ROOT),
        f"{row.charts} from the {row.pinned} ({row.kept})",
        f"{row.range_minutes} min",
        ", ".join(row.locked) or "—",
    )
    return f"| {' | '.join(cells)} |"


def _nested(arranged: Arrangement, part: str) -> str:
    """Return a split in one line: beside each other with +, above each other with /."""
    if part not in arranged:
        return part
    split = arranged[part]
    inside = (f"{_nested(arranged, name)} {share}" for name, share in zip(split.parts, split.shares, strict=True))
    return f"({f' {_BETWEEN[split.way]} '.join(inside)})"

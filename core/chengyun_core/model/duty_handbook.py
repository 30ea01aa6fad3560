"""The tables of docs/duty.md, made from the tables the code applies."""

from collections.abc import Iterable, Sequence

from chengyun_core.model.catalogue_tables import Table
from chengyun_core.model.duty_log import LOGGED
from chengyun_core.model.duty_permissions import DUTY_PERMISSIONS
from chengyun_core.model.duty_rules import SHEET_MOVES, SHIFT_MOVES
from chengyun_core.model.handover_rules import ITEM_MOVES
from chengyun_core.model.roster_table import TABLES
from chengyun_core.model.routing import RULES


def shift_table() -> str:
    """Return the life cycle of a shift."""
    rows = [(f"`{state}`", f"`{move}`", f"`{after}`") for (state, move), after in SHIFT_MOVES.items()]
    return _table(("state", "what befalls it", "state after"), rows)


def sheet_table() -> str:
    """Return the life cycle of a hand-over."""
    rows = [(f"`{state}`", f"`{move}`", f"`{after}`") for (state, move), after in SHEET_MOVES.items()]
    return _table(("state", "what befalls it", "state after"), rows)


def item_table() -> str:
    """Return the life cycle of one item of a sheet."""
    return _table(("state", "what befalls it", "state after"), ITEM_MOVES)


def routing_table() -> str:
    """Return to which seats what goes."""
    return _table(("what", "goes to"), [(rule.what, rule.to) for rule in RULES])


def who_table() -> str:
    """Return who may do what about duty."""
    rows = [
        (f"`{action}`", ", ".join(dict.fromkeys(row.post.value for row in found)))
        for action, found in DUTY_PERMISSIONS.items()
    ]
    return _table(("action", "posts"), rows)


def logged_table() -> str:
    """Return the actions a shift log tells, by the kind of thing."""
    kinds: dict[str, list[str]] = {}
    for action in sorted(LOGGED):
        kind, _, deed = action.partition(".")
        kinds.setdefault(kind, []).append(f"`{deed}`")
    return _table(("of", "actions"), [(f"`{kind}`", ", ".join(deeds)) for kind, deeds in kinds.items()])


def import_tables() -> str:
    """Return the columns a roster is imported from."""
    return "\n\n".join(_columns(table) for table in TABLES.values())


def _columns(table: Table) -> str:
    rows = [(f"`{one.name}`", "yes" if one.required else "", one.meaning) for one in table.columns]
    return f"`{table.name}`: {table.meaning}\n\n" + _table(("column", "required", "meaning"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines.extend("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    return "\n".join(lines)

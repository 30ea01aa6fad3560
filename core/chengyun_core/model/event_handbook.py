"""The tables of docs/events.md, made from the tables the code applies."""

from collections.abc import Iterable, Sequence

from chengyun_core.model.event import EventState, Hop
from chengyun_core.model.event_import import EVENTS
from chengyun_core.model.event_permissions import EVENT_PERMISSIONS
from chengyun_core.model.event_rules import HOP_OF, IMPLIED, MOVES, Move
from chengyun_core.model.hop_waterfall import BUDGETS

_ACTION = {Move.CHECK_PASSED: "event.check", Move.CHECK_FAILED: "event.check"}
"""Moves whose command has another name; the others are `event.<move>`, `order` comes from orders and receipts."""


def moves_table() -> str:
    """Return every move of the table: from where, to where, what it needs, who may."""
    rows = [
        (
            f"`{state.value}`", f"`{move.value}`", f"`{step.to.value}`" if step.to else "where it was before",
            ", ".join(need.value.replace("_", " ") for need in step.needs), _who(move),
        )
        for state in EventState for move in Move if (step := MOVES.get((state, move))) is not None
    ]  # fmt: skip
    return _table(("state", "move", "leads to", "needs", "who may"), rows)


def hops_table() -> str:
    """Return the hops with what stamps each, the move it makes, and its budget."""
    stamps = {hop: move.value for move, hop in HOP_OF.items()}
    rows = [
        (
            f"`{hop.value}`", stamps.get(hop, ""), IMPLIED[hop].value if hop in IMPLIED else "",
            f"{BUDGETS[hop][1]:g} s from `{BUDGETS[hop][0].value}`" if hop in BUDGETS else "",
        )
        for hop in Hop
    ]  # fmt: skip
    return _table(("hop", "stamped by the move", "told from elsewhere it makes the move", "budget"), rows)


def import_table() -> str:
    """Return the columns of an import."""
    rows = [
        (f"`{column.name}`", column.kind.value, "yes" if column.required else "", column.meaning)
        for column in EVENTS.columns
    ]
    return _table(("column", "kind", "needed", "meaning"), rows)


def _who(move: Move) -> str:
    if move is Move.ORDER:
        return "whoever sends orders, signs or arrives"
    rows = EVENT_PERMISSIONS[_ACTION.get(move, f"event.{move.value}")]
    return ", ".join(dict.fromkeys(row.post.value for row in rows))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines.extend("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join(lines)

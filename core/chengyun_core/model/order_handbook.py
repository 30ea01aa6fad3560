"""The tables of docs/orders.md, made from the tables the code applies."""

from collections.abc import Iterable, Sequence

from chengyun_core.model.deadline_rules import RUNGS, TEMPLATES
from chengyun_core.model.order import LADDER, ReceiptState
from chengyun_core.model.order_permissions import ORDER_PERMISSIONS
from chengyun_core.model.receipt_rules import MOVES, STEPS, ReceiptMove


def ladder_table() -> str:
    """Return the ladder: step, who may tell it, what it needs, what follows."""
    rows = [
        (
            f"`{step.value}`", ", ".join(sorted(who.value for who in rule.who)), _needs(step.value),
            "" if rule.hop is None else f"`{rule.hop.value}`{' (lead)' if rule.of_lead else ''}",
            "done" if rule.ends else "",
        )
        for step in LADDER for rule in (STEPS[step],)
    ]  # fmt: skip
    return _table(("step", "told by", "needs", "hop of the event", "ends it"), rows)


def moves_table() -> str:
    """Return what may befall a receipt beside its ladder."""
    rows = [
        (f"`{state.value}`", f"`{move.value}`", f"`{MOVES[state, move].value}`")
        for state in ReceiptState for move in ReceiptMove if (state, move) in MOVES
    ]  # fmt: skip
    return _table(("state", "move", "leads to"), rows)


def deadlines_table() -> str:
    """Return the house's deadline templates: minutes after sending."""
    steps = [step for step in LADDER if any(step in template.minutes for template in TEMPLATES.values())]
    rows = [
        (f"`{name}`", *(f"{template.minutes[step]:g}" if step in template.minutes else "" for step in steps))
        for name, template in TEMPLATES.items()
    ]
    return _table(("template", *(f"{step.value}, min" for step in steps)), rows)


def rungs_table() -> str:
    """Return the rungs of reminding, with their times for a signature due within a minute."""
    rows = [(f"`{rung.value}`", f"{share:g}", f"{60 + 60 * share:g} s") for rung, share in RUNGS]
    return _table(("rung", "after the deadline, share of the time given", "a signature due within 1 min"), rows)


def who_table() -> str:
    """Return who may do what with orders, receipts and roll calls."""
    rows = [
        (f"`{action}`", "whoever signs for the recipient" if row[0].sectors.value == "owned" else _posts(action))
        for action, row in ORDER_PERMISSIONS.items()
    ]
    return _table(("action", "who may"), rows)


def _needs(step: str) -> str:
    rule = STEPS[next(one for one in LADDER if one.value == step)]
    needs = (["four elements"] if rule.needs_feedback else []) + ([f"`{rule.after.value}`"] if rule.after else [])
    return ", ".join(needs)


def _posts(action: str) -> str:
    posts = dict.fromkeys(row.post.value for row in ORDER_PERMISSIONS[action])
    return "everybody signed on" if len(posts) > len(("duty_officer", "watch_chief")) else ", ".join(posts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines.extend("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join(lines)

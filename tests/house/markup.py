"""RS10: finds places where a text somebody wrote could be read as markup by Qt, whose labels and tips guess."""

import ast
from collections.abc import Iterator

from tests.house.sources import Finding

TIPS = frozenset({"setToolTip", "showText", "setWhatsThis", "setStatusTip"})
PLAIN = frozenset({"plain_tip"})
SAYS = frozenset({"say"})
"""The catalogue's own sentences, without anything put into them."""
LABELS = frozenset({"QLabel", "QMessageBox", "QErrorMessage", "QProgressDialog"})


def markup(tree: ast.Module) -> list[Finding]:
    """Return every label that may guess and every tip that is not told as plain text."""
    found = [finding for node in ast.walk(tree) if isinstance(node, ast.Call) for finding in _tip(node)]
    return sorted(found + _labels(tree), key=lambda finding: finding.line)


def _tip(call: ast.Call) -> Iterator[Finding]:
    name = _name(call.func)
    if name not in TIPS:
        return
    told = call.args[1] if name == "showText" and len(call.args) > 1 else call.args[0] if call.args else None
    if told is not None and not _is_plain(told):
        yield Finding(line=call.lineno, what=f"{name} with a text that is not plain_tip(…)")


def _is_plain(told: ast.expr) -> bool:
    match told:
        case ast.Constant(value=""):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return _is_plain(body) and _is_plain(orelse)
        case ast.Call(func=func, args=[ast.Constant()], keywords=[]) if _name(func) in SAYS:
            return True
        case ast.Call(func=func):
            return _name(func) in PLAIN
        case _:
            return False


def _labels(tree: ast.Module) -> list[Finding]:
    """A module that makes labels says of what format they are; a dialog of Qt's own is none of ours."""
    made = [
        node for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _name(node.func) in LABELS)
        or (isinstance(node, ast.ClassDef) and {_name(base) for base in node.bases} & LABELS)
    ]  # fmt: skip
    says = any(isinstance(node, ast.Call) and _name(node.func) == "setTextFormat" for node in ast.walk(tree))
    return [] if says else [Finding(line=node.lineno, what="a label whose text format is guessed") for node in made]


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""

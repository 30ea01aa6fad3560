"""Finds in a module what belongs into `resources`: words an officer reads, and colours."""

import ast
import re
from collections.abc import Iterator

from tests.house.names import Names
from tests.house.sources import Finding

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_RANGE = re.compile(r"\[[^\]]*.-.[^\]]*\]")
"""A character class such as [\u4e00-\u9fff] is a rule about Chinese, not a word of it."""
_HEX_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![0-9a-zA-Z_])")
_COLOUR_MAKERS = {"PySide6.QtGui.QColor", "PySide6.QtGui.QColor.fromRgb", "PySide6.QtGui.qRgb", "PySide6.QtGui.qRgba"}
_NO_COLOUR = {"transparent", "color0", "color1"}


def chinese(module: ast.Module) -> list[Finding]:
    """Return every string of the code that holds Chinese; docstrings may quote a term."""
    return [
        Finding(line=node.lineno, what=f"text an officer reads: {node.value!r}")
        for node in _strings(module)
        if _CHINESE.search(_RANGE.sub("", node.value))
    ]


def colours(module: ast.Module) -> list[Finding]:
    """Return every colour given in the code: as #rrggbb, by numbers, or as one of Qt's named ones."""
    in_text = [
        Finding(line=node.lineno, what=f"a colour outside the theme: {found.group()}")
        for node in _strings(module)
        if (found := _HEX_COLOUR.search(node.value))
    ]
    names = Names(module)
    return in_text + [
        Finding(line=getattr(node, "lineno", 0), what="a colour outside the theme")
        for node in ast.walk(module)
        if _is_colour(node, names)
    ]


def _is_colour(node: ast.AST, names: Names) -> bool:
    match node:
        case ast.Call(func=func, args=[ast.Constant(value=int() | str()), *_]):
            return names.meaning(func) in _COLOUR_MAKERS
        case ast.Attribute(attr=name, value=value):
            return names.meaning(value).endswith("GlobalColor") and name not in _NO_COLOUR
    return False


def _strings(module: ast.Module) -> Iterator[ast.Constant]:
    docstrings = {id(node) for scope in ast.walk(module) for node in _bare_strings(scope)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def _bare_strings(scope: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings that stand as statements: docstrings, of attributes too."""
    for statement in getattr(scope, "body", []) if isinstance(getattr(scope, "body", []), list) else []:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield statement.value

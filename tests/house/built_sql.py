"""RS12: finds SQL that is put together from pieces instead of having its values bound."""

import ast
from collections.abc import Iterator

from tests.house.names import Names
from tests.house.sources import Finding

_TEXT_MAKERS = {"sqlalchemy.text", "sqlalchemy.literal_column", "sqlalchemy.sql.text", "sqlalchemy.DDL"}
_EXECUTORS = {"exec_driver_sql", "execute", "executemany", "executescript"}


def built_sql(module: ast.Module) -> list[Finding]:
    """Return every place where a built string goes into the database."""
    names = Names(module)
    if not any(isinstance(node, ast.Call) and _takes_sql(node, names) for node in ast.walk(module)):
        return []
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sorted(
        {finding for scope in (module, *functions) for finding in _in_scope(scope, names)},
        key=lambda finding: finding.line,
    )


def _in_scope(scope: ast.AST, names: Names) -> Iterator[Finding]:
    built = {name for node in ast.walk(scope) for name in _names_given_built_text(node)}
    for node in ast.walk(scope):
        if isinstance(node, ast.Call) and _takes_sql(node, names) and node.args and _is_built(node.args[0], built):
            yield Finding(line=node.lineno, what="SQL is built from pieces: bind the values")


def _takes_sql(call: ast.Call, names: Names) -> bool:
    by_method = isinstance(call.func, ast.Attribute) and call.func.attr in _EXECUTORS
    return by_method or names.meaning(call.func) in _TEXT_MAKERS


def _names_given_built_text(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(targets=targets, value=value) if _is_built(value, set()):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_built(value, set()):
            yield name
        case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value) if _is_built(value, set()):
            yield name


def _is_built(node: ast.expr, built_names: set[str]) -> bool:
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(value, ast.FormattedValue) for value in values)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return _is_text(left) or _is_text(right)
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace", value=value)):
            return _is_text(value)
        case ast.Name(id=name):
            return name in built_names
    return False


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, right=right):
            return _is_text(left) or _is_text(right)
    return False

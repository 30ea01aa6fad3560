"""Finds calls that wait for a thread, a process, a lock of a file or a message, and name no limit (decision 0424)."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.house.names import Names

_LIMITS = {"timeout", "timeout_s", "within_s", "block", "blocking"}
_BARE = {"acquire", "exception", "get", "join", "result", "shutdown", "term", "wait", "waitForDone"}
"""With nothing in the brackets they wait for ever; `",".join(words)` and `table.get(key)` have something."""
_MESSAGES = {"recv", "recv_json", "recv_multipart", "recv_pyobj", "recv_string"}
_AT_ONCE = {"DONTWAIT", "NOBLOCK", "LOCK_NB"}
_QT = {"waitForBytesWritten", "waitForConnected", "waitForFinished", "waitForReadyRead", "waitForStarted"}
"""Half a minute by default, and a halt with any limit."""
_RUNS = {"subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.run"}
_LOCKS = {"fcntl.flock", "fcntl.lockf"}
_POOLS = {
    "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.ProcessPoolExecutor",
    "PySide6.QtCore.QThreadPool",
}
"""Their end waits for what runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One call, and the function it is in («Class.method»; empty: the module)."""

    line: int
    place: str
    what: str


def unbounded_waits(module: ast.Module) -> list[Wait]:
    """Return every wait without a limit. What is awaited holds up no thread; `with lock` is not judged."""
    names = Names(module)
    return [
        Wait(line=call.lineno, place=place, what=ast.unparse(call.func))
        for place, call in _calls(module, "")
        if _waits(call, names)
    ]


def _calls(node: ast.AST, place: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _calls(child, f"{place}.{child.name}".lstrip("."))
            continue
        if isinstance(child, ast.Call) and not isinstance(node, ast.Await):
            yield place, child
        yield from _calls(child, place)


def _waits(call: ast.Call, names: Names) -> bool:
    meaning = names.meaning(call.func)
    if meaning in _POOLS:
        return True
    limited = any(keyword.arg in _LIMITS for keyword in call.keywords)
    if meaning in _RUNS:
        return not limited
    if meaning in _LOCKS:
        return not _at_once(call)
    return isinstance(call.func, ast.Attribute) and not limited and _method_waits(call, call.func.attr)


def _method_waits(call: ast.Call, method: str) -> bool:
    if method in _BARE:
        return not call.args
    if method == "communicate":
        return len(call.args) < 2  # the second is the limit
    if method == "wait_for":
        return len(call.args) < 2
    if method in _MESSAGES:
        return not _at_once(call)
    return method in _QT


def _at_once(call: ast.Call) -> bool:
    given = (*call.args, *(keyword.value for keyword in call.keywords))
    return any(isinstance(node, ast.Attribute) and node.attr in _AT_ONCE for one in given for node in ast.walk(one))

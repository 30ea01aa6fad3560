"""Finds in the code what can write a file, a paper, a picture or the clipboard."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core/chengyun_core", "console/chengyun_console", "widgets/chengyun_widgets")
CALLS = frozenset({
    "DictWriter", "QImageWriter", "QPdfWriter", "QPrinter", "Workbook", "clipboard", "fdopen", "link", "save",
    "saveAsBinary", "setMimeData", "to_csv", "to_parquet", "write_bytes", "write_table", "write_text", "writer",
})  # fmt: skip
"""Last names of calls by which bytes leave a program, whatever they are bound to."""
_WORDS = re.compile("|".join(rf"\b{name}\(" for name in (*sorted(CALLS), "open", "write")))
NO_WRITER = frozenset({"painter", "_painter", "p"})
"""`save` of these keeps a painter's state."""


def writers_in(source: str) -> frozenset[str]:
    """Return the names of calls in a module's text that can write."""
    return frozenset(name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) for name in _of(node))


@cache
def writing_modules() -> dict[str, frozenset[str]]:
    """Return module → what in it can write, from the root of the repository."""
    found = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            source = file.read_text("utf-8")
            # Most modules hold none of these words, and need not be taken apart.
            names = writers_in(source) if _WORDS.search(source) else frozenset()
            if names:
                found[str(file.relative_to(ROOT))] = names
    return found


def _of(call: ast.Call) -> tuple[str, ...]:
    if isinstance(call.func, ast.Name):
        name, on = call.func.id, ""
    elif isinstance(call.func, ast.Attribute):
        name, on = call.func.attr, getattr(call.func.value, "id", getattr(call.func.value, "attr", ""))
    else:
        return ()
    if name == "open":
        return ("open",) if _writes(call) else ()
    if name == "write" and on == "stdout":
        return ("stdout",)
    if name not in CALLS or (name == "save" and on in NO_WRITER) or (name == "fdopen" and not _writes(call)):
        return ()
    return (name,)


def _writes(call: ast.Call) -> bool:
    modes = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
    texts = [one.value for one in modes if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(set(text) <= set("wxabt+r") and set(text) & set("wxa") for text in texts)

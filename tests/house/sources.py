"""Finds the files the house rules speak of, and parses each once."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = {
    "chengyun_core": REPOSITORY / "core" / "chengyun_core",
    "chengyun_widgets": REPOSITORY / "widgets" / "chengyun_widgets",
    "chengyun_console": REPOSITORY / "console" / "chengyun_console",
    "chengyun_resources": REPOSITORY / "resources" / "chengyun_resources",
}

_NOT_OURS = {".git", ".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache"}
_MADE_HERE = {"__pycache__", "build", "dist"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a rule is broken."""

    line: int
    what: str


def all_files() -> Iterator[Path]:
    """Yield every file of the checkout that is not made by a tool."""
    yield from _walk(REPOSITORY)


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if entry.name not in _NOT_OURS | _MADE_HERE and not entry.is_symlink():
                yield from _walk(entry)
        else:
            yield entry


def product_modules(*packages: str) -> list[Path]:
    """Return the modules of the named packages, of all four when none is named."""
    return [path for name in packages or PACKAGES for path in sorted(PACKAGES[name].rglob("*.py"))]


def python_files() -> list[Path]:
    """Return every Python file of the checkout, tests and tools too."""
    return [path for path in all_files() if path.suffix == ".py"]


@cache
def tree(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def at(path: Path, finding: Finding) -> str:
    """Return a line an editor can jump to."""
    return f"{path.relative_to(REPOSITORY)}:{finding.line}: {finding.what}"


def expect_none(faults: Iterable[str]) -> None:
    """Fail with every fault on a line of its own: pytest would show the first and count the rest."""
    lines = list(faults)
    if lines:
        raise AssertionError(f"{len(lines)} found:\n" + "\n".join(lines))

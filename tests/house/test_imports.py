"""Imports go up one way: the contracts of pyproject.toml hold, and what a package may name at all is listed here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import sources

# The contracts say what is forbidden; these say what is allowed, so that a new library or room is a decision.
ALLOWED = {
    "chengyun_resources": {"chengyun_resources", "msgspec"},
    "chengyun_widgets": {
        "PySide6",
        "chengyun_core.series",
        "chengyun_resources",
        "chengyun_widgets",
        "numpy",
        "pyqtgraph",
        "typing_extensions",
    },
    "chengyun_console": {
        "PySide6",
        "chengyun_console",
        "chengyun_core.custody",
        # Arithmetic of places and the bytes of shapes: what reads and judges files of the map is the centre's.
        "chengyun_core.geo.projection",
        "chengyun_core.geo.shapes",
        "chengyun_core.mirror",
        "chengyun_core.model",
        "chengyun_core.report",
        # Not the whole room: what speaks and listens is a process of its own.
        "chengyun_core.rtc.conductor",
        "chengyun_core.rtc.degradation",
        "chengyun_core.rtc.media_process",
        "chengyun_core.rtc.orders",
        "chengyun_core.rtc.settings",
        "chengyun_core.series",
        "chengyun_core.tabular",
        # Not the whole room: what decodes is a process of its own.
        "chengyun_core.video.clip_orders",
        "chengyun_core.video.clip_viewer",
        "chengyun_core.video.fence",
        "chengyun_core.video.fleet",
        "chengyun_core.video.port",
        "chengyun_core.video.settings",
        "chengyun_core.wire",
        "chengyun_resources",
        "chengyun_widgets",
        "msgspec",
        "numpy",
        "platformdirs",
        "pyqtgraph",
        "qasync",
        "segno",
        "shiboken6",
        "sounddevice",
        "typing_extensions",
        "zmq",
    },
}


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of everything a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def strangers(module: ast.Module, allowed: set[str]) -> list[sources.Finding]:
    """Return what the module imports beyond the standard library and what is allowed."""
    return [
        sources.Finding(line=line, what=f"may not import {name}")
        for line, name in imported(module)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == room or name.startswith(f"{room}.") for room in allowed)
    ]


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_that_a_package_imports_only_what_it_may(package: str) -> None:
    modules = sources.product_modules(package)
    assert modules
    found = [(path, fault) for path in modules for fault in strangers(sources.tree(path), ALLOWED[package])]
    sources.expect_none(sources.at(path, fault) for path, fault in found)


def test_that_a_stranger_is_seen() -> None:
    snippet = "import os, zmq\nfrom chengyun_core import store\nfrom chengyun_core.series import ring"
    found = strangers(ast.parse(snippet), ALLOWED["chengyun_widgets"])
    assert [fault.what for fault in found] == ["may not import zmq", "may not import chengyun_core.store"]


def test_that_imports_are_absolute() -> None:
    relative = [
        sources.at(path, sources.Finding(line=node.lineno, what="relative import"))
        for path in sources.product_modules()
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    sources.expect_none(relative)


def test_that_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-cache"], cwd=sources.REPOSITORY, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr

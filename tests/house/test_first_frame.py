"""What the console imports before its first frame: an officer waits for every module of it (see shell.rooms)."""

import subprocess
import sys
from functools import cache

import pytest

LATE = (
    "chengyun_console.guide",
    "chengyun_console.pages.events.card",
    "chengyun_console.pages.events.page",
    "chengyun_console.pages.orders",
    "chengyun_console.pages.plans",
    "chengyun_console.pages.sources",
    "chengyun_console.pages.vitals",
    "chengyun_console.paper.job",
    "chengyun_console.paper.sheet",
    "chengyun_console.shell.commanding",
    "chengyun_console.shell.event_desk",
    "chengyun_console.shell.event_form",
    "chengyun_console.shell.order_form",
    "chengyun_console.shell.plan_desk",
    "chengyun_console.shell.report_sheet",
    "chengyun_console.shell.review_sheet",
    "chengyun_console.shell.search",
    "chengyun_console.shell.task_desk",
    "chengyun_core.report",
    "chengyun_core.wire.dispatch_asks",
    "chengyun_core.wire.paper_asks",
    "chengyun_core.wire.plan_asks",
)
"""Needed when an officer turns to them, and made in quiet moments; earlier they only keep him waiting."""


@cache
def loaded() -> frozenset[str]:
    """Return the modules that are loaded when the composition root can be run, in a process of their own."""
    asked = "import chengyun_console.main, sys; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return frozenset(told.stdout.split())


def under(name: str) -> list[str]:
    return sorted(module for module in loaded() if module == name or module.startswith(f"{name}."))


@pytest.mark.parametrize("name", LATE)
def test_that_the_first_frame_does_without(name: str) -> None:
    assert under(name) == []


def test_that_what_the_first_frame_needs_is_seen() -> None:
    assert "chengyun_console.pages.cockpit.page" in under("chengyun_console.pages")


def test_that_what_is_late_exists() -> None:
    asked = "import importlib.util, sys; print(all(map(importlib.util.find_spec, sys.argv[1:])))"
    told = subprocess.run([sys.executable, "-c", asked, *LATE], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True"

"""What is made in quiet moments after the start keeps nobody waiting: small imports, then small parts."""

import importlib.util
import json
import subprocess
import sys
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from chengyun_console.shell.ahead import AHEAD
from chengyun_console.shell.page_table import PAGES
from chengyun_console.shell.rooms import NEAREST_FIRST

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_MODULES = 32
"""Of one step. 69 in one go took 47 to 75 ms of processor time; name some of them in `shell.ahead.AHEAD`."""


@cache
def steps(*first: str) -> tuple[tuple[str, int, int], ...]:
    """Return name, modules and widgets of each step, in a process that had imported nothing of it."""
    command = [sys.executable, "-m", "tests.console.ahead_child", *first]
    child = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=True)
    return tuple((name, modules, widgets) for name, modules, widgets in json.loads(child.stdout))


def test_that_no_step_imports_more_than_the_window_can_wait_for() -> None:
    assert [step for step in steps() if step[1] > MOST_MODULES] == []
    assert sum(modules for _name, modules, _widgets in steps()) > 10 * MOST_MODULES, "all of it is late"


@pytest.mark.parametrize("page", ["F2", "F3", "F4", "F5", "F6", "F7", "F8", "warnings"])
def test_that_no_step_of_a_page_that_is_asked_for_before_all_others_imports_more(page: str) -> None:
    told = steps(page)
    assert [step for step in told if step[1] > MOST_MODULES] == []
    assert sum(modules for _name, modules, _widgets in told) > MOST_MODULES / 2, "it was imported before"


def test_that_pages_and_rooms_are_not_imported_and_made_in_one_step() -> None:
    rooms = {*(row.id for row in PAGES), *NEAREST_FIRST}
    assert [step for step in steps() if step[0] in rooms and step[1] > 1 and step[2] > 1] == []


def test_that_what_is_imported_ahead_is_of_a_page_or_room_and_exists() -> None:
    assert set(AHEAD) <= {*(row.id for row in PAGES), *NEAREST_FIRST}
    named = {*chain(*AHEAD.values())}
    assert [name for name in named if importlib.util.find_spec(name) is None] == []
    assert [page for page, modules in AHEAD.items() if len(modules) != len(set(modules))] == []

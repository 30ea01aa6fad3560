"""The handbook says what the code does: its tables are made from it, and every name it gives exists."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

NAME = re.compile(r"`(chengyun_(?:core|console|widgets|resources)(?:\.\w+)+)`")
WAYS = ("way-of-a-sample.md", "way-of-a-key.md")


def _resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


def test_that_the_generated_tables_are_those_of_the_code(repository: Path) -> None:
    command = [sys.executable, str(repository / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", WAYS)
def test_that_every_function_a_way_passes_exists(repository: Path, page: str) -> None:
    names = NAME.findall((repository / "docs" / page).read_text("utf-8"))
    assert len(names) > 10
    assert [name for name in names if not _resolves(name)] == []


def test_that_a_name_that_does_not_exist_is_found_out() -> None:
    assert not _resolves("chengyun_core.ingest.engine.Engine.guess")
    assert not _resolves("chengyun_core.nowhere")


def test_that_links_between_pages_lead_somewhere(repository: Path) -> None:
    broken = []
    for page in (repository / "README.md", *sorted((repository / "docs").rglob("*.md"))):
        targets = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
        broken += [f"{page.name}: {target}" for target in targets if not (page.parent / target).exists()]
    assert broken == []

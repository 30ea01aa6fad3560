"""No line of the checklist is forgotten, and no test it names is missing."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "complaints.md"
CHECKLIST = ROOT.parent / "shared" / "spec" / "COMPLAINTS.md"


def rows(page):
    """First and last cell of every row of a page's tables."""
    lines = (line for line in page.read_text("utf-8").splitlines() if line.startswith("| "))
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {row[0]: row[-1] for row in cells if row[0] not in ("complaint", "Complaint seen")}


def test_that_every_line_names_a_test_or_the_issue_that_brings_it():
    for complaint, held_by in rows(PAGE).items():
        assert re.search(r"`test_that_\w+`|issue (\d|on )", held_by), complaint


def test_that_every_test_named_exists():
    there = "\n".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_that_\w+)`", PAGE.read_text("utf-8"))
    assert named
    assert [name for name in named if f"def {name}(" not in there] == []


def test_that_no_line_of_the_checklist_is_missing():
    if not CHECKLIST.exists():
        pytest.skip("the checklist is not on this machine")
    assert sorted(rows(CHECKLIST).keys() - rows(PAGE).keys()) == []

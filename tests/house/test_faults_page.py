"""docs/faults.md: no line of the list of faults is forgotten, no test it names is missing, no part of the soak is."""

import re

import pytest

from tests.house.sources import REPOSITORY
from tests.soak.parts import PARTS

PAGE = REPOSITORY / "docs" / "faults.md"
LIST = REPOSITORY.parent / "shared" / "spec" / "RELIABILITY.md"
OF_THE_CHAIN = frozenset({
    "RF2", "RF3", "RF4", "RF8", "RF23", "RF24", "RF25", "RS6", "RS7", "RS10", "RS12",
})  # fmt: skip
"""What issue 5 asks to be shown by tests, whatever later issues add."""
_ROW = re.compile(r"^\| (R[FS]\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)


def rows() -> dict[str, str]:
    """Return fault → what the page says shows it."""
    return {found[1]: found[3] for found in _ROW.finditer(PAGE.read_text("utf-8"))}


def test_that_every_fault_names_a_test_or_the_issue_that_brings_it() -> None:
    bare = [fault for fault, shown in rows().items() if not re.search(r"`test_that_\w+`|soak `|^issue (\d|on )", shown)]
    assert bare == []


def test_that_what_the_chain_has_to_show_is_shown_by_tests() -> None:
    assert [fault for fault in sorted(OF_THE_CHAIN) if "`test_that_" not in rows().get(fault, "")] == []


def test_that_every_test_named_for_a_fault_exists() -> None:
    there = "\n".join(file.read_text("utf-8") for file in (REPOSITORY / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_that_\w+)`", PAGE.read_text("utf-8"))
    assert len(named) > len(OF_THE_CHAIN)
    assert [name for name in named if f"def {name}(" not in there] == []


def test_that_every_part_named_for_a_fault_is_a_part_of_the_soak() -> None:
    named = [part for shown in rows().values() for told in re.findall(r"soak (.+)$", shown)
             for part in re.findall(r"`(\w+)`", told)]  # fmt: skip
    assert named
    assert sorted(set(named) - PARTS.keys()) == []


def test_that_no_fault_of_the_list_is_missing() -> None:
    if not LIST.exists():
        pytest.skip("the list of faults is not on this machine")
    listed = set(re.findall(r"^\| (R[FS]\d+) \|", LIST.read_text("utf-8"), re.MULTILINE))
    assert sorted(listed ^ rows().keys()) == []

"""The helpers the house rules lean on: were they blind, every rule would pass."""

import pytest

from tests.house import sources


def test_that_faults_are_told_one_by_one() -> None:
    with pytest.raises(AssertionError, match="2 found:\nfirst\nsecond"):
        sources.expect_none(iter(["first", "second"]))


def test_that_no_fault_is_no_failure() -> None:
    sources.expect_none([])


def test_that_the_four_packages_and_the_tests_are_seen() -> None:
    seen = set(sources.python_files())
    assert set(sources.product_modules()) < seen
    assert all(folder / "__init__.py" in seen for folder in sources.PACKAGES.values())
    assert sources.REPOSITORY / "tests" / "house" / "sources.py" in seen


def test_that_what_tools_make_is_not_ours() -> None:
    folders = {part for path in sources.all_files() for part in path.relative_to(sources.REPOSITORY).parts}
    assert folders & {".git", ".venv", "__pycache__"} == set()

"""Size, name and plate of every Python file."""

import ast
from pathlib import Path

from tests.house import sources

LONGEST_FILE = 500
LONGEST_FUNCTION = 40
SAYS_NOTHING = {"common", "helper", "helpers", "misc", "util", "utils"}


def test_that_no_file_is_longer_than_its_one_job() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources.python_files()}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def _is_step(path: Path) -> bool:
    """Tell whether the module is a migration step: Alembic loads those by path, and one `upgrade` is the whole step."""
    return path.parts[-3:-1] == ("migrations", "versions")


def test_that_no_function_of_the_product_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(sources.REPOSITORY)}:{node.lineno}: {node.name} has {length} lines"
        for path in sources.product_modules()
        if not _is_step(path)
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    sources.expect_none(long)


def test_that_every_module_says_what_it_is_for() -> None:
    plates = {path: ast.get_docstring(sources.tree(path)) or "" for path in sources.python_files()}
    assert [str(path) for path, plate in plates.items() if not plate.strip()] == []


def test_that_no_room_is_named_for_nothing() -> None:
    parts = {
        part for path in sources.all_files() for part in path.relative_to(sources.REPOSITORY).with_suffix("").parts
    }
    assert parts & SAYS_NOTHING == set()


def test_that_packaging_does_not_claim_the_name_of_a_library() -> None:
    # A packaging/__init__.py would hide the library `packaging` from pytest, hatchling and import-linter.
    assert list((sources.REPOSITORY / "packaging").rglob("__init__.py")) == []


def test_that_every_folder_of_a_package_is_a_package() -> None:
    folders = {path.parent for path in sources.product_modules() if not _is_step(path)}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_that_every_package_says_it_is_typed() -> None:
    assert [name for name, folder in sources.PACKAGES.items() if not (folder / "py.typed").exists()] == []

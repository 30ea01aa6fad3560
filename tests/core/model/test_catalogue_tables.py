"""The declared tables: one for each record, column for field, and the handbook's page made from them."""

from dataclasses import fields
from pathlib import Path

import pytest

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_tables import TABLES, Table, line_of
from chengyun_core.model.table_handbook import handbook


@pytest.mark.parametrize("table", [table for table in TABLES.values() if table.name != "facts"], ids=lambda it: it.name)
def test_that_columns_are_the_fields_of_the_record(table: Table) -> None:
    given_by_the_centre = {"number", "retired"}
    assert [column.name for column in table.columns] == [
        item.name for item in fields(table.record) if item.name not in given_by_the_centre
    ]


def test_that_every_part_of_a_catalogue_has_a_table() -> None:
    # Which set holds in which scope comes with a switch of the mode, never with an import (decision 0290).
    assert {item.name for item in fields(Catalogue)} - {"version", "name", "scope_sets"} == TABLES.keys()


def test_that_every_reference_names_a_table() -> None:
    assert {column.refers for table in TABLES.values() for column in table.columns} - {""} <= TABLES.keys()


def test_that_the_handbook_tells_every_column(repository: Path) -> None:
    page = (repository / "docs" / "catalogue.md").read_text("utf-8")
    assert handbook() in page, "run docs/generate.py"
    for table in TABLES.values():
        assert f"### `{table.name}`" in handbook()


@pytest.mark.parametrize(("told", "line"), [({}, 5), ({"@line": "9"}, 9), ({"@line": "x"}, 5), ({"@line": "²"}, 5)])
def test_that_a_row_tells_its_line(told: dict[str, str], line: int) -> None:
    assert line_of(told, 3) == line

"""Matters, units and routes through files: CSV and workbook give back what was written, faults name the line."""

from pathlib import Path

import pytest

from chengyun_core.launch.catalogue_files import export_folder, import_folder, write_tables
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.catalogue_tables import Tables
from tests.support.small_tables import small_tables


def _tables() -> Tables:
    made = small_tables()
    made["posts"] = [*made["posts"], {"code": "500103.unit.1", "name": "抢修队岗", "centre": "500103"}]
    # A word against at the beginning of a cell, and a condition with signs: what spreadsheets take for formulas.
    made["matters"] = [{"code": "GS01", "name": "爆管", "subtrack": "YJ01A", "words": "-水费|爆管"}]
    made["units"] = [
        {"code": "U1", "name": "抢修队", "centre": "500103", "kind": "team", "post": "500103.unit.1",
         "capabilities": "repair.water", "longitude": "106.563", "latitude": "-29.5", "speed_kmh": "35"},
    ]  # fmt: skip
    made["routes"] = [
        {"code": "R1", "matter": "*", "condition": "diameter_mm >= 500", "lead": "capability:repair.water"},
        {"code": "R2", "matter": "GS01", "hours": "22:00-06:00", "lead": "U1", "assist": "U1|capability:repair.water"},
    ]
    return made


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_that_the_three_tables_come_back_as_they_went(tmp_path: Path, file_format: str) -> None:
    catalogue, numbers = build(_tables(), Numbers(), 1)
    export_folder(catalogue, tmp_path, file_format)
    tables, origin = import_folder(tmp_path)
    assert check(tables) == []
    assert build(tables, numbers, 1)[0] == catalogue
    assert {"matters", "units", "routes"} <= origin.keys()


def test_that_a_unit_nobody_knows_is_told_with_file_line_column_and_the_nearest(tmp_path: Path) -> None:
    write_tables(_tables(), tmp_path, "csv")
    (tmp_path / "routes.csv").write_text("code,matter,lead\nR1,*,U1\n\nR2,GS01,U1X\n", "utf-8")
    tables, origin = import_folder(tmp_path)
    (fault,) = check(tables)
    assert (origin["routes"], fault.line, fault.column, fault.params["suggestion"]) == ("routes.csv", 4, "lead", "U1")

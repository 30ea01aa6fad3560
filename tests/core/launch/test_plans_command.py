"""The library of plans as files: what the command writes an import reads, and faults are told as people read them."""

import json
from pathlib import Path

import pytest

from chengyun_core.launch import catalogue_files, cli, plans_command
from chengyun_core.model.failure import Refused
from chengyun_core.model.plan_tables import PLAN_TABLES
from chengyun_resources.reference import plans
from chengyun_resources.texts import Texts

POINTS = 40


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_that_the_reference_library_is_read_from_its_files_as_it_was_written(tmp_path: Path, file_format: str) -> None:
    report = plans_command.reference(tmp_path, file_format, POINTS, Texts("en"))
    assert report.exit_code == 0
    tables, origin = catalogue_files.import_folder(tmp_path, PLAN_TABLES)
    written = plans.tables(POINTS)
    assert tables.keys() == written.keys() == PLAN_TABLES.keys()
    for name, rows in written.items():
        assert [{column: text for column, text in row.items() if text} for row in rows] == tables[name], name
    assert set(origin.values()) == {f"{name}.csv" if file_format == "csv" else f"plans.xlsx#{name}" for name in tables}


def test_that_formulas_in_a_text_are_neutral_in_the_file_and_the_same_text_again_when_read(tmp_path: Path) -> None:
    tables = {**plans.tables(1), "messages": [{"template": "SS-BAOGUAN", "to": "+街道", "text": "@所有人"}]}
    catalogue_files.write_tables(tables, tmp_path, "csv", PLAN_TABLES, plans_command.WORKBOOK)
    assert "'+街道" in (tmp_path / "messages.csv").read_text("utf-8-sig")
    read, _ = catalogue_files.import_folder(tmp_path, PLAN_TABLES)
    assert read["messages"] == tables["messages"]


def test_that_the_faults_the_centre_finds_are_told_line_by_line() -> None:
    faults = [
        {"file": "actions.csv", "line": 7, "column": "after", "value": "X", "code": "plan.after_unknown",
         "params": {"value": "X"}}
    ]  # fmt: skip
    report = plans_command._faulty({"faults": json.dumps(faults)}, Texts("zh_CN"))
    assert report.exit_code != 0
    assert "actions.csv" in report.lines[0]
    assert "7" in report.lines[0]
    assert "前置步骤 X 不在本预案中" in report.lines[0]


def test_that_a_folder_without_plans_is_refused_with_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        catalogue_files.import_folder(tmp_path, PLAN_TABLES)
    assert refused.value.reason.code == "catalogue.no_files"
    assert "risk_points" in refused.value.reason.params["tables"]


def test_that_the_command_line_writes_as_many_risk_points_as_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert cli.main(["plans", "reference", str(tmp_path / "lib"), "--points", "12"]) == 0
    tables, _ = catalogue_files.import_folder(tmp_path / "lib", PLAN_TABLES)
    assert len(tables["risk_points"]) == 12
    assert str(tmp_path / "lib") in capsys.readouterr().out

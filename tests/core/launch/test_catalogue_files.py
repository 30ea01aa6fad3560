"""Catalogue files: encodings, true lines, neutralised text, workbooks, and files that are none."""

import contextlib
import csv
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun_core.launch.catalogue_files import WORKBOOK, export_folder, import_folder, write_tables
from chengyun_core.model.catalogue_build import Numbers, build
from chengyun_core.model.catalogue_check import check
from chengyun_core.model.catalogue_tables import TABLES
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.tabular import catalogue_csv
from chengyun_resources.reference import city
from tests.support.small_tables import small_tables

SEATS = "code,name,centre,post,area\r\n"


def _folder(path: Path, **files: str | bytes) -> Path:
    """Write the small tables as CSV and then the given files over them (`seats` is `seats.csv`)."""
    write_tables(small_tables(), path, "csv")
    for name, content in files.items():
        (path / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_that_an_exported_catalogue_imports_as_the_same(tmp_path: Path, file_format: str) -> None:
    catalogue, numbers = build(small_tables(), Numbers(), 1)
    export_folder(catalogue, tmp_path, file_format)
    tables, origin = import_folder(tmp_path)
    assert check(tables) == []
    assert build(tables, numbers, 1) == (catalogue, numbers)
    assert origin["vitals"] == ("vitals.csv" if file_format == "csv" else f"{WORKBOOK}#vitals")


@pytest.mark.slow
@pytest.mark.parametrize("file_format", ["csv", pytest.param("xlsx", marks=pytest.mark.long)])
def test_that_the_reference_city_survives_its_files(tmp_path: Path, file_format: str) -> None:
    catalogue, numbers = build(city.tables(), Numbers(), 1)
    export_folder(catalogue, tmp_path, file_format)
    tables, _ = import_folder(tmp_path)
    assert check(tables) == []
    assert build(tables, numbers, 1) == (catalogue, numbers)


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=12)
_DANGEROUS = st.sampled_from(["=1+1", "+1", "-cmd", "@x", "'=1", "''@", "'plain", "＝1", "-", "_x000D_", '"', "a\nb"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(text=st.one_of(_TEXT, _DANGEROUS), file_format=st.sampled_from(["csv", "xlsx"]), target=st.floats(-1e9, 1e9))
def test_that_every_text_and_figure_is_read_as_it_was_written(
    tmp_path: Path, text: str, file_format: str, target: float
) -> None:
    tables = small_tables()
    tables["facts"].append({"key": "more", "value": text})
    tables["kpis"][0]["target"] = repr(target)
    folder = tmp_path / file_format
    write_tables(tables, folder, file_format)
    read, _ = import_folder(folder)
    assert read["facts"][1].get("value", "") == (text if text.strip() else "")
    assert float(read["kpis"][0]["target"]) == target


def test_that_text_a_spreadsheet_would_run_is_neutralised_and_figures_are_not(tmp_path: Path) -> None:
    tables = small_tables()
    tables["facts"].append({"key": "more", "value": "-1+cmd|' /C calc'!A0"})
    tables["kpis"][0]["target"] = "-5"
    write_tables(tables, tmp_path, "csv")
    with (tmp_path / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[2] == ["more", "'-1+cmd|' /C calc'!A0"]
    with (tmp_path / "kpis.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["target"] == "-5"


def test_that_strings_of_a_workbook_are_never_formulas(tmp_path: Path) -> None:
    tables = small_tables()
    tables["facts"].append({"key": "more", "value": "=1+1"})
    write_tables(tables, tmp_path, "xlsx")
    cell = openpyxl.load_workbook(tmp_path / WORKBOOK)["facts"]["B3"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "seats.csv"), ("utf-8-sig", "seats.csv"), ("gb18030", "seats.csv (GB18030)")]
)
def test_that_the_encoding_is_found_and_said(tmp_path: Path, encoding: str, told: str) -> None:
    content = f"{SEATS}A-01,值班席一,500000,500000.duty_officer,\r\n".encode(encoding)
    tables, origin = import_folder(_folder(tmp_path, seats=content))
    assert tables["seats"][0]["name"] == "值班席一"
    assert origin["seats"] == told
    assert check(tables) == []


def test_that_a_mark_kept_through_a_change_of_encoding_is_no_part_of_the_heading(tmp_path: Path) -> None:
    content = f"\ufeff{SEATS}A-01,值班席一,500000,500000.duty_officer,\r\n".encode("gb18030")
    assert check(import_folder(_folder(tmp_path, seats=content))[0]) == []


def test_that_lines_are_true_after_cells_of_several_lines_and_blank_lines(tmp_path: Path) -> None:
    facts = 'key,value\r\nname,"one\r\ntwo\nthree"\r\n\r\n,,\r\nbad key,x\r\n'
    tables, _ = import_folder(_folder(tmp_path, facts=facts))
    assert tables["facts"][0]["value"] == "one\ntwo\nthree"
    (fault,) = check(tables)
    assert (fault.table, fault.line, fault.column, fault.value) == ("facts", 7, "key", "bad key")


def test_that_headings_and_cells_too_many_are_told(tmp_path: Path) -> None:
    seats = "code,name,centre,post,color,\nA-01,席,500000,500000.duty_officer,,x,y\n"
    found = [
        (fault.line, fault.column, fault.code) for fault in check(import_folder(_folder(tmp_path, seats=seats))[0])
    ]
    assert found == [
        (2, "#6", "catalogue.row_too_long"),
        (2, "#7", "catalogue.row_too_long"),
    ]
    seats = "code,name,centre,post,color\nA-01,席,500000,500000.duty_officer,red\n"
    found = [
        (fault.line, fault.column, fault.code) for fault in check(import_folder(_folder(tmp_path, seats=seats))[0])
    ]
    assert found == [(1, "color", "catalogue.column_unknown")]


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        (b"", "catalogue.file_no_heading", {"file": "seats.csv"}),
        ("code,name".encode("utf-16"), "catalogue.file_encoding", {}),
        (b"code\n\x00", "catalogue.file_encoding", {}),
        (b"code\nA\n\xff\xff\n", "catalogue.file_not_decoded", {"line": "3"}),
        (b'code\nA\n"B\nC\n', "catalogue.file_not_csv", {"line": "3"}),
        (b"code;name\nA;B\n", "catalogue.file_delimiter", {}),
        (b"code,name,code\n", "catalogue.file_column_twice", {"column": "code"}),
    ],
)
def test_that_a_file_that_is_no_table_is_refused(
    tmp_path: Path, content: bytes, code: str, params: dict[str, str]
) -> None:
    with pytest.raises(Refused) as no:
        import_folder(_folder(tmp_path, seats=content))
    assert no.value.reason.code == code
    assert no.value.reason.params.items() >= {"file": "seats.csv", **params}.items()


def test_that_rows_and_bytes_have_a_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _folder(tmp_path)
    monkeypatch.setattr(catalogue_csv, "MOST_ROWS", 1)
    with pytest.raises(Refused, match=r"catalogue\.file_too_many_rows"):
        import_folder(folder)
    monkeypatch.setattr("chengyun_core.launch.catalogue_files.MOST_FILE_BYTES", 10)
    with pytest.raises(Refused, match=r"catalogue\.file_too_large"):
        import_folder(folder)


def test_that_a_workbook_that_swells_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chengyun_core.tabular.catalogue_xlsx.MOST_UNPACKED_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "vitals.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 100_000)
    with pytest.raises(Refused, match=r"catalogue\.file_too_large"):
        import_folder(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04garbage", b"\xd0\xcf\x11\xe0encrypted"])
def test_that_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vitals.xlsx").write_bytes(content)
    with pytest.raises(Refused, match=r"catalogue\.file_not_xlsx"):
        import_folder(tmp_path)


def test_that_a_zip_without_a_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "vitals.xlsx", "w") as archive:
        archive.writestr("hello.txt", "x")
    with pytest.raises(Refused, match=r"catalogue\.file_not_xlsx"):
        import_folder(tmp_path)


def test_that_old_workbooks_are_named_and_refused(tmp_path: Path) -> None:
    (tmp_path / "vitals.xls").write_bytes(b"x")
    with pytest.raises(Refused, match=r"catalogue\.file_kind"):
        import_folder(tmp_path)


def test_that_a_workbook_as_people_make_it_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["code", "name", "subtrack", "centre", "target", "actual", "due", "owner_post"])
    sheet.append([])
    sheet.append([101, "率", "YJ01A", 500103, 95, 96.5, datetime(2026, 12, 31), "500000.track_owner.1"])  # noqa: DTZ001
    sheet.append(["K2", "率", "YJ01A", 500103, "=1+1", "#N/A", datetime(2026, 12, 31, 8), "500000.track_owner.1"])  # noqa: DTZ001
    folder = _folder(tmp_path)
    (folder / "kpis.csv").unlink()
    book.save(folder / "kpis.xlsx")
    tables, origin = import_folder(folder)
    assert origin["kpis"] == "kpis.xlsx"
    assert (
        tables["kpis"][0].items() >= {"code": "101", "centre": "500103", "due": "2026-12-31", "actual": "96.5"}.items()
    )
    assert [(fault.line, fault.column, fault.code) for fault in check(tables)] == [
        (4, "target", "catalogue.cell_is_formula"),
        (4, "actual", "catalogue.cell_is_formula"),
        (4, "due", "catalogue.cell_not_date"),
    ]


def test_that_a_table_found_twice_is_refused_with_both_files(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["code"])
    book.save(folder / "seats.xlsx")
    with pytest.raises(Refused) as no:
        import_folder(folder)
    assert no.value.reason.params == {"table": "seats", "first": "seats.csv", "second": "seats.xlsx"}


def test_that_a_folder_without_files_and_one_that_is_not_there_are_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Refused, match=r"catalogue\.no_files"):
            import_folder(folder)


def test_that_notes_hidden_files_and_lock_files_are_passed_over_but_strange_tables_are_not(tmp_path: Path) -> None:
    folder = _folder(tmp_path, vital="code\nA\n")
    for name in ("README.md", "~$seats.xlsx", ".hidden.csv"):
        (folder / name).write_text("x", "utf-8")
    tables, _ = import_folder(folder)
    assert [(fault.table, fault.code) for fault in check(tables)] == [("vital", "catalogue.table_unknown")]


def test_that_an_export_does_not_mix_two_formats_in_one_folder(tmp_path: Path) -> None:
    write_tables(small_tables(), tmp_path, "csv")
    with pytest.raises(Refused, match=r"catalogue\.folder_holds_other"):
        write_tables(small_tables(), tmp_path, "xlsx")
    assert {file.name for file in write_tables(small_tables(), tmp_path, "csv")} == {
        f"{name}.csv" for name, table in TABLES.items() if not table.optional
    }
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_that_a_format_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"catalogue\.format_unknown"):
        write_tables(small_tables(), tmp_path, "ods")


def test_that_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(Trouble, match=r"catalogue\.file_unwritable"):
        write_tables(small_tables(), tmp_path / "file" / "below", "csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_that_no_bytes_make_the_reader_fail_otherwise(tmp_path: Path, content: bytes) -> None:
    for name in ("seats.csv", "seats.xlsx"):
        file = tmp_path / name
        file.write_bytes(content)
        with contextlib.suppress(Refused):
            tables, _ = import_folder(file)
            assert check(tables) != []

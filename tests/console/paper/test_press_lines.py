"""A CSV opens in a spreadsheet as what it is, and runs nothing."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_console.paper.press.lines import harmless
from tests.console.paper.jobs import chart, grid, order, pressed, table


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def test_that_a_csv_begins_with_the_mark_spreadsheets_look_for_and_says_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    assert pressed(capsys, order(file, is_drill=True), table(3))[0] == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in file.read_bytes()
    head = dict(row for row in rows_of(file) if len(row) == 2)
    assert head["状态"] == "演练"
    assert head["席位"] == "A-03"
    assert head["审计链末号"] == "98765"
    assert head["截至"] == "2026-07-18T14:32:07.000+08:00"


def test_that_columns_without_a_place_on_paper_are_in_the_csv(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    pressed(capsys, order(file), table(2))
    rows = rows_of(file)
    at = rows.index(["等级", "名称", "数值", "采样时间"])
    assert rows[at + 2] == ["蓝色", "寸滩站水位 1", "1.50", "2026-07-18T14:32:07.000+08:00"]


def test_that_every_sample_of_a_chart_has_time_with_zone_band_and_quality(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    pressed(capsys, order(file, language="en"), chart(21), grid())
    rows = rows_of(file)
    at = rows.index(["Time", "Code", "Name", "Value", "Unit", "Band", "Quality"])
    samples = rows[at + 1 :][:21]
    assert samples[0] == ["2026-07-18T14:02:07.000+08:00", "CQ.WL.1", "寸滩站 水位", "170.00", "m", "Normal", "Sample"]
    assert samples[11][3:6] == ["181.00", "m", "yellow"]
    assert samples[20][3:6] == ["190.00", "m", "red"]
    assert samples[10][3:] == ["", "m", "", "No usable value (bad or missing)"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\uff1d1", "  =1", "\t=1", "\u3000=1"]
)
def test_that_what_a_spreadsheet_would_run_is_made_a_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-3.50", "+2", "1e-3", "", "寸滩站", "a=b", "—"])
def test_that_numbers_and_plain_words_are_left_alone(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text(max_size=40))
def test_that_no_cell_begins_as_a_formula(cell: str) -> None:
    made = harmless(cell)
    assert made[:1] not in ("=", "@", "\t", "\r") or made == ""
    if made[:1] in ("+", "-"):
        float(made)


def test_that_a_name_that_is_a_formula_stays_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.csv"
    pressed(capsys, order(file), table(1, '=HYPERLINK("http://x","y")'))
    assert rows_of(file)[-1][1] == '\'=HYPERLINK("http://x","y") 0'

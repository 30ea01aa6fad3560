"""The workbook of a document: texts stay texts, figures figures, times times, whatever somebody typed."""

import io
import zipfile
from datetime import datetime

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.report.document import CellKind, Column, Section, Table
from chengyun_core.report.plain_text import shown
from chengyun_core.report.workbook import CUT, LONGEST_CELL, workbook
from tests.core.report.report_samples import MADE_AT, document, full_document

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x")', "{=1}", "http://x", "'=1")


def _book(*texts: str, caption: str = "表") -> openpyxl.Workbook:
    table = Table(caption=caption, columns=(Column(title="甲"),), rows=tuple((text,) for text in texts))
    data = workbook(document(*texts, sections=(Section(paragraphs=texts, tables=(table,)),)))
    return openpyxl.load_workbook(io.BytesIO(data))


def test_that_a_text_that_looks_like_a_formula_is_a_text_marked_as_such() -> None:
    sheet = _book(*FORMULAS).worksheets[1]
    for row, text in enumerate(FORMULAS, start=2):
        cell = sheet.cell(row, 1)
        assert (cell.data_type, cell.value) == ("s", shown(text)), text
        assert cell.quotePrefix, "it stays text when the sheet is written out as CSV and opened again"
        assert cell.hyperlink is None


@given(st.lists(st.text(st.characters(), min_size=1), min_size=1, max_size=20))
def test_that_any_text_comes_back_as_it_is_shown_and_as_nothing_else(texts: list[str]) -> None:
    book = _book(*texts)
    for row, text in enumerate(texts, start=2):
        cell = book.worksheets[1].cell(row, 1)
        assert cell.data_type == "s"
        assert cell.value == shown(text)
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=8))
def test_that_any_captions_make_sheets_with_names_of_their_own(captions: list[str]) -> None:
    columns = (Column(title="甲"),)
    tables = tuple(Table(caption=caption, columns=columns, rows=(("一",),)) for caption in captions)
    data = workbook(document("乙", sections=(Section(heading="节", tables=tables),)))
    names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert len({name.lower() for name in names}) == len(captions) + 1


def test_that_figures_are_figures_and_times_are_local_times() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(full_document(rows=3))))
    sheet = book.worksheets[1]
    assert [cell.value for cell in sheet[1]] == ["时间", "内容", "数值"]
    assert sheet.cell(2, 1).value == datetime(2026, 7, 14, 11, 33, 20, 123_000)  # noqa: DTZ001 - a workbook knows no zones
    assert sheet.cell(2, 1).is_date
    assert sheet.cell(4, 3).value == 0.5
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"


def test_that_a_number_longer_than_a_workbook_keeps_is_told_whole() -> None:
    columns = (Column(title="甲", kind=CellKind.NUMBER), Column(title="乙", kind=CellKind.NUMBER))
    table = Table(columns=columns, rows=((2**60 + 1, float("nan")), (None, 1)))
    data = workbook(document("甲", sections=(Section(heading="节", tables=(table,)),)))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["节"]
    assert [cell.value for cell in sheet[2]] == ["1152921504606846977", "nan"]
    assert [cell.value for cell in sheet[3]] == [None, 1]


def test_that_a_text_longer_than_a_cell_says_that_it_was_cut() -> None:
    value = _book("𠮷" * LONGEST_CELL).worksheets[1].cell(2, 1).value
    assert value.endswith(CUT)


def test_that_the_file_names_neither_machine_nor_account() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(full_document(rows=1))))
    assert book.properties.title == "值班日报"
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy


def test_that_the_same_document_is_the_same_bytes() -> None:
    one, other = (workbook(full_document(rows=5)) for _ in range(2))
    assert one == other
    assert zipfile.ZipFile(io.BytesIO(one)).testzip() is None


def test_that_the_foot_of_a_page_has_the_audit_head_and_the_number_of_pages() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(full_document(rows=1)))).worksheets[0]
    assert "12345:" in str(sheet.oddFooter.left.text)
    assert sheet.oddFooter.right.text == "&P / &N"
    assert "秘密" in str(sheet.oddHeader.left.text)


def test_that_the_moment_it_was_made_is_the_documents() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(document("甲", made_at=MADE_AT))))
    assert book.properties.created == datetime(2026, 7, 14, 11, 33, 20)  # noqa: DTZ001 - as it stands in the file

"""The file of Word and WPS: every text comes back as it is shown, headings repeat, and nobody's machine is named."""

import io
import zipfile

import docx
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.report.daily import daily
from chengyun_core.report.document import Column, Section, Table
from chengyun_core.report.letter import letter
from chengyun_core.report.plain_text import shown
from chengyun_resources.texts import Texts
from tests.core.report.fact_samples import daily_facts
from tests.core.report.report_samples import document, full_document


def _texts(data: bytes) -> list[str]:
    file = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return [line.text for line in file.paragraphs] + cells


@given(st.lists(st.text(st.characters(), min_size=1), min_size=1, max_size=20))
def test_that_any_text_comes_back_as_it_is_shown(texts: list[str]) -> None:
    table = Table(columns=(Column(title="甲"),), rows=tuple((text,) for text in texts))
    told = _texts(letter(document(sections=(Section(paragraphs=tuple(texts), tables=(table,)),))))
    wanted = [shown(text) for text in texts]
    assert told[1 : 1 + len(texts)] == wanted
    assert told[-len(texts) :] == wanted


def test_that_a_daily_report_is_whole() -> None:
    said = "\n".join(_texts(letter(daily(daily_facts(), Texts()))))
    for wanted in ("渝城运值〔2026〕325号", "李𠮷", "=cmd|' /C calc'!A0", "<b>泵站</b>检修", "退交班人：本人跟到底"):
        assert wanted in said


def test_that_headings_of_tables_repeat_and_pages_are_counted_by_word() -> None:
    file = docx.Document(io.BytesIO(letter(full_document(rows=3))))
    first = file.tables[0].rows[0]._tr
    assert first.trPr is not None
    assert first.trPr.findall(qn("w:tblHeader"))
    fields = [one.get(qn("w:instr")) for one in file.sections[0].footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_that_the_file_names_neither_machine_nor_maker() -> None:
    data = letter(full_document(rows=1))
    told = docx.Document(io.BytesIO(data)).core_properties
    assert (told.title, told.author, told.comments, told.last_modified_by) == ("值班日报", "", "", "")
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None

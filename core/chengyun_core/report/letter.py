"""A document as a file of Word and WPS, for those who go on writing: the same layout, every text a text."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from chengyun_core.report.document import Document, Fact, Section, SignatureLine, Table
from chengyun_core.report.page_data import local_time, worded_rows
from chengyun_core.report.plain_text import shown_throughout

_SONG, _FANG, _HEI = "FZXiaoBiaoSong-B05S", "FangSong_GB2312", "SimHei"
"""Fonts of GB/T 9704-2012 by the names Word and WPS know; a machine without them takes its own."""
_LATIN = "Times New Roman"
_RED = RGBColor(0xC0, 0x00, 0x00)
_WIDTH_MM = 156
_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_PLACES = re.compile(r"(\{pages?\})")
_FIELDS = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


def letter(document: Document) -> bytes:
    """Return a document as DOCX. It has no watermark: whoever goes on writing could take it out."""
    clean = shown_throughout(document)
    writer = _Writer(clean)
    writer.write()
    target = io.BytesIO()
    writer.file.save(target)
    return target.getvalue()


class _Writer:
    def __init__(self, document: Document) -> None:
        self._document = document
        self.file: Any = docx.Document()

    def write(self) -> None:
        self._page()
        self._properties()
        self._head()
        for section in self._document.sections:
            self._section(section)
        self._tail()

    def _page(self) -> None:
        page = self.file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
        foot = page.footer.paragraphs[0]
        foot.alignment = _CENTRE
        for part in _PLACES.split(self._document.page_words):
            if part in _FIELDS:
                foot._p.append(_field(_FIELDS[part]))  # noqa: SLF001 - fields have no other door
            else:
                self._run(foot, part, _SONG, 14)
        if self._document.audit_head:
            self._run(page.footer.add_paragraph(), self._document.audit_head, _SONG, 7.5)

    def _properties(self) -> None:
        """Tell what it is; nothing of who or what machine made it."""
        told = self.file.core_properties
        told.title, told.author, told.comments, told.last_modified_by = self._document.title, "", "", ""
        made = local_time(self._document.made_at, 0).replace(tzinfo=None, microsecond=0)
        told.created = told.modified = made

    def _head(self) -> None:
        head = self._document
        for text in (head.label, head.urgency):
            self._say(text, _HEI, 16)
        self._say(head.issuer, _SONG, 30, align=_CENTRE, bold=True, red=True)
        self._say(head.number, _FANG, 16, align=_CENTRE)
        self._say(head.title, _SONG, 22, align=_CENTRE, bold=True)
        self._facts(head.heads)

    def _section(self, section: Section) -> None:
        self._say(section.heading, _HEI, 16, is_heading=True)
        for text in section.paragraphs:
            self._say(text, _FANG, 16, indent=True)
        self._facts(section.facts)
        for at, text in enumerate(section.items, start=1):
            self._say(f"{at}. {text}", _FANG, 16)
        for table in section.tables:
            self._table(table)
        for text in section.notes:
            self._say(text, _FANG, 10.5)

    def _tail(self) -> None:
        for text in (self._document.signed, self._document.dated):
            self._say(text, _FANG, 16, align=_RIGHT)
        for one in self._document.signatures:
            self._say(_signature(one), _FANG, 12)

    def _facts(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            line = self.file.add_paragraph()
            self._run(line, f"{fact.name}  ", _HEI, 12)
            self._run(line, fact.value, _FANG, 12)

    def _table(self, table: Table) -> None:
        self._say(table.caption, _HEI, 12)
        if not table.rows:
            self._say(table.nothing, _FANG, 12)
            return
        grid = self.file.add_table(rows=0, cols=len(table.columns), style="Table Grid")
        self._row(grid, [column.title for column in table.columns], table, is_head=True)
        for row in worded_rows(table, self._document.zone_minutes):
            self._row(grid, row, table)
        self.file.add_paragraph()

    def _row(self, grid: Any, texts: Sequence[str], table: Table, *, is_head: bool = False) -> None:
        row = grid.add_row()
        if is_head:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the same
        every = sum(column.weight for column in table.columns)
        for cell, text, column in zip(row.cells, texts, table.columns, strict=True):
            cell.width = Mm(_WIDTH_MM * column.weight / every)
            self._run(cell.paragraphs[0], text, _HEI if is_head else _FANG, 10.5)

    def _say(
        self, text: str, font: str, size: float, *, align: WD_ALIGN_PARAGRAPH | None = None, bold: bool = False,
        red: bool = False, indent: bool = False, is_heading: bool = False,
    ) -> None:  # fmt: skip
        if not text:
            return
        line = self.file.add_paragraph()
        line.alignment = align
        line.paragraph_format.keep_with_next = is_heading
        if indent:
            line.paragraph_format.first_line_indent = Pt(2 * size)
        run = self._run(line, text, font, size)
        run.bold = bold
        if red:
            run.font.color.rgb = _RED

    def _run(self, line: Any, text: str, font: str, size: float) -> Any:
        run = line.add_run(text)
        run.font.name, run.font.size = _LATIN, Pt(size)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 - the same
        return run


def _signature(one: SignatureLine) -> str:
    return "  ".join(part for part in (one.role, one.name or "_" * 16, one.at, one.proof) if part)


def _field(code: str) -> Any:
    """Return a field that Word counts."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    return field

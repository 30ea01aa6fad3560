"""A document as an XLSX workbook: figures are figures, times are times, and no text is ever run as a formula."""

import io
import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chengyun_core.report.document import CellKind, Document, Fact, Table, type_of_cell
from chengyun_core.report.page_data import local_time
from chengyun_core.report.plain_text import shown_throughout

LONGEST_CELL = 32_767
"""Signs in a cell of a workbook; what is longer ends in `CUT`."""
CUT = "... [cut]"
_LONGEST_NAME = 31
_MOST_EXACT = 2**53
_FIRST_YEAR = 1900
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
}  # fmt: skip
_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def workbook(document: Document) -> bytes:
    """Return a document as a workbook: what is said on the first sheet, each table on a sheet of its own.

    Every text cell carries the mark «as text» too, so that it stays text when a spreadsheet writes it out as CSV (RS7).
    """
    clean = shown_throughout(document)
    target = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415 - 40 ms that a page which may print one does not owe

    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        made = local_time(document.made_at, document.zone_minutes).replace(tzinfo=None)
        book.set_properties({"title": clean.title, "comments": clean.label, "created": made})
        writer = _Writer(book, clean)
        writer.overview()
        for section in clean.sections:
            for table in section.tables:
                writer.table(table, table.caption or section.heading)
    return target.getvalue()


class _Writer:
    def __init__(self, book: Any, document: Document) -> None:
        self._book, self._document = book, document
        as_text = {"quote_prefix": True, "text_wrap": True, "valign": "top"}
        self._text = book.add_format(as_text)
        self._bold = book.add_format({**as_text, "bold": True})
        self._title = book.add_format({**as_text, "bold": True, "font_size": 16})
        self._head = book.add_format({**as_text, "bold": True, "border": 1})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"})
        self._number = book.add_format({"num_format": "General", "valign": "top"})
        self._names: set[str] = set()

    def overview(self) -> None:
        """Write title, heads, paragraphs, lists and signatures."""
        sheet = self._sheet(self._document.title)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 78)
        for row, (name, value, form) in enumerate(self._lines()):
            self._say(sheet, row, 0, name, form)
            self._say(sheet, row, 1, value, self._text)

    def table(self, table: Table, name: str) -> None:
        """Write a table: its heading stays in sight and is repeated on every page."""
        sheet = self._sheet(name)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        for place, column in enumerate(table.columns):
            self._say(sheet, 0, place, column.title, self._head)
            sheet.set_column(
                place, place, 20 if column.kind is CellKind.TIME else max(10.0, min(60.0, 12 * column.weight))
            )
        for line, row in enumerate(table.rows, start=1):
            for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
                self._cell(sheet, line, place, cell, column.kind)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def _lines(self) -> Iterable[tuple[str, str, Any]]:
        document = self._document
        yield document.title, "", self._title
        for text in (document.label, document.urgency, document.issuer, document.number):
            if text:
                yield text, "", self._text
        yield from self._facts(document.heads)
        for section in document.sections:
            yield section.heading, "", self._bold
            yield from (("", text, self._text) for text in section.paragraphs)
            yield from self._facts(section.facts)
            yield from ((str(at), text, self._text) for at, text in enumerate(section.items, start=1))
            yield from (
                (table.caption, table.nothing if not table.rows else "→", self._text) for table in section.tables
            )
            yield from (("", text, self._text) for text in section.notes)
        yield from (("", text, self._text) for text in (document.signed, document.dated) if text)
        for one in document.signatures:
            yield one.role, "  ".join(part for part in (one.name, one.at, one.proof) if part), self._text
        if document.audit_head:
            yield "", document.audit_head, self._text

    def _facts(self, facts: Iterable[Fact]) -> Iterable[tuple[str, str, Any]]:
        return ((fact.name, fact.value, self._text) for fact in facts)

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(self._unused(name))
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        foot = self._document.audit_head[:120].replace("&", "&&")
        sheet.set_footer(f"&L&7{foot and ' ' + foot}&R&P / &N")
        if self._document.label:
            sheet.set_header(f"&L{self._document.label[:60].replace('&', '&&')}")
        return sheet

    def _unused(self, wanted: str) -> str:
        """Return a name for a sheet that may be one and is not taken; a workbook compares them without case."""
        plain = _cut(_IN_NAMES.sub(" ", wanted).strip(" '"), _LONGEST_NAME).strip(" '") or "-"
        if plain.lower() == "history":
            plain = f"{plain}-"
        name, count = plain, 1
        while name.lower() in self._names:
            count += 1
            name = f"{_cut(plain, _LONGEST_NAME - len(str(count)) - 1)}-{count}"
        self._names.add(name.lower())
        return name

    def _cell(self, sheet: Any, row: int, place: int, cell: type_of_cell, kind: CellKind) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            self._say(sheet, row, place, cell, self._text)
        elif kind is CellKind.TIME and isinstance(cell, int):
            at = local_time(cell, self._document.zone_minutes).replace(tzinfo=None)
            self._moment(sheet, row, place, at)
        elif math.isfinite(cell) and abs(cell) <= _MOST_EXACT:
            sheet.write_number(row, place, cell, self._number)
        else:
            # A workbook keeps fifteen digits: a longer number is told whole, as text.
            self._say(sheet, row, place, str(cell), self._text)

    def _moment(self, sheet: Any, row: int, place: int, at: datetime) -> None:
        if at.year < _FIRST_YEAR:
            self._say(sheet, row, place, at.isoformat(sep=" "), self._text)
        else:
            sheet.write_datetime(row, place, at, self._time)

    def _say(self, sheet: Any, row: int, place: int, text: str, form: Any) -> None:
        if text:
            cut = _cut(text, LONGEST_CELL)
            cut = cut if cut == text else _cut(text, LONGEST_CELL - len(CUT)) + CUT
            sheet.write_string(row, place, cut, form)


def _cut(text: str, most: int) -> str:
    """Return the longest beginning of a text within `most` units of UTF-16, in which workbooks count."""
    return text if 2 * len(text) <= most else text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")

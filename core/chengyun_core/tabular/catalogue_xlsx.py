"""Catalogue tables as sheets of an XLSX workbook: strings stay strings, figures figures, nothing is computed."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from chengyun_core.model.catalogue_cells import text_of
from chengyun_core.model.catalogue_tables import LINE_KEY, TABLES, Cell, Table, Tables
from chengyun_core.model.failure import Refused
from chengyun_core.tabular.catalogue_csv import MOST_ROWS, Rows, named, names_of

MOST_UNPACKED_BYTES = 512 * 2**20
"""A workbook is a zip file; one that swells beyond this is refused before it is opened."""
_FIGURES = frozenset({Cell.NUMBER, Cell.INTEGER})
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    SyntaxError,
    NotImplementedError,
    RuntimeError,
)
"""What openpyxl lets through when a file is no workbook (SyntaxError is XML's)."""


def read(path: Path) -> dict[str, Rows]:
    """Return the rows of each sheet by its name. A formula stays its text, which no table accepts.

    Raises:
        Refused: `catalogue.file_…`, the file is no workbook, or its sheets are no tables.
    """
    try:
        _refuse_bomb(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    except _BROKEN as error:
        raise Refused("catalogue.file_not_xlsx", file=path.name, reason=error) from None
    try:
        return {sheet.title: _sheet(path, sheet) for sheet in book.worksheets}
    except _BROKEN as error:
        raise Refused("catalogue.file_not_xlsx", file=path.name, reason=error) from None
    finally:
        book.close()


def write(path: Path, tables: Tables, known: Mapping[str, Table] = TABLES) -> None:
    """Write each table to a sheet of its own."""
    never_run = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, {"constant_memory": True, **never_run}) as book:
        for name, table in known.items():
            if table.optional and name not in tables:
                continue
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, column.name)
            for line, row in enumerate(tables[name], start=1):
                for place, column in enumerate(table.columns):
                    _write_cell(sheet, line, place, row.get(column.name, ""), figure=column.kind in _FIGURES)


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MOST_UNPACKED_BYTES:
        raise Refused("catalogue.file_too_large", file=path.name, size=unpacked, most=MOST_UNPACKED_BYTES)


def _sheet(path: Path, sheet: Any) -> Rows:
    sheet.reset_dimensions()
    place = f"{path.name}#{sheet.title}"
    records = _records(sheet)
    return list(_rows(place, names_of(place, records), records))


def _records(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row that is not blank."""
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield line, cells


def _rows(place: str, names: list[str], records: Iterator[tuple[int, list[str]]]) -> Iterator[dict[str, str]]:
    for index, (line, cells) in enumerate(records):
        if index >= MOST_ROWS:
            raise Refused("catalogue.file_too_many_rows", file=place, most=MOST_ROWS)
        row = named(names, cells)
        if line != index + 2:
            row[LINE_KEY] = str(line)
        yield row


def _text(value: object) -> str:
    """Return a cell as text: figures shortest, a day as ISO date, line ends as in CSV."""
    if isinstance(value, datetime) and (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return text_of(value)


def _write_cell(sheet: Any, line: int, place: int, text: str, *, figure: bool) -> None:
    if not text:
        return
    # Workbooks keep 16 digits; a figure that needs 17 is written as text, which is read back all the same.
    if figure and float(f"{float(text):.16G}") == float(text):
        sheet.write_number(line, place, float(text))
    else:
        sheet.write_string(line, place, text)

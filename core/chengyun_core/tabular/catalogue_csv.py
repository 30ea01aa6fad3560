"""One catalogue table as a CSV file: read with true line numbers, written so that a spreadsheet runs nothing."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from chengyun_core.model.catalogue_tables import EXTRA_PREFIX, LINE_KEY, Cell, Table
from chengyun_core.model.failure import Refused

UTF8, GB18030 = "UTF-8", "GB18030"
MOST_ROWS = 500_000
Rows = list[dict[str, str]]

_DANGEROUS = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet may take for a formula; with apostrophes before it, so that undoing is exact."""
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_FIGURES = frozenset({Cell.NUMBER, Cell.INTEGER})


def read(path: Path) -> tuple[Rows, str]:
    """Return the rows of a CSV file and the encoding it was found to have.

    Raises:
        Refused: `catalogue.file_…`, the file is not one table of CSV.
    """
    text, encoding = _decoded(path)
    records = _records(path, text)
    return list(_rows(path, names_of(path.name, records), records)), encoding


def write(path: Path, table: Table, rows: Rows) -> None:
    """Write a table, UTF-8 with the mark spreadsheets want, figures as figures, text so that it is never run."""
    columns = table.columns
    figures = {column.name for column in columns if column.kind in _FIGURES}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in columns])
        for row in rows:
            cells = ((column.name, row.get(column.name, "")) for column in columns)
            writer.writerow([text if name in figures else neutral(text) for name, text in cells])


def neutral(text: str) -> str:
    """Return the text with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def plain(text: str) -> str:
    """Return the text without the apostrophe that `neutral` set."""
    return text[1:] if _NEUTRALISED.match(text) else text


def names_of(file: str, records: Iterator[tuple[int, list[str]]]) -> list[str]:
    """Take the heading from the records and return a name for each column.

    A column without a heading is called by its place, as in EXTRA_PREFIX. A file without any heading is refused: an
    emptied file must not empty a table.
    """
    _, heading = next(records, (1, []))
    if not heading:
        raise Refused("catalogue.file_no_heading", file=file)
    names = [name.strip() or f"{EXTRA_PREFIX}{place}" for place, name in enumerate(heading, start=1)]
    for name in names:
        if names.count(name) > 1:
            raise Refused("catalogue.file_column_twice", file=file, column=name)
    return names


def named(names: list[str], cells: list[str]) -> dict[str, str]:
    """Return the non-empty cells by the names of their columns."""
    more = [f"{EXTRA_PREFIX}{place}" for place in range(len(names) + 1, len(cells) + 1)]
    return {name: text for name, text in zip([*names, *more], cells, strict=False) if text.strip()}


def _decoded(path: Path) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8 with or without mark, else GB18030, which takes nearly all bytes."""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw:
        raise Refused("catalogue.file_encoding", file=path.name)
    try:
        return raw.decode("utf-8-sig"), UTF8
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030").removeprefix("\ufeff"), GB18030
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused("catalogue.file_not_decoded", file=path.name, line=line) from None


def _records(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line a record begins on and its cells; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refused("catalogue.file_not_csv", file=path.name, line=begins, reason=error) from None


def _rows(path: Path, names: list[str], records: Iterator[tuple[int, list[str]]]) -> Iterator[dict[str, str]]:
    if len(names) == 1 and re.search(r"[;\t]", names[0]):
        raise Refused("catalogue.file_delimiter", file=path.name)
    for index, (line, cells) in enumerate(records):
        if index >= MOST_ROWS:
            raise Refused("catalogue.file_too_many_rows", file=path.name, most=MOST_ROWS)
        row = named(names, [plain(_lines(cell)) for cell in cells])
        if line != index + 2:
            row[LINE_KEY] = str(line)
        yield row


def _lines(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")

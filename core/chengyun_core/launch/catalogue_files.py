"""A folder of catalogue files to tables and back: a CSV or XLSX for each table, or one workbook of sheets."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.catalogue_build import tables_of
from chengyun_core.model.catalogue_tables import TABLES, Table, Tables
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.tabular import catalogue_csv, catalogue_xlsx

MOST_FILE_BYTES = 64 * 2**20
WORKBOOK = "catalogue.xlsx"
FORMATS = ("csv", "xlsx")
_OLD_WORKBOOKS = frozenset({".xls", ".xlsm", ".xlsb", ".ods"})


def import_folder(path: Path, known: Mapping[str, Table] = TABLES) -> tuple[Tables, dict[str, str]]:
    """Return the tables found in a folder (or in one workbook) and the file each came from, for messages.

    `known`: the tables looked for, when they are not the catalogue's. Nothing is judged here but the files themselves:
    tables and cells are for model.catalogue_check. A file that is not UTF-8 says so in its origin: `vitals.csv
    (GB18030)`.

    Raises:
        Refused: `catalogue.file_…` or `catalogue.no_files`.
        Trouble: `catalogue.file_unreadable`.
    """
    tables: Tables = {}
    origin: dict[str, str] = {}
    for table, rows, source in _found(path, known):
        if table in tables:
            raise Refused("catalogue.file_twice", table=table, first=origin[table], second=source)
        tables[table], origin[table] = rows, source
    if not tables:
        raise Refused("catalogue.no_files", folder=path, tables=", ".join(known))
    return tables, origin


def export_folder(catalogue: Catalogue, path: Path, file_format: str) -> list[Path]:
    """Write a catalogue to a folder as `csv` (a file for each table) or `xlsx` (one workbook); return the files."""
    return write_tables(tables_of(catalogue), path, file_format)


def write_tables(
    tables: Tables, path: Path, file_format: str, known: Mapping[str, Table] = TABLES, workbook: str = WORKBOOK
) -> list[Path]:
    """Write tables to a folder; each file appears whole or not at all.

    Raises:
        Refused: `catalogue.format_unknown`; `catalogue.folder_holds_other`, an import would find tables twice.
        Trouble: `catalogue.file_unwritable`.
    """
    if file_format not in FORMATS:
        raise Refused("catalogue.format_unknown", format=file_format, known=", ".join(FORMATS))
    try:
        path.mkdir(parents=True, exist_ok=True)
        _refuse_others(path, file_format, known, workbook)
        return list(_written(tables, path, file_format, known, workbook))
    except OSError as error:
        raise Trouble("catalogue.file_unwritable", folder=path, reason=error) from error


def _found(path: Path, known: Mapping[str, Table]) -> Iterator[tuple[str, catalogue_csv.Rows, str]]:
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            if not file.name.startswith((".", "~$")):
                yield from _tables_in(file, known)
    except OSError as error:
        raise Trouble("catalogue.file_unreadable", file=path, reason=error) from error


def _tables_in(file: Path, known: Mapping[str, Table]) -> Iterator[tuple[str, catalogue_csv.Rows, str]]:
    kind = file.suffix.lower()
    if kind in {".csv", ".xlsx"} and file.stat().st_size > MOST_FILE_BYTES:
        size = file.stat().st_size
        raise Refused("catalogue.file_too_large", file=file.name, size=size, most=MOST_FILE_BYTES)
    if kind == ".csv":
        rows, encoding = catalogue_csv.read(file)
        yield file.stem.lower(), rows, file.name if encoding == catalogue_csv.UTF8 else f"{file.name} ({encoding})"
    elif kind == ".xlsx":
        yield from _sheets_of(file, known)
    elif kind in _OLD_WORKBOOKS:
        raise Refused("catalogue.file_kind", file=file.name)


def _sheets_of(file: Path, known: Mapping[str, Table]) -> Iterator[tuple[str, catalogue_csv.Rows, str]]:
    """Yield the only sheet of a workbook that is named like a table, else every sheet by its own name."""
    sheets, stem = catalogue_xlsx.read(file), file.stem.lower()
    if stem in known and len(sheets) == 1:
        yield stem, next(iter(sheets.values())), file.name
        return
    for title, rows in sheets.items():
        yield title.lower(), rows, f"{file.name}#{title}"


def _refuse_others(path: Path, file_format: str, known: Mapping[str, Table], workbook: str) -> None:
    """Refuse a folder whose tables in the other format would be found twice by the next import."""
    theirs = {".csv": "csv", ".xlsx": "xlsx"}
    mine = {f"{name}.csv" for name in known} if file_format == "csv" else {workbook}
    for file in sorted(path.iterdir()):
        is_table = file.stem.lower() in known or file.name == workbook
        if is_table and file.name not in mine and file.suffix.lower() in theirs:
            raise Refused("catalogue.folder_holds_other", folder=path, file=file.name)


def _written(
    tables: Tables, path: Path, file_format: str, known: Mapping[str, Table], workbook: str
) -> Iterator[Path]:  # fmt: skip
    if file_format == "xlsx":
        draft = path / f".{workbook}.part"
        catalogue_xlsx.write(draft, tables, known)
        yield _moved(draft, path / workbook)
        return
    for name in (name for name, table in known.items() if name in tables or not table.optional):
        draft = path / f".{name}.csv.part"
        catalogue_csv.write(draft, known[name], tables[name])
        yield _moved(draft, path / f"{name}.csv")


def _moved(draft: Path, to: Path) -> Path:
    return draft.replace(to)

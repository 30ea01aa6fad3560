"""A roster in a file's bytes: one CSV table, or a workbook with the sheets `people` and `roster`, as rows of text."""

import tempfile
from pathlib import Path

from chengyun_core.model.catalogue_tables import Tables
from chengyun_core.model.failure import Refused
from chengyun_core.model.roster_table import tables_of
from chengyun_core.tabular import catalogue_csv

MOST_BYTES = 4 * 2**20


def read(name: str, data: bytes) -> Tables:
    """Return the rows of each table in a file; raise Refused `roster.…` or `catalogue.file_…`."""
    if len(data) > MOST_BYTES:
        raise Refused("roster.too_large", size=len(data), most=MOST_BYTES)
    kind = Path(name).suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise Refused("roster.kind", file=Path(name).name)
    # Both readers take files; the name that people gave is a label, never a path of ours.
    with tempfile.TemporaryDirectory(prefix="roster-") as folder:
        file = Path(folder) / f"roster{kind}"
        file.write_bytes(data)
        return tables_of(_of_workbook(file) if kind == ".xlsx" else {"": catalogue_csv.read(file)[0]})


def _of_workbook(file: Path) -> dict[str, list[dict[str, str]]]:
    # Its library takes longer to load than a window takes to open; most files are CSV.
    from chengyun_core.tabular import catalogue_xlsx  # noqa: PLC0415 - see above

    return {name: rows for name, rows in catalogue_xlsx.read(file).items() if rows}

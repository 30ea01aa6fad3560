"""Events in a file: a CSV table, or the first sheet of a workbook, as rows of text (E1)."""

from pathlib import Path

from chengyun_core.model.failure import Refused
from chengyun_core.tabular import catalogue_csv


def read(file: Path) -> list[dict[str, str]]:
    """Return the rows of a file; of a workbook its first sheet. Raise Refused for what is neither, or holds nothing."""
    if not file.is_file():
        raise Refused("launch.no_file", file=file)
    rows = _of_workbook(file) if file.suffix.lower() == ".xlsx" else catalogue_csv.read(file)[0]
    if not rows:
        raise Refused("launch.no_events", file=file.name)
    return rows


def _of_workbook(file: Path) -> list[dict[str, str]]:
    # Its library takes longer to load than a window takes to open; most files are CSV.
    from chengyun_core.tabular import catalogue_xlsx  # noqa: PLC0415 - see above

    return next(iter(catalogue_xlsx.read(file).values()), [])

"""python -m tests.flows.golden: acts the golden path anew and writes what is kept of it.

--pictures DIR: every step of the keys' path as wf2-NN-name.png (docs/pictures/guide). --table FILE: the tables by keys
and by mouse, between their marks (docs/golden-path.md).
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtGui import QImage

from chengyun_core.model.clock import NS_PER_S, ProfileClock
from tests.flows import golden_keys, golden_mouse
from tests.flows.golden_path import GoldenPath, golden_path
from tests.flows.golden_table import Account
from tests.gallery.pictures import kept


def main() -> int:
    """Act what is asked for; nothing is written when a step fails."""
    asked = _parser().parse_args()
    if asked.pictures:
        _take_pictures(asked.pictures)
    if asked.table:
        told = {"keys": _acted(golden_keys.the_whole_way), "mouse": _acted(golden_mouse.the_whole_way)}
        tables = {name: account.markdown(_where()) for name, account in told.items()}
        asked.table.write_text(written(asked.table.read_text("utf-8"), tables), "utf-8")
    return 0


def written(page: str, tables: dict[str, str]) -> str:
    """Return a page with these tables between their marks.

    Raises:
        ValueError: a mark is missing.
    """
    for name, table in tables.items():
        begin, end = f"<!-- enacted: {name} -->\n", "<!-- end -->"
        head, mark, rest = page.partition(begin)
        if not mark:
            raise ValueError(f"the page has no line {begin.strip()}")
        page = head + begin + table + rest[rest.index(end) :]
    return page


def _acted(act: Callable[[GoldenPath, Path], None], pictures: Path | None = None) -> Account:
    with tempfile.TemporaryDirectory() as folder, golden_path(Path(folder), pictures) as path:
        act(path, Path(folder))
        path.account.tell()
        return path.account


def _take_pictures(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as raw:
        _acted(golden_keys.the_whole_way, Path(raw))
        for picture in sorted(Path(raw).glob("wf2-*.png")):
            kept(QImage(str(picture)), folder / picture.name)


def _where() -> str:
    """Return when and on what machine it was measured."""
    today = datetime.fromtimestamp(ProfileClock().utc_ns() / NS_PER_S, UTC).date()
    return f"{today}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} (other people's work beside it)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.flows.golden", description=__doc__)
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="write the steps' pictures there")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write the tables into this page")
    return parser


if __name__ == "__main__":
    sys.exit(main())

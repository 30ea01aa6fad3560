"""RF8: whatever statement of an upgrade the process was killed at, the next start brings the same old file up whole."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from chengyun_core.store import chain
from chengyun_core.store.engine import Database, driver
from chengyun_core.store.upgrade import newest, upgrade
from tests.core.store.test_upgrade import OLD, OLD_ROWS

NAME = "a.db"
MOST = 6
"""States of which each is brought up, spread over all: a start takes half a second."""


@contextmanager
def _what_a_kill_leaves(database: Database, folder: Path, to: Path) -> Iterator[dict[str, Path]]:
    """Copy the files before every statement and after the last, if they differ: what a killed process had written.

    Written but not synced counts, too: the machine goes on. Power cuts are another matter: tests/faults/powercut.
    """
    kept: dict[str, Path] = {}

    def keep(*_: object) -> None:
        state = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.glob(f"{NAME}*")))).hexdigest()
        if state not in kept:
            kept[state] = Path(shutil.copytree(folder, to / f"{len(kept):03}"))

    event.listen(database._engine, "before_cursor_execute", keep)
    try:
        yield kept
        keep()
    finally:
        event.remove(database._engine, "before_cursor_execute", keep)


def _told(path: Path) -> list[tuple[object, ...]]:
    """Return everything in a database: what it is made of, and every row of every table."""
    raw = driver().connect(str(path))
    made = raw.execute("SELECT name, type, sql FROM sqlite_master ORDER BY name, type").fetchall()
    rows = [
        (name, row)
        for name, kind, _ in made if kind == "table"
        for row in sorted(raw.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608 - our own tables
    ]  # fmt: skip
    raw.close()
    return [*made, *rows]


@pytest.mark.parametrize("step", OLD_ROWS)
def test_that_an_upgrade_killed_at_any_statement_is_done_by_the_next_start(tmp_path: Path, step: str) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    raw = driver().connect(str(folder / NAME), isolation_level=None)
    raw.executescript((OLD / f"step_{step}.sql").read_text("utf-8"))
    raw.close()
    before = _told(folder / NAME)
    (tmp_path / "killed").mkdir()
    database = Database(folder / NAME)
    # Pages leave the memory early, as those of a large file would: the log then holds half of the transaction.
    database._writer.exec_driver_sql("PRAGMA cache_size = 1")
    database._writer.rollback()
    with _what_a_kill_leaves(database, folder, tmp_path / "killed") as left:
        upgrade(database)
    database.close()
    whole = _told(folder / NAME)
    states = list(left.values())
    assert len(states) > 5, "the log grew amid the transaction"
    seen = set()
    public = bytes.fromhex((OLD / f"step_{step}.pub").read_text("ascii").strip())
    for killed in [*states[:: max(1, len(states) // MOST)], states[-1]]:
        database = Database(killed / NAME)
        with database.reading() as connection:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
            assert chain.verify(connection, public, 1, OLD_ROWS[step]).fault == ""
        seen.add(found)
        assert upgrade(database) == newest()
        database.close()
        assert _told(killed / NAME) == whole
    assert seen == {step, newest()}, "half brought up is never seen: all steps are one transaction"
    backup = tmp_path / "old" / "backup" / f"chengyun-{step}.db"
    assert _told(backup) == before, "the copy of before goes back to the older program as it was"

"""The database that tests copy is the one the steps make."""

from pathlib import Path

from chengyun_core.store.engine import Database
from chengyun_core.store.upgrade import newest, upgrade
from tests.support.fresh_database import fresh


def schema(database: Database) -> list[tuple[object, ...]]:
    """Return every table, index and trigger with its SQL, and the step the file says it is at."""
    with database.reading() as connection:
        made = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
        return [*map(tuple, made), *map(tuple, connection.exec_driver_sql("SELECT * FROM alembic_version"))]


def test_that_a_copied_database_is_what_the_steps_make(tmp_path: Path) -> None:
    copied, made = fresh(tmp_path / "new" / "copied.db"), Database(tmp_path / "made.db")
    upgrade(made)
    assert schema(copied) == schema(made)
    assert upgrade(copied) == newest()
    assert copied.path.stat().st_mode & 0o777 == 0o600
    for database in (copied, made):
        database.check()
        database.close()


def test_that_a_database_that_is_there_is_opened_as_it_is(tmp_path: Path) -> None:
    first = fresh(tmp_path / "a.db")
    with first.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE left_behind (one INTEGER)")
    first.close()
    again, other = fresh(tmp_path / "a.db"), fresh(tmp_path / "b.db")
    assert len(schema(again)) == len(schema(other)) + 1
    again.close()
    other.close()

"""A worker's own connection: another thread's, one snapshot, read-only, on a file and on a server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DatabaseError

from chengyun_core.model.failure import Trouble
from chengyun_core.store.port import Store
from chengyun_core.store.tables import FACTS
from tests.support.fresh_database import fresh
from tests.support.postgres import Server, opened


@pytest.fixture(params=["file", "server"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database of the newest step with one fact in it."""
    if request.param == "file":
        made: Store = fresh(tmp_path / "centre.db")
    else:
        server: Server = request.getfixturevalue("postgres_server")
        server.make("beside", "newest")
        made = opened(server, "beside", tmp_path / "database.url")
    _put(made, "first")
    yield made
    made.close()
    if request.param == "server":
        server.drop("beside")


def _put(database: Store, name: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(FACTS).values(name=name, value=""))


def test_that_another_thread_sees_one_snapshot_while_the_writer_goes_on(database: Store) -> None:
    beside = database.beside()
    assert beside is not None
    count = select(func.count()).select_from(FACTS)

    def job() -> int:
        with beside() as connection:
            return int(connection.execute(count).scalar_one())

    with beside() as connection:
        before = connection.execute(count).scalar_one()
        _put(database, "second")
        assert connection.execute(count).scalar_one() == before
    with ThreadPoolExecutor(1) as worker:
        assert worker.submit(job).result() == before + 1


def test_that_it_cannot_write_and_leaves_nothing_behind(database: Store) -> None:
    beside = database.beside()
    assert beside is not None
    with pytest.raises((Trouble, DatabaseError)), beside() as connection:
        connection.execute(insert(FACTS).values(name="third", value=""))
    _put(database, "third")
    with database.reading() as connection:
        assert connection.execute(select(FACTS.c.name).where(FACTS.c.name == "third")).scalar_one() == "third"


def test_that_a_core_with_its_exclusive_lock_has_none(tmp_path: Path) -> None:
    made = fresh(tmp_path / "centre.db")
    made.single = True
    assert made.beside() is None
    made.single = False
    made.close()

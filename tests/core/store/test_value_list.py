"""Rows by a list of values: the same rows in a file and on a server, which is asked the same words for any list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, select

from chengyun_core.store.engine import Database
from chengyun_core.store.port import Store
from chengyun_core.store.tables import COUNTERS
from chengyun_core.store.upgrade import upgrade
from chengyun_core.store.value_list import among, among_numbers
from tests.support.postgres import Server, opened

NAMES = ("上清寺", "b'; --", '"}{,\\', "DN400", "")


@pytest.fixture(params=["file", "server"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a database with some names, once a file and once on a server."""
    if request.param == "file":
        made: Store = Database(tmp_path / "a.db")
        upgrade(made)
    else:
        server: Server = request.getfixturevalue("postgres_server")
        server.drop("listed")
        server.make("listed", "newest")
        made = opened(server, "listed", tmp_path / "database.url")
    with made.writing() as connection:
        connection.execute(insert(COUNTERS), [{"name": name, "value": at} for at, name in enumerate(NAMES)])
    yield made
    made.close()


def found(connection: Connection, texts: list[str]) -> set[str]:
    return set(connection.execute(select(COUNTERS.c.name).where(among(connection, COUNTERS.c.name, texts))).scalars())


def test_that_exactly_the_rows_with_one_of_the_texts_are_found(database: Store) -> None:
    with database.reading() as connection:
        for count in range(len(NAMES) + 1):
            assert found(connection, [*NAMES[:count], *NAMES[:count], "nobody's"]) == set(NAMES[:count])
        assert found(connection, []) == set()


def test_that_a_server_is_asked_the_same_words_for_any_number_of_texts(database: Store) -> None:
    asked: set[str] = set()

    def listen(_c: object, _u: object, statement: str, _p: object, _x: object, _m: object) -> None:
        asked.add(statement)

    with database.reading() as connection:
        event.listen(connection.engine, "before_cursor_execute", listen)
        for count in (1, 2, 5):
            found(connection, list(NAMES[:count]))
        event.remove(connection.engine, "before_cursor_execute", listen)
        assert len(asked) == (1 if connection.dialect.name == "postgresql" else 3)


def test_that_exactly_the_rows_with_one_of_hundreds_of_numbers_are_found(database: Store) -> None:
    with database.reading() as connection:
        for wanted in ([], [3], [*range(2, 900), 2**62, -1]):
            rows = select(COUNTERS.c.value).where(among_numbers(connection, COUNTERS.c.value, wanted))
            rows = rows.where(COUNTERS.c.name.in_(NAMES)).order_by(COUNTERS.c.value)
            expected = [at for at in range(len(NAMES)) if at in wanted]
            assert list(connection.execute(rows).scalars()) == expected

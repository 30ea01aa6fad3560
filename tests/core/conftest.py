"""The PostgreSQL server of the suite, started when the first test asks for it."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import Server, running_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Return a server with an empty database at the newest step, `newest`."""
    with running_server() as server:
        yield server

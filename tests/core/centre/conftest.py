"""A fresh centre for each test; the tests that touch most of the tables have one on either database."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.store.port import Store
from tests.core.centre import room as rooms
from tests.core.centre.event_room import peopled_city
from tests.core.centre.room import Room
from tests.support.postgres import Server, opened

ON_BOTH = frozenset(
    {
        "test_door",
        "test_event_asks",
        "test_event_life",
        "test_event_orders",
        "test_event_races",
        "test_event_search",
        "test_order_sweeps",
        "test_orders",
        "test_plan_runs",
        "test_receipts",
        "test_second_writer",
        "test_situation_events",
    }
)
"""Modules run on PostgreSQL, too. All of them are with CHENGYUN_TEST_DATABASE=postgresql."""
OF_A_FILE = frozenset({"test_daemon", "test_disk_trouble"})
"""Modules about the file itself and its disk."""
FILE, SERVER = "file", "server"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have the tests of some modules run once for each database."""
    name = metafunc.module.__name__.rpartition(".")[2]
    kinds = [FILE, SERVER] if name in ON_BOTH else [FILE]
    if os.environ.get("CHENGYUN_TEST_DATABASE") == "postgresql" and name not in OF_A_FILE:
        kinds = [SERVER]
    if kinds != [FILE]:
        metafunc.parametrize("database_kind", kinds, indirect=True)


@pytest.fixture(autouse=True)
def database_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Have rooms open the database the test is run on: a file, or a copy of a fresh one on the suite's server."""
    kind = getattr(request, "param", FILE)
    if kind == FILE:
        yield kind
        return
    server: Server = request.getfixturevalue("postgres_server")
    made: dict[Path, str] = {}

    def on_a_server(folder: Path) -> Store:
        if folder not in made:
            made[folder] = f"room{os.getpid()}_{len(made)}"
            server.make(made[folder], "newest")
            (folder / "centre").mkdir(mode=0o700, parents=True, exist_ok=True)
        return opened(server, made[folder], folder / "keys" / "database.url")

    monkeypatch.setattr(rooms, "OPENS", [on_a_server])
    yield kind
    for name in made.values():
        server.drop(name)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Return a centre with the small city in force and nobody signed on."""
    with Room(tmp_path) as made:
        yield made


@pytest.fixture
def staffed(room: Room) -> tuple[Room, str, str]:
    """Return a centre with matters and units, and the sessions of two officers at two seats."""
    room.adopt(peopled_city())
    return room, room.officer("li"), room.officer("wang", seat="A-02")

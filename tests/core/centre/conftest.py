"""A fresh centre for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.centre.event_room import peopled_city
from tests.core.centre.room import Room


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

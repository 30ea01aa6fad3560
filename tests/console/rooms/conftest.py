"""A consultation in which somebody shows something to all."""

from collections.abc import Iterator

import pytest

from tests.console.conftest import Room
from tests.console.rooms.sharing import Sharing, begun, ended


@pytest.fixture
def sharing(desk_room: Room) -> Iterator[Sharing]:
    made = begun(desk_room)
    yield made
    ended(made)

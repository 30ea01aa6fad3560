"""A fresh centre for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.centre.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Return a centre with the small city in force and nobody signed on."""
    with Room(tmp_path) as made:
        yield made

"""Seals of tests lie open in memory under names made of their temporary folders; none is left there."""

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun_core.custody import envelope, place
from tests.core.custody import sealing


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Path]:
    """A small drill profile in clear; what was opened of it is taken away afterwards."""
    made = sealing.plain(tmp_path / "p")
    yield made
    open_folder = place.open_folder(made)
    for name in ("", place.PART, place.STAGE):
        place.take_away(open_folder.with_name(f"{open_folder.name}{name}"))
    open_folder.with_name(f"{open_folder.name}.lock").unlink(missing_ok=True)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, where a sync costs nothing, for tests that seal by the dozen."""
    with tempfile.TemporaryDirectory(dir=place.MEMORY, prefix="test-") as folder:
        yield Path(folder)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys without the cost of scrypt, for tests that open many seals; what they hold does not hang on it."""
    monkeypatch.setattr(envelope, "_scrypt", _cheap)


def _cheap(text: bytes, salt: bytes, cost: int) -> bytes:
    return hashlib.sha256(salt + text + bytes([cost])).digest()

"""Stands for keys: a profile over TCP, a daemon's guard turned by hand, a bare context whose sockets are kept."""

from pathlib import Path

import pytest
import zmq

from tests.support.curve_stand import gatehouse, over_tcp


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return over_tcp(tmp_path / "p")


@pytest.fixture
def house(profile: Path):
    with gatehouse(profile) as made:
        yield made


@pytest.fixture
def bare():
    kept = []

    class Keeping(zmq.Context):
        """Keeps its sockets until the end of the test: one that falls out of use would be closed with a warning."""

        def socket(self, *arguments, **options):
            kept.append(super().socket(*arguments, **options))
            return kept[-1]

    context = Keeping()
    yield context
    context.destroy(linger=0)

"""A child that is ended is waited for, but neither its pipe nor the kernel keeps whoever ends it for ever (0424)."""

import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from chengyun_core.wire import piped_child
from chengyun_core.wire.piped_child import PipedChild
from tests.support.waiting import wait_until

TELLS = """
import os, subprocess, sys, time
other = subprocess.Popen(["sleep", "120"])
told = str(other.pid).encode()
os.write(1, len(told).to_bytes(4, "big") + told)
time.sleep(120)
"""


@pytest.fixture
def told() -> list[bytes]:
    """What the child says."""
    return []


@pytest.fixture
def child(told: list[bytes]) -> Iterator[PipedChild]:
    """A child that has started another one, which holds its pipe."""
    memory = os.memfd_create("test")
    made = PipedChild(
        [sys.executable, "-c", TELLS], told.append, descriptor=memory, environment=dict(os.environ), name="child"
    )
    wait_until(lambda: bool(told), "the child tells")
    yield made
    os.close(memory)
    os.kill(int(told[0]), signal.SIGKILL)
    wait_until(lambda: not made._reader.is_alive(), "nobody holds the pipe any more")
    made.kill()


@pytest.mark.parametrize("way", ["kill", "stop"])
def test_that_a_pipe_that_somebody_else_holds_keeps_nobody(
    child: PipedChild, way: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(piped_child, "KILLED_WITHIN_S", 0.2)
    child.kill() if way == "kill" else child.stop(0.2)
    assert child.has_ended()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "somebody holds the pipe of child" in caplog.text


def test_that_what_is_killed_is_gone_with_its_pipes() -> None:
    before, memory = len(list(Path("/proc/self/fd").iterdir())), os.memfd_create("test")
    made = PipedChild(["sleep", "120"], _nothing, descriptor=memory, environment=dict(os.environ), name="child")
    os.close(memory)
    made.kill()
    assert made.has_ended()
    assert not made._reader.is_alive()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def _nothing(message: bytes) -> None:
    raise msgspec.MsgspecError(f"nothing was to be said, and it is {message!r}")

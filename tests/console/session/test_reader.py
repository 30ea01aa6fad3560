"""The reader knows whether its window still takes what it lays down (RF27)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zmq

from chengyun_console.session.mailbox import Mailbox, Post
from chengyun_console.session.reader import FROZEN_AFTER_NS, Reader
from chengyun_core.model.clock import ManualClock


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    made = Reader(tmp_path, context, Mailbox(), lambda: None)
    yield made
    context.term()


def test_that_a_window_that_takes_nothing_for_five_seconds_hangs_until_it_takes_again(reader: Reader) -> None:
    clock = ManualClock(1_800_000_000_000_000_000)
    reader._machine = reader._clock = clock  # type: ignore[assignment]
    reader._taken_ns = clock.monotonic_ns()
    hung = []
    with ThreadPoolExecutor(1) as pool:
        for action in ("", "put", "wait", "take"):
            if action == "put":
                reader._mailbox.put(Post())
            elif action == "wait":
                clock.advance(FROZEN_AFTER_NS / 1e9 + 0.1)
            elif action == "take":
                reader._mailbox.take()
            reader._turn(pool)
            hung.append(reader.replica.is_frozen)
    assert hung == [False, False, True, False]

"""Shared pictures: published whole, kept over a writer's end, never believed beyond their slot."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from chengyun_core.wire.pane_memory import LARGEST_PICTURE, LONGEST_TOLD, PaneMemory, PaneWriter


@pytest.fixture
def reader() -> Iterator[PaneMemory]:
    memory = PaneMemory.made(2)
    yield memory
    memory.close()


@pytest.fixture
def worker(reader: PaneMemory) -> Iterator[PaneMemory]:
    memory = PaneMemory(os.dup(reader.descriptor), 2, is_writer=True)
    yield memory
    memory.close()


def grey(level: int, width: int = 6, height: int = 4) -> np.ndarray:
    return np.full((height, width * 4), level, np.uint8)


def test_that_a_picture_is_seen_as_it_was_put(reader: PaneMemory, worker: PaneMemory) -> None:
    writer = PaneWriter(worker, 1, generation=7)
    writer.put(grey(9), 6, arrived_ns=123)
    seen = reader.seen(1)
    assert (seen.generation, seen.sequence, seen.arrived_ns) == (7, 1, 123)
    assert (seen.width, seen.height, seen.stride) == (6, 4, 24)
    assert seen.frame is not None
    assert bytes(seen.frame) == bytes([9]) * 96
    assert reader.seen(0).frame is None


def test_that_a_reader_cannot_write(reader: PaneMemory, worker: PaneMemory) -> None:
    PaneWriter(worker, 0, generation=1).put(grey(9), 6, arrived_ns=1)
    frame = reader.seen(0).frame
    assert frame is not None
    assert frame.readonly
    with pytest.raises(ValueError, match="read-only"):
        reader.heads["sequence"][0] = 5


def test_that_a_picture_stays_whole_until_the_second_one_after_it_is_begun(
    reader: PaneMemory, worker: PaneMemory
) -> None:
    writer = PaneWriter(worker, 0, generation=1)
    first = writer.put(grey(1), 6, arrived_ns=1)
    frame = reader.seen(0).frame
    writer.put(grey(2), 6, arrived_ns=2)
    assert frame is not None
    assert reader.is_whole(0, first)
    assert frame[0] == 1
    writer.put(grey(3), 6, arrived_ns=3)
    assert not reader.is_whole(0, first)
    del frame


def test_that_another_source_begins_without_a_picture(reader: PaneMemory, worker: PaneMemory) -> None:
    PaneWriter(worker, 0, generation=1).put(grey(1), 6, arrived_ns=1)
    PaneWriter(worker, 0, generation=2)
    assert reader.seen(0).frame is None
    assert reader.seen(0).generation == 2


def test_that_the_same_source_keeps_its_last_picture_when_its_worker_is_made_anew(
    reader: PaneMemory, worker: PaneMemory
) -> None:
    PaneWriter(worker, 0, generation=1).put(grey(1), 6, arrived_ns=1)
    again = PaneWriter(worker, 0, generation=1)
    assert reader.seen(0).sequence == 1
    assert again.put(grey(2), 6, arrived_ns=2) == 2


@pytest.mark.parametrize(
    "slot", [(6, 4, 23, 0), (0, 4, 24, 0), (6, -4, 24, 0), (6, LARGEST_PICTURE, 24, 0), (2**40, 1, 2**42, 0)]
)
def test_that_what_lies_outside_of_its_slot_is_not_believed(
    reader: PaneMemory, worker: PaneMemory, slot: tuple[int, ...]
) -> None:
    PaneWriter(worker, 0, generation=1).put(grey(1), 6, arrived_ns=1)
    worker.heads[0]["slots"][1] = slot
    assert reader.seen(0).frame is None


def test_that_a_length_beyond_the_record_is_not_believed(reader: PaneMemory, worker: PaneMemory) -> None:
    writer = PaneWriter(worker, 0, generation=1)
    writer.tell(b"all is well")
    assert reader.told(0) == (1, b"all is well")
    worker.heads[0]["told_length"] = LONGEST_TOLD + 1
    assert reader.told(0) == (0, b"")


def test_that_a_record_being_told_is_not_read(reader: PaneMemory, worker: PaneMemory) -> None:
    PaneWriter(worker, 0, generation=1).tell(b"first")
    worker.heads[0]["told_begun"] = 2
    assert reader.told(0) == (0, b"")


def test_that_a_worker_cannot_cut_the_memory_short(reader: PaneMemory, worker: PaneMemory) -> None:
    with pytest.raises(PermissionError):
        os.ftruncate(worker.descriptor, 4096)


def test_that_memory_goes_back_when_a_pane_shrinks_and_when_it_ends(reader: PaneMemory, worker: PaneMemory) -> None:
    writer = PaneWriter(worker, 0, generation=1)
    large = np.zeros((1000, 4000), np.uint8)
    writer.put(large, 1000, arrived_ns=1)
    writer.put(large, 1000, arrived_ns=2)
    assert _taken(reader) > 7_000_000
    writer.put(grey(1), 6, arrived_ns=3)
    writer.put(grey(1), 6, arrived_ns=4)
    assert _taken(reader) < 200_000
    assert not reader.is_free(0, 1)
    writer.end()
    assert reader.is_free(0, 1)


def _taken(memory: PaneMemory) -> int:
    return os.fstat(memory.descriptor).st_blocks * 512


def test_that_the_memory_has_no_name(reader: PaneMemory) -> None:
    assert str(Path(f"/proc/self/fd/{reader.descriptor}").readlink()) == "/memfd:chengyun-panes (deleted)"
    assert os.fstat(reader.descriptor).st_nlink == 0
    reader.close()
    reader.close()  # once more closes nothing of somebody else's


def test_that_what_is_too_large_is_refused(worker: PaneMemory) -> None:
    writer = PaneWriter(worker, 0, generation=1)
    with pytest.raises(ValueError, match="do not fit"):
        writer.put(np.zeros((1, LARGEST_PICTURE + 4), np.uint8), 1, arrived_ns=1)
    with pytest.raises(ValueError, match="do not fit"):
        writer.put(np.zeros((1, 4), np.uint8), 2, arrived_ns=1)
    with pytest.raises(ValueError, match="more than fit"):
        writer.tell(bytes(LONGEST_TOLD + 1))

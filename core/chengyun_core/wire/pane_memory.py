"""Pictures that one process makes and another shows: anonymous shared memory with two pictures for each pane.

The memory has no name: it goes with the last process that holds it, however that one ends. Its size is sealed, so that
a worker that was taken over through a hostile stream cannot cut it short under the window that reads it (SIGBUS).
A writer makes picture n in slot n % 2 and publishes n afterwards; a reader copies the newest and asks whether the
writer has begun to write over it meanwhile.
"""

import contextlib
import fcntl
import mmap
import os
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

LARGEST_PICTURE = 2560 * 1440 * 4
"""Bytes; a larger pane is shown from a picture of this size."""
LONGEST_TOLD = 1024
BYTES_PER_PIXEL = 4
_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
_PAGE = mmap.PAGESIZE

_SLOT = np.dtype([("width", "<i8"), ("height", "<i8"), ("stride", "<i8"), ("arrived_ns", "<i8")])
_HEAD = np.dtype(
    [
        ("generation", "<i8"),  # whose pictures these are: raised by the reader with every new source
        ("ended", "<i8"),  # the last generation whose writer has let go of the pane
        ("beat_ns", "<i8"),  # the writer's last sign of life, monotonic
        ("begun", "<i8"),
        ("sequence", "<i8"),
        ("told_begun", "<i8"),
        ("told_sequence", "<i8"),
        ("told_length", "<i8"),
        ("slots", _SLOT, (2,)),
        ("told", "u1", (LONGEST_TOLD,)),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A pane as shared memory holds it now."""

    generation: int
    beat_ns: int
    sequence: int
    """Of the newest whole picture; 0: none."""
    arrived_ns: int = 0
    """When it came, monotonic."""
    width: int = 0
    height: int = 0
    stride: int = 0
    frame: memoryview | None = None
    """BGRA, read-only, `height` rows of `stride` bytes."""


class PaneMemory:
    """The heads and pictures of so many panes, in a file descriptor that a child process may inherit."""

    def __init__(self, descriptor: int, panes: int, *, is_writer: bool) -> None:
        """Map the memory behind a descriptor, which the object owns from now on. Raises OSError, ValueError."""
        self.descriptor = descriptor
        self.panes = panes
        access = mmap.PROT_READ | (mmap.PROT_WRITE if is_writer else 0)
        self._map = mmap.mmap(descriptor, size_of(panes), flags=mmap.MAP_SHARED, prot=access)
        self.heads: npt.NDArray[np.void] = np.frombuffer(self._map, _HEAD, count=panes)
        self._pictures = memoryview(self._map)

    @classmethod
    def made(cls, panes: int) -> Self:
        """Return new memory, mapped for reading. Its pages exist from the first picture on."""
        descriptor = os.memfd_create("chengyun-panes", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, size_of(panes))
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
        return cls(descriptor, panes, is_writer=False)

    def seen(self, pane: int) -> Seen:
        """Return a pane's newest picture; what lies outside of its slot is not believed."""
        head = self.heads[pane]
        generation, beat, sequence = int(head["generation"]), int(head["beat_ns"]), int(head["sequence"])
        slot = head["slots"][sequence % 2]
        width, height, stride = int(slot["width"]), int(slot["height"]), int(slot["stride"])
        fits = 0 < width * BYTES_PER_PIXEL <= stride and 0 < height <= LARGEST_PICTURE // stride
        if sequence <= 0 or not fits:
            return Seen(generation=generation, beat_ns=beat, sequence=0)
        begin = place_of(self.panes, pane, sequence)
        return Seen(
            generation=generation, beat_ns=beat, sequence=sequence, arrived_ns=int(slot["arrived_ns"]), width=width,
            height=height, stride=stride, frame=self._pictures[begin : begin + stride * height].toreadonly(),
        )  # fmt: skip

    def is_whole(self, pane: int, sequence: int) -> bool:
        """Return whether a picture copied just now was not being written over."""
        return int(self.heads["begun"][pane]) < sequence + 2

    def told(self, pane: int) -> tuple[int, bytes]:
        """Return the number and the bytes of what the writer told last; number 0 while it is telling, or never did."""
        head = self.heads[pane]
        number, length = int(head["told_sequence"]), int(head["told_length"])
        if number <= 0 or not 0 <= length <= LONGEST_TOLD:
            return 0, b""
        told = head["told"][:length].tobytes()
        return (number, told) if int(self.heads["told_begun"][pane]) == number else (0, b"")

    def is_free(self, pane: int, generation: int) -> bool:
        """Return whether the writer of a generation has let go of the pane."""
        return int(self.heads["ended"][pane]) >= generation

    def close(self) -> None:
        """Let the memory go, once; pictures that somebody still holds keep its map until they go too."""
        if self.descriptor < 0:
            return
        os.close(self.descriptor)
        self.descriptor = -1
        self.heads = np.zeros(0, _HEAD)
        self._pictures.release()
        with contextlib.suppress(BufferError):  # a look that is still held: the map goes with it
            self._map.close()


class PaneWriter:
    """The one writer of a pane, in the process that makes its pictures."""

    def __init__(self, memory: PaneMemory, pane: int, generation: int) -> None:
        """Take the pane over. A generation that was there before (another worker's) keeps its last picture."""
        self._memory, self._pane, self._generation = memory, pane, generation
        self._map = memory._map  # noqa: SLF001 - reader and writer are the two sides of one memory
        self._head = memory.heads[pane]
        self._filled = [LARGEST_PICTURE, LARGEST_PICTURE]
        if int(self._head["generation"]) != generation:
            self._head["sequence"] = self._head["begun"] = 0
            self._head["generation"] = generation

    def beat(self, now_ns: int) -> None:
        """Say that the writer lives (monotonic)."""
        self._head["beat_ns"] = now_ns

    def put(self, picture: npt.NDArray[np.uint8], width: int, arrived_ns: int) -> int:
        """Publish a picture and return its number.

        Args:
            picture: uint8[height, stride], BGRA, stride at least 4 · width.
            width: pixels of a row that belong to the picture.
            arrived_ns: when it came, monotonic.

        Raises:
            ValueError: it does not fit.
        """
        height, stride = picture.shape
        if picture.size > LARGEST_PICTURE or width * BYTES_PER_PIXEL > stride:
            raise ValueError(f"{width} x {height} pixels do not fit a pane")
        number = int(self._head["sequence"]) + 1
        self._head["begun"] = number
        begin = place_of(self._memory.panes, self._pane, number)
        target = np.frombuffer(self._map, np.uint8, count=picture.size, offset=begin)
        target.reshape(height, stride)[:] = picture
        self._shed(number % 2, begin, picture.size)
        self._head["slots"][number % 2] = (width, height, stride, arrived_ns)
        self._head["sequence"] = number
        return number

    def tell(self, told: bytes) -> None:
        """Publish a record beside the pictures. Raises ValueError when it is longer than LONGEST_TOLD."""
        if len(told) > LONGEST_TOLD:
            raise ValueError(f"{len(told)} bytes are more than fit beside a pane")
        number = int(self._head["told_sequence"]) + 1
        self._head["told_begun"] = number
        self._head["told"][: len(told)] = np.frombuffer(told, np.uint8)
        self._head["told_length"] = len(told)
        self._head["told_sequence"] = number

    def end(self) -> None:
        """Let the pane go; its memory is given back."""
        for slot in (0, 1):
            begin = place_of(self._memory.panes, self._pane, slot)
            self._map.madvise(mmap.MADV_REMOVE, begin, _slot_size())
        self._head["ended"] = self._generation

    def _shed(self, slot: int, begin: int, used: int) -> None:
        """Give back what a larger picture before this one had filled."""
        kept = -(-used // _PAGE) * _PAGE
        if kept < self._filled[slot]:
            self._map.madvise(mmap.MADV_REMOVE, begin + kept, _slot_size() - kept)
        self._filled[slot] = kept


def size_of(panes: int) -> int:
    """Return the bytes that so many panes take, most of them never touched."""
    return _heads_size(panes) + panes * 2 * _slot_size()


def place_of(panes: int, pane: int, sequence: int) -> int:
    """Return where a pane's picture begins."""
    return _heads_size(panes) + (2 * pane + sequence % 2) * _slot_size()


def _heads_size(panes: int) -> int:
    return -(-panes * _HEAD.itemsize // _PAGE) * _PAGE


def _slot_size() -> int:
    return -(-LARGEST_PICTURE // _PAGE) * _PAGE

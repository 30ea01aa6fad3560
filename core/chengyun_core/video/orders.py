"""What a console and its video workers say to each other: orders and answers by pipe, and what is told of a pane.

Addresses and passwords go by the pipe alone: a command line and an environment can be read by every process of the
account, a pipe by the worker only.
"""

from collections.abc import Callable, Iterator

import msgspec

from chengyun_core.model.failure import Reason
from chengyun_core.video.port import PaneState, StreamSource
from chengyun_core.wire.pipe import framed, frames

LONGEST = 256 * 2**20
"""A clip of a long pre-record in full quality is the longest message."""


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The first order: what the worker may do."""

    epoch: int
    """Number of this worker among those of its place; what an earlier one told is out of date."""
    networks: tuple[str, ...]
    ports: tuple[int, ...]
    demo_server: str
    ca_file: str
    pre_record_s: float
    pre_record_mib: int
    late_after_s: float
    frozen_after_s: float
    black_after_s: float
    dead_after_s: float
    most_fps: int
    most_mbit_s: float


class Watch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Show a stream in a pane."""

    pane: int
    generation: int
    source: StreamSource
    is_main: bool
    width: int
    height: int
    attempt: int = 0
    """Attempts that were made before, by another worker."""
    pause_s: float = 0.0
    """How long to wait before the first one."""


class Resize(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Scale to another size."""

    pane: int
    width: int
    height: int


class Leave(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Give a stream up."""

    pane: int


class Grab(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Make a still of the newest picture."""

    number: int
    pane: int


class Cut(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Make a clip of what came and will come."""

    number: int
    pane: int
    before_s: float
    after_s: float


Order = Begin | Watch | Resize | Leave | Grab | Cut


class Made(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A still or a clip. Times are monotonic ns."""

    number: int
    data: bytes
    begin_ns: int
    end_ns: int
    width: int
    height: int
    codec: str = ""
    pictures: int = 1


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Why there is none."""

    number: int
    reason: Reason


Answer = Made | Failed


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker tells of a pane beside its pictures. Times are monotonic ns."""

    epoch: int
    generation: int
    state: PaneState
    since_ns: int
    reason: Reason | None = None
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    latency_ms: float | None = None
    attempt: int = 0
    next_try_ns: int = 0


def packed(message: Order | Answer) -> bytes:
    """Return a message as it goes through the pipe."""
    return framed(msgspec.msgpack.encode(message))


def messages(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield the messages of a pipe (see wire.pipe.frames)."""
    return frames(read, LONGEST)

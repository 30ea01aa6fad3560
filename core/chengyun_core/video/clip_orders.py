"""What a console and the process that reads one kept file say to each other: pictures asked for, and marked copies.

The file itself goes by memory that both hold (memfd): it is up to 200 MiB, and read only.
"""

import msgspec

from chengyun_core.model.failure import Reason
from chengyun_core.wire.pipe import framed

LONGEST = 256 * 2**20
"""Bytes of a marked copy, the longest message."""


class OpenClip(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Say what the clip is."""


class ShowPicture(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Show one picture of the clip, within so many pixels."""

    at: int
    """Its place, from 0."""
    width: int
    height: int


class MarkCopy(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Make a copy with these lines burnt in (video.watermark)."""

    lines: tuple[str, ...]


ClipOrder = OpenClip | ShowPicture | MarkCopy


class ClipOpened(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a clip is."""

    times_s: tuple[float, ...]
    """When each picture is shown, seconds from the first; ascending, at least one."""
    width: int
    height: int
    codec: str


class PictureShown(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One picture, BGRA."""

    at: int
    data: bytes
    """`height` rows of `stride` bytes."""
    width: int
    height: int
    stride: int


class MarkGoes(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How much of the copy is made, 0 … 1."""

    share: float


class CopyMarked(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The copy, of the same media."""

    data: bytes


class ClipFailed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Why what was asked last is not there; `video.clip_…`, `evidence.cannot_mark`."""

    reason: Reason


ClipAnswer = ClipOpened | PictureShown | MarkGoes | CopyMarked | ClipFailed


def packed(message: ClipOrder | ClipAnswer) -> bytes:
    """Return a message as it goes through the pipe."""
    return framed(msgspec.msgpack.encode(message))

"""Binary frames of state: a fixed header and packed columns, decoded strictly, encoded in one pass.

Layout (little endian), header 64 bytes:
    magic 4s "CYF1" · kind u8 · shard u8 · flags u16 · epoch u64 · seq u64 · catalogue u32 · count u32 · clock_ns i64 ·
    sent_ns i64 (machine UTC, for latency) · newest_ns i64 (machine UTC arrival of the newest sample inside) ·
    reserved 8 bytes zero
then columns, each `count` long, without padding:
    STATE  vital u32 · time i64 · value f64 · quality u8 · band u8 · side u8
    WATCH  channel u32 · time i64 · value f64 · quality u8
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from chengyun_core.model.scales import Quality, Side, WarningColour

MAGIC = b"CYF1"
HEADER = struct.Struct("<4sBBHQQIIqqq8x")
MAX_ROWS = 262_144


class FrameKind(IntEnum):
    """What a frame's columns are."""

    STATE = 1
    """Changed vitals."""
    SNAPSHOT = 2
    """All vitals, same columns as STATE; answers a snapshot request."""
    WATCH = 3
    """Raw samples of watched channels."""


COLUMNS: dict[FrameKind, tuple[tuple[str, str], ...]] = {
    FrameKind.STATE: (
        ("vital", "<u4"),
        ("time", "<i8"),
        ("value", "<f8"),
        ("quality", "u1"),
        ("band", "u1"),
        ("side", "u1"),
    ),
    FrameKind.SNAPSHOT: (
        ("vital", "<u4"),
        ("time", "<i8"),
        ("value", "<f8"),
        ("quality", "u1"),
        ("band", "u1"),
        ("side", "u1"),
    ),
    FrameKind.WATCH: (("channel", "<u4"), ("time", "<i8"), ("value", "<f8"), ("quality", "u1")),
}

GREATEST: dict[str, int] = {"quality": max(Quality), "band": max(WarningColour), "side": max(Side)}
"""Greatest code of each enumerated column; a screen indexes its tables by them."""
FARTHEST_NS = 2**62
"""Bound of a source time on either side of 1970 (146 years): differences of two times never overflow."""


class BadFrame(ValueError):  # noqa: N818 - reads as what it is
    """A frame that is not ours or is damaged; counted and dropped by the receiver, never half applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHead:
    """The header of a frame."""

    kind: FrameKind
    shard: int
    epoch: int
    seq: int
    catalogue: int
    count: int
    clock_ns: int
    sent_ns: int
    newest_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A decoded frame: read-only views into the received bytes, by column name."""

    head: FrameHead
    columns: dict[str, npt.NDArray[np.generic]]


def encode(head: FrameHead, columns: dict[str, npt.NDArray[np.generic]]) -> bytes:
    """Return the frame's bytes. Columns must be those of the kind, all `head.count` long."""
    parts = [
        HEADER.pack(
            MAGIC, head.kind, head.shard, 0, head.epoch, head.seq, head.catalogue, head.count,
            head.clock_ns, head.sent_ns, head.newest_ns,
        )
    ]  # fmt: skip
    for name, dtype in COLUMNS[head.kind]:
        column = columns[name]
        if column.shape != (head.count,):
            raise BadFrame(f"column {name} has shape {column.shape}, expected ({head.count},)")
        parts.append(np.ascontiguousarray(column, dtype=dtype).tobytes())
    return b"".join(parts)


def decode(data: bytes | memoryview) -> Frame:
    """Return the frame in `data`; raise BadFrame for anything that is not exactly one whole frame."""
    head = _head(data)
    columns: dict[str, npt.NDArray[np.generic]] = {}
    at = HEADER.size
    for name, dtype in COLUMNS[head.kind]:
        column = np.frombuffer(data, dtype=dtype, count=head.count, offset=at)
        column.flags.writeable = False
        columns[name] = column
        at += column.nbytes
    if head.count:
        _check(columns)
    return Frame(head=head, columns=columns)


def _check(columns: dict[str, npt.NDArray[Any]]) -> None:
    for name, greatest in GREATEST.items():
        if name in columns and columns[name].max() > greatest:
            raise BadFrame(f"column {name} holds {columns[name].max()}, the greatest code is {greatest}")
    time = columns["time"]
    if time.max() >= FARTHEST_NS or time.min() <= -FARTHEST_NS:
        raise BadFrame(f"a source time from {time.min()} to {time.max()} is none")


def _head(data: bytes | memoryview) -> FrameHead:
    size = len(data)
    if size < HEADER.size:
        raise BadFrame(f"{size} bytes are less than a header")
    magic, kind, shard, flags, epoch, seq, catalogue, count, clock_ns, sent_ns, newest_ns = HEADER.unpack_from(data)
    if magic != MAGIC or flags != 0:
        told = f"of version {magic[3:].decode('ascii', 'replace')!r}" if magic[:3] == MAGIC[:3] else "none of ours"
        raise BadFrame(f"not a frame of this protocol version: {told}, flags {flags}")
    if kind not in FrameKind._value2member_map_:
        raise BadFrame(f"unknown frame kind {kind}")
    if count > MAX_ROWS:
        raise BadFrame(f"{count} rows exceed {MAX_ROWS}")
    row = sum(np.dtype(dtype).itemsize for _, dtype in COLUMNS[FrameKind(kind)])
    if size != HEADER.size + count * row:
        raise BadFrame(f"{size} bytes do not hold {count} rows of {row} bytes")
    return FrameHead(
        kind=FrameKind(kind), shard=shard, epoch=epoch, seq=seq, catalogue=catalogue, count=count,
        clock_ns=clock_ns, sent_ns=sent_ns, newest_ns=newest_ns,
    )  # fmt: skip

"""The stream from the console to its press: msgpack frames with their lengths, made a slice at a time."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from chengyun_console.paper.printed import (
    Block,
    Printed,
    PrintedChart,
    PrintedColumn,
    PrintedGrid,
    PrintedRow,
    PrintedTable,
    PrintHead,
)
from chengyun_core.wire import codec

_PREFIX = struct.Struct("<BI")
LONGEST_FRAME = 64 * 1024 * 1024
ROWS_A_FRAME = 25
"""Rows written at a time: under a millisecond on a slow machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOrder:
    """What is wanted of the press. `target`: the file's path; `printer`: its name, for the format "printer"."""

    format: str
    target: str
    printer: str
    landscape: bool
    language: str
    utc_offset_minutes: int
    record_file: str
    """Where the press writes the line that says who took what out of the house."""
    own_folder: str
    """The seat's own folder for exports: made when it is missing, unlike any other."""
    head: PrintHead
    asks_leave: bool = False
    """Whether the press tells what it made and waits for the console's word before anything leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHead:
    """Begins a table; its rows follow."""

    title: str
    columns: tuple[PrintedColumn, ...]
    has_marks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of the table begun last."""

    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Nothing follows. A stream that stops before it was cut off and is not printed."""

    blocks: int


Frame = PrintOrder | TableHead | Rows | PrintedChart | PrintedGrid | End
_KINDS: tuple[type[Frame], ...] = (PrintOrder, TableHead, Rows, PrintedChart, PrintedGrid, End)


def frames(order: PrintOrder, printed: Printed) -> Iterator[bytes]:
    """Yield the frames of a job; each costs little to make. Tables that belong elsewhere are left out."""
    medium = "csv" if order.format == "csv" else "page"
    blocks = [block for block in printed.blocks if getattr(block, "only", "") in ("", medium)]
    yield framed(order)
    for block in blocks:
        yield from _block(block)
    yield framed(End(blocks=len(blocks)))


def framed(frame: Frame) -> bytes:
    """Return one frame with its prefix."""
    body = codec.pack(frame)
    return _PREFIX.pack(_KINDS.index(type(frame)), len(body)) + body


def read(stream: BinaryIO) -> tuple[PrintOrder, tuple[Block, ...]]:
    """Return a whole job.

    Raises:
        ValueError: the stream ends early or holds something else; says what.
    """
    order = _next(stream)
    if not isinstance(order, PrintOrder):
        raise ValueError(f"a job begins with its order, not with {type(order).__name__}")  # noqa: TRY004 - bad bytes
    blocks: list[Block] = []
    rows: list[PrintedRow] = []
    while True:
        match _next(stream):
            case TableHead(title=title, columns=columns, has_marks=has_marks):
                rows = []
                blocks.append(PrintedTable(title=title, columns=columns, rows=rows, has_marks=has_marks))
            case Rows(rows=more):
                rows.extend(more)
            case (PrintedChart() | PrintedGrid()) as block:
                blocks.append(block)
            case End(blocks=count) if count == len(blocks):
                return order, tuple(blocks)
            case frame:
                raise ValueError(f"{type(frame).__name__} after {len(blocks)} blocks")


def _block(block: Block) -> Iterator[bytes]:
    if not isinstance(block, PrintedTable):
        yield framed(block)
        return
    yield framed(TableHead(title=block.title, columns=block.columns, has_marks=block.has_marks))
    rows = iter(block.rows)
    while some := tuple(islice(rows, ROWS_A_FRAME)):
        yield framed(Rows(rows=some))


def _next(stream: BinaryIO) -> Frame:
    kind, length = _PREFIX.unpack(_exactly(stream, _PREFIX.size))
    if kind >= len(_KINDS) or length > LONGEST_FRAME:
        raise ValueError(f"frame of kind {kind} and {length} bytes")
    frame: Frame = codec.unpack(_exactly(stream, length), _KINDS[kind])
    return frame


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise ValueError(f"the stream ended {length - len(data)} bytes early")
    return data

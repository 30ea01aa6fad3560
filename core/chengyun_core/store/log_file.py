"""What SQLite's write-ahead log tells without SQLite: which pages lie in it, how long its present round is.

Layout: sqlite.org/fileformat2, 4.1. A log is written from its beginning in rounds; the salts of its header are new in
each, and a frame with other salts is left from an earlier one. Checksums are not looked at: a torn frame counts.
"""

import os
from pathlib import Path

import numpy as np

_HEADER_BYTES = 32
_FRAME_BYTES = 24
_MAGIC = (0x377F0682, 0x377F0683)


def is_longer(log: Path, frames: int) -> bool:
    """Return whether the present round has more frames than that. No log at all is not."""
    try:
        descriptor = os.open(log, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        header = os.pread(descriptor, _HEADER_BYTES, 0)
        stride = _FRAME_BYTES + int.from_bytes(header[8:12], "big")
        salts = os.pread(descriptor, 8, _HEADER_BYTES + frames * stride + 8)
    finally:
        os.close(descriptor)
    return len(salts) == 8 and salts == header[16:24]


def pages(log: Path) -> frozenset[int]:
    """Return the numbers (from 1) of the pages that have a frame in the present round; none when there is no log."""
    if not log.exists() or log.stat().st_size < _HEADER_BYTES:
        return frozenset()
    data = np.memmap(log, np.uint8, "r")
    header = data[:_HEADER_BYTES].tobytes()
    if int.from_bytes(header[:4], "big") not in _MAGIC:
        return frozenset()
    stride = _FRAME_BYTES + int.from_bytes(header[8:12], "big")
    count = (len(data) - _HEADER_BYTES) // stride
    frames = data[_HEADER_BYTES : _HEADER_BYTES + count * stride].reshape(count, stride)
    heads = np.ascontiguousarray(frames[:, :16]).view(">u4")  # page, pages after a commit, two salts
    other = np.flatnonzero((heads[:, 2:] != np.frombuffer(header, ">u4", 2, 16)).any(axis=1))
    return frozenset(heads[: other[0] if len(other) else count, 0].tolist())

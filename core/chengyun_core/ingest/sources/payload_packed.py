"""MQTT payloads in packed columns with channel numbers: for gateways that send thousands of samples at once.

Layout (little endian), header 16 bytes:
    magic 4s "CYP1" · flags u16 (1: a quality column follows) · reserved u16 zero · catalogue u32 · count u32
then columns without padding, each `count` long:
    channel u32 · time i64 (ns UTC) · value f64 · [quality u8]
"""

import struct

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.sources.gathered import BadRow
from chengyun_core.model.scales import Quality

MAGIC = b"CYP1"
HEADER = struct.Struct("<4sHHII")
HAS_QUALITY = 1
_ROW = 4 + 8 + 8


def encode(catalogue: int, batch: Batch) -> bytes:
    """Return the payload of a batch (for gateways written in Python, and for tests)."""
    count = len(batch.channel)
    head = HEADER.pack(MAGIC, HAS_QUALITY, 0, catalogue, count)
    columns = ((batch.channel, "<u4"), (batch.time, "<i8"), (batch.value, "<f8"), (batch.quality, "u1"))
    return head + b"".join(np.ascontiguousarray(column, dtype=kind).tobytes() for column, kind in columns)


def decode(payload: bytes, *, catalogue: int) -> Batch:
    """Return the batch in a payload. `catalogue` is the version known here. Raises BadRow, whole or not at all."""
    if len(payload) < HEADER.size:
        raise BadRow("bad_packed", f"{len(payload)} bytes are less than a header")
    magic, flags, reserved, version, count = HEADER.unpack_from(payload)
    if magic != MAGIC or flags & ~HAS_QUALITY or reserved:
        raise BadRow("bad_packed", "not a packed message of this version")
    size = HEADER.size + count * (_ROW + (flags & HAS_QUALITY))
    if len(payload) != size:
        raise BadRow("bad_packed", f"{len(payload)} bytes, but {count} rows need {size}")
    if version > catalogue:
        # Numbers are never reused: those of an older version still mean the same, those of a newer one may be unknown.
        raise BadRow("catalogue_newer", f"numbers of catalogue version {version}, here is {catalogue}")
    return _columns(payload, count, has_quality=bool(flags & HAS_QUALITY))


def _columns(payload: bytes, count: int, *, has_quality: bool) -> Batch:
    at = HEADER.size
    channel: npt.NDArray[np.uint32] = np.frombuffer(payload, "<u4", count, at)
    time: npt.NDArray[np.int64] = np.frombuffer(payload, "<i8", count, at + 4 * count)
    value: npt.NDArray[np.float64] = np.frombuffer(payload, "<f8", count, at + 12 * count)
    quality = np.zeros(count, dtype=np.uint8)
    if has_quality:
        quality = np.frombuffer(payload, "u1", count, at + 20 * count).copy()
        if count and int(quality.max()) > Quality.BAD:
            raise BadRow("bad_quality", f"quality {int(quality.max())} is none of 0, 1, 2")
    quality[~np.isfinite(value)] = Quality.BAD
    return Batch(channel=channel, time=time, value=value, quality=quality)

"""Sparkplug B payloads: a strict decoder of the published protobuf message, and the one command we send.

Source: sparkplug_b.proto of the Eclipse Sparkplug 3.0 specification, chapter 6 (field numbers and types below).
Fields we do not use are checked for their form and skipped, as protobuf wants it of unknown fields.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from chengyun_core.ingest.sources.gathered import BadRow

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_SIGNED = {1: 8, 2: 16, 3: 32, 4: 64}
"""Data type → bits, of Int8 to Int64: they travel as unsigned two's complement."""
FLOAT, DOUBLE, BOOLEAN, DATETIME = 9, 10, 11, 13
NUMERIC = frozenset({*range(1, 12), DATETIME})
QUALITY_KEY = "Quality"
"""Property of a metric (specification 6.4.7): 0 BAD, 192 GOOD, 500 STALE."""
REBIRTH = "Node Control/Rebirth"
MOST_METRICS = 100_000
_BYTES_FIELDS = frozenset({15, 16, 17, 18, 19})
"""Text, bytes, data set, template and extension of a metric: no samples, but their form is judged."""

Field = tuple[int, int, "int | bytes"]
"""Number, wire type, and the varint (or the bytes of anything else)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric as sent; what was left out is None."""

    name: str | None = None
    alias: int | None = None
    timestamp_ms: int | None = None
    datatype: int = 0
    is_historical: bool = False
    is_null: bool = False
    value: float | None = None
    """None: null, or not a number (text, bytes, data set, template)."""
    raw: int | None = None
    """The number as it travelled, when it was a whole one: its type may be told only by the birth."""
    quality: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One message."""

    timestamp_ms: int | None
    seq: int | None
    metrics: tuple[Metric, ...]


def decode(data: bytes) -> Payload:
    """Return what the bytes hold. Raises BadRow (`bad_protobuf`) for anything that is not the published message."""
    timestamp_ms = seq = None
    metrics = []
    for number, kind, content in _fields(data):
        if number == 1:
            timestamp_ms = _varint(kind, content)
        elif number == 2:
            metrics.append(_metric(_bytes(kind, content)))
        elif number == 3:
            seq = _varint(kind, content)
        if len(metrics) > MOST_METRICS:
            raise _bad(f"more than {MOST_METRICS} metrics")
    return Payload(timestamp_ms=timestamp_ms, seq=seq, metrics=tuple(metrics))


def rebirth(now_ms: int) -> bytes:
    """Return the payload of the command that asks a node for its births (specification 6.4.17: no seq)."""
    name = REBIRTH.encode()
    metric = b"\x0a" + _length(name) + b"\x18" + _of_varint(now_ms) + b"\x20\x0b" + b"\x70\x01"
    return b"\x08" + _of_varint(now_ms) + b"\x12" + _length(metric)


def _metric(data: bytes) -> Metric:
    sent = {number: (kind, content) for number, kind, content in _fields(data)}  # the last one counts, says protobuf
    for number in _BYTES_FIELDS & sent.keys():
        _bytes(*sent[number])
    null = _has(sent, 7)
    datatype = _varint(*sent[4]) if 4 in sent else 0
    return Metric(
        name=_text(*sent[1]) if 1 in sent else None,
        alias=_varint(*sent[2]) if 2 in sent else None,
        timestamp_ms=_varint(*sent[3]) if 3 in sent else None,
        datatype=datatype, is_historical=_has(sent, 5), is_null=null, value=None if null else _value(sent, datatype),
        raw=next((_varint(*sent[number]) for number in (10, 11) if number in sent), None),
        quality=_quality(_bytes(*sent[9])) if 9 in sent else None,
    )  # fmt: skip


def _value(sent: dict[int, tuple[int, int | bytes]], datatype: int) -> float | None:
    if 12 in sent:
        return float(struct.unpack("<f", _fixed(*sent[12], FIXED32))[0])
    if 13 in sent:
        return float(struct.unpack("<d", _fixed(*sent[13], FIXED64))[0])
    if 14 in sent:
        return float(bool(_varint(*sent[14])))
    for number in (10, 11):
        if number in sent:
            return _whole(datatype, _varint(*sent[number]))
    return None


def as_type(metric: Metric, datatype: int) -> float:
    """Return the value read as another data type than the message's own (DATA messages leave it out)."""
    if metric.raw is not None:
        return _whole(datatype, metric.raw)
    return math.nan if metric.value is None else metric.value


def _has(sent: dict[int, tuple[int, int | bytes]], number: int) -> bool:
    return number in sent and bool(_varint(*sent[number]))


def _whole(datatype: int, raw: int) -> float:
    bits = _SIGNED.get(datatype)
    if bits is None:
        return float(raw)
    low = raw & ((1 << bits) - 1)
    return float(low - (1 << bits) if low >> (bits - 1) else low)


def _quality(data: bytes) -> int | None:
    """Return the value of the property `Quality` of a property set: keys and values are two lists side by side."""
    keys, values = [], []
    for number, kind, content in _fields(data):
        if number == 1:
            keys.append(_text(kind, content))
        elif number == 2:
            values.append(_bytes(kind, content))
    if len(keys) != len(values):
        raise _bad("a property set has keys without values")
    for key, value in zip(keys, values, strict=True):
        if key == QUALITY_KEY:
            for number, kind, content in _fields(value):
                if number in (3, 4):
                    return _varint(kind, content)
    return None


def _fields(data: bytes) -> Iterator[Field]:
    at, end = 0, len(data)
    while at < end:
        key, at = _read_varint(data, at)
        number, kind = key >> 3, key & 7
        if not 0 < number < 1 << 29:
            raise _bad(f"field number {number}")
        if kind == VARINT:
            content, at = _read_varint(data, at)
            yield number, kind, content
            continue
        if kind == BYTES:
            size, at = _read_varint(data, at)
        elif kind in (FIXED32, FIXED64):
            size = 4 if kind == FIXED32 else 8
        else:
            raise _bad(f"wire type {kind}")
        if size > end - at:
            raise _bad("it ends in the middle of a field")
        yield number, kind, data[at : at + size]
        at += size


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise _bad("it ends in the middle of a number")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >> 64:
                raise _bad("a number of more than 64 bits")
            return value, at
    raise _bad("a number of more than ten bytes")


def _varint(kind: int, content: int | bytes) -> int:
    if kind != VARINT or not isinstance(content, int):
        raise _bad("a number in another wire type")
    return content


def _bytes(kind: int, content: int | bytes) -> bytes:
    if kind != BYTES or not isinstance(content, bytes):
        raise _bad("bytes in another wire type")
    return content


def _fixed(kind: int, content: int | bytes, expected: int) -> bytes:
    if kind != expected or not isinstance(content, bytes):
        raise _bad("a float in another wire type")
    return content


def _text(kind: int, content: int | bytes) -> str:
    try:
        return _bytes(kind, content).decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _bad(f"a text is not UTF-8: {fault}") from fault


def _bad(words: str) -> BadRow:
    return BadRow("bad_protobuf", words)


def _of_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _length(data: bytes) -> bytes:
    return _of_varint(len(data)) + data

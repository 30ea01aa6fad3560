"""msgpack of the model's dataclasses: one encoder, decoders by type; unknown fields and wrong types are refused."""

import re
from collections.abc import Hashable
from dataclasses import fields
from functools import cache
from threading import Lock
from typing import Any, TypeVar, cast

import msgspec

from chengyun_core.model.failure import Refused

T = TypeVar("T")

_MAKING = Lock()
_ENCODER = msgspec.msgpack.Encoder()
_KEYS = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_GREAT = re.compile(rb"\xcf[\x80-\xff]")
"""An unsigned integer that fits no int64, or bytes that look like one: worth a second look."""
# msgspec refuses unknown fields of its own Structs only; the keys are therefore compared for dataclasses by us.


class BadMessage(Refused):
    """Bytes that are not a valid record; says which record, which field and why."""


def pack(record: object) -> bytes:
    """Return the msgpack bytes of a frozen record."""
    return _ENCODER.encode(record)


def unpack(data: bytes | memoryview, record_type: type[T]) -> T:
    """Return the record in `data`; raise BadMessage with the field and the reason otherwise."""
    kind = cast("Hashable", record_type)  # `cache` asks for it, and mypy does not see it in type[T]
    try:
        unknown = _KEYS.decode(data).keys() - _known(kind)
        record: T = decoder(kind).decode(data)
        too_great = _GREAT.search(data) is not None and _holds_great(msgspec.msgpack.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise BadMessage("wire.bad_message", record=record_type.__name__, reason=str(fault)) from fault
    if too_great:
        raise BadMessage("wire.bad_message", record=record_type.__name__, reason="an integer beyond 63 bits")
    if unknown:
        raise BadMessage("wire.bad_message", record=record_type.__name__, reason=f"unknown fields {sorted(unknown)}")
    return record


def fields_in(data: bytes) -> dict[str, object]:
    """Return the fields of a record of any kind as they lie there, for who reads the journal; raise BadMessage."""
    try:
        found: dict[str, object] = decoder(dict[str, object]).decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise BadMessage("wire.bad_message", record="record", reason=str(fault)) from fault
    return found


@cache
def decoder(record_type: Any) -> msgspec.msgpack.Decoder[Any]:
    """Return the decoder of one type, made once; may be called by several threads at a time.

    msgspec leaves what it learns of a dataclass on the class, and hands it out before it is complete: two threads that
    made their first decoders of one class side by side crashed the process (seen with 0.22 and two ingest threads).
    """
    with _MAKING:
        return msgspec.msgpack.Decoder(record_type)


def _holds_great(value: object) -> bool:
    """Return whether an integer is in there that neither a database nor a column of ours can hold."""
    if isinstance(value, dict):
        return any(_holds_great(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(_holds_great(part) for part in value)
    return isinstance(value, int) and value >= 2**63


@cache
def _known(record_type: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in fields(record_type))

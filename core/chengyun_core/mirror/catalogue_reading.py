"""Decodes a whole catalogue row by row, so that the thread beside it (the GUI's) is never kept waiting.

One decoder call over seven megabytes holds the interpreter for 150 ms. Here no single call takes longer than some
milliseconds, and between two calls the interpreter is free to let another thread run.
"""

from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.wire.codec import BadMessage, decoder

_TABLES = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_ROWS = msgspec.msgpack.Decoder(list[msgspec.Raw])


def read_catalogue(data: bytes) -> Catalogue:
    """Return the catalogue in `data`; raise BadMessage with the table and the reason otherwise."""
    parts: dict[str, Any] = {}
    table = "Catalogue"
    hints = get_type_hints(Catalogue)
    try:
        tables = _TABLES.decode(data)
        unknown = tables.keys() - {field.name for field in fields(Catalogue)}
        if unknown:
            raise msgspec.ValidationError(f"unknown fields {sorted(unknown)}")
        for table, raw in tables.items():
            parts[table] = _part(raw, hints[table])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise BadMessage("wire.bad_message", record=f"Catalogue.{table}", reason=str(fault)) from fault
    return Catalogue(**parts)


def _part(raw: msgspec.Raw, kind: Any) -> object:
    if get_origin(kind) is not tuple:
        return decoder(kind).decode(raw)
    decode = decoder(get_args(kind)[0]).decode
    return tuple(decode(row) for row in _ROWS.decode(raw))

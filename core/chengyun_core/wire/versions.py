"""Which protocol version a message is of, read before anything else in it: what another build means is not guessed.

Version 1 names itself in heartbeats and in `hello` only. From version 2 on every request and reply says `protocol`;
one that says none is of version 1 (decision 0071).
"""

import msgspec

from chengyun_core.model.failure import Refused
from chengyun_core.wire.endpoints import PROTOCOL_VERSION

UNNAMED = 1
"""Version of a request or reply that names none."""


def named_in(data: bytes | memoryview) -> int | None:
    """Return the version a record names, None when it names none or is no record: later ones may have fields we do
    not know."""
    try:
        fields = msgspec.msgpack.decode(data, type=dict[str, msgspec.Raw])
        return msgspec.msgpack.decode(fields["protocol"], type=int)
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError, RecursionError):
        return None


def id_in(data: bytes | memoryview) -> str:
    """Return the id of a request of any version, empty when it has none: its refusal is to reach who asked."""
    try:
        fields = msgspec.msgpack.decode(data, type=dict[str, msgspec.Raw])
        return msgspec.msgpack.decode(fields["id"], type=str)
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError, RecursionError):
        return ""


def refuse_other(data: bytes | memoryview) -> None:
    """Raise Refused for a request or reply of another version, with both numbers."""
    theirs = named_in(data)
    if theirs is None:
        theirs = UNNAMED
    if theirs != PROTOCOL_VERSION:
        raise Refused("wire.other_protocol", theirs=theirs, ours=PROTOCOL_VERSION)

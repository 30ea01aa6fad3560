"""Messages through a pipe to a child process and back: four bytes of length, then msgpack."""

import struct
from collections.abc import Callable, Iterator

LONGEST = 16 * 2**20
_LENGTH = struct.Struct(">I")


def framed(data: bytes) -> bytes:
    """Return a message as it goes through the pipe."""
    return _LENGTH.pack(len(data)) + data


def frames(read: Callable[[int], bytes], longest: int = LONGEST) -> Iterator[bytes]:
    """Yield the messages of a pipe until it ends, or until one is longer than any of ours can be.

    Args:
        read: returns so many bytes, fewer only at the end.
        longest: bytes of the longest message there can be.
    """
    while len(head := read(_LENGTH.size)) == _LENGTH.size:
        length = _LENGTH.unpack(head)[0]
        if length > longest:
            return
        data = read(length)
        if len(data) < length:
            return
        yield data

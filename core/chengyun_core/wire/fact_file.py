"""A file of signed facts, as it is carried from one centre to another on a stick (FEDERATION: FileLink)."""

from dataclasses import dataclass

from chengyun_core.model.failure import Refused
from chengyun_core.wire import codec

MAGIC = b"CYF1\n"
"""The file's first bytes; what follows is one FactFile."""
LARGEST = 16 * 2**20
"""Bytes of a file that are looked at: some ten thousand facts."""
MOST_FACTS = 5000
"""Facts in one file; more of them are several files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFile:
    """Facts of one centre for another. Nothing here is believed but what each fact is signed for."""

    issuer: str
    target: str
    facts: tuple[bytes, ...]
    """`wire.signed_fact`, in the order in which they are to be taken: what is urgent first."""
    left: int = 0
    """Facts that wait besides, for another file."""


def written(file: FactFile) -> bytes:
    """Return the bytes of a file."""
    return MAGIC + codec.pack(file)


def read(data: bytes) -> FactFile:
    """Return what a file holds; raise Refused `fact.file_bad` or `fact.file_large`."""
    if len(data) > LARGEST:
        raise Refused("fact.file_large", size=len(data), most=LARGEST)
    if not data.startswith(MAGIC):
        raise Refused("fact.file_bad")
    try:
        file = codec.unpack(data[len(MAGIC) :], FactFile)
    except codec.BadMessage as fault:
        raise Refused("fact.file_bad") from fault
    if len(file.facts) > MOST_FACTS:
        raise Refused("fact.file_large", size=len(file.facts), most=MOST_FACTS)
    return file

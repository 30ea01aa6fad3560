"""Values of some columns as characters behind an event's text: the index finds them as it finds words.

Only columns that hardly ever change once an event is told: each change makes its text one that stands beside the index.
Two values may share a character; the columns themselves decide, as the text does for words.
"""

from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

TAGGED = ("centre", "district", "matter", "source")
_FIRST, _COUNT = 0xF0000, 0x20000
"""Unicode's last two planes, for private use: no text an officer types has them, and one that does is found."""


@lru_cache(maxsize=65_536)
def tag(column: str, value: object) -> str:
    """Return the character of a column's value, the same for ever and everywhere."""
    return chr(_FIRST + crc32(f"{column}={value}".encode()) % _COUNT)


def tagged(text: str, values: Iterable[object]) -> str:
    """Return a folded text as it is indexed. values: in the order of TAGGED."""
    return "\n".join((text, *map(tag, TAGGED, values)))


def has_tag(word: str) -> bool:
    """Return whether a word has a character that may also be a value's: its text decides."""
    return any(ord(letter) >= _FIRST for letter in word)

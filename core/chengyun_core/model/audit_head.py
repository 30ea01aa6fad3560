"""The end of a journal's chain in one word that can be heard, printed and typed in again: `live.1.123.<hash>`.

Whoever holds one outside the machine is a witness: only that shows a tail that was cut off, or a whole journal written
anew with a stolen key (RELIABILITY, rule 9).
"""

import re
from dataclasses import dataclass

from typing_extensions import override

from chengyun_core.model.failure import Refused

PRINTED_DIGITS = 32
"""Hex digits of a hash on paper: 128 bits, which nobody finds a second row for."""
_HEAD = re.compile(r"(live|drill)\.([0-9]{1,9})\.([0-9]{1,18})\.([0-9a-f]{32,128})")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHead:
    """One row of a chain as somebody holds it."""

    realm: str
    chain: int
    number: int
    digits: str
    """Hex digits of the row's hash, from its beginning: all of them, or the first PRINTED_DIGITS of a print."""

    def is_of(self, row_hash: bytes) -> bool:
        """Return whether a row's hash is the one that is held."""
        return row_hash.hex().startswith(self.digits)

    @override
    def __str__(self) -> str:
        """Return the whole head in one word."""
        return f"{self.realm}.{self.chain}.{self.number}.{self.digits}"


def head_text(realm: str, chain: int, number: int, row_hash: bytes) -> str:
    """Return a row's head in one word, whole; empty for a journal without rows."""
    return f"{realm}.{chain}.{number}.{row_hash.hex()}" if number else ""


def printed(text: str) -> str:
    """Return a head as it is printed: short enough to be typed in; empty for an empty one."""
    head, point, digits = text.rpartition(".")
    return f"{head}{point}{digits[:PRINTED_DIGITS]}"


def head_of(text: str) -> AuditHead:
    """Return the head a word tells; raise Refused `audit.no_head` for a word that is none."""
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise Refused("audit.no_head", text=text.strip()[:200])
    realm, chain, number, digits = found.groups()
    return AuditHead(realm=realm, chain=int(chain), number=int(number), digits=digits)

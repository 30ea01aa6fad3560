"""Sealed codes of a post: one-time, kept in envelopes, for who has to break the glass and knows no password (RS16).

Made and hashed where they are printed; what the centre keeps is salt and scrypt hash. Pure but for the salt given.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other on paper; 31 of them."""
LENGTH = 16
"""Letters of a code: 79 bits, out of reach of guessing even for who has the hash."""
GROUP = 4
SALT_BYTES = 16
HASH_BYTES = 32
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**14, 8, 1
"""16 MiB and some 50 ms a try (RFC 7914, 2)."""
_BETWEEN = re.compile(r"[\s\-]+")
_NUMBERED = re.compile(r"\s*(\d{1,9})\s*[/.:#]\s*(.+)", re.DOTALL)


class CodeState(StrEnum):
    """What became of an envelope."""

    SEALED = "sealed"
    USED = "used"
    LOST = "lost"
    REPLACED = "replaced"
    """Newer codes of the post took its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCode:
    """What a code leaves behind where it is checked."""

    salt: bytes
    """SALT_BYTES random bytes."""
    digest: bytes
    """scrypt of the code's letters, HASH_BYTES long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassCode:
    """One sealed code of a post (journal kind `glass_code`)."""

    number: int
    """Printed on the envelope, and before the code."""
    post: str
    sealed: SealedCode
    sealed_at: int
    """Profile ns UTC."""
    sealed_by: str
    state: CodeState = CodeState.SEALED
    ended_at: int | None = None
    """When it was used, lost or replaced."""
    ended_by: str = ""
    """Account that told so; of a used one the name that was given with it."""
    reason: str = ""
    version: int = 1


def bare(code: str) -> str:
    """Return the letters of a code as it was typed: groups, dashes and small letters mean nothing."""
    return _BETWEEN.sub("", code).upper()


def read(text: str) -> tuple[int, str] | None:
    """Return number and letters of what is printed in an envelope, `3/ABCD-EFGH-JKMN-PQRS`; None when it is no such."""
    found = _NUMBERED.fullmatch(text)
    letters = bare(found[2]) if found else ""
    return (int(found[1]), letters) if found and is_code(letters) else None


def printed(number: int, letters: str) -> str:
    """Return what is printed in an envelope: the number says which hash it is compared with."""
    return f"{number}/{grouped(letters)}"


def grouped(letters: str) -> str:
    """Return a code as it is printed, in groups of four."""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def is_code(letters: str) -> bool:
    """Return whether bare letters can be a code at all."""
    return len(letters) == LENGTH and all(letter in LETTERS for letter in letters)


def seal(code: str, salt: bytes) -> SealedCode:
    """Return what is kept of a code. Slow on purpose."""
    return SealedCode(salt=salt, digest=_digest(bare(code), salt))


def opens(sealed: SealedCode, code: str) -> bool:
    """Return whether a typed code is this one. Slow on purpose: for a worker."""
    return hmac.compare_digest(_digest(bare(code), sealed.salt), sealed.digest)


def is_whole(sealed: SealedCode) -> bool:
    """Return whether salt and hash are as long as they must be."""
    return len(sealed.salt) == SALT_BYTES and len(sealed.digest) == HASH_BYTES


def _digest(letters: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        letters.encode(), salt=salt, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P, maxmem=2**26, dklen=HASH_BYTES
    )

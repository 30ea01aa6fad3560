"""One-time codes of a phone (TOTP, RFC 6238 over HOTP, RFC 4226): pure; the secret is made where it is shown."""

import base64
import hashlib
import hmac
from urllib.parse import quote

DIGITS = 6
STEP_S = 30
DRIFT_STEPS = 1
"""A code of one step before or after counts, too: phones go wrong by some seconds (RFC 6238, 5.2)."""
SECRET_BYTES = 20
"""As long as the hash of the code (RFC 4226, requirement 6)."""


def step_of(at_ns: int) -> int:
    """Return the number of a time's step of 30 s, counted from the epoch."""
    return at_ns // 10**9 // STEP_S


def code_of(secret: bytes, step: int, *, digits: int = DIGITS, hash_name: str = "sha1") -> str:
    """Return the code of a step. Phones know SHA-1 only; a hash of 30 s is not what it is weak at."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), getattr(hashlib, hash_name)).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def matched(secret: bytes, code: str, at_ns: int, after: int) -> int | None:
    """Return the step whose code this is, among those near a time that come after a step already used; else None."""
    now = step_of(at_ns)
    found = None
    for step in range(max(0, now - DRIFT_STEPS), now + DRIFT_STEPS + 1):
        # All of them are compared, in the same time, whichever it is.
        if hmac.compare_digest(code_of(secret, step).encode(), code.strip().encode()) and step > after:
            found = step
    return found


def uri(secret: bytes, account: str, issuer: str) -> str:
    """Return the text of the QR code an authenticator reads (otpauth://totp/…)."""
    name = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    more = f"secret={text_of(secret)}&issuer={quote(issuer, safe='')}&digits={DIGITS}&period={STEP_S}"
    return f"otpauth://totp/{name}?{more}"


def text_of(secret: bytes) -> str:
    """Return the secret as it is typed in by hand: base32 without padding."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def secret_of(text: str) -> bytes:
    """Return the secret of its text; raise ValueError for what is none."""
    bare = text.replace(" ", "").upper()
    return base64.b32decode(bare + "=" * (-len(bare) % 8))

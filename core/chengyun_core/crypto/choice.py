"""The suite a profile's settings name, and the hashes by the names that stand in a journal."""

from collections.abc import Callable

from chengyun_core.crypto.international import International
from chengyun_core.crypto.national import National
from chengyun_core.crypto.port import Provider
from chengyun_core.model.failure import Refused

PROVIDERS: dict[str, Provider] = {"international": International(), "national": National()}
DIGESTS: dict[str, Callable[[bytes], bytes]] = {one.digest_name: one.digest for one in PROVIDERS.values()}
"""Name → hash of 32 bytes."""
_ABSENT = {"national-sm2": "crypto.no_sm2", "pkcs11": "crypto.no_token"}
"""Suites the port is made for that this build does not have: refused in words, never replaced by another in silence."""


def provider(name: str) -> Provider:
    """Return the suite of a name; raise Refused for one that is not there, or that nobody ever heard of."""
    if name in _ABSENT:
        raise Refused(_ABSENT[name], name=name)
    if name not in PROVIDERS:
        raise Refused("crypto.unknown", name=name, known=", ".join((*PROVIDERS, *_ABSENT)))
    return PROVIDERS[name]

"""Signs a NATS server's nonce with an nkey: the seed's text form and Ed25519, as the nkeys specification says.

A seed is base32 of: two bytes that hold the prefixes «seed» (18 << 3) and «user» (20 << 3), 32 bytes of key, and a
CRC-16/XMODEM of all before it, little endian.
"""

import base64
import binascii
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chengyun_core.model.failure import Trouble
from chengyun_core.wire import secret_file

SEED, USER = 18 << 3, 20 << 3
_JWT = re.compile(r"-----BEGIN NATS USER JWT-----\s+(\S+)\s+-+END NATS USER JWT-+")
_SEED = re.compile(r"-----BEGIN USER NKEY SEED-----\s+(\S+)\s+-+END USER NKEY SEED-+")
LONGEST = 1 << 16


class UserKey:
    """One user's key."""

    def __init__(self, seed: str) -> None:
        """Raises ValueError for a text that is no user seed."""
        padded = seed.strip() + "=" * (-len(seed.strip()) % 8)
        raw = base64.b32decode(padded)
        if len(raw) != 36 or binascii.crc_hqx(raw[:-2], 0) != int.from_bytes(raw[-2:], "little"):
            raise ValueError("its length or check sum is wrong")
        kind = ((raw[0] & 0x07) << 5) | (raw[1] >> 3)
        if raw[0] & 0xF8 != SEED or kind != USER:
            raise ValueError("it is no seed of a user")
        self._key = Ed25519PrivateKey.from_private_bytes(raw[2:34])

    def public(self) -> str:
        """Return the public key's text form (`U…`)."""
        raw = bytes([USER]) + self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        whole = raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")
        return base64.b32encode(whole).decode().rstrip("=")

    def signed(self, nonce: str) -> bytes:
        """Return the signature of a nonce, base64."""
        return base64.b64encode(self._key.sign(nonce.encode()))


def of_nkey_file(file: Path) -> UserKey:
    """Return the key of a file whose first line is a seed. Raises Trouble."""
    return _key(file, secret_file.read(file))


def of_creds_file(file: Path) -> tuple[UserKey, bytes]:
    """Return key and JWT of a credentials file as `nsc` writes it. Raises Trouble."""
    secret_file.read(file)  # its mode and owner are judged there
    text = file.read_bytes()[:LONGEST].decode("utf-8", "replace")
    jwt, seed = _JWT.search(text), _SEED.search(text)
    if jwt is None or seed is None:
        raise Trouble("ingest.nats_key", file=file, reason="it holds no user JWT and seed")
    return _key(file, seed[1]), jwt[1].encode()


def _key(file: Path, seed: str) -> UserKey:
    try:
        return UserKey(seed)
    except (ValueError, binascii.Error) as fault:
        raise Trouble("ingest.nats_key", file=file, reason=f"the seed cannot be used: {fault}") from fault

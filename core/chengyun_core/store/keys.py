"""The profile's keys on disk: made once, 0600 from the first byte, refused when anybody else may read them."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chengyun_core.model.failure import Trouble
from chengyun_core.wire import secret_file

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signer:
    """The centre's Ed25519 key."""

    key: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of a signature."""
        return self.key.sign(data)

    @property
    def secret(self) -> bytes:
        """Return the 32 bytes of the key itself, for a provider that signs with it."""
        return self.key.private_bytes_raw()

    def public(self) -> bytes:
        """Return the 32 bytes others verify with."""
        return self.key.public_key().public_bytes_raw()


def signer(folder: Path) -> Signer:
    """Return the signing key of a keys folder, made when missing; `sign.pub` beside it is for whoever verifies."""
    made = Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret(folder / "sign.key"))))
    public, line = folder / "sign.pub", made.public().hex() + "\n"
    # Compared, not only looked for: a power cut may leave the name without its bytes.
    if not public.exists() or public.read_bytes() != line.encode("ascii"):
        public.write_text(line, "ascii")
    return made


def is_signed(public: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether the signature is that key's over the data."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, TypeError, ValueError):
        # A text or bytes of another length, put there by somebody with a database tool, are no signature either.
        return False
    return True


def secret(path: Path) -> str:
    """Return the 64 hex digits of a secret file, made when missing; raise Trouble when open or damaged."""
    secret_file.make_once(path, lambda: secrets.token_hex(_KEY_BYTES))
    text = secret_file.read(path)
    if len(text) != 2 * _KEY_BYTES or not set(text) <= set("0123456789abcdef"):
        raise Trouble("store.key_damaged", file=path)
    return text

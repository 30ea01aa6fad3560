"""The profile's keys on disk: made once, 0600 from the first byte, refused when anybody else may read them."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chengyun_core.model.failure import Trouble

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signer:
    """The centre's Ed25519 key."""

    key: Ed25519PrivateKey

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of a signature."""
        return self.key.sign(data)

    def public(self) -> bytes:
        """Return the 32 bytes others verify with."""
        return self.key.public_key().public_bytes_raw()


def signer(folder: Path) -> Signer:
    """Return the signing key of a keys folder, made when missing; `sign.pub` beside it is for whoever verifies."""
    made = Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret(folder / "sign.key"))))
    public = folder / "sign.pub"
    if not public.exists():
        public.write_text(made.public().hex() + "\n", "ascii")
    return made


def is_signed(public: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether the signature is that key's over the data."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def secret(path: Path) -> str:
    """Return the 64 hex digits of a secret file, made when missing; raise Trouble when open or damaged."""
    if not path.exists():
        _make(path)
    try:
        status = path.stat()
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise Trouble("store.key_unreadable", file=path, reason=fault) from fault
    if status.st_mode & 0o077 or status.st_uid != os.getuid():
        raise Trouble("store.key_open", file=path, mode=oct(status.st_mode & 0o777))
    if len(text) != 2 * _KEY_BYTES or not set(text) <= set("0123456789abcdef"):
        raise Trouble("store.key_damaged", file=path)
    return text


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails when the name exists: two makers agree on one key, and no half-written key is ever seen.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

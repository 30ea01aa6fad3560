"""SHA-256, HMAC, Ed25519 and AES-256-GCM, by the library `cryptography`."""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chengyun_core.model.failure import Refused

NONCE_BYTES = 12


class International:
    """The suite a profile has when its settings say nothing."""

    name = "international"
    digest_name = "sha256"
    signature_name = "ed25519"

    def digest(self, data: bytes) -> bytes:
        """Return SHA-256."""
        return hashlib.sha256(data).digest()

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Return HMAC-SHA-256."""
        return hmac.new(key, data, hashlib.sha256).digest()

    def sign(self, key: bytes, data: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature."""
        return Ed25519PrivateKey.from_private_bytes(key).sign(data)

    def public_of(self, key: bytes) -> bytes:
        """Return the 32 bytes others verify with."""
        return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()

    def is_signed(self, public: bytes, signature: bytes, data: bytes) -> bool:
        """Return whether the signature is that key's over the data."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True

    def seal(self, key: bytes, data: bytes, about: bytes) -> bytes:
        """Return nonce and AES-256-GCM."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, data, about)

    def unseal(self, key: bytes, sealed: bytes, about: bytes) -> bytes:
        """Return what was sealed; raise Refused when it was not, or not so."""
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
        except (InvalidTag, ValueError) as fault:
            raise Refused("crypto.not_sealed") from fault

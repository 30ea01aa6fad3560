"""SM3 (GB/T 32905), HMAC with it, and SM4-GCM (GB/T 32907), by the library `cryptography`; signatures stay Ed25519.

No certified module: what 密评 (GB/T 39786) asks for is a module with a certificate, which comes behind the same port.
SM2 signatures need one too; as long as none is there they are Ed25519, and the doctor and the handbook say so.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from typing_extensions import override

from chengyun_core.crypto.international import NONCE_BYTES, International
from chengyun_core.model.failure import Refused

_KEY_BYTES = 16
_TAG_BYTES = 16


class National(International):
    """Hash, code and seal by the national standards."""

    name = "national"
    digest_name = "sm3"

    @override
    def digest(self, data: bytes) -> bytes:
        """Return SM3."""
        made = hashes.Hash(hashes.SM3())
        made.update(data)
        return made.finalize()

    @override
    def mac(self, key: bytes, data: bytes) -> bytes:
        """Return HMAC-SM3."""
        made = hmac.HMAC(key, hashes.SM3())
        made.update(data)
        return made.finalize()

    @override
    def seal(self, key: bytes, data: bytes, about: bytes) -> bytes:
        """Return nonce, SM4-GCM and tag; SM4's key of 16 bytes is made of ours by HMAC-SM3."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        made = Cipher(algorithms.SM4(self._key_of(key)), modes.GCM(nonce)).encryptor()
        made.authenticate_additional_data(about)
        return nonce + made.update(data) + made.finalize() + made.tag

    @override
    def unseal(self, key: bytes, sealed: bytes, about: bytes) -> bytes:
        """Return what was sealed; raise Refused when it was not, or not so."""
        nonce, body, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-_TAG_BYTES], sealed[-_TAG_BYTES:]
        try:
            made = Cipher(algorithms.SM4(self._key_of(key)), modes.GCM(nonce, tag)).decryptor()
            made.authenticate_additional_data(about)
            return made.update(body) + made.finalize()
        except (InvalidTag, ValueError) as fault:
            raise Refused("crypto.not_sealed") from fault

    def _key_of(self, key: bytes) -> bytes:
        return self.mac(key, b"chengyun sm4-gcm")[:_KEY_BYTES]

"""What the house asks of cryptography, whichever algorithms are behind it."""

from typing import Protocol


class Provider(Protocol):
    """One suite of algorithms. Stateless: keys are given with each call, 32 bytes of secret each."""

    name: str
    """As the setting `[centre] crypto` says it."""
    digest_name: str
    """`sha256` or `sm3`: both 32 bytes."""
    signature_name: str

    def digest(self, data: bytes) -> bytes:
        """Return the 32 bytes of a hash."""
        ...

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Return the 32 bytes of a keyed hash (HMAC)."""
        ...

    def sign(self, key: bytes, data: bytes) -> bytes:
        """Return a signature by a secret key of 32 bytes."""
        ...

    def public_of(self, key: bytes) -> bytes:
        """Return the public key of a secret one."""
        ...

    def is_signed(self, public: bytes, signature: bytes, data: bytes) -> bool:
        """Return whether the signature is that key's over the data; False for bytes that are no key or signature."""
        ...

    def seal(self, key: bytes, data: bytes, about: bytes) -> bytes:
        """Return the data sealed under a key of 32 bytes; `about` is bound to it and not in it."""
        ...

    def unseal(self, key: bytes, sealed: bytes, about: bytes) -> bytes:
        """Return the data; raise Refused `crypto.not_sealed` for another key, other bytes or another `about`."""
        ...

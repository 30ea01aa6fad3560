"""Passwords: argon2id, and a hash to verify against when the account does not exist, so that timing tells nothing."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chengyun_core.centre.settings import CentreSettings
from chengyun_core.model.failure import Refused

LONGEST = 256


class Passwords:
    """Slow on purpose: called in a worker thread only."""

    def __init__(self, settings: CentreSettings) -> None:
        self._hasher = PasswordHasher(time_cost=settings.argon2_time_cost, memory_cost=settings.argon2_memory_kib)
        self._shortest = settings.shortest_password
        self._nobody = ""

    def check_new(self, account: str, password: str) -> None:
        """Raise Refused when a new password is too short, too long or the account's own name."""
        if len(password) < self._shortest:
            raise Refused("account.password_short", least=self._shortest)
        if len(password) > LONGEST:
            raise Refused("account.password_long", most=LONGEST)
        if password.casefold() == account.casefold():
            raise Refused("account.password_is_name", account=account)

    def hash(self, password: str) -> str:
        """Return the argon2id hash."""
        return self._hasher.hash(password)

    def is_right(self, kept: str, password: str) -> bool:
        """Return whether the password belongs to the hash; an empty hash (no such account) costs the same time."""
        if not kept:
            self._nobody = self._nobody or self._hasher.hash("nobody")
        try:
            self._hasher.verify(kept or self._nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)

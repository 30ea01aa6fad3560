"""An account as the journal tells it; its password is known to nobody, its hash to the store only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """One person's account (record of changes of kind `account`)."""

    account: str
    name: str
    posts: tuple[str, ...]
    disabled: bool = False
    failures: int = 0
    """Wrong passwords since the last good one."""
    locked_until_ns: int = 0
    """Profile ns UTC; sign-on is refused until then."""
    version: int = 1

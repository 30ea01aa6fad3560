"""An account as the journal tells it; its password is known to nobody, its hash to the store only."""

from dataclasses import dataclass

from chengyun_core.model.rights import Label


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
    clearance: Label = Label.NORMAL
    """The strictest label whose records it sees whole (G6)."""
    second_factor: bool = False
    """A code of the person's phone is asked for at sign-on."""
    version: int = 1

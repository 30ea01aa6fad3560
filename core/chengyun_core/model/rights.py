"""Rights beyond the table: who opened a session by breaking the glass, and what left the house. Pure records."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """How much of a record somebody without the clearance sees (G6), in the order of their strictness."""

    NORMAL = "normal"
    DIM = "dim"
    """That it is there, where and of what colour; not its words."""
    HIDE = "hide"
    """Nothing: not even that it exists."""


DIMMED = "***"
"""Instead of words that are not to be read: short, in no language, and no field is missing."""
RANK = {label: rank for rank, label in enumerate(Label)}
"""Label → how strict it is."""


GLASS_ACCOUNT = "glass"
"""Whose a session is that was opened by a sealed code: nobody proved to be somebody. No password opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """破窗 (RS16): two persons' passwords opened a session with rights for a while (journal kind `break_glass`)."""

    number: int
    accounts: tuple[str, str]
    """Who sits, and who vouched for him."""
    seat: str
    account: str = ""
    """Of the session: who sits; `GLASS_ACCOUNT` where he came in by a sealed code. Empty: the first of the two."""
    proofs: tuple[str, str] = ("password", "password")
    """How each of the two proved himself: `password`, or `code <number> <post>` of a sealed code."""
    posts: tuple[str, ...]
    """Posts lent to the session besides the account's own."""
    reason: str
    opened_at: int
    until: int
    """When it ends by itself, profile ns UTC."""
    ended_at: int | None = None
    ended_by: str = ""
    """Account that ended it; empty: its time, or whatever ends a session."""
    review_by: int
    """Until when an administrator owes the review, profile ns UTC."""
    reviewed_at: int | None = None
    reviewed_by: str = ""
    finding: str = ""
    version: int = 1


LONGEST_WORD = 64
"""Characters of what leaves and of its form."""
LONGEST_TAKEN = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNote:
    """What left the house, told before it did (journal kind `export`)."""

    number: int
    what: str
    """What it is: `alarms`, `report.daily`, `handover`, `audit`, …"""
    form: str
    """`csv`, `xlsx`, `pdf`, `jsonl`, `png`, …"""
    rows: int
    digest: str
    """SHA-256 of the bytes, hex."""
    label: Label = Label.NORMAL
    at: int
    account: str
    seat: str = ""
    version: int = 1
    taken: str = ""
    """Who took it and when, where that was while no centre answered and is told now; empty: this was told before."""

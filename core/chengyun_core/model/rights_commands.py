"""Commands about rights and proof: posts, second factors, sessions, broken glass, exports; merged into `COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.rights import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPosts:
    """Give an account other posts; its sessions end at once."""

    account: str
    posts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """End the session at a seat, whoever's it is."""

    seat: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteExport:
    """Say what is about to leave the house; the bytes leave when this is done, never before."""

    what: str
    form: str
    rows: int
    digest: str
    """SHA-256 of the bytes, 64 hex digits."""
    label: Label = Label.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolTotp:
    """Give an account a second factor: one's own, or anybody's at the machine itself. Replaces the one it has.

    The secret and the recovery codes are made where they are shown, once; the code proves that the phone has it.
    """

    account: str
    secret: str
    """Base32, 20 bytes or more (model.totp)."""
    code: str
    recovery: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTotp:
    """Take an account's second factor away, with a reason: a lost phone. Never one's own."""

    account: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTheGlass:
    """Open a session with lent posts by two persons' passwords (RS16). Neither a lock-out nor a lost phone stops it."""

    account: str
    """Who sits."""
    password: str
    seat: str
    """Whoever holds it leaves it."""
    second: str
    """Who vouches for him."""
    secret: str
    """His password."""
    posts: tuple[str, ...]
    """Kinds of posts to be lent, of those the settings name."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGlass:
    """Say what was found of a broken glass; by an administrator who was none of the two."""

    glass: int
    version: int
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLabel:
    """Label an event or an attachment: dimmed or hidden for whoever is not cleared; `normal` takes the label away."""

    kind: str
    """`event` or `attachment`."""
    key: str
    label: Label
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetClearance:
    """Say which labels an account sees through."""

    account: str
    clearance: Label
    reason: str


RIGHTS_COMMANDS: dict[str, type[Any]] = {
    "account.drop_totp": DropTotp,
    "account.enrol_totp": EnrolTotp,
    "account.set_clearance": SetClearance,
    "account.set_posts": SetPosts,
    "export.note": NoteExport,
    "glass.review": ReviewGlass,
    "label.set": SetLabel,
    "session.break_glass": BreakTheGlass,
    "session.end": EndSession,
}
"""Kind → record. Alphabetical."""

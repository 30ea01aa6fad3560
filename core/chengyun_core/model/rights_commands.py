"""Commands about rights and proof: posts, second factors, sessions, broken glass, exports; merged into `COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.glass_codes import SealedCode
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
    taken: str = ""
    """Who took it and when, while no centre could be asked: told late. Empty: it leaves when this is done."""


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
    present: str = ""
    """Code of the phone it replaces, or one of its recovery codes; not asked for at the machine itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTotp:
    """Take an account's second factor away, with a reason: a lost phone. Never one's own."""

    account: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTheGlass:
    """Open a session with lent posts by two persons (RS16). Neither a lock-out nor a lost phone stops it.

    Each proves himself by his password, or, where he knows none, by a post's sealed code (model.glass_codes).
    """

    account: str
    """Who sits; with a code the name he gives, which nothing proves."""
    password: str
    """His password, or the code."""
    seat: str
    """Whoever holds it leaves it."""
    second: str
    """Who vouches for him."""
    secret: str
    """His password, or the code."""
    posts: tuple[str, ...]
    """Kinds of posts to be lent, of those the settings name."""
    reason: str
    by_code: bool = False
    second_by_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EndGlass:
    """End a broken glass before its time: by one of the two, by an administrator, or at the machine."""

    glass: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealGlassCodes:
    """Keep one-time codes of a post, made and hashed where they are printed: the centre sees none before its use."""

    post: str
    codes: tuple[SealedCode, ...]
    name: str
    """What the account of sessions opened by codes is called on screens, when this makes it."""
    replaces: bool = True
    """The post's earlier codes open nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoseGlassCode:
    """Say that an envelope is lost or was found open; its code opens nothing any more."""

    code: int
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
    "glass.end": EndGlass,
    "glass.lose_code": LoseGlassCode,
    "glass.review": ReviewGlass,
    "glass.seal_codes": SealGlassCodes,
    "label.set": SetLabel,
    "session.break_glass": BreakTheGlass,
    "session.end": EndSession,
}
"""Kind → record. Alphabetical."""

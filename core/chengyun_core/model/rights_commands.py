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


RIGHTS_COMMANDS: dict[str, type[Any]] = {
    "account.set_posts": SetPosts,
    "export.note": NoteExport,
    "session.end": EndSession,
}
"""Kind → record. Alphabetical."""

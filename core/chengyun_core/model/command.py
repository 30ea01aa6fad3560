"""Commands: every deed that changes a fact, as a frozen record, in one table of kinds."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.alarm import NoteCode


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """Take a seat with an account. The password is checked with argon2id and never written."""

    account: str
    password: str
    seat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Leave the seat and end the session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlarm:
    """Acknowledge («seen», never «solved»). Red needs a note code (A5)."""

    alarm: int
    version: int
    note_code: NoteCode | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnacknowledgeAlarm:
    """Take an acknowledgement back, with a reason (A4)."""

    alarm: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelveAlarm:
    """Shelve for a limited time or until the condition returns (A6). `minutes` None means one-shot."""

    alarm: int
    version: int
    minutes: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnshelveAlarm:
    """Take from the shelf by hand."""

    alarm: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCatalogue:
    """Replace the catalogue by these tables: name of the table → rows of {column: text}; `origin` names the files.

    Nothing is half imported; every bad cell is reported with file, line, column and reason.
    """

    tables: dict[str, list[dict[str, str]]]
    origin: dict[str, str]
    """Table name → file name, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAccount:
    """Create an account with its posts."""

    account: str
    name: str
    password: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """Replace an account's password; its sessions end."""

    account: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableAccount:
    """Disable an account; its sessions end at once."""

    account: str


COMMANDS: dict[str, type[Any]] = {
    "account.create": CreateAccount,
    "account.disable": DisableAccount,
    "account.set_password": SetPassword,
    "alarm.acknowledge": AcknowledgeAlarm,
    "alarm.shelve": ShelveAlarm,
    "alarm.unacknowledge": UnacknowledgeAlarm,
    "alarm.unshelve": UnshelveAlarm,
    "catalogue.import": ImportCatalogue,
    "session.sign_off": SignOff,
    "session.sign_on": SignOn,
}
"""Kind on the wire → record. Alphabetical. The kind is also the action asked of the permission table."""

KIND_OF: dict[type[Any], str] = {record: kind for kind, record in COMMANDS.items()}

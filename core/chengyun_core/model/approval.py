"""A deed that waits for a second person: asked by one officer, given or refused by another (A6, A20)."""

from dataclasses import dataclass
from enum import StrEnum


class ApprovalState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    GIVEN = "given"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One request for a second person. The command itself is kept and carried out as its asker's when it is given."""

    number: int
    action: str
    """Kind of the command that waits, as in model.command.COMMANDS."""
    subject: str
    """What it is about, for the screen: code of the vital, of the threshold set, …"""
    params: dict[str, str]
    """What the screen shows of it, by name."""
    command: bytes
    """msgpack of the command."""
    asked_by: str
    asked_seat: str
    asked_at: int
    expires_at: int
    state: ApprovalState = ApprovalState.WAITING
    decided_by: str = ""
    decided_seat: str = ""
    decided_at: int | None = None
    reason: str = ""
    version: int = 1

"""What the GUI thread asks the reader's thread for: frozen wishes, put on a queue."""

from dataclasses import dataclass

from chengyun_core.wire.envelope import AskPreview, AskWindow, SignedOn


@dataclass(frozen=True, slots=True, kw_only=True)
class SendCommand:
    """Carry out a command under an id made by the session."""

    id: str
    command: object


@dataclass(frozen=True, slots=True, kw_only=True)
class WantWindow:
    """Ask for a series; a newer wish of the same slot supersedes it."""

    id: str
    ask: AskWindow
    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantPreview:
    """Ask what would alarm under another threshold set."""

    id: str
    ask: AskPreview


@dataclass(frozen=True, slots=True, kw_only=True)
class WantAnswer:
    """Ask a door something that only one page needs; a newer wish of the same slot supersedes it."""

    id: str
    kind: str
    """A kind of wire.envelope's tables that has an answer of its own."""
    ask: object
    slot: str
    of_historian: bool = False
    """Asked of the historian, where ingest answers the same kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantSeats:
    """Ask for the seats and who holds them."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """From now on watch exactly these vitals' channels."""

    vitals: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSeat:
    """Hold a session that was opened elsewhere."""

    signed_on: SignedOn


Wish = SendCommand | TakeSeat | WantAnswer | WantWindow | WantPreview | WantSeats | Watch

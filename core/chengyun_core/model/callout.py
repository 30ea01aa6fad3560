"""Call-out (叫应, H8): who is to be reached, every attempt, the words with which he confirmed, and who comes next."""

from dataclasses import dataclass
from enum import StrEnum


class CallState(StrEnum):
    WAITING = "waiting"
    CALLING = "calling"
    CONFIRMED = "confirmed"
    UNREACHABLE = "unreachable"
    """Two tries without an answer: his next in the chain is called."""
    ESCALATED = "escalated"
    """Nobody of the chain: the superior is told."""
    CANCELLED = "cancelled"
    """What it was for was cancelled before he was reached: he is not called any more."""


class Outcome(StrEnum):
    """What came of one try."""

    CONFIRMED = "confirmed"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    at: int
    channel: str
    number: str
    """As the record shows it: all but the last four digits hidden, for records reach every screen (call_care)."""
    outcome: Outcome
    by: str
    person: str = ""
    """Whom of the chain it was meant for: code of a person, a post or a unit."""
    words: str = ""
    """Verbatim: a confirmation needs name, time and words."""
    said_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallList:
    """Who is called for what (journal kind `call_list`, key the code): data."""

    code: str
    name: str
    grades: tuple[int, ...] = ()
    matters: tuple[str, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()
    """One chain per addressee: persons, posts or units by code; the next is called when the one before cannot be
    reached."""
    version: int = 1
    tries: int = 0
    """Tries without an answer after which the next of a chain is called; 0: the house's own (call_rules.TRIES)."""
    try_minutes: float = 0.0
    """From one try to the next; 0: as the centre is set (`call_try_minutes`)."""
    escalate_minutes: float = 0.0
    """Until the superior is told; 0: as the centre is set (`call_escalate_minutes`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOut:
    """One running call-out (journal kind `call_out`, key the number)."""

    number: int
    about: str
    """`warning/<id>`, `mode/<number>`, `event/<number>`."""
    title: str
    words: str
    """What is to be said."""
    addressees: int
    confirmed: int = 0
    escalated: int = 0
    started_at: int
    started_by: str
    ended_at: int | None = None
    cancelled: str = ""
    """Why it was ended before everybody was reached; empty: it was not."""
    centre: str = ""
    """Whose call-out it is: what a permission is asked about."""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One addressee of a call-out (journal kind `call`, key `<call_out>.<place>`)."""

    call_out: int
    place: int
    for_centre: str
    chain: tuple[str, ...]
    at: int = 0
    """Index in the chain: whom we try now."""
    state: CallState = CallState.WAITING
    attempts: tuple[Attempt, ...] = ()
    due_at: int | None = None
    """When the next try is due, or, with that told (`overdue`), when his superior is told; None: nothing is waited for.
    """
    ends_at: int = 0
    """When his superior is told in any case."""
    overdue: bool = False
    """Nobody tried in time; told once a try."""
    superior: str = ""
    """Centre that was told when nobody could be reached."""
    version: int = 1
    tries: int = 0
    """As its list has it when it was begun; 0: the house's own."""
    try_ns: int = 0
    """As its list has it, profile ns; 0: as the centre is set."""

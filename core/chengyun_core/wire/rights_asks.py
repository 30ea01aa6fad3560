"""Questions about sessions and the journal as proof: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass, field

from chengyun_core.model.glass_codes import CodeState
from chengyun_core.model.rights import BreakGlass


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSessions:
    """Ask `session.page`: the living sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One living session."""

    seat: str
    account: str
    name: str
    posts: tuple[str, ...]
    area: str
    since: int
    """Profile ns UTC."""
    until: int
    """When it ends by itself at the latest, profile ns UTC."""
    glass: int = 0
    """Number of the broken glass it was opened by; 0: by a sign-on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Answer, by seat."""

    rows: tuple[SessionRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAudit:
    """Ask `audit.page`: rows of the journal before a number, newest first. Empty fields: all."""

    before: int = 0
    """0: from the newest on."""
    limit: int = 100
    account: str = ""
    action: str = ""
    """A whole action, or its beginning with a point at the end (`order.`)."""
    kind: str = ""
    key: str = ""
    seat: str = ""
    from_ns: int = 0
    to_ns: int = 0
    """0: no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One row of the journal without its record."""

    number: int
    chain: int
    at_ns: int
    account: str
    seat: str
    post: str
    area: str
    action: str
    command_id: str
    part: int
    kind: str
    key: str
    version: int
    params: dict[str, str] = field(default_factory=dict)
    hash: str = ""
    """Hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Answer: what was found, and down to which number was looked; ask on with `before=through` until it is 1."""

    rows: tuple[AuditRow, ...] = ()
    through: int = 1
    tail: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAuditRow:
    """Ask `audit.row`: one row with what the record was before and after it."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRowTold:
    """Answer. The records are msgpack as in a change of the kind; empty: none."""

    row: AuditRow
    record: bytes = b""
    before: bytes = b""
    before_number: int = 0
    fault: str = ""
    """Empty: words, hash, chain and signature of this row are right; else a code of the message catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAuditHead:
    """Ask `audit.head`: the journal's end, to be printed or held elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditHeadTold:
    """Answer."""

    head: str
    """`model.audit_head`: whole; `printed(head)` goes on paper. Empty: there is no row yet."""
    at_ns: int = 0
    public: str = ""
    """Hex of the key its signatures are verified with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAuditCheck:
    """Ask `audit.check`: verify the rows first … last, at most 500 of them, so that a screen may walk the journal."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChecked:
    """Answer: how many rows are right, and the first that is not."""

    rows: int
    fault: str = ""
    """Empty: none; else a code of the message catalogue."""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskGlass:
    """Ask `glass.page`: who broke the glass, and what was found of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassPage:
    """Answer, the newest first."""

    rows: tuple[BreakGlass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskGlassDeeds:
    """Ask `glass.deeds`: what was done in a session that a broken glass opened, for its review."""

    glass: int
    before: int = 0
    """0: from the newest on."""
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AskGlassCodes:
    """Ask `glass.codes`: the envelopes, and what became of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One envelope."""

    number: int
    post: str
    state: CodeState
    sealed_at: int
    """Profile ns UTC."""
    sealed_by: str
    ended_at: int | None = None
    ended_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassCodes:
    """Answer, the newest first."""

    rows: tuple[CodeRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPhone:
    """Ask `account.phone`: how an account stands with its second factor."""

    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTold:
    """Answer; an account nobody has is one without a phone."""

    account: str
    has: bool = False
    needs: bool = False
    """A post of it asks for one."""
    recovery_left: int = 0


RIGHTS_ASKS: dict[str, tuple[type, type | None]] = {
    "account.phone": (AskPhone, PhoneTold),
    "audit.check": (AskAuditCheck, AuditChecked),
    "audit.head": (AskAuditHead, AuditHeadTold),
    "audit.page": (AskAudit, AuditPage),
    "audit.row": (AskAuditRow, AuditRowTold),
    "glass.codes": (AskGlassCodes, GlassCodes),
    "glass.deeds": (AskGlassDeeds, AuditPage),
    "glass.page": (AskGlass, GlassPage),
    "session.page": (AskSessions, Sessions),
}
"""Ask → (body, answer). Alphabetical."""

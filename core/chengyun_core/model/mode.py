"""平急转换 (H1, H2): declarations of 急时, what each carries with it, and what is in effect where. Pure records."""

from dataclasses import dataclass, field
from enum import StrEnum

from chengyun_core.model.scales import Mode


class ScopeKind(StrEnum):
    """What a declaration is for."""

    CENTRE = "centre"
    """A centre and everything below it."""
    TRACK = "track"
    """One track (跑道) within a centre's area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a declaration holds."""

    kind: ScopeKind = ScopeKind.CENTRE
    centre: str
    track: str = ""
    """Code of the track, for a scope of that kind."""

    @property
    def key(self) -> str:
        """Return it as text, as registers and the catalogue's sets by scope name it."""
        return f"{self.centre}:{self.track}" if self.kind is ScopeKind.TRACK else self.centre


class Part(StrEnum):
    """What one switch carries, each recorded with its version before and after (ARCHITECTURE, «Mode switch»)."""

    THRESHOLDS = "thresholds"
    LAYOUT = "layout"
    SOUND = "sound"
    ROSTER = "roster"
    CALL_OUT = "call_out"
    REPORTS = "reports"
    LAYERS = "layers"
    PLANS = "plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What 急时 means for one kind of emergency (journal kind `mode_preset`, key the code): data, edited by command."""

    code: str
    name: str
    threshold_set: str = ""
    """Set put in force for the scope; empty: thresholds stay."""
    layout: str = ""
    """Master layout brought up on the seats of the scope; empty: theirs stay."""
    sound: str = ""
    """Sound profile; empty: stays."""
    reinforcement: tuple[str, ...] = ()
    """Posts that come on duty besides the roster of the day."""
    call_out: str = ""
    """List that is called (model.callout); empty: nobody is."""
    report_every_min: float = 0.0
    """Cadence of situation reports; 0: none."""
    layers: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    """Codes of plans put under the hand."""
    version: int = 1


class SwitchState(StrEnum):
    """How far a switch has come."""

    ASKED = "asked"
    """Waits for the second person."""
    APPLYING = "applying"
    """转换中: written, not yet confirmed by ingest and seats; 2 s at most."""
    IN_FORCE = "in_force"
    UNDONE = "undone"
    """A part failed: a compensating change restored the versions before."""
    REFUSED = "refused"
    LIFTED = "lifted"
    """平时 again by the exact way back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """One part of a switch: what it was, what it became."""

    part: Part
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What ingest (shard) or a seat said about its part of a switch."""

    who: str
    """`ingest/<shard>` or the seat's code."""
    at: int
    fault: str = ""
    """Code of the message catalogue; empty: done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One register of the join (RF22), journal kind `mode`, key `<issuer>/<scope>`: written by its declarer only.

    The effective mode of a place is the greatest of all declarations in force that cover it: a lower centre never
    cancels an upper one's, an upper one orders a lift and does not overrule. Merged by term, the greater wins.
    """

    number: int
    issuer: str
    """Code of the centre that declares."""
    scope: Scope
    term: int
    """Rises with every change of this register by its issuer."""
    mode: Mode
    preset: str = ""
    reason: str
    evidence: str = ""
    """What it is founded on: `warning/<id>`, `event/<number>`."""
    parts: tuple[PartChange, ...] = ()
    state: SwitchState = SwitchState.APPLYING
    confirmed: tuple[Confirmation, ...] = ()
    approval: int | None = None
    ordered_by: str = ""
    """Centre whose order it follows; empty: own judgement."""
    declared_at: int
    declared_by: str
    declared_seat: str = ""
    seconded_by: str = ""
    ended_at: int | None = None
    version: int = 1
    preset_version: int = 0
    order: int | None = None
    """Mode order that it follows."""
    applied_at: int | None = None
    """When it was last written as APPLYING: who is awaited has 2 s from then."""
    catalogue: int = 0
    """Version of the catalogue that carries the limits of what was last switched; 0: limits did not change."""
    awaited: tuple[str, ...] = ()
    """Who has to confirm: `ingest/<shard>` and codes of the seats that were present when it was switched."""
    without: tuple[str, ...] = ()
    """Who was left out by name, because he did not confirm before."""
    back: tuple[PartChange, ...] = ()
    """While it is being lifted and afterwards: what every part went back to."""
    fault: str = ""
    """Why the last switch was undone, a code of the message catalogue; empty: it was not."""
    faulty: str = ""
    """Who failed: one of `awaited`."""
    call_out: int | None = None
    """Call-out begun with it."""

    @property
    def key(self) -> str:
        """Return the key of its register: `<issuer>/<scope>`."""
        return f"{self.issuer}/{self.scope.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InEffect:
    """What holds at one place: computed, never written."""

    mode: Mode
    since: int | None = None
    by: tuple[int, ...] = ()
    """Numbers of the declarations that make it so, the widest scope first."""
    preset: str = ""
    """Of the narrowest."""
    parts: dict[Part, str] = field(default_factory=dict)


class ModeOrderState(StrEnum):
    OPEN = "open"
    FOLLOWED = "followed"
    REFUSED = "refused"
    LATE = "late"
    """Neither followed nor refused in time: told upwards, still open to both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeOrder:
    """A superior's order to a lower centre to switch (journal kind `mode_order`, key the number)."""

    number: int
    by_centre: str
    centre: str
    scope: Scope
    mode: Mode
    preset: str = ""
    reason: str
    ordered_at: int
    ordered_by: str
    due_at: int
    state: ModeOrderState = ModeOrderState.OPEN
    declaration: int | None = None
    answer: str = ""
    answered_by: str = ""
    version: int = 1
    heard: int = 0
    """Version of the record of who was ordered from which his answer was taken; 0: no other daemon told one."""
    origin: str = ""
    """`<centre>/<its number>` of an order that another centre's daemon wrote; empty: it was written here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDue:
    """A situation report that a declaration in force asks for (journal kind `mode_report`, key `<number>.<place>`)."""

    declaration: int
    place: int
    """1 for the first one."""
    centre: str
    due_at: int
    given_at: int | None = None
    given_by: str = ""
    words: str = ""
    """What was reported, or where it lies; or why none was due any more."""
    version: int = 1

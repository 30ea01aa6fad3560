"""What may be asked of the centre about dispatch: bodies and answers; found by `ask_tables`."""

from dataclasses import dataclass, field

from chengyun_core.model.dispatch_call import Judged, Need, Proposal
from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.scales import EventGrade


@dataclass(frozen=True, slots=True, kw_only=True)
class AskProposal:
    """Ask whom to call. What is empty is taken from the event; without needs its routes say who is needed."""

    event: int | None = None
    matter: str = ""
    centre: str = ""
    longitude: float | None = None
    latitude: float | None = None
    grade: EventGrade | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    """Of a plan's steps, or of the officer: a capability or a unit each."""
    about: tuple[str, ...] = ()
    """Units of which the officer wants to know why they were not picked, though they cannot do what is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Whom dispatch would call; nothing was sent."""

    proposal: Proposal
    about: tuple[Judged, ...] = ()
    """The units asked about, weighed for the lead (else the first) need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMisroutes:
    """Ask which orders were given back in the last days, and why (D5)."""

    days: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Misroute:
    """What became of the orders of one matter to one unit."""

    matter: str
    unit: str
    orders: int
    """Receipts of orders issued in that time."""
    returned: int
    routes: tuple[str, ...] = ()
    """Routes of the matter that name the unit, or a capability it has: their weights are to be looked at."""
    reasons: tuple[tuple[str, int], ...] = ()
    """Reason as written → how often, most frequent first; ten at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misroutes:
    """Those of whom something was given back, the most first. A report: no weight is changed by it."""

    rows: tuple[Misroute, ...]
    orders: int
    returned: int
    since: int
    """Profile ns UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReading:
    """Ask what a narrative seems to say (E9). A console reads by itself, with the same rules; others ask."""

    narrative: str
    centre: str = ""
    """Whose officer reads: decides between places of one name; empty: the uppermost."""
    matter: str = ""
    """The one chosen already."""


DISPATCH_ASKS: dict[str, tuple[type, type | None]] = {
    "dispatch.classify": (AskReading, Reading),
    "dispatch.misroutes": (AskMisroutes, Misroutes),
    "dispatch.propose": (AskProposal, Proposed),
}
"""Ask → (body, answer). Alphabetical."""

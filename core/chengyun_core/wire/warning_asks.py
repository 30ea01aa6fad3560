"""What may be asked of the centre about official warnings and call-outs; found by `ask_tables`."""

from dataclasses import dataclass

from chengyun_core.model.callout import Call, CallList, CallOut
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import OfficialWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWarnings:
    """Ask `warning.page`: warnings, newest first."""

    in_force: bool = True
    """Only those that hold now."""
    colours: tuple[WarningColour, ...] = ()
    centre: str = ""
    """That concern this centre or one below it."""
    words: str = ""
    before: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Warnings:
    """Answer."""

    warnings: tuple[OfficialWarning, ...] = ()
    next: int = 0
    in_force: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWarning:
    """Ask `warning.get`: one warning with what lies in its area."""

    warning: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """One centre in a warning's area: who answers for it and what is at risk there."""

    centre: str
    name: str
    person: str = ""
    person_name: str = ""
    risk_points: int = 0
    vitals: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningTold:
    """Answer."""

    warning: OfficialWarning
    chain: tuple[OfficialWarning, ...] = ()
    """All that updated one another, oldest first, itself among them."""
    concerned: tuple[Concerned, ...] = ()
    risk_points: int = 0
    call_out: CallOut | None = None
    suggests_mode: str = ""
    """Code of the preset of 急时 it suggests; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWarningCheck:
    """Ask `warning.check`: what an import would say, without taking it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningChecked:
    """Answer: what it would become, or why it is refused: what, where, what to do."""

    warnings: tuple[OfficialWarning, ...] = ()
    faults: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCallOuts:
    """Ask `call_out.page`: call-outs, those that run first, then the newest."""

    about: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOuts:
    """Answer."""

    call_outs: tuple[CallOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCallOut:
    """Ask `call_out.get`: one call-out with everybody in it."""

    call_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTold:
    """One addressee, and who is to be called now."""

    call: Call
    person_name: str = ""
    unit: str = ""
    phones: tuple[str, ...] = ()
    """Only for who may call."""
    chain_names: tuple[str, ...] = ()
    """Names of the whole chain in its order; of a code nobody has any more, the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutTold:
    """Answer."""

    call_out: CallOut
    calls: tuple[CallTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCallLists:
    """Ask `call_list.page`."""

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLists:
    """Answer."""

    lists: tuple[CallList, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCallListCheck:
    """Ask `call_list.check`: who would be called now, with a list as it is being written; nothing is written."""

    call_list: CallList
    category: str = ""
    """Kind of warning; empty: everybody of the list, whatever it is for."""
    colour: WarningColour = WarningColour.NONE
    centre: str = ""
    """Where the warning would be; empty: the asker's own centre with all below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One who would be called."""

    centre: str
    code: str
    name: str = ""
    """Empty: nobody has that code any more."""
    unit: str = ""
    phone: str = ""
    """The number that is tried first, all but its last four digits hidden; empty: none is known."""
    presence: str = ""
    """Where he is on the shift that runs; empty: he is not on it."""
    then: tuple[str, ...] = ()
    """Names of those tried after him, in their order; of a code nobody has, the code."""
    listed: str = ""
    """Name of the list that has him called; empty: he holds the post of a place no list names anybody for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallListChecked:
    """Answer."""

    lines: tuple[CallLine, ...] = ()
    """At most 200; `count` is how many there are."""
    count: int = 0
    is_meant: bool = True
    """Whether the list itself would be called over for such a warning."""
    unknown: tuple[str, ...] = ()
    """Codes in the list's chains that nobody has."""
    tries: int = 0
    try_minutes: float = 0.0
    escalate_minutes: float = 0.0
    """As they would hold: the list's own, else as the centre is set."""


WARNING_ASKS: dict[str, tuple[type, type | None]] = {
    "call_list.check": (AskCallListCheck, CallListChecked),
    "call_list.page": (AskCallLists, CallLists),
    "call_out.get": (AskCallOut, CallOutTold),
    "call_out.page": (AskCallOuts, CallOuts),
    "warning.check": (AskWarningCheck, WarningChecked),
    "warning.get": (AskWarning, WarningTold),
    "warning.page": (AskWarnings, Warnings),
}
"""Ask → (body, answer). Alphabetical."""

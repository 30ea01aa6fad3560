"""Commands of official warnings and of call-outs; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.callout import CallList, Outcome
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import Polygon


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWarning:
    """Take a warning as somebody else published it: CAP 1.2 or 1.1, GB/T 35965.1, or rows of a table."""

    name: str
    data: bytes
    """1 MiB at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueWarning:
    """Publish a warning of one's own: the eight of 突发事件应对法 art. 64. Red ones wait for a second person."""

    centre: str
    """Who publishes: 一/二级 a city, 三/四级 a district."""
    category: str
    colour: WarningColour
    headline: str
    starts_at: int
    expires_at: int
    area_text: str
    polygons: tuple[Polygon, ...] = ()
    centres: tuple[str, ...] = ()
    """Places chosen by name; they and those within the polygons are meant."""
    notice: str
    measures: str
    updates: int | None = None
    """Warning that this one replaces."""
    version: int = 0
    """Of the one replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelWarning:
    """Lift a warning of one's own (解除) before it expires; who was not reached yet is not called any more."""

    warning: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartWarningCall:
    """Begin the 叫应 of a warning: everybody responsible in its area, by the lists for its category and level."""

    warning: int
    version: int
    words: str = ""
    """What is to be said; empty: the drafted words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCallList:
    """Write who is called for what, new or known."""

    call_list: CallList
    version: int
    """What the editor saw; 0: new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCallOut:
    """Begin a call-out over a list."""

    call_list: str
    about: str
    title: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelCallOut:
    """End a call-out; who was not reached yet is not called any more."""

    call_out: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCall:
    """Write down one try: confirmed needs who said it and his words; two without an answer call his next."""

    call_out: int
    place: int
    version: int
    """Of the call."""
    channel: str
    number: str
    outcome: Outcome
    words: str = ""
    said_by: str = ""


WARNING_COMMANDS: dict[str, type[Any]] = {
    "call.note": NoteCall,
    "call_list.save": SaveCallList,
    "call_out.cancel": CancelCallOut,
    "call_out.start": StartCallOut,
    "warning.call": StartWarningCall,
    "warning.cancel": CancelWarning,
    "warning.import": TakeWarning,
    "warning.issue": IssueWarning,
}
"""Kind on the wire → record. Alphabetical."""

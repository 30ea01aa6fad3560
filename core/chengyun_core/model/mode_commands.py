"""Commands of the switch between 平时 and 急时; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.mode import Preset, Scope
from chengyun_core.model.scales import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareMode:
    """Declare 急时 for a scope; waits for a second person, then every part changes at once or none does (H1)."""

    scope: Scope
    mode: Mode
    preset: str
    reason: str
    evidence: str = ""
    seen: str = ""
    """Digest of the preview that was shown; when the preview is another by now, it is shown again."""
    order: int | None = None
    """Mode order of a superior that is being followed."""
    without: tuple[str, ...] = ()
    """Who need not confirm (`ingest/<shard>`, a seat), because he failed to before: named, journalled, shown."""
    seen_alarms: int = -1
    """How many vitals would alarm, as ingest previewed it; compared with what came; -1: nobody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftMode:
    """End a declaration by the exact way back; waits for a second person. Refused for another centre's own."""

    declaration: int
    version: int
    reason: str
    seen: str = ""
    order: int | None = None
    without: tuple[str, ...] = ()
    seen_alarms: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMode:
    """A superior orders a lower centre to declare or to lift (H2); he does not overrule it."""

    centre: str
    mode: Mode
    scope: Scope
    preset: str = ""
    reason: str
    minutes: float = 10.0
    """By when it is to be followed; afterwards it is told upwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseModeOrder:
    """Say why an order to switch is not followed."""

    order: int
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmMode:
    """Say that one's part of a switch is done, or why not: by ingest (its shard) and by every seat in the scope."""

    declaration: int
    term: int
    who: str
    """`ingest/<shard>` or the seat's code."""
    fault: str = ""
    """Code of the message catalogue; empty: done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveModeReport:
    """Say that a situation report which fell due was given, and how; or why it is not needed any more."""

    declaration: int
    place: int
    version: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePreset:
    """Write what 急时 means for one kind of emergency, new or known."""

    preset: Preset
    version: int
    """What the editor saw; 0: new."""


MODE_COMMANDS: dict[str, type[Any]] = {
    "mode.confirm": ConfirmMode,
    "mode.declare": DeclareMode,
    "mode.give_report": GiveModeReport,
    "mode.lift": LiftMode,
    "mode.order": OrderMode,
    "mode.refuse_order": RefuseModeOrder,
    "mode_preset.save": SavePreset,
}
"""Kind on the wire → record. Alphabetical."""

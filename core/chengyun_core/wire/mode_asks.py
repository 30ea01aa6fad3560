"""What may be asked of the centre about 平急转换; found by `ask_tables`."""

from dataclasses import dataclass, field

from chengyun_core.model.failure import Reason
from chengyun_core.model.mode import Declaration, InEffect, ModeOrder, Part, Preset, ReportDue, Scope
from chengyun_core.model.scales import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class AskModePreview:
    """Ask `mode.preview`: everything a switch would change, before anybody decides."""

    scope: Scope
    mode: Mode
    preset: str = ""
    lifts: int = 0
    """Declaration that would be lifted; 0: one would be declared."""
    seat: str = ""
    """Seat from which it would be declared: it takes part, and is counted, wherever it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPreview:
    """One part: what it is, what it would be, and a sentence on it."""

    part: Part
    before: str
    after: str
    sentence: Reason
    figures: dict[str, int] = field(default_factory=dict)
    """Such as `raised`, `returned`, `people`, `seats`, `layers`."""
    fault: Reason | None = None
    """Why this part cannot be switched: such a switch is refused beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewWarning:
    """What may go wrong with a switch, or be missing after it; it is not refused for it."""

    reason: Reason
    who: str = ""
    """Who may be left out for it: one that would have to confirm, a name for `without` of the command; empty: nobody
    can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModePreview:
    """Answer."""

    parts: tuple[PartPreview, ...]
    digest: str
    """Of what would change, not of the figures: `seen` of the command that follows."""
    now: InEffect
    then: InEffect
    seats: tuple[str, ...] = ()
    """Seats that would have to confirm: those in the scope that are present."""
    sets: dict[str, str] = field(default_factory=dict)
    """Sets of thresholds by scope as they would be: `AskPreview.sets`, by which ingest tells what would alarm."""
    warnings: tuple[PreviewWarning, ...] = ()
    """Who will hardly confirm, and which posts of the reinforcement nobody fills; the gravest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskModes:
    """Ask `mode.page`: declarations, those in force first, then the newest."""

    centre: str = ""
    """Empty: all that the asker may see."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """Answer: with the presets and orders there are, and what is in effect at each centre that is not in 平时."""

    declarations: tuple[Declaration, ...] = ()
    presets: tuple[Preset, ...] = ()
    orders: tuple[ModeOrder, ...] = ()
    reports: tuple[ReportDue, ...] = ()
    """Situation reports that are due and not given."""
    in_effect: dict[str, InEffect] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRunning:
    """Ask `ingest.runs` (needs the ingest key): the version of the catalogue a shard works with, told at every change.

    Of its own, and before the activations that wait: a switch of the mode is confirmed by it within two seconds.
    """

    shard: int
    catalogue: int
    refused: int = 0
    """Version it could not work with, while it goes on with the one before; 0: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSets:
    """Ask `catalogue.sets`: is the version in force the one held, but for the sets of scopes in 急时?"""

    version: int
    """In force, as the heartbeat says."""
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsTold:
    """Answer: the sets by scope; None: more differs, the whole is to be fetched.

    Ten megabytes of a city's catalogue are decoded in a third of a second, which a switch's two seconds do not have to
    pay.
    """

    version: int
    sets: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPresetCheck:
    """Ask `mode_preset.check`: what declaring 急时 by a preset as it is being written would change; a ModePreview."""

    preset: Preset
    scope: Scope
    seat: str = ""


MODE_ASKS: dict[str, tuple[type, type | None]] = {
    "catalogue.sets": (AskSets, SetsTold),
    "mode.page": (AskModes, Modes),
    "mode.preview": (AskModePreview, ModePreview),
    "mode_preset.check": (AskPresetCheck, ModePreview),
}
"""Ask → (body, answer). Alphabetical."""

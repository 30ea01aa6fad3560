"""Commands about cameras: rounds, who moves one, evidence; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.camera import EvidenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRound:
    """Write a round, new or known."""

    number: int = 0
    """0: new."""
    version: int = 0
    """What the editor saw; 0: new."""
    name: str
    centre: str
    cameras: tuple[str, ...]
    dwell_s: float
    grid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRound:
    """Take a round away; it stays readable in the journal."""

    round: int
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePtz:
    """Take a camera's movement: free, or from somebody of a lower post, with a reason."""

    camera: str
    reason: str = ""
    """Needed when it is taken from somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivePtz:
    """Give a camera's movement back."""

    camera: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepEvidence:
    """Keep an uploaded picture or clip as evidence; its content has come by `attachment.part`."""

    camera: str
    kind: EvidenceKind
    event: int | None = None
    alarm: int | None = None
    """At least one of the two."""
    digest: str
    """SHA-256, hexadecimal."""
    size: int
    begins_at: int
    """Profile ns UTC of the first frame."""
    ends_at: int
    reason: str = ""
    """Needed unless it answers a wish."""
    wish: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutEvidence:
    """Note that evidence leaves the house, before it does: to a file, with a watermark, for a reason (Y4)."""

    evidence: int
    digest: str
    """SHA-256, hex, of the copy with the watermark; empty: none leaves."""
    reason: str
    original: bool = True
    """The bytes as they came leave, too; False: the marked copy alone, from a console."""


CAMERA_COMMANDS: dict[str, type[Any]] = {
    "evidence.hand_out": HandOutEvidence,
    "evidence.keep": KeepEvidence,
    "ptz.give": GivePtz,
    "ptz.take": TakePtz,
    "round.remove": RemoveRound,
    "round.save": SaveRound,
}
"""Kind on the wire → record. Alphabetical."""

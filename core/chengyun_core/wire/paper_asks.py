"""What may be asked of the centre for documents: each answer is read in one snapshot, so that its figures agree."""

from dataclasses import dataclass

from chengyun_core.model.paper import Paper, PaperKind
from chengyun_core.report.daily import DailyFacts
from chengyun_core.report.event_brief import EventFacts
from chengyun_core.report.handover_sheet import SheetFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDaily:
    """Ask `paper.daily`: what a daily report of [from, to), profile ns UTC, is made of; not numbered yet."""

    from_ns: int
    to_ns: int
    seat: str = ""
    """Tell what is open at this seat now; empty: what was handed over in the shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskEventPaper:
    """Ask `paper.event`: what a special report of an event is made of; not numbered yet."""

    event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSheet:
    """Ask `paper.handover`: what a hand-over sheet is printed from: as signed, or as it stands."""

    handover: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPapers:
    """Ask `paper.page`: numbers given, newest first."""

    kind: PaperKind | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Answer."""

    papers: tuple[Paper, ...] = ()


PAPER_ASKS: dict[str, tuple[type, type | None]] = {
    "paper.daily": (AskDaily, DailyFacts),
    "paper.event": (AskEventPaper, EventFacts),
    "paper.handover": (AskSheet, SheetFacts),
    "paper.page": (AskPapers, Papers),
}
"""Ask → (body, answer). Alphabetical."""

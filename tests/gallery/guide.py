"""Cuts the pictures of the handbook's guide out of those the flows took: what a step speaks of, and no more.

A flow leaves `docs/pictures/guide/wfN-NN-name.png`, the whole screen of each step (1920 × 1080). The handbook on the
screen shows them in a pane of a thousand pixels: a whole screen scaled down to it cannot be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from tests.gallery.pictures import kept

TAKEN = Path("docs/pictures/guide")
PACKED = Path("resources/chengyun_resources/handbook/pictures")
MOST_BYTES = 120 * 1024
"""A handbook of thirty pictures stays below two megabytes, as they are far lighter than this."""
WIDEST_PX = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One picture of the guide: its name, the step it is cut out of, and where (x, y, width, height in px)."""

    name: str
    step: str
    part: tuple[int, int, int, int] = (0, 0, 1920, 1080)


CUTS: tuple[Cut, ...] = (
    Cut(name="chain-alarm", step="wf2-01-alarm", part=(0, 48, 1466, 670)),
    Cut(name="chain-card", step="wf2-02-alarm-card", part=(786, 104, 681, 610)),
    Cut(name="chain-acknowledged", step="wf2-03-acknowledged", part=(786, 104, 681, 660)),
    Cut(name="chain-cameras", step="wf2-04a-evidence", part=(836, 136, 742, 456)),
    Cut(name="chain-evidence", step="wf2-04a-evidence", part=(1186, 940, 722, 104)),
    Cut(name="chain-form", step="wf2-05-event-form", part=(438, 100, 1120, 640)),
    Cut(name="chain-graded", step="wf2-06-graded", part=(730, 104, 1180, 540)),
    Cut(name="chain-plan", step="wf2-07-plan", part=(358, 100, 1280, 640)),
    Cut(name="chain-orders", step="wf2-08-orders-review", part=(358, 100, 1280, 440)),
    Cut(name="chain-matrix", step="wf2-09a-called", part=(378, 100, 1240, 424)),
    Cut(name="chain-behalf", step="wf2-09b-on-behalf", part=(638, 100, 720, 308)),
    Cut(name="chain-report", step="wf2-10-first-report", part=(478, 100, 1040, 600)),
    Cut(name="chain-feedback", step="wf2-11-feedback", part=(638, 100, 720, 412)),
    Cut(name="chain-verify", step="wf2-12-verify", part=(730, 104, 1180, 172)),
    Cut(name="chain-closed", step="wf2-12b-closed", part=(1228, 236, 676, 412)),
    Cut(name="chain-review", step="wf2-13-review", part=(378, 100, 1240, 600)),
    Cut(name="night-login", step="wf1-01-log-in", part=(516, 330, 888, 240)),
    Cut(name="night-walk", step="wf1-03-walked", part=(257, 100, 1482, 484)),
    Cut(name="night-checks", step="wf1-03-walked", part=(1038, 592, 692, 332)),
    Cut(name="night-sign", step="wf1-04-giver-signs", part=(257, 888, 900, 112)),
    Cut(name="night-locked", step="wf1-05-locked", part=(1038, 576, 692, 324)),
    Cut(name="night-warning", step="wf5-02-called", part=(748, 138, 890, 430)),
    Cut(name="night-calls", step="wf5-03-reached", part=(748, 578, 1160, 372)),
    Cut(name="night-preview", step="wf3-01-preview", part=(458, 134, 1080, 470)),
    Cut(name="night-emergency", step="wf3-02-emergency", part=(0, 0, 1000, 280)),
    Cut(name="night-flood", step="wf4-01-flood", part=(1474, 226, 438, 224)),
    Cut(name="night-event", step="wf4-02-event", part=(439, 100, 1118, 500)),
    Cut(name="night-sheet", step="wf9-01-composed", part=(257, 100, 780, 613)),
)


def missing(cuts: Sequence[Cut] = CUTS, taken: Path = TAKEN) -> list[str]:
    """Return the steps the flow has not left a picture of."""
    return [cut.step for cut in cuts if not (taken / f"{cut.step}.png").is_file()]


def cut_all(cuts: Sequence[Cut] = CUTS, taken: Path = TAKEN, packed: Path = PACKED) -> list[Path]:
    """Write the pictures of the guide whose steps are there; return their files.

    Raises:
        ValueError: one is not the size it is cut from, or too heavy for the package; says which.
    """
    packed.mkdir(parents=True, exist_ok=True)
    return [_cut(cut, taken, packed) for cut in cuts if (taken / f"{cut.step}.png").is_file()]


def _cut(cut: Cut, taken: Path, packed: Path) -> Path:
    whole, part = QImage(str(taken / f"{cut.step}.png")), QRect(*cut.part)
    if not whole.rect().contains(part):
        raise ValueError(f"{cut.step} is {whole.width()} × {whole.height()} px, {cut.name} is cut from {cut.part}")
    piece = whole.copy(part)
    if piece.width() > WIDEST_PX:
        piece = piece.scaledToWidth(WIDEST_PX, Qt.TransformationMode.SmoothTransformation)
    file = packed / f"{cut.name}.png"
    kept(piece, file)
    if file.stat().st_size > MOST_BYTES:
        raise ValueError(f"{file} has {file.stat().st_size} bytes, at most {MOST_BYTES}: cut a smaller part")
    return file

"""Commands about documents; merged into `command.COMMANDS`."""

from dataclasses import dataclass
from typing import Any

from chengyun_core.model.paper import PaperKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPaper:
    """Give a document its number. The same request again is answered with the same number; a number is never reused."""

    kind: PaperKind
    title: str
    about: str = ""


PAPER_COMMANDS: dict[str, type[Any]] = {"paper.number": NumberPaper}
"""Kind → record. Alphabetical."""

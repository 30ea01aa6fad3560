"""Documents that got a number (公文号): given once by the centre, never again, whatever became of the paper."""

from dataclasses import dataclass
from enum import StrEnum


class PaperKind(StrEnum):
    """What kind of document; each has numbers of its own."""

    DAILY = "daily"
    """值班日报"""
    EVENT = "event"
    """专报"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One number given (journal kind `paper`, key `<kind>.<year>.<number>`)."""

    kind: PaperKind
    year: int
    number: int
    """1, 2, … within kind and year, without gaps."""
    code: str
    """As it is printed: `城运值〔2026〕12号`."""
    about: str = ""
    """`event/12`, `shift/7`; empty: a time without a shift."""
    title: str
    at: int
    """Profile ns UTC."""
    by: str
    seat: str = ""
    version: int = 1


def key_of(paper: Paper) -> str:
    """Return the key of a paper's journal row."""
    return f"{paper.kind.value}.{paper.year}.{paper.number}"

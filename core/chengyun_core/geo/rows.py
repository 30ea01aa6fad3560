"""What a reader hands over: the features of a source one by one, each with its number, its line and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Any

from chengyun_core.model.map_layer import LayerNote, NoteGrade

MOST_NOTED = 5_000
"""Lines of a report; whoever sends worse gets these."""
LONGEST_TOLD = 80
"""Letters of a value in a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One feature of a source."""

    number: int
    """From 1."""
    line: int = 0
    geometry: Any = None
    """shapely's; None when `fault` says why."""
    values: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    """Code of the message catalogue; empty: it was read."""
    params: dict[str, str] = field(default_factory=dict)
    warned: tuple[str, ...] = ()
    """Codes of what was put right while it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All of a file."""

    rows: list[Row]
    notes: tuple[LayerNote, ...] = ()
    """What is to be said of the file as a whole."""


def note(
    grade: NoteGrade, code: str, row: Row | None = None, *, name: str = "", params: Mapping[str, object] | None = None
) -> LayerNote:  # fmt: skip
    """Return a line of the report; without a row about the whole file."""
    told = {key: str(value)[:LONGEST_TOLD] for key, value in (params or {}).items()}
    number, line = (row.number, row.line) if row is not None else (0, 0)
    return LayerNote(grade=grade, feature=number, line=line, name=name[:LONGEST_TOLD], code=code, params=told)


def text_of(value: object) -> str:
    """Return a value of an attribute as text: whole numbers without a point, nothing for none."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)

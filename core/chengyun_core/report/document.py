"""A document as a tree of records: text is text, never markup; a setter decides how each part looks."""

from dataclasses import dataclass
from enum import StrEnum

type_of_cell = str | int | float | None
"""What a cell holds; its column says what that is. None: nothing, which is not the same as nought."""


class CellKind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    """ns UTC; shown in the document's zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    title: str
    kind: CellKind = CellKind.TEXT
    weight: float = 1.0
    """Share of the width, beside the other columns' shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; its heading stands again on every page it goes on to."""

    caption: str = ""
    columns: tuple[Column, ...]
    rows: tuple[tuple[type_of_cell, ...], ...] = ()
    """Each as long as `columns`."""
    nothing: str = ""
    """What stands in its place when it has no rows."""
    side_by_side: int = 1
    """On paper, into how many pieces it is cut that stand beside one another: for long lists of short lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a head: a name and what it is."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a document, set in the order of the fields."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[str, ...] = ()
    """A numbered list."""
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    """Small print below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """One place to sign, or a signature given."""

    role: str
    name: str = ""
    """Empty: a line to sign on by hand."""
    at: str = ""
    proof: str = ""
    """Digest of what was signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document, laid out after GB/T 9704-2012 (党政机关公文格式)."""

    title: str
    issuer: str = ""
    """发文机关标志, red above the line; empty: the document has no red head."""
    number: str = ""
    """发文字号, `渝城运〔2026〕12号`."""
    label: str = ""
    """密级, 7.2.2 of the standard; empty: none."""
    urgency: str = ""
    """紧急程度, 7.2.3."""
    heads: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    signed: str = ""
    """发文机关署名."""
    dated: str = ""
    """成文日期."""
    signatures: tuple[SignatureLine, ...] = ()
    audit_head: str = ""
    """`<number>:<hash>` of the journal, at the foot of every page."""
    page_words: str = "{page} / {pages}"
    """How a page is told, with `{page}` and `{pages}`."""
    watermark: str = ""
    language: str = "zh_CN"
    made_at: int
    """ns UTC; also the time in the file's properties, so that the same document is the same bytes."""
    zone_minutes: int = 480
    """Minutes east of UTC in which times are shown."""

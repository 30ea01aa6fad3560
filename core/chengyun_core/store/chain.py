"""Verifies the journal: dense numbers, columns equal to the hashed bytes, hashes, chain, signatures.

The chain alone cannot show that its tail was cut off or that everything was rewritten with a stolen key: for that the
head must be held elsewhere (another centre, a peer's console, the printed hand-over sheet) and given as `held`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from chengyun_core.crypto.choice import DIGESTS
from chengyun_core.store import counters
from chengyun_core.store.journal import (
    COUNTER,
    FIRST_HASH,
    HASHED_COLUMNS,
    Head,
    digest_of,
    hashed_bytes,
    next_digest,
)
from chengyun_core.store.keys import is_signed
from chengyun_core.store.tables import JOURNAL

EVERY = "every"
LAST_ONLY = "last"
"""A good signature of the last row vouches for all rows chained before it: enough at start, where time counts."""
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found."""

    rows: int
    fault: str = ""
    """Empty: whole. Else a code of the message catalogue."""
    number: int = 0
    """Row where the fault showed."""


@dataclass(slots=True, kw_only=True)
class Links:
    """Walks a chain row by row: each must have the next number, its own words' hash, and the hash of the row before."""

    number: int
    """Of the next row."""
    previous: bytes | None
    """Hash of the row before it; None: not known."""
    digest: str = ""
    """By which hash it must be; empty: not known, the first one tells."""

    def fault_of(self, row: Any) -> str:
        """Return what is wrong with the next row, empty when nothing is; go on behind it."""
        fault = self._fault_of(row)
        if not fault:
            self.number, self.previous, self.digest = row.number + 1, row.hash, next_digest(row)
        return fault

    def _fault_of(self, row: Any) -> str:
        if row.number != self.number:
            return "journal.hole"
        digest = digest_of(row.hashed)
        if not digest or hashed_bytes([getattr(row, name) for name in HASHED_COLUMNS], digest) != row.hashed:
            return "journal.words_differ"
        if DIGESTS[digest](row.hashed) != row.hash:
            return "journal.hash_differs"
        if self.previous is not None and row.prev_hash != self.previous:
            return "journal.chain_broken"
        return "journal.hash_changed" if self.digest and digest != self.digest else ""


def verify(
    connection: Connection, public: bytes, first: int, last: int, *, signatures: str = EVERY, held: Head | None = None
) -> Verdict:
    """Verify rows first … last (both included; numbers begin at 1) and return the first fault found."""
    links = _links_before(connection, first)
    verdict = verify_rows(_rows(connection, first, last), links, public, last, signatures=signatures, held=held)
    if verdict.fault:
        return verdict
    if links.number <= last:
        return Verdict(rows=verdict.rows, fault="journal.hole", number=links.number)
    end = _end_fault(connection, links.number, held)
    return Verdict(rows=verdict.rows, fault=end, number=links.number - 1)


def verify_rows(
    rows: Iterable[Any], links: Links, public: bytes, last: int, *, signatures: str = EVERY, held: Head | None = None
) -> Verdict:
    """Verify rows that follow where `links` stands, wherever they come from (journal.Row's columns)."""
    first = links.number
    for row in rows:
        fault = links.fault_of(row)
        if not fault and (signatures == EVERY or row.number == last):
            fault = "" if is_signed(public, row.signature, row.hash) else "journal.signature_wrong"
        if not fault and held is not None and held.number == row.number and held.hash != row.hash:
            fault = "journal.not_what_was_held"
        if fault:
            at = links.number if fault == "journal.hole" else row.number
            return Verdict(rows=at - first, fault=fault, number=at)
    return Verdict(rows=links.number - first)


def _end_fault(connection: Connection, expected: int, held: Head | None) -> str:
    if held is not None and held.number >= expected:
        return "journal.tail_missing"
    given = counters.last(connection, COUNTER)
    beyond = connection.execute(select(JOURNAL.c.number).order_by(JOURNAL.c.number.desc()).limit(1)).scalar()
    return "" if given == (beyond or 0) else "journal.tail_missing"


def _links_before(connection: Connection, first: int) -> Links:
    if first <= 1:
        return Links(number=first, previous=FIRST_HASH)
    columns = select(JOURNAL.c.hash, JOURNAL.c.hashed, JOURNAL.c.action, JOURNAL.c.params)
    row = connection.execute(columns.where(JOURNAL.c.number == first - 1)).one_or_none()
    if row is None:
        return Links(number=first, previous=None)
    return Links(number=first, previous=row.hash, digest=next_digest(row))


def _rows(connection: Connection, first: int, last: int) -> Iterator[Any]:
    while first <= last:
        statement = (
            select(JOURNAL)
            .where(JOURNAL.c.number >= first, JOURNAL.c.number <= last)
            .order_by(JOURNAL.c.number)
            .limit(_PAGE)
        )
        page = connection.execute(statement).all()
        yield from page
        if len(page) < _PAGE:
            return
        first = page[-1].number + 1

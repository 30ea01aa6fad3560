"""Verifies the journal: dense numbers, columns equal to the hashed bytes, hashes, chain, signatures.

The chain alone cannot show that its tail was cut off or that everything was rewritten with a stolen key: for that the
head must be held elsewhere (another centre, a peer's console, the printed hand-over sheet) and given as `held`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from chengyun_core.store import counters
from chengyun_core.store.journal import COUNTER, FIRST_HASH, HASHED_COLUMNS, Head, hashed_bytes
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


def verify(
    connection: Connection, public: bytes, first: int, last: int, *, signatures: str = EVERY, held: Head | None = None
) -> Verdict:
    """Verify rows first … last (both included; numbers begin at 1) and return the first fault found."""
    previous = _hash_before(connection, first)
    expected = first
    for row in _rows(connection, first, last):
        fault = _fault_of(row, expected, previous)
        if not fault and (signatures == EVERY or row.number == last):
            fault = "" if is_signed(public, row.signature, row.hash) else "journal.signature_wrong"
        if not fault and held is not None and held.number == row.number and held.hash != row.hash:
            fault = "journal.not_what_was_held"
        if fault:
            return Verdict(rows=expected - first, fault=fault, number=expected)
        expected, previous = expected + 1, row.hash
    if expected <= last:
        return Verdict(rows=expected - first, fault="journal.hole", number=expected)
    return Verdict(rows=expected - first, fault=_end_fault(connection, expected, held), number=expected - 1)


def _fault_of(row: Row[tuple[object, ...]], expected: int, previous: bytes | None) -> str:
    if row.number != expected:
        return "journal.hole"
    if hashed_bytes([getattr(row, name) for name in HASHED_COLUMNS]) != row.hashed:
        return "journal.words_differ"
    if hashlib.sha256(row.hashed).digest() != row.hash:
        return "journal.hash_differs"
    if previous is not None and row.prev_hash != previous:
        return "journal.chain_broken"
    return ""


def _end_fault(connection: Connection, expected: int, held: Head | None) -> str:
    if held is not None and held.number >= expected:
        return "journal.tail_missing"
    given = counters.last(connection, COUNTER)
    beyond = connection.execute(select(JOURNAL.c.number).order_by(JOURNAL.c.number.desc()).limit(1)).scalar()
    return "" if given == (beyond or 0) else "journal.tail_missing"


def _hash_before(connection: Connection, first: int) -> bytes | None:
    if first <= 1:
        return FIRST_HASH
    return connection.execute(select(JOURNAL.c.hash).where(JOURNAL.c.number == first - 1)).scalar_one_or_none()


def _rows(connection: Connection, first: int, last: int) -> Iterator[Row[tuple[object, ...]]]:
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

"""A run of the journal in a file of its own, with its chain: another machine verifies it without the centre.

JSON lines: the first tells what it is, every other one is a row with the exact bytes that were hashed.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store import chain
from chengyun_core.store.chain import Links, Verdict
from chengyun_core.store.tables import JOURNAL

FORMAT = "chengyun-journal-1"
LONGEST_LINE = 64 * 2**20
_COLUMNS = tuple(JOURNAL.columns.keys())
_BYTES = frozenset({"record", "params", "prev_hash", "hashed", "hash", "signature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The first line of a file."""

    format: str
    realm: str
    public: str
    """Hex of the key its rows are signed with, as the centre says: compare it with one you got another way."""
    first: int
    last: int


def lines(connection: Connection, realm: str, public: bytes, first: int, last: int) -> Iterator[str]:
    """Yield the lines of a file with the rows first … last."""
    told = {"format": FORMAT, "realm": realm, "public": public.hex(), "first": first, "last": last}
    yield json.dumps(told)
    where = (JOURNAL.c.number >= first, JOURNAL.c.number <= last)
    for row in connection.execute(select(JOURNAL).where(*where).order_by(JOURNAL.c.number)):
        yield json.dumps({name: _out(getattr(row, name)) for name in _COLUMNS}, ensure_ascii=False)


def numbers_between(connection: Connection, from_ns: int, to_ns: int) -> tuple[int, int]:
    """Return the first and last number of rows written in [from, to), profile ns; (1, 0) when there is none."""
    where = (JOURNAL.c.at_ns >= from_ns, JOURNAL.c.at_ns < to_ns)
    numbers = connection.execute(select(JOURNAL.c.number).where(*where)).scalars().all()
    return (min(numbers), max(numbers)) if numbers else (1, 0)


def read(file: Path) -> tuple[Told, list[Any]]:
    """Return a file's head and rows; raise Trouble when it cannot be read, Refused when it is none."""
    try:
        with file.open("r", encoding="utf-8") as opened:
            first, *rest = _parsed(opened)
    except OSError as fault:
        raise Trouble("audit.no_witness", file=file, reason=fault.strerror or fault) from fault
    except (ValueError, RecursionError) as fault:
        raise Refused("audit.no_journal_file", file=file) from fault
    return _told(file, first), [_row(file, fields) for fields in rest]


def verify(told: Told, rows: Iterable[Any], public: bytes) -> Verdict:
    """Verify rows from a file: their chain among themselves, every hash, every signature, and that none is missing."""
    links = Links(number=told.first, previous=None)
    verdict = chain.verify_rows(rows, links, public, told.last)
    if not verdict.fault and links.number <= told.last:
        return Verdict(rows=verdict.rows, fault="journal.hole", number=links.number)
    return verdict


def _parsed(opened: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in opened:
        found = json.loads(line) if len(line) < LONGEST_LINE else None
        if not isinstance(found, dict):
            raise json.JSONDecodeError("a line is no object", "", 0)
        yield found


def _told(file: Path, fields: dict[str, Any]) -> Told:
    try:
        told = msgspec.convert(fields, Told)
        bytes.fromhex(told.public)
    except (msgspec.ValidationError, ValueError) as fault:
        raise Refused("audit.no_journal_file", file=file) from fault
    if told.format != FORMAT:
        raise Refused("audit.no_journal_file", file=file)
    return told


def _row(file: Path, fields: dict[str, Any]) -> Any:
    try:
        return SimpleNamespace(**{name: _in(name, fields[name]) for name in _COLUMNS})
    except (KeyError, ValueError, TypeError) as fault:
        raise Refused("audit.no_journal_file", file=file) from fault


def _out(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def _in(name: str, value: Any) -> Any:
    return bytes.fromhex(value) if name in _BYTES else value

"""Proves a journal against everything that knows of it: itself, its counter, the noted end, backups, held heads."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from chengyun_core.model.audit_head import AuditHead, head_text
from chengyun_core.model.failure import Trouble
from chengyun_core.store import chain
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.backups import Seal
from chengyun_core.store.engine import driver, trouble_of
from chengyun_core.store.head_file import HeadFile
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire.durable import read_record

LOST = "journal.lost"
"""Action of the row by which a centre tells, once and for good, that rows it answered for are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A head somebody has outside the journal."""

    by: str
    """Who: a file's name, a printed sheet, a backup."""
    head: AuditHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was."""

    code: str
    """Of the message catalogue."""
    number: int
    """Row where it shows first."""
    by: str = ""
    """Who knows it better; empty: the journal itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was looked at and what was found."""

    rows: int
    head: str
    findings: tuple[Finding, ...] = ()
    told_lost: tuple[tuple[int, int], ...] = ()
    """Rows [first, last] the journal itself tells as lost: no forgery by itself, but for people to look at."""
    held: int = 0
    """Heads from outside that were compared."""


def prove(
    connection: Connection, public: bytes, realm: str, held: Iterable[Held], *, signatures: str = chain.EVERY
) -> Proof:
    """Verify the whole journal and compare it with every head that is held elsewhere."""
    end = journal_rows.head(connection)
    verdict = chain.verify(connection, public, 1, end.number, signatures=signatures)
    found = [Finding(code=verdict.fault, number=verdict.number)] if verdict.fault else []
    heads, lost = list(held), _told_lost(connection)
    found += [finding for one in heads if (finding := _compared(connection, realm, one, end, lost)) is not None]
    head = head_text(realm, end.chain, end.number, end.hash)
    return Proof(rows=verdict.rows, head=head, findings=tuple(found), told_lost=lost, held=len(heads))


def own_heads(database: Path, realm: str) -> list[Held]:
    """Return what lies beside a database: the noted end, and the seals of its backups."""
    noted = HeadFile(database.with_name("chengyun.head")).last()
    seals = sorted(database.with_name("backup").glob("rolling-*.seal"))
    found = [(file.name, seal.number, seal.hash) for file in seals if (seal := read_record(file, Seal)) is not None]
    if noted is not None:
        found.append(("chengyun.head", noted.number, noted.hash))
    return [
        Held(by=name, head=AuditHead(realm=realm, chain=0, number=number, digits=row_hash.hex()))
        for name, number, row_hash in found if number
    ]  # fmt: skip


@contextmanager
def read_only(database: Path) -> Iterator[Connection]:
    """Give a connection that reads a database file, a running centre's too, and cannot write it.

    Raises:
        Trouble: there is none, or it cannot be read.
    """
    if not database.exists():
        raise Trouble("audit.no_database", file=database)
    address = f"{database.absolute().as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite+pysqlite://", module=driver(), poolclass=NullPool,
        creator=lambda: driver().connect(address, uri=True, check_same_thread=False),
    )  # fmt: skip
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as fault:
        raise trouble_of(fault, database) from fault
    finally:
        engine.dispose()


def _compared(
    connection: Connection, realm: str, one: Held, end: journal_rows.Head, lost: Sequence[tuple[int, int]]
) -> Finding | None:  # fmt: skip
    number = one.head.number
    if one.head.realm != realm:
        return Finding(code="audit.other_realm", number=number, by=one.by)
    row = connection.execute(select(JOURNAL.c.chain, JOURNAL.c.hash).where(JOURNAL.c.number == number)).one_or_none()
    if row is not None and row.chain == (one.head.chain or row.chain) and one.head.is_of(row.hash):
        return None
    if any(first <= number <= last for first, last in lost):
        return None
    missing = row is None and number > end.number
    return Finding(code="journal.tail_missing" if missing else "journal.not_what_was_held", number=number, by=one.by)


def _told_lost(connection: Connection) -> tuple[tuple[int, int], ...]:
    rows = connection.execute(select(JOURNAL.c.params).where(JOURNAL.c.action == LOST).order_by(JOURNAL.c.number))
    found = []
    for row in rows:
        try:
            params = msgspec.msgpack.decode(row.params, type=dict[str, str])
            found.append((int(params["first"]), int(params["last"])))
        except (msgspec.MsgspecError, KeyError, ValueError):
            continue  # its words are wrong, which the chain tells
    return tuple(found)

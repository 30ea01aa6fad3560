"""Catalogue versions as compressed rows, and every number ever given to a vital or channel."""

import hashlib
import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, tuple_

from chengyun_core.model.catalogue_build import Numbers
from chengyun_core.model.change import CatalogueRecord
from chengyun_core.store import facts
from chengyun_core.store.tables import CATALOGUES, NUMBERS

_NEXT_CHANNEL = "next_channel_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCatalogue:
    """A version as it lies in its row."""

    record: CatalogueRecord
    content: bytes
    """zlib of the msgpack of model.catalogue.Catalogue."""
    digest: bytes
    """SHA-256 of the msgpack."""
    at_ns: int
    change: int


def squeezed(packed: bytes) -> tuple[bytes, bytes]:
    """Return content and digest of a packed catalogue."""
    return zlib.compress(packed, 6), hashlib.sha256(packed).digest()


def unsqueezed(stored: StoredCatalogue) -> bytes:
    """Return the packed catalogue; raise ValueError when it is not what was written (bit rot)."""
    packed = zlib.decompress(stored.content)
    if hashlib.sha256(packed).digest() != stored.digest:
        raise ValueError(f"catalogue {stored.record.version} differs from its digest")
    return packed


def in_force(connection: Connection) -> CatalogueRecord | None:
    """Return the newest version's record without its content."""
    columns = (CATALOGUES.c.version, CATALOGUES.c.threshold_set, CATALOGUES.c.vitals, CATALOGUES.c.devices)
    row = connection.execute(select(*columns).order_by(CATALOGUES.c.version.desc()).limit(1)).one_or_none()
    return CatalogueRecord(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name


def get(connection: Connection, version: int) -> StoredCatalogue | None:
    """Return a version; 0 means the one in force."""
    statement = select(CATALOGUES).order_by(CATALOGUES.c.version.desc()).limit(1)
    if version:
        statement = statement.where(CATALOGUES.c.version == version)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    record = CatalogueRecord(
        version=row.version, threshold_set=row.threshold_set, vitals=row.vitals, devices=row.devices
    )
    return StoredCatalogue(record=record, content=row.content, digest=row.digest, at_ns=row.at_ns, change=row.change)


def add(connection: Connection, stored: StoredCatalogue) -> None:
    """Write a new version."""
    record = stored.record
    connection.execute(
        insert(CATALOGUES).values(
            version=record.version,
            threshold_set=record.threshold_set,
            vitals=record.vitals,
            devices=record.devices,
            content=stored.content,
            digest=stored.digest,
            at_ns=stored.at_ns,
            change=stored.change,
        )
    )


def numbers(connection: Connection) -> Numbers:
    """Return every number given so far."""
    given = connection.execute(select(NUMBERS.c.kind, NUMBERS.c.code, NUMBERS.c.first, NUMBERS.c.count)).all()
    return Numbers(
        vitals={code: first for kind, code, first, _ in given if kind == "vital"},
        channels={code: (first, count) for kind, code, first, count in given if kind == "channel"},
        next_channel=int(facts.get(connection, _NEXT_CHANNEL) or 0),
    )


def keep_numbers(connection: Connection, before: Numbers, after: Numbers) -> None:
    """Write the numbers given since `before`; a series that grew leaves its old range behind for good."""
    rows = [
        {"kind": "vital", "code": code, "first": number, "count": 1}
        for code, number in after.vitals.items()
        if code not in before.vitals
    ]
    moved = {code: span for code, span in after.channels.items() if before.channels.get(code) != span}
    gone = [("channel", code) for code in moved if code in before.channels]
    for start in range(0, len(gone), 200):
        chunk = gone[start : start + 200]
        connection.execute(delete(NUMBERS).where(tuple_(NUMBERS.c.kind, NUMBERS.c.code).in_(chunk)))
    rows += [
        {"kind": "channel", "code": code, "first": first, "count": count} for code, (first, count) in moved.items()
    ]
    if rows:
        connection.execute(insert(NUMBERS), rows)
    facts.put(connection, _NEXT_CHANNEL, str(after.next_channel))


def change_of(connection: Connection, version: int) -> int:
    """Return the journal number of the import that made a version."""
    return int(connection.execute(select(CATALOGUES.c.change).where(CATALOGUES.c.version == version)).scalar_one())

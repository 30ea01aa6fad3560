"""The journal: dense numbers, hashed bytes, chain and signature; appended to inside the caller's transaction."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select

from chengyun_core.crypto.choice import DIGESTS
from chengyun_core.model.audit import Actor
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.store import counters
from chengyun_core.store.keys import Signer
from chengyun_core.store.tables import JOURNAL

FORMATS = {"CYJ1": "sha256", "CYJ2": "sm3"}
"""First of the hashed values → hash of the row: it is under the hash itself, so nobody can change it."""
_FORMAT_OF = {digest: name for name, digest in FORMATS.items()}
_NAMED = slice(4, 8)
"""Where the format stands in the hashed bytes: behind the array's head and its own."""
CHANGEOVER = "crypto.change"
"""Action of the last row of one hash; its parameter `to` names the hash of the row after it."""
FIRST_CHAIN = 1
FIRST_HASH = bytes(32)
"""What the first row of a chain has for the hash before it."""
COUNTER = "journal"
HASHED_COLUMNS = (
    "chain", "number", "prev_hash", "realm", "account", "seat", "post", "area", "action", "command_id", "part",
    "kind", "key", "version", "record", "params", "at_ns",
)  # fmt: skip
"""Order of the columns in the hashed bytes: a msgpack array, never joined text (RELIABILITY, audit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row to be. `record` is the msgpack of the whole record after the change, empty when nothing is shown."""

    action: str
    kind: str
    key: str
    version: int
    record: bytes = b""
    params: dict[str, str] = field(default_factory=dict)
    actor: Actor
    command_id: str
    part: int
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the chain, to be held elsewhere: only an outside head shows that a tail was cut off."""

    number: int
    hash: bytes
    chain: int = FIRST_CHAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms facts leave for other centres."""

    issuer: str = ""
    """Code of the centre that says them."""
    lasts_ns: int = 48 * 3600 * NS_PER_S
    """How long they may be carried before they are refused as expired."""


class Journal:
    """Writes rows of one realm with one key."""

    def __init__(self, signer: Signer, realm: str) -> None:
        self.signer = signer
        self.digest = "sha256"
        """Hash of the next row; another one begins after a row CHANGEOVER (centre.start)."""
        self.realm = realm
        self.terms: Callable[[], Terms] = Terms
        """Asked for every fact that leaves: the centre's code is the catalogue's, which may be another by then."""
        self._begins_chain = False
        self.end: Head | None = None
        """Number and hash of the last row written here; durable once its transaction is."""

    def begin_chain(self) -> None:
        """Let the next row begin a new chain: rows that others may have seen are gone, and their numbers come again."""
        self._begins_chain = True

    def append(self, connection: Connection, entries: Sequence[Entry]) -> list[Change]:
        """Write the entries and return them as changes; they count once the caller's transaction is committed."""
        if not entries:
            return []
        before = head(connection)
        first = counters.take(connection, COUNTER, len(entries))
        rows, previous, chain, digest = [], before.hash, before.chain + self._begins_chain, self.digest
        for number, entry in enumerate(entries, first):
            row, previous = self._row(number, chain, previous, entry, digest)
            rows.append(row)
            digest = entry.params["to"] if entry.action == CHANGEOVER else digest
        connection.execute(insert(JOURNAL), rows)
        self._begins_chain = False
        self.end = Head(number=first + len(entries) - 1, hash=previous, chain=chain)
        return [_change_of(number, entry) for number, entry in enumerate(entries, first)]

    def _row(
        self, number: int, chain: int, previous: bytes, entry: Entry, digest: str
    ) -> tuple[dict[str, object], bytes]:  # fmt: skip
        row: dict[str, object] = {
            "chain": chain,
            "number": number,
            "prev_hash": previous,
            "realm": self.realm,
            "account": entry.actor.account,
            "seat": entry.actor.seat,
            "post": entry.actor.post,
            "area": entry.actor.area,
            "action": entry.action,
            "command_id": entry.command_id,
            "part": entry.part,
            "kind": entry.kind,
            "key": entry.key,
            "version": entry.version,
            "record": entry.record,
            "params": msgspec.msgpack.encode(dict(sorted(entry.params.items()))),
            "at_ns": entry.at_ns,
        }
        hashed = hashed_bytes([row[name] for name in HASHED_COLUMNS], digest)
        made = DIGESTS[digest](hashed)
        row.update(hashed=hashed, hash=made, signature=self.signer.sign(made))
        return row, made


def hashed_bytes(values: Sequence[object], digest: str) -> bytes:
    """Return the canonical bytes of a row's values, given in the order of HASHED_COLUMNS, for one of the hashes."""
    return msgspec.msgpack.encode([_FORMAT_OF[digest], *values])


def digest_of(hashed: bytes) -> str:
    """Return the hash that a row's hashed bytes name, empty for one nobody knows."""
    # Compared as bytes: somebody with a database tool may have put a text there.
    return next((digest for name, digest in FORMATS.items() if hashed[_NAMED] == name.encode()), "")


def digest_in_use(connection: Connection) -> str:
    """Return the hash the next row of this journal must have, empty for a journal without rows."""
    columns = select(JOURNAL.c.hashed, JOURNAL.c.action, JOURNAL.c.params)
    row = connection.execute(columns.order_by(JOURNAL.c.number.desc()).limit(1)).one_or_none()
    return "" if row is None else next_digest(row)


def next_digest(row: Any) -> str:
    """Return the hash that the row after this one must have, empty when it says none there is."""
    if row.action != CHANGEOVER:
        return digest_of(row.hashed)
    try:
        return msgspec.msgpack.decode(row.params, type=dict[str, str]).get("to", "")
    except msgspec.MsgspecError:
        return ""


def head(connection: Connection) -> Head:
    """Return number and hash of the last row; number 0 and zeros when there is none."""
    columns = select(JOURNAL.c.number, JOURNAL.c.hash, JOURNAL.c.chain)
    row = connection.execute(columns.order_by(JOURNAL.c.number.desc()).limit(1)).one_or_none()
    return Head(number=row.number, hash=row.hash, chain=row.chain) if row else Head(number=0, hash=FIRST_HASH)


def changes(connection: Connection, after: int, limit: int, most_bytes: int) -> Iterator[Change]:
    """Yield the changes after a number, in order, until `limit` rows or `most_bytes` of records."""
    statement = select(JOURNAL).where(JOURNAL.c.number > after).order_by(JOURNAL.c.number).limit(limit)
    size = 0  # at least one change is told, however large, or the asker would never get past it
    for row in connection.execute(statement):
        if size > most_bytes:
            return
        size += len(row.record) + len(row.params) + 200
        yield change_of_row(row)


def last_of(connection: Connection, kind: str, key: str, *, other_than: Collection[str] = ()) -> Change | None:
    """Return the newest change of one record: who did what, when. Actions in `other_than` do not count."""
    statement = (
        select(JOURNAL)
        .where(JOURNAL.c.kind == kind, JOURNAL.c.key == key, JOURNAL.c.action.not_in(other_than))
        .order_by(JOURNAL.c.number.desc())
        .limit(1)
    )  # fmt: skip
    row = connection.execute(statement).one_or_none()
    return change_of_row(row) if row else None


def last_before(connection: Connection, kind: str, key: str, at_ns: int) -> Change | None:
    """Return the newest change of one record at or before a time, None when it began later."""
    of_record = (JOURNAL.c.kind == kind, JOURNAL.c.key == key)
    statement = select(JOURNAL).where(*of_record, JOURNAL.c.at_ns <= at_ns).order_by(JOURNAL.c.number.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return change_of_row(row) if row else None


def first_of(connection: Connection, kind: str, key: str) -> Change | None:
    """Return the oldest change of one record: how it began."""
    statement = select(JOURNAL).where(JOURNAL.c.kind == kind, JOURNAL.c.key == key).order_by(JOURNAL.c.number).limit(1)
    row = connection.execute(statement).one_or_none()
    return change_of_row(row) if row else None


def _change_of(number: int, entry: Entry) -> Change:
    return Change(
        number=number,
        at_ns=entry.at_ns,
        action=entry.action,
        kind=entry.kind,
        key=entry.key,
        version=entry.version,
        record=entry.record,
        account=entry.actor.account,
        seat=entry.actor.seat,
        params=entry.params,
    )


def change_of_row(row: Row[tuple[object, ...]]) -> Change:
    """Return what a whole row of the table tells."""
    return Change(
        number=row.number,
        at_ns=row.at_ns,
        action=row.action,
        kind=row.kind,
        key=row.key,
        version=row.version,
        record=row.record,
        account=row.account,
        seat=row.seat,
        params=msgspec.msgpack.decode(row.params, type=dict[str, str]),
    )

"""Living sessions as rows; a token is kept as its SHA-256 only."""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from chengyun_core.store.tables import SEATS, SESSIONS

_COLUMNS = tuple(SESSIONS.columns.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody at a seat."""

    token_hash: bytes
    account: str
    name: str
    seat: str
    posts: tuple[str, ...]
    area: str
    """Code of the centre whose subtree the session covers."""
    since_ns: int
    version: int
    """Of the seat's record."""
    change: int
    """Journal number of the sign-on."""
    until_ns: int | None = None
    """When it ends by itself, profile ns UTC; None: by its age."""
    glass: int = 0
    """Number of the broken glass it was opened by; 0: by a sign-on."""


def hash_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def by_token(connection: Connection, token: str) -> Session | None:
    """Return the living session of a token."""
    return _one(connection, SESSIONS.c.token_hash == hash_of(token))


def at_seat(connection: Connection, seat: str) -> Session | None:
    """Return who holds a seat."""
    return _one(connection, SESSIONS.c.seat == seat)


def of_account(connection: Connection, account: str) -> list[Session]:
    """Return the living sessions of an account."""
    return [_session_of(row) for row in connection.execute(select(SESSIONS).where(SESSIONS.c.account == account))]


def living(connection: Connection) -> list[Session]:
    """Return all living sessions, by seat."""
    return [_session_of(row) for row in connection.execute(select(SESSIONS).order_by(SESSIONS.c.seat))]


def add(connection: Connection, session: Session) -> None:
    """Write a new session."""
    row: dict[str, Any] = {name: getattr(session, name) for name in _COLUMNS}
    row["posts"] = msgspec.msgpack.encode(session.posts)
    connection.execute(insert(SESSIONS).values(**row))


def remove(connection: Connection, session: Session) -> None:
    """End a session."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == session.token_hash))


def next_version(connection: Connection, seat: str) -> int:
    """Return the next version of a seat's record."""
    if connection.execute(update(SEATS).where(SEATS.c.seat == seat).values(version=SEATS.c.version + 1)).rowcount == 0:
        connection.execute(insert(SEATS).values(seat=seat, version=1))
        return 1
    return int(connection.execute(select(SEATS.c.version).where(SEATS.c.seat == seat)).scalar_one())


def _one(connection: Connection, where: Any) -> Session | None:
    row = connection.execute(select(SESSIONS).where(where)).one_or_none()
    return _session_of(row) if row else None


def _session_of(row: Row[tuple[object, ...]]) -> Session:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    values["posts"] = msgspec.msgpack.decode(values["posts"], type=tuple[str, ...])
    return Session(**values)

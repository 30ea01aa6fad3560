"""Accounts as rows. The password's hash leaves this module only to be verified."""

from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from chengyun_core.model.account import AccountRecord
from chengyun_core.store.tables import ACCOUNTS

_SECRET = ("password_hash", "totp", "totp_step", "recovery")
"""Columns no record has."""


def get(connection: Connection, account: str) -> AccountRecord | None:
    """Return an account."""
    row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.account == account)).one_or_none()
    return _record_of(row) if row else None


def password_hash(connection: Connection, account: str) -> str:
    """Return the argon2id hash, empty for an unknown account."""
    statement = select(ACCOUNTS.c.password_hash).where(ACCOUNTS.c.account == account)
    return connection.execute(statement).scalar_one_or_none() or ""


def names(connection: Connection) -> dict[str, str]:
    """Return the name of every account, those disabled too: they stand in old timelines."""
    rows = connection.execute(select(ACCOUNTS.c.account, ACCOUNTS.c.name))
    return {row.account: row.name for row in rows}


def add(connection: Connection, record: AccountRecord, password_hash: str) -> None:
    """Write a new account."""
    connection.execute(insert(ACCOUNTS).values(**_row_of(record), password_hash=password_hash))


def replace(connection: Connection, record: AccountRecord, password_hash: str | None = None) -> None:
    """Write a known account anew, its hash only when one is given."""
    row = _row_of(record)
    if password_hash is not None:
        row["password_hash"] = password_hash
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account == record.account).values(**row))


def _record_of(row: Row[tuple[object, ...]]) -> AccountRecord:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    secret = [values.pop(name) for name in _SECRET]
    values["second_factor"] = secret[1] is not None
    values["posts"] = msgspec.msgpack.decode(values["posts"], type=tuple[str, ...])
    return AccountRecord(**values)


def _row_of(record: AccountRecord) -> dict[str, Any]:
    row = asdict(record)
    row["posts"] = msgspec.msgpack.encode(record.posts)
    del row["second_factor"]  # is what the sealed secret's column says
    return row

"""Accounts as rows. The password's hash leaves this module only to be verified."""

from dataclasses import asdict, dataclass
from dataclasses import replace as replace_fields
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from chengyun_core.model.account import AccountRecord
from chengyun_core.model.rights import Label
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """What is kept of an account's second factor."""

    sealed: bytes
    """Its secret, sealed by the centre under a key that is not in the database."""
    step: int
    """Step of the last code that was used; none works twice."""
    recovery: tuple[bytes, ...] = ()
    """Hashes of the codes that stand in for a lost phone, each once."""

    def used(self, step: int) -> "SecondFactor":
        """Return it after a code of that step."""
        return replace_fields(self, step=step)

    def without(self, hashed: bytes) -> "SecondFactor":
        """Return it after a recovery code."""
        return replace_fields(self, recovery=tuple(one for one in self.recovery if one != hashed))


def second_factor(connection: Connection, account: str) -> SecondFactor | None:
    """Return what is kept, None for an account without one."""
    columns = select(ACCOUNTS.c.totp, ACCOUNTS.c.totp_step, ACCOUNTS.c.recovery).where(ACCOUNTS.c.account == account)
    row = connection.execute(columns).one_or_none()
    if row is None or row.totp is None:
        return None
    recovery = msgspec.msgpack.decode(row.recovery, type=tuple[bytes, ...]) if row.recovery else ()
    return SecondFactor(sealed=row.totp, step=row.totp_step, recovery=recovery)


def keep_second_factor(connection: Connection, account: str, kept: SecondFactor | None) -> None:
    """Write an account's second factor, None: it has none any more."""
    row = {
        "totp": kept.sealed if kept else None,
        "totp_step": kept.step if kept else 0,
        "recovery": msgspec.msgpack.encode(kept.recovery) if kept else None,
    }
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account == account).values(**row))


def _record_of(row: Row[tuple[object, ...]]) -> AccountRecord:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    secret = [values.pop(name) for name in _SECRET]
    values["second_factor"] = secret[1] is not None
    values["clearance"] = Label(values["clearance"])
    values["posts"] = msgspec.msgpack.decode(values["posts"], type=tuple[str, ...])
    return AccountRecord(**values)


def _row_of(record: AccountRecord) -> dict[str, Any]:
    row = asdict(record)
    row["posts"] = msgspec.msgpack.encode(record.posts)
    row["clearance"] = record.clearance.value
    del row["second_factor"]  # is what the sealed secret's column says
    return row

"""Passwords outside a sign-on: somebody proves at another's console that it is he, and a wrong word counts (RS13)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from chengyun_core.centre import second_factors
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.store import account_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What the password worker found."""

    right: bool
    against: str
    """The hash it was compared with."""


def prepare(desk: Desk, connection: Connection, account: str, secret: str) -> Callable[[], Verified]:
    """Return the slow part, for a handler's `prepare`; a locked account is refused before anything is computed."""
    refuse_locked(desk, account_table.get(connection, account))
    kept = account_table.password_hash(connection, account)
    return lambda: Verified(right=desk.passwords.is_right(kept, secret), against=kept)


def proved(
    desk: Desk, work: Work, account: str, verified: Verified, code: str | None = None
) -> AccountRecord | Reason:  # fmt: skip
    """Return the account of who proved himself, or why he did not; `code`: his second factor, None: not asked for.

    A Reason, not an exception: the failure it counts must be committed, so a handler returns it as its answer, before
    it has written anything else, and `Bus` refuses with it.
    """
    record = account_table.get(work.connection, account)
    refuse_locked(desk, record)
    if record is None:
        desk.count("sign_on.unknown_account")
        return Reason(code="session.wrong_password")
    if not verified.right:
        return failed(desk, work, record)
    if verified.against != account_table.password_hash(work.connection, account):
        return Reason(code="session.password_changed")
    if record.disabled:
        return Reason(code="account.disabled", params={"account": record.account})
    # Before the failures are forgotten: who has the password may not try codes without end.
    lacking = None if code is None else second_factors.missing(desk, work, record, code)
    if lacking is not None:
        return refused_code(desk, work, record, lacking)
    if record.failures:
        account_table.replace(work.connection, replace(record, failures=0))
    return record


def refused_code(desk: Desk, work: Work, record: AccountRecord, lacking: Reason) -> Reason:
    """Count a wrong code as a wrong password is counted: six digits would be guessed soon."""
    if lacking.code != "session.wrong_code":
        return lacking
    counted = failed(desk, work, record)
    return counted if counted.code == "session.locked_out" else lacking


def failed(desk: Desk, work: Work, record: AccountRecord) -> Reason:
    """Count a wrong password, lock the account out after too many, and return what is to be answered."""
    settings = desk.settings
    counted = replace(record, failures=record.failures + 1, version=record.version + 1)
    action, reason = "account.sign_on_failed", Reason(code="session.wrong_password")
    if counted.failures >= settings.wrong_passwords:
        until = work.at_ns + round(settings.lock_out_minutes * 60 * NS_PER_S)
        counted = replace(counted, failures=0, locked_until_ns=until)
        action, reason = "account.lock_out", Reason(code="session.locked_out", params={"until": desk.shown(until)})
    account_table.replace(work.connection, counted)
    # The same command may fail twice under one id; each failure is a row of its own.
    work.note(action, "account", counted.account, counted.version, counted, cause="")
    desk.count("sign_on.failed")
    return reason


def refuse_locked(desk: Desk, record: AccountRecord | None) -> None:
    """Raise Refused for an account that too many wrong passwords locked out."""
    if record is not None and record.locked_until_ns > desk.clock.utc_ns():
        raise Refused("session.locked_out", until=desk.shown(record.locked_until_ns))

"""Accounts: made, disabled, given new passwords. Passwords are hashed in a worker and written nowhere else."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import account_rights, account_rows, sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit import CENTRE, INGEST, LOCAL_ADMIN_NAME
from chengyun_core.model.command import CreateAccount, DisableAccount, SetPassword
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.rights import GLASS_ACCOUNT
from chengyun_core.model.room_parties import is_played
from chengyun_core.store import account_table
from chengyun_core.wire.envelope import Done

LONGEST_NAME = 64
_RESERVED = frozenset({CENTRE.account, INGEST.account, LOCAL_ADMIN_NAME, GLASS_ACCOUNT})


def subjects_of_new(desk: Desk, work: Work, command: CreateAccount) -> tuple[Subject, ...]:  # noqa: ARG001 - see HANDLERS
    """Return the places of the new account's posts: nobody makes accounts for above his own area."""
    return account_rows.places(desk, command.account, command.posts)


def subjects_of_known(desk: Desk, work: Work, command: DisableAccount | SetPassword) -> tuple[Subject, ...]:
    """Return the places of a known account's posts; whether there is such an account is for the permitted only."""
    record = account_table.get(work.connection, command.account)
    return () if record is None else account_rows.places(desk, record.account, record.posts)


def prepare_hash(
    desk: Desk, connection: Connection, command: CreateAccount | SetPassword  # noqa: ARG001 - see HANDLERS
) -> Callable[[], str]:  # fmt: skip
    """Return the slow part: the hash of a new password that is long enough."""
    desk.passwords.check_new(command.account, command.password)
    return lambda: desk.passwords.hash(command.password)


def create(desk: Desk, work: Work, caller: Caller, command: CreateAccount, hashed: str) -> Done:
    """Make an account."""
    account = clean(command.account, field="account", most=LONGEST_NAME, required=True)
    name = clean(command.name, field="name", most=LONGEST_NAME, required=True)
    is_ours = account in _RESERVED or is_played(account)
    if account != command.account or any(letter.isspace() for letter in account) or is_ours:
        raise Refused("account.name_not_allowed", account=command.account)
    if account_table.get(work.connection, account) is not None:
        raise Refused("account.exists", account=account)
    account_rights.check(desk, command.posts, caller)
    record = AccountRecord(account=account, name=name, posts=command.posts)
    account_table.add(work.connection, record, hashed)
    return account_rows.noted(work, "account.create", record)


def disable(desk: Desk, work: Work, caller: Caller, command: DisableAccount) -> Done:  # noqa: ARG001 - see HANDLERS
    """Disable an account and end its sessions at once."""
    record = _known(work, command.account)
    if record.disabled:
        raise Refused("account.disabled", account=record.account)
    disabled = replace(record, disabled=True, version=record.version + 1)
    account_table.replace(work.connection, disabled)
    done = account_rows.noted(work, "account.disable", disabled)
    sessions.end_all(desk, work, record.account, "account_disabled")
    return done


def set_password(desk: Desk, work: Work, caller: Caller, command: SetPassword, hashed: str) -> Done:  # noqa: ARG001
    """Replace a password, lift a lock-out and end the account's sessions."""
    record = _known(work, command.account)
    if record.account == GLASS_ACCOUNT or is_played(record.account):
        # Nobody is behind it: a password would make it somebody's, whom no row of the journal names.
        raise Refused("account.name_not_allowed", account=record.account)
    changed = replace(record, failures=0, locked_until_ns=0, version=record.version + 1)
    account_table.replace(work.connection, changed, hashed)
    done = account_rows.noted(work, "account.set_password", changed)
    sessions.end_all(desk, work, record.account, "password_changed")
    return done


def _known(work: Work, account: str) -> AccountRecord:
    record = account_table.get(work.connection, account)
    if record is None:
        raise Refused("account.unknown", account=account)
    return record

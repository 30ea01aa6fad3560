"""Phones of accounts: enrolled by whose they are, taken away by an administrator when one is lost, told of."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import proofs, second_factors
from chengyun_core.centre.account_rows import noted, places
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp
from chengyun_core.store import account_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.rights_asks import AskPhone, PhoneTold

_KEEPERS = frozenset({PostKind.IT_ADMIN, PostKind.SECURITY_ADMIN, PostKind.LOCAL_ADMIN})


def subjects(desk: Desk, work: Work, command: DropTotp) -> tuple[Subject, ...]:
    """Return the places of the account's posts: nobody takes away above his own area."""
    record = account_table.get(work.connection, command.account)
    return () if record is None else places(desk, record.account, record.posts)


def enrol(desk: Desk, work: Work, caller: Caller, command: EnrolTotp) -> Done | Reason:
    """Keep the secret a screen made and showed, once a code tells that the phone has it; one's own account only.

    A phone that is there is replaced by who has it, or one of its recovery codes (`present`).

    Who keeps accounts enrols for others at the machine (LOCAL_ADMIN), never from his desk: he would know their secret.
    """
    record = _known(work, command.account)
    at_machine = any(holding.kind is PostKind.LOCAL_ADMIN for holding in caller.holdings)
    if record.account != caller.account and not at_machine:
        raise Refused("totp.not_yours", account=record.account)
    kept = account_table.second_factor(work.connection, record.account)
    if kept is not None and not at_machine:
        # Whoever sits down at a seat that was left open would otherwise make the account his own.
        lacking = second_factors.missing(desk, work, record, command.present)
        if lacking is not None:
            return proofs.refused_code(desk, work, record, lacking)
    second_factors.keep(desk, work, record.account, command.secret, command.code, command.recovery)
    return _changed(work, record, "account.enrol_totp", second_factor=True)


def told(desk: Desk, connection: Connection, ask: AskPhone) -> bytes:
    """Answer `account.phone`: whether there is a phone, whether a post asks for one, and how many codes are left."""
    record = account_table.get(connection, ask.account)
    kept = account_table.second_factor(connection, ask.account)
    return codec.pack(PhoneTold(
        account=ask.account, has=kept is not None,
        needs=record is not None and bool(second_factors.asking(desk, record)),
        recovery_left=len(kept.recovery) if kept else 0,
    ))  # fmt: skip


def drop(desk: Desk, work: Work, caller: Caller, command: DropTotp) -> Done:  # noqa: ARG001 - a handler's signature
    """Take an account's second factor away, with a reason: a phone was lost."""
    reason = clean(command.reason, field="reason", required=True)
    record = _known(work, command.account)
    keeps = any(holding.kind in _KEEPERS for holding in caller.holdings)
    if record.account == caller.account or not keeps:
        # One's own phone is what a thief at the seat would like to be rid of.
        raise Refused("totp.not_yours", account=record.account)
    if not record.second_factor:
        raise Refused("totp.none", account=record.account)
    account_table.keep_second_factor(work.connection, record.account, None)
    return _changed(work, record, "account.drop_totp", second_factor=False, reason=reason)


def _changed(work: Work, record: AccountRecord, action: str, *, second_factor: bool, reason: str = "") -> Done:
    after = replace(record, second_factor=second_factor, version=record.version + 1)
    account_table.replace(work.connection, after)
    return noted(work, action, after, {"reason": reason} if reason else None)


def _known(work: Work, account: str) -> AccountRecord:
    record = account_table.get(work.connection, account)
    if record is None:
        raise Refused("account.unknown", account=account)
    return record

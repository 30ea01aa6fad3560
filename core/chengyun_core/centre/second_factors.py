"""The second factor of an account: enrolled with a code that proves the phone, asked for at sign-on, used once."""

import hashlib
import hmac
from dataclasses import replace

from chengyun_core.centre.account_rows import noted, places
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.crypto.choice import provider
from chengyun_core.model import totp
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import PostKind, Subject
from chengyun_core.model.permission import kind_of
from chengyun_core.model.rights_commands import DropTotp, EnrolTotp
from chengyun_core.store import account_table
from chengyun_core.store.account_table import SecondFactor
from chengyun_core.wire.envelope import Done

RECOVERY_CODES = 10
SHORTEST_RECOVERY = 10
_KEEPERS = frozenset({PostKind.IT_ADMIN, PostKind.SECURITY_ADMIN, PostKind.LOCAL_ADMIN})


def subjects(desk: Desk, work: Work, command: DropTotp) -> tuple[Subject, ...]:
    """Return the places of the account's posts: nobody takes away above his own area."""
    record = account_table.get(work.connection, command.account)
    return () if record is None else places(desk, record.account, record.posts)


def enrol(desk: Desk, work: Work, caller: Caller, command: EnrolTotp) -> Done:
    """Keep the secret a screen made and showed, once a code tells that the phone has it; one's own account only.

    Who keeps accounts enrols for others at the machine (LOCAL_ADMIN), never from his desk: he would know their secret.
    """
    record = _known(work, command.account)
    at_machine = any(holding.kind is PostKind.LOCAL_ADMIN for holding in caller.holdings)
    if record.account != caller.account and not at_machine:
        raise Refused("totp.not_yours", account=record.account)
    secret = _secret(command.secret)
    step = totp.matched(secret, command.code, desk.clock.utc_ns(), 0)
    if step is None:
        raise Refused("totp.code_does_not_fit")
    codes = command.recovery
    if len(codes) > RECOVERY_CODES or any(len(code) < SHORTEST_RECOVERY for code in codes):
        raise Refused("totp.bad_recovery", most=RECOVERY_CODES, least=SHORTEST_RECOVERY)
    kept = SecondFactor(
        sealed=_sealed(desk, secret, record.account), step=step,
        recovery=tuple(_recovery_hash(record.account, code) for code in codes),
    )  # fmt: skip
    account_table.keep_second_factor(work.connection, record.account, kept)
    return _changed(work, record, "account.enrol_totp", second_factor=True)


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


def missing(desk: Desk, work: Work, record: AccountRecord, code: str) -> Reason | None:
    """Return why a right password alone does not let somebody in, None when it does or the code is right too.

    A used code is noted in the same transaction as the session, so it works once. A wrong one is counted as a password
    is (by the caller: the reason is `session.wrong_code`).
    """
    kept = account_table.second_factor(work.connection, record.account)
    if kept is None:
        kinds = {str(kind_of(post)) for post in record.posts} & set(desk.settings.second_factor_posts)
        return Reason(code="session.second_factor_missing", params={"account": record.account}) if kinds else None
    if not code.strip():
        return Reason(code="session.second_factor")
    secret = _unsealed(desk, kept.sealed, record.account)
    step = totp.matched(secret, code, desk.clock.utc_ns(), kept.step)
    if step is not None:
        account_table.keep_second_factor(work.connection, record.account, kept.used(step))
        return None
    hashed = _recovery_hash(record.account, code)
    if hashed in kept.recovery:
        account_table.keep_second_factor(work.connection, record.account, kept.without(hashed))
        left = len(kept.recovery) - 1
        work.note("account.recovery_used", "account", record.account, record.version, record, params={"left": left})
        return None
    return Reason(code="session.wrong_code")


def _changed(work: Work, record: AccountRecord, action: str, *, second_factor: bool, reason: str = "") -> Done:
    after = replace(record, second_factor=second_factor, version=record.version + 1)
    account_table.replace(work.connection, after)
    return noted(work, action, after, {"reason": reason} if reason else None)


def _known(work: Work, account: str) -> AccountRecord:
    record = account_table.get(work.connection, account)
    if record is None:
        raise Refused("account.unknown", account=account)
    return record


def _secret(text: str) -> bytes:
    try:
        secret = totp.secret_of(text)
    except ValueError as fault:
        raise Refused("totp.no_secret") from fault
    if len(secret) < totp.SECRET_BYTES:
        raise Refused("totp.no_secret")
    return secret


def _recovery_hash(account: str, code: str) -> bytes:
    # Codes are random and long, made by us: a slow hash as for passwords would protect nothing.
    return hashlib.sha256(f"{account}\x00{code.strip().upper()}".encode()).digest()


def _key(desk: Desk) -> bytes:
    """Return the key the secrets lie sealed under: of the profile's token key, which a copied database has not."""
    return hmac.new(bytes.fromhex(desk.token_key), b"second factors", hashlib.sha256).digest()


def _sealed(desk: Desk, secret: bytes, account: str) -> bytes:
    """Return the secret sealed, with the suite's name before it: the settings may name another by the time it opens."""
    name = desk.settings.crypto
    return name.encode() + b"\x00" + provider(name).seal(_key(desk), secret, _about(account))


def _unsealed(desk: Desk, kept: bytes, account: str) -> bytes:
    name, _, sealed = kept.partition(b"\x00")
    return provider(name.decode("ascii", "replace")).unseal(_key(desk), sealed, _about(account))


def _about(account: str) -> bytes:
    """A sealed secret moved to another account's row opens nothing there."""
    return f"totp {account}".encode()

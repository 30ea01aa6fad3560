"""The second factor of an account: kept once a code proves the phone, asked for where somebody proves who he is."""

import hashlib
import hmac
from dataclasses import replace

from chengyun_core.centre.account_rows import noted
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.crypto.choice import provider
from chengyun_core.model import totp
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit import Actor
from chengyun_core.model.command import SignOn
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.permission import kind_of
from chengyun_core.store import account_table
from chengyun_core.store.account_table import SecondFactor

RECOVERY_CODES = 10
SHORTEST_RECOVERY = 10
NONE_YET = "session.second_factor_missing"


def enrol_at_sign_on(desk: Desk, work: Work, record: AccountRecord, command: SignOn) -> AccountRecord:
    """Keep the first phone of who has just proved his password, and return his account with it (decision 0331).

    Only where a post asks for a phone and there is none: one that is there is never replaced without its own code.
    """
    if not desk.settings.second_factor_at_sign_on:
        raise Refused(NONE_YET, account=record.account)
    keep(desk, work, record.account, command.phone_secret, command.code, command.recovery)
    work.actor = Actor(account=record.account)
    after = replace(record, second_factor=True, version=record.version + 1)
    account_table.replace(work.connection, after)
    noted(work, "account.enrol_totp", after)
    return after


def missing(desk: Desk, work: Work, record: AccountRecord, code: str) -> Reason | None:
    """Return why a right password alone does not let somebody in, None when it does or the code is right too.

    A used code is noted in the same transaction as the session, so it works once. A wrong one is counted as a password
    is (by the caller: the reason is `session.wrong_code`).
    """
    kept = account_table.second_factor(work.connection, record.account)
    if kept is None:
        if not asking(desk, record):
            return None
        # `enrols`: the screen that asked may offer it at once; else only who stands at the machine can.
        here = "yes" if desk.settings.second_factor_at_sign_on else ""
        return Reason(code=NONE_YET, params={"account": record.account, "enrols": here})
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


def asking(desk: Desk, record: AccountRecord) -> set[str]:
    """Return the kinds of an account's posts that ask for a second factor."""
    return {str(kind_of(post)) for post in record.posts} & set(desk.settings.second_factor_posts)


def keep(desk: Desk, work: Work, account: str, text: str, code: str, recovery: tuple[str, ...]) -> None:
    """Keep a secret a screen made and showed, once a code tells that the phone has it. Raises Refused otherwise."""
    secret = _secret(text)
    step = totp.matched(secret, code, desk.clock.utc_ns(), 0)
    if step is None:
        raise Refused("totp.code_does_not_fit")
    if len(recovery) > RECOVERY_CODES or any(len(one) < SHORTEST_RECOVERY for one in recovery):
        raise Refused("totp.bad_recovery", most=RECOVERY_CODES, least=SHORTEST_RECOVERY)
    kept = SecondFactor(
        sealed=_sealed(desk, secret, account), step=step,
        recovery=tuple(_recovery_hash(account, one) for one in recovery),
    )  # fmt: skip
    account_table.keep_second_factor(work.connection, account, kept)


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

"""破窗 (RS16): two persons' passwords open a session with lent posts, for a while, loudly, with a review owed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import glass_care, proofs, sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.proofs import Verified
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.holding import PostKind
from chengyun_core.model.permission import kind_of
from chengyun_core.model.rights import BreakGlass
from chengyun_core.model.rights_commands import BreakTheGlass, ReviewGlass
from chengyun_core.store import account_table, answers, counters, session_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, SignedOn
from chengyun_core.wire.rights_asks import AskGlass, GlassPage

TRIES_WITHIN_S = 600.0
"""Lock-outs do not keep the two out, so their tries are counted here, for all accounts together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BothVerified:
    """What the password worker found of the two."""

    sitter: Verified
    second: Verified


def prepare(desk: Desk, connection: Connection, command: BreakTheGlass) -> Callable[[], BothVerified]:
    """Return the slow part; refused before anything is computed when there were too many tries."""
    _expect_patience(desk)
    first = account_table.password_hash(connection, command.account)
    other = account_table.password_hash(connection, command.second)

    def verified() -> BothVerified:
        return BothVerified(
            sitter=Verified(right=desk.passwords.is_right(first, command.password), against=first),
            second=Verified(right=desk.passwords.is_right(other, command.secret), against=other),
        )

    return verified


def open_session(
    desk: Desk, work: Work, command_id: str, command: BreakTheGlass, verified: BothVerified
) -> SignedOn | Reason:
    """Open the session. A wrong password is a Reason: the failure it counts must be committed."""
    reason = clean(command.reason, field="reason", required=True)
    if command.account == command.second:
        raise Refused("glass.same_person", account=command.account)
    found = [
        _proved(desk, work, command.account, verified.sitter), _proved(desk, work, command.second, verified.second)
    ]  # fmt: skip
    for one in found:
        if isinstance(one, Reason):
            desk.glass_tries.append(desk.clock.monotonic_ns())
            return one
    sitter, second = (one for one in found if isinstance(one, AccountRecord))
    if answers.find(work.connection, command_id) is not None:
        return sessions.again(desk, work, command_id, command.account, command.seat)
    _expect_fit(desk, sitter, second)
    return _opened(desk, work, command_id, command, sitter, reason)


def review(desk: Desk, work: Work, caller: Caller, command: ReviewGlass) -> Done:
    """Say what was found of it: by an administrator who was none of the two."""
    finding = clean(command.finding, field="finding", required=True)
    glass = glass_care.LOG.get(work.connection, command.glass)
    if glass is None:
        raise Refused("glass.unknown", glass=command.glass)
    if glass.version != command.version or glass.reviewed_at is not None or glass.ended_at is None:
        raise Refused("glass.not_so", glass=glass.number)
    if caller.account in glass.accounts:
        raise Refused("glass.own_review", glass=glass.number)
    reviewed = replace(
        glass, reviewed_at=work.at_ns, reviewed_by=caller.account, finding=finding, version=glass.version + 1
    )  # fmt: skip
    change = glass_care.put(desk, work, reviewed, "glass.review")
    return Done(change=change, key=str(glass.number), version=reviewed.version)


def page(desk: Desk, connection: Connection, ask: AskGlass) -> bytes:  # noqa: ARG001 - an answer's signature
    """Return every broken glass, the newest first."""
    rows = [glass for glass, _ in glass_care.LOG.newest(connection)]
    return codec.pack(GlassPage(rows=tuple(sorted(rows, key=lambda glass: -glass.number))))


def expire(desk: Desk, ledger: Ledger) -> int:
    """End the sessions whose time is over; return how many. Called by the loop."""
    due = [int(number) for kind, number in desk.due.due() if kind == glass_care.TIMER]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        for session in session_table.living(work.connection):
            if session.glass in due:
                sessions.end_one(work, session, "glass_over")
        for number in due:
            glass_care.end(desk, work, number)
            work.after_commit(partial(desk.due.wait, (glass_care.TIMER, str(number)), None))
    return len(due)


def _opened(
    desk: Desk, work: Work, command_id: str, command: BreakTheGlass, sitter: AccountRecord, reason: str
) -> SignedOn:
    seat = desk.city.seats.get(command.seat)
    area = sessions.area_of(desk, command.seat, sitter)
    assert seat is not None
    settings = desk.settings
    glass = BreakGlass(
        number=counters.take(work.connection, glass_care.COUNTER, 1), accounts=(sitter.account, command.second),
        seat=command.seat, posts=_lent(desk, seat.centre, command.posts), reason=reason, opened_at=work.at_ns,
        until=work.at_ns + round(settings.break_glass_minutes * 60 * NS_PER_S),
        review_by=work.at_ns + round(settings.break_glass_review_hours * 3600 * NS_PER_S),
    )  # fmt: skip
    glass_care.put(desk, work, glass, "session.break_glass")
    held = session_table.at_seat(work.connection, command.seat)
    if held is not None:
        sessions.end_one(work, held, "glass")
    sessions.end_all(work, sitter.account, "moved")
    posts = tuple(dict.fromkeys((*sitter.posts, *glass.posts)))
    token = desk.token(command_id, sitter.account, command.seat)
    session = sessions.seated_at(
        work, token, replace(sitter, posts=posts), command.seat, area, until_ns=glass.until, glass=glass.number
    )  # fmt: skip
    desk.count("glass.broken")
    return sessions.answer(desk, session, token)


def _lent(desk: Desk, centre: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    allowed = desk.settings.break_glass_posts
    strange = [kind for kind in kinds if kind not in allowed]
    if strange or not kinds:
        raise Refused("glass.post_not_lent", posts=" ".join(strange), known=" ".join(allowed))
    return tuple(f"{centre}.{kind}" for kind in dict.fromkeys(kinds))


def _proved(desk: Desk, work: Work, account: str, verified: Verified) -> AccountRecord | Reason:
    """As `proofs.proved`, but a lock-out keeps nobody out: that is what the glass is there for."""
    record = account_table.get(work.connection, account)
    if record is None:
        return Reason(code="session.wrong_password")
    if not verified.right:
        return proofs.failed(desk, work, record)
    if verified.against != account_table.password_hash(work.connection, account):
        return Reason(code="session.password_changed")
    return Reason(code="account.disabled", params={"account": account}) if record.disabled else record


def _expect_fit(desk: Desk, sitter: AccountRecord, second: AccountRecord) -> None:
    """One of the two answers for the watch or the machines, and who audits does not sit: he changes nothing (G3)."""
    kinds = {kind_of(post) for post in (*sitter.posts, *second.posts)}
    wanted = {PostKind(kind) for kind in desk.settings.break_glass_by}
    if not kinds & wanted:
        raise Refused("glass.nobody_answers", known=" ".join(desk.settings.break_glass_by))
    if any(kind_of(post) is PostKind.AUDIT_ADMIN for post in sitter.posts):
        raise Refused("account.auditor_with_post", posts=" ".join(sitter.posts))


def _expect_patience(desk: Desk) -> None:
    since = desk.clock.monotonic_ns() - round(TRIES_WITHIN_S * NS_PER_S)
    desk.glass_tries[:] = [at for at in desk.glass_tries if at > since]
    if len(desk.glass_tries) >= desk.settings.wrong_passwords:
        raise Refused("glass.too_many_tries", minutes=round(TRIES_WITHIN_S / 60))

"""破窗 (RS16): two persons, by password or sealed code, open a session with lent posts, for a while, loudly."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from chengyun_core.centre import glass_care, glass_codes, proofs, sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.proofs import Verified
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.glass_codes import CodeState, GlassCode
from chengyun_core.model.holding import PostKind
from chengyun_core.model.permission import centre_of, kind_of
from chengyun_core.model.rights import GLASS_ACCOUNT, BreakGlass
from chengyun_core.model.rights_commands import BreakTheGlass
from chengyun_core.store import account_table, answers, counters, session_table
from chengyun_core.wire.envelope import Request, SignedOn

TRIES_WITHIN_S = 600.0
"""Lock-outs do not keep the two out, so their tries are counted here, for all accounts together."""
FIRST, SECOND = "first", "second"
LONGEST_NAME = 64
_WRONG = frozenset({"session.wrong_password", "session.locked_out"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BothVerified:
    """What the password worker found of the two."""

    sitter: Verified
    second: Verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the two, as far as it is proved who he is."""

    name: str
    """His account, or the name he gave with a code."""
    record: AccountRecord | None = None
    code: GlassCode | None = None
    """What he came in by in place of an account."""

    @property
    def posts(self) -> tuple[str, ...]:
        """Return the posts he answers by."""
        return self.record.posts if self.record else (self.code.post,) if self.code else ()

    @property
    def proof(self) -> str:
        """Return how he proved himself, as the record tells it."""
        return f"code {self.code.number} {self.code.post}" if self.code else "password"


def prepare(desk: Desk, connection: Connection, command: BreakTheGlass) -> Callable[[], BothVerified]:
    """Return the slow part; refused before anything is computed when there were too many tries."""
    _expect_patience(desk)
    sitter = _comparing(desk, connection, command.account, command.password, by_code=command.by_code)
    second = _comparing(desk, connection, command.second, command.secret, by_code=command.second_by_code)
    return lambda: BothVerified(sitter=sitter(), second=second())


def open_session(
    desk: Desk, work: Work, request: Request, command: BreakTheGlass, verified: BothVerified
) -> SignedOn | Reason:
    """Open the session. What does not prove somebody is a Reason: the failure it counts must be committed.

    A Reason tells by `field` (`first`, `second`, `both`) whose it is and by `left` how many tries there still are.
    """
    reason = clean(command.reason, field="reason", required=True)
    account = GLASS_ACCOUNT if command.by_code else command.account
    work.actor = Actor(account=account)
    if _names(command)[0] == _names(command)[1]:
        raise Refused("glass.same_person", account=command.account)
    if answers.find(work.connection, request.id) is not None:
        return _again(desk, work, request.id, command, verified)
    found = (
        _proved(desk, work, command.account, command.password, verified.sitter, by_code=command.by_code),
        _proved(desk, work, command.second, command.secret, verified.second, by_code=command.second_by_code),
    )
    failed = _failed(desk, work, command, found)
    if failed is not None:
        return failed
    sitter, second = (one for one in found if isinstance(one, Person))
    _expect_fit(desk, command, sitter, second)
    return _opened(desk, work, request.id, command, (sitter, second), reason)


def expire(desk: Desk, ledger: Ledger) -> int:
    """End the sessions whose time is over; return how many. Called by the loop."""
    due = [int(number) for kind, number in desk.due.due() if kind == glass_care.TIMER]
    if not due:
        return 0
    with ledger.work(CENTRE) as work:
        held = {one.glass: one for one in session_table.living(work.connection) if one.glass in due}
        for number in due:
            if number in held:
                sessions.end_one(desk, work, held[number], "glass_over")
            else:
                glass_care.end(desk, work, number)
            work.after_commit(partial(desk.due.wait, (glass_care.TIMER, str(number)), None))
    return len(due)


def _comparing(
    desk: Desk, connection: Connection, account: str, secret: str, *, by_code: bool
) -> Callable[[], Verified]:  # fmt: skip
    if by_code:
        code = glass_codes.find(connection, secret)
        sealed = code.sealed if code else None
        return lambda: Verified(right=glass_codes.is_right(sealed, secret), against=str(code.number) if code else "")
    kept = account_table.password_hash(connection, account)
    return lambda: Verified(right=desk.passwords.is_right(kept, secret), against=kept)


def _names(command: BreakTheGlass) -> tuple[str, str]:
    """Return who the two say they are; nobody breaks the glass with himself, however he writes himself."""
    first = clean(command.account, field="account", most=LONGEST_NAME, required=True)
    second = clean(command.second, field="second", most=LONGEST_NAME, required=True)
    return first.casefold(), second.casefold()


def _proved(
    desk: Desk, work: Work, name: str, secret: str, verified: Verified, *, by_code: bool
) -> Person | Reason:  # fmt: skip
    """As `proofs.proved`, but a lock-out keeps nobody out: that is what the glass is there for."""
    if by_code:
        return _proved_by_code(work, name, secret, verified)
    record = account_table.get(work.connection, name)
    if record is None:
        return Reason(code="session.wrong_password")
    if not verified.right:
        return proofs.failed(desk, work, record)
    if verified.against != account_table.password_hash(work.connection, name):
        return Reason(code="session.password_changed")
    if record.disabled:
        return Reason(code="account.disabled", params={"account": name})
    return Person(name=record.account, record=record)


def _proved_by_code(work: Work, name: str, secret: str, verified: Verified) -> Person | Reason:
    code = glass_codes.find(work.connection, secret) if verified.right else None
    if code is None:
        return Reason(code="session.wrong_password")
    if code.state is not CodeState.SEALED:
        return Reason(code="glass.code_ended", params={"number": str(code.number), "state": code.state.value})
    return Person(name=name.strip(), code=code)


def _failed(
    desk: Desk, work: Work, command: BreakTheGlass, found: tuple[Person | Reason, Person | Reason]
) -> Reason | None:
    """Return why the glass stays whole, with whose fault it is; the try is counted and on the record."""
    reasons = {field: one for field, one in zip((FIRST, SECOND), found, strict=True) if isinstance(one, Reason)}
    if not reasons:
        return None
    desk.glass_tries.append(desk.clock.monotonic_ns())
    left = max(0, desk.settings.wrong_passwords - len(desk.glass_tries))
    field = "both" if len(reasons) == 2 else next(iter(reasons))
    said = next((one for one in reasons.values() if one.code not in _WRONG), None)
    code = said.code if said else f"glass.wrong_{field}"
    seat = command.seat if command.seat in desk.city.seats else ""
    told = {"who": f"{command.account} {command.second}", "seat": seat, "left": left}
    # Nobody proved to be anybody: the row is the centre's own, and says which names were given.
    work.note("session.glass_tried", "glass_try", seat, 1, actor=CENTRE, params=told, cause="")
    desk.count("glass.tried")
    return Reason(code=code, params={**(said.params if said else {}), "field": field, "left": str(left)})


def _again(
    desk: Desk, work: Work, command_id: str, command: BreakTheGlass, verified: BothVerified
) -> SignedOn | Reason:  # fmt: skip
    """Answer once more what was answered before and got lost; codes are used up by then, and still have to be right."""
    if not verified.sitter.right or not verified.second.right:
        wrong = Reason(code="session.wrong_password")
        failed = _failed(desk, work, command, (wrong, wrong))
        assert failed is not None
        return failed
    account = GLASS_ACCOUNT if command.by_code else command.account
    return sessions.again(desk, work, command_id, account, command.seat)


def _opened(
    desk: Desk, work: Work, command_id: str, command: BreakTheGlass, both: tuple[Person, Person], reason: str
) -> SignedOn:
    sitter, _ = both
    seat = desk.city.seats[command.seat]
    lent = _lent(desk, seat.centre, command.posts)
    record = sitter.record or _nobody(work, sitter.name)
    seated = replace(record, posts=tuple(dict.fromkeys((*record.posts, *lent))))
    # Who has an account sits where he may sit; a code's bearer has nothing but what is lent.
    area = sessions.area_of(desk, command.seat, sitter.record or seated)
    glass = _record(desk, work, command, both, record.account, lent, reason)
    glass_care.put(desk, work, glass, "session.break_glass")
    for person in both:
        if person.code is not None:
            glass_codes.use(work, person.code, person.name)
    held = session_table.at_seat(work.connection, command.seat)
    if held is not None:
        sessions.end_one(desk, work, held, "glass")
    if sitter.record is not None:
        sessions.end_all(desk, work, record.account, "moved")
    token = desk.token(command_id, record.account, command.seat)
    session = sessions.seated_at(work, token, seated, command.seat, area, until_ns=glass.until, glass=glass.number)
    desk.count("glass.broken")
    return sessions.answer(desk, session, token)


def _record(
    desk: Desk, work: Work, command: BreakTheGlass, both: tuple[Person, Person], account: str, lent: tuple[str, ...],
    reason: str,
) -> BreakGlass:  # fmt: skip
    settings = desk.settings
    return BreakGlass(
        number=counters.take(work.connection, glass_care.COUNTER, 1), accounts=(both[0].name, both[1].name),
        account=account, proofs=(both[0].proof, both[1].proof), seat=command.seat, posts=lent, reason=reason,
        opened_at=work.at_ns, until=work.at_ns + round(settings.break_glass_minutes * 60 * NS_PER_S),
        review_by=work.at_ns + round(settings.break_glass_review_hours * 3600 * NS_PER_S),
    )  # fmt: skip


def _nobody(work: Work, name: str) -> AccountRecord:
    """Return whose the session of a sealed code is: the lent posts only, under the name that was given."""
    kept = account_table.get(work.connection, GLASS_ACCOUNT)
    assert kept is not None  # made with the first code
    return replace(kept, name=name, posts=())


def _lent(desk: Desk, centre: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    allowed = desk.settings.break_glass_posts
    strange = [kind for kind in kinds if kind not in allowed]
    if strange or not kinds:
        raise Refused("glass.post_not_lent", posts=" ".join(strange), known=" ".join(allowed))
    return tuple(f"{centre}.{kind}" for kind in dict.fromkeys(kinds))


def _expect_fit(desk: Desk, command: BreakTheGlass, sitter: Person, second: Person) -> None:
    """One of the two answers for the watch or the machines at this seat, and who audits does not sit (G3)."""
    seat = desk.city.seats.get(command.seat)
    if seat is None:
        raise Refused("session.seat_unknown", seat=command.seat)
    if sitter.code and second.code and sitter.code.post == second.code.post:
        raise Refused("glass.same_post", post=second.code.post)
    over = desk.city.path(seat.centre)
    kinds = {kind_of(post) for post in (*sitter.posts, *second.posts) if centre_of(post) in over}
    if not kinds & {PostKind(kind) for kind in desk.settings.break_glass_by}:
        raise Refused("glass.nobody_answers", known=" ".join(desk.settings.break_glass_by))
    if any(kind_of(post) is PostKind.AUDIT_ADMIN for post in sitter.posts):
        raise Refused("account.auditor_with_post", posts=" ".join(sitter.posts))


def _expect_patience(desk: Desk) -> None:
    since = desk.clock.monotonic_ns() - round(TRIES_WITHIN_S * NS_PER_S)
    desk.glass_tries[:] = [at for at in desk.glass_tries if at > since]
    if len(desk.glass_tries) >= desk.settings.wrong_passwords:
        raise Refused("glass.too_many_tries", minutes=round(TRIES_WITHIN_S / 60))

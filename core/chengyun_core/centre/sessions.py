"""Sessions: taking a seat with account and password, leaving it, and what ends a session from outside."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import glass_care, proofs, second_factors
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.proofs import Verified
from chengyun_core.centre.seat_rights import allowed_there, incoming_seat, is_incoming, real_seat
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit import CENTRE, Actor
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import SignOff, SignOn
from chengyun_core.model.failure import Reason, Refused
from chengyun_core.model.permission import allowed
from chengyun_core.store import account_table, answers, session_table
from chengyun_core.store.session_table import Session
from chengyun_core.wire import codec
from chengyun_core.wire.duty_asks import AskSeated
from chengyun_core.wire.envelope import Done, Request, SignedOn


def prepare_sign_on(desk: Desk, connection: Connection, command: SignOn) -> Callable[[], Verified]:
    """Return the slow part of a sign-on; a locked account is refused before anything is computed."""
    return proofs.prepare(desk, connection, command.account, command.password)


def sign_on(desk: Desk, work: Work, request: Request, command: SignOn, verified: Verified) -> SignedOn | Reason:
    """Take a seat. A wrong password is a Reason, not an exception: the failure it counts must be committed.

    Who signs on anew where he sits (the lock of a seat left alone, G1) is asked for his password only: the session
    whose token comes along has had the code of his phone.
    """
    record = account_table.get(work.connection, command.account)
    proofs.refuse_locked(desk, record)
    if record is None:
        desk.count("sign_on.unknown_account")
        return Reason(code="session.wrong_password")
    if not verified.right:
        return proofs.failed(desk, work, record)
    if verified.against != account_table.password_hash(work.connection, command.account):
        return Reason(code="session.password_changed")
    if record.disabled:
        return Reason(code="account.disabled", params={"account": record.account})
    if answers.find(work.connection, request.id) is not None:
        return again(desk, work, request.id, command.account, command.seat)
    sits = _sits_there(desk, work, request.session, command)
    lacking = None if sits else second_factors.missing(desk, work, record, command.code)
    if lacking is not None and lacking.code == second_factors.NONE_YET and command.phone_secret:
        record = second_factors.enrol_at_sign_on(desk, work, record, command)
        lacking = None
    if lacking is not None:
        return proofs.refused_code(desk, work, record, lacking)
    return _seated(desk, work, request.id, command, record)


def _sits_there(desk: Desk, work: Work, token: str, command: SignOn) -> bool:
    """Return whether the request comes from the account's own living session at that very seat."""
    session = session_table.by_token(work.connection, token) if token else None
    if session is None or session.glass or real_seat(session.seat) != command.seat:
        return False
    young = work.at_ns - session.since_ns <= desk.settings.session_hours * 3600 * NS_PER_S
    return young and session.account == command.account


def sign_off(desk: Desk, work: Work, caller: Caller, command: SignOff) -> Done:  # noqa: ARG001 - see HANDLERS
    """Leave the seat."""
    if caller.session is None:
        raise Refused("session.none")
    change, version = _ended(desk, work, caller.session, "session.sign_off", reason="signed_off")
    return Done(change=change, key=caller.session.seat, version=version)


def seated(desk: Desk, connection: Connection, ask: AskSeated) -> bytes:
    """Answer `session.seated`: the session at a seat without its token; raise Refused while nobody sits there."""
    session = session_table.at_seat(connection, ask.seat)
    if session is None:
        raise Refused("session.none")
    return codec.pack(answer(desk, session, ""))


def end_all(desk: Desk, work: Work, account: str, reason: str, *, but_seat: str = "") -> int:
    """End an account's sessions, but not one at `but_seat`; return how many ended."""
    found = [one for one in session_table.of_account(work.connection, account) if one.seat != but_seat]
    for session in found:
        _ended(desk, work, session, "session.end", reason=reason)
    return len(found)


def end_one(desk: Desk, work: Work, session: Session, reason: str, *, words: str = "") -> tuple[int, int]:
    """End one session; return number and version of the seat's change."""
    return _ended(desk, work, session, "session.end", reason=reason, words=words)


def record_of(session: Session, *, signed_off: bool = False, version: int | None = None) -> SessionRecord:
    """Return what screens hold of a session."""
    return SessionRecord(
        seat=session.seat,
        account=session.account,
        name=session.name,
        posts=session.posts,
        since=session.since_ns,
        signed_off=signed_off,
        version=version or session.version,
    )


def _seated(desk: Desk, work: Work, command_id: str, command: SignOn, record: AccountRecord) -> SignedOn:
    area = area_of(desk, command.seat, record)
    held = _holder(desk, work, command.seat)
    seat = command.seat
    if held is not None and held.account != record.account and command.taking_over:
        seat = incoming_seat(command.seat)
        held = _check_free(desk, work, seat, record)
    elif held is not None and held.account != record.account:
        since = desk.shown(held.since_ns)
        raise Refused("session.seat_held", seat=command.seat, who=held.name, account=held.account, since=since)
    end_all(desk, work, record.account, "moved", but_seat=seat)
    if held is not None:
        if held.glass:
            # Who signs on himself needs nothing lent any more.
            glass_care.end(desk, work, held.glass, record.account)
        session_table.remove(work.connection, held)
    token = desk.token(command_id, record.account, command.seat)
    session = seated_at(work, token, record, seat, area)
    if record.failures:
        account_table.replace(work.connection, replace(record, failures=0))
    return answer(desk, session, token)


def seated_at(
    work: Work, token: str, record: AccountRecord, seat: str, area: str, *, until_ns: int | None = None, glass: int = 0
) -> Session:  # fmt: skip
    """Write the session of an account, with its posts, at a seat that nobody holds any more."""
    session = Session(
        token_hash=session_table.hash_of(token),
        account=record.account,
        name=record.name,
        seat=seat,
        posts=record.posts,
        area=area,
        since_ns=work.at_ns,
        version=session_table.next_version(work.connection, seat),
        change=0,
        until_ns=until_ns,
        glass=glass,
    )
    actor = Actor(account=record.account, seat=seat, post=" ".join(record.posts), area=area)
    shown = record_of(session)
    change = work.note("session.sign_on", "session", session.seat, session.version, shown, actor=actor)
    session_table.add(work.connection, replace(session, change=change))
    return session


def seat_incoming(work: Work, incoming: Session, seat: str) -> None:
    """Let who took a seat over sit there: the token stays, the session is the seat's own from now on."""
    session_table.remove(work.connection, incoming)
    gone = session_table.next_version(work.connection, incoming.seat)
    left = record_of(incoming, signed_off=True, version=gone)
    work.note("session.end", "session", incoming.seat, gone, left, params={"reason": "took_over"})
    version = session_table.next_version(work.connection, seat)
    seated = replace(incoming, seat=seat, since_ns=work.at_ns, version=version)
    change = work.note("session.take_over", "session", seat, version, record_of(seated))
    session_table.add(work.connection, replace(seated, change=change))


def _check_free(desk: Desk, work: Work, seat: str, record: AccountRecord) -> Session | None:
    """Return one's own session that takes the seat over already; raise Refused while another one's does."""
    held = _holder(desk, work, seat)
    if held is not None and held.account != record.account:
        raise Refused("session.taken_over_already", seat=real_seat(seat), who=held.name, account=held.account)
    return held


def _holder(desk: Desk, work: Work, seat: str) -> Session | None:
    """Return who holds a seat; a session past its hours holds it no longer and is ended on the record."""
    held = session_table.at_seat(work.connection, seat)
    if held is None or work.at_ns - held.since_ns <= desk.settings.session_hours * 3600 * NS_PER_S:
        return held
    _ended(desk, work, held, "session.end", reason="expired")
    return None


def again(desk: Desk, work: Work, command_id: str, account: str, seat: str) -> SignedOn:
    """Answer a sign-on whose first answer was lost: its token is made anew from its id, the seat not taken twice."""
    token = desk.token(command_id, account, seat)
    session = session_table.by_token(work.connection, token)
    if session is None:
        raise Refused("session.none")
    return answer(desk, session, token)


def answer(desk: Desk, session: Session, token: str) -> SignedOn:
    """Return what a console is told of its session."""
    may = allowed(desk.city.holdings(session.posts, session.area), desk.mode_at(desk.city.path(session.area)))
    return SignedOn(
        token=token,
        account=session.account,
        name=session.name,
        seat=real_seat(session.seat),
        posts=session.posts,
        allowed=allowed_there(may, session.seat),
        incoming=is_incoming(session.seat),
        glass=session.glass,
        until=session.until_ns or 0,
    )


def area_of(desk: Desk, seat_code: str, record: AccountRecord) -> str:
    """Return what a seat watches, for an account whose posts let it sit there; raise Refused for another."""
    seat = desk.city.seats.get(seat_code)
    if seat is None:
        raise Refused("session.seat_unknown", seat=seat_code)
    area = seat.area or seat.centre
    if not any(holding.area for holding in desk.city.holdings(record.posts, area)):
        raise Refused("session.seat_not_yours", seat=seat_code, account=record.account)
    return area


def _ended(
    desk: Desk, work: Work, session: Session, action: str, *, reason: str, words: str = ""
) -> tuple[int, int]:  # fmt: skip
    """End a session, however that comes; with one of a broken glass its rights end on the record, and the lamp."""
    version = session_table.next_version(work.connection, session.seat)
    record = record_of(session, signed_off=True, version=version)
    told = {"reason": reason, **({"words": words} if words else {})}
    session_table.remove(work.connection, session)
    change = work.note(action, "session", session.seat, version, record, params=told)
    if session.glass:
        glass_care.end(desk, work, session.glass, "" if work.actor.account == CENTRE.account else work.actor.account)
    return change, version

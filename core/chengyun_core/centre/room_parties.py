"""Simulated parties at the centre: a drill's machine plays members nobody is there for; whoever comes takes over."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import account_rows, sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.room_care import centre_of, get, post_of
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.account import AccountRecord
from chengyun_core.model.audit import Actor
from chengyun_core.model.failure import Refused
from chengyun_core.model.room import Member
from chengyun_core.model.room_commands import PlayMember
from chengyun_core.model.room_parties import is_played, may_be_played, played_seat
from chengyun_core.model.room_rules import member_of
from chengyun_core.store import account_table, session_table
from chengyun_core.store.session_table import Session
from chengyun_core.wire.envelope import Done

LONGEST_NAME = 64
HASH_BYTES = 32


def play(desk: Desk, work: Work, _caller: Caller, command: PlayMember) -> Done:
    """Open a session at a member's simulated seat, with his post; one that was there before ends.

    Raises:
        Refused: `room.not_played_here` outside a drill (model.room_parties.PLAYED_IN); `room.no_member`;
            `room.chair_not_played`; `room.somebody_there` for a member who came, or whose post or seat is held.
    """
    if not may_be_played(desk.settings.realm):
        raise Refused("room.not_played_here", realm=desk.settings.realm)
    room = get(work.connection, command.room)
    member = member_of(room, command.code)
    if member is None:
        raise Refused("room.no_member", room=room.number, member=command.code[:64])
    if member.code == room.chair:
        raise Refused("room.chair_not_played", room=room.number)
    if _was_there(member) or _is_held(desk, work.connection, member.code):
        raise Refused("room.somebody_there", member=member.name or member.code)
    if len(command.token_hash) != HASH_BYTES:
        raise Refused("room.no_token")
    end_played(desk, work, member.code, "played_anew")
    name = clean(command.name, field="name", most=LONGEST_NAME, required=True)
    return _seated(desk, work, member.code, name, command.token_hash)


def end_played(desk: Desk, work: Work, code: str, reason: str) -> None:
    """End the session of the party that plays a member, if there is one."""
    held = session_table.at_seat(work.connection, played_seat(code))
    if held is not None:
        sessions.end_one(desk, work, held, reason)


def _was_there(member: Member) -> bool:
    return bool(member.account) and not member.is_simulated


def _is_held(desk: Desk, connection: Connection, code: str) -> bool:
    """Return whether a person sits at a member's seat, or holds the post that speaks for him anywhere."""
    people = [one for one in session_table.living(connection) if not is_played(one.seat)]
    if code in desk.city.seats:
        return any(one.seat == code for one in people)
    post = post_of(desk, code)
    return any(post in one.posts for one in people)


def _seated(desk: Desk, work: Work, code: str, name: str, token_hash: bytes) -> Done:
    """Write the session, of an account that nobody can sign on with: it has no password and no posts of its own."""
    _ensure_account(work, played_seat(code), name)
    seat, post, area = played_seat(code), post_of(desk, code), centre_of(desk, code)
    session = Session(
        token_hash=token_hash, account=seat, name=name, seat=seat, posts=(post,), area=area, since_ns=work.at_ns,
        version=session_table.next_version(work.connection, seat), change=0,
    )  # fmt: skip
    shown, actor = sessions.record_of(session), Actor(account=seat, seat=seat, post=post, area=area)
    change = work.note("session.sign_on", "session", seat, session.version, shown, actor=actor)
    session_table.add(work.connection, replace(session, change=change))
    return Done(change=change, key=seat, version=session.version)


def _ensure_account(work: Work, account: str, name: str) -> None:
    if account_table.get(work.connection, account) is None:
        made = AccountRecord(account=account, name=name, posts=())
        account_table.add(work.connection, made, "")
        account_rows.noted(work, "account.create", made)

"""Sessions of others: listed, and ended by an administrator."""

from sqlalchemy import Connection

from chengyun_core.centre import sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import Subject
from chengyun_core.model.rights_commands import EndSession
from chengyun_core.store import session_table
from chengyun_core.store.session_table import Session
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.rights_asks import AskSessions, SessionRow, Sessions


def subjects(desk: Desk, work: Work, command: EndSession) -> tuple[Subject, ...]:
    """Return the seat's area; a seat nobody holds has none."""
    held = session_table.at_seat(work.connection, command.seat)
    return () if held is None else (Subject(name=held.seat, path=desk.city.path(held.area)),)


def end(desk: Desk, work: Work, caller: Caller, command: EndSession) -> Done:  # noqa: ARG001 - a handler's signature
    """End somebody's session at once; his next request is told so."""
    reason = clean(command.reason, field="reason", required=True)
    held = session_table.at_seat(work.connection, command.seat)
    if held is None:
        raise Refused("session.seat_free", seat=command.seat)
    change, version = sessions.end_one(desk, work, held, "ended_by_admin", words=reason)
    return Done(change=change, key=held.seat, version=version)


def page(desk: Desk, connection: Connection, ask: AskSessions) -> bytes:  # noqa: ARG001 - an answer's signature
    """Return the living sessions, by seat."""
    return codec.pack(Sessions(rows=tuple(_row(desk, one) for one in session_table.living(connection))))


def _row(desk: Desk, session: Session) -> SessionRow:
    longest_ns = round(desk.settings.session_hours * 3600 * NS_PER_S)
    return SessionRow(
        seat=session.seat, account=session.account, name=session.name, posts=session.posts, area=session.area,
        since=session.since_ns, until=session.until_ns or session.since_ns + longest_ns, glass=session.glass,
    )  # fmt: skip

"""After the glass was broken: ended before its time, looked at with what was done in it, and reviewed."""

from dataclasses import replace

from sqlalchemy import Connection

from chengyun_core.centre import audit_asks, glass_care, sessions
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.gate import Caller
from chengyun_core.centre.wording import clean
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.holding import PostKind
from chengyun_core.model.rights import BreakGlass
from chengyun_core.model.rights_commands import EndGlass, ReviewGlass
from chengyun_core.store import session_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.rights_asks import AskAudit, AskGlass, AskGlassDeeds, GlassPage

_ENDERS = frozenset({PostKind.IT_ADMIN, PostKind.SECURITY_ADMIN, PostKind.LOCAL_ADMIN})


def end_early(desk: Desk, work: Work, caller: Caller, command: EndGlass) -> Done:
    """End the session a glass was broken for: by one of the two, by an administrator, or at the machine."""
    words = clean(command.reason, field="reason")
    glass = _known(work.connection, command.glass)
    if glass.ended_at is not None:
        raise Refused("glass.ended", glass=glass.number, at=desk.shown(glass.ended_at))
    sits = caller.session is not None and caller.session.glass == glass.number
    administers = any(holding.kind in _ENDERS for holding in caller.holdings)
    if not (sits or administers or caller.account in glass.accounts):
        raise Refused("glass.not_yours", glass=glass.number)
    held = next((one for one in session_table.living(work.connection) if one.glass == glass.number), None)
    if held is not None:
        change, _ = sessions.end_one(desk, work, held, "glass_ended", words=words)
    else:
        glass_care.end(desk, work, glass.number, caller.account)
        change = work.noted
    return Done(change=change, key=str(glass.number), version=glass.version + 1)


def review(desk: Desk, work: Work, caller: Caller, command: ReviewGlass) -> Done:
    """Say what was found of it: by an administrator who was none of the two."""
    finding = clean(command.finding, field="finding", required=True)
    glass = _known(work.connection, command.glass)
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


def deeds(desk: Desk, connection: Connection, ask: AskGlassDeeds) -> bytes:
    """Return what was done in the session of a broken glass, newest first: its reviewer reads no other row."""
    glass = _known(connection, ask.glass)
    wanted = AskAudit(
        before=ask.before, limit=ask.limit, account=glass.account or glass.accounts[0], seat=glass.seat,
        from_ns=glass.opened_at, to_ns=(glass.ended_at or desk.clock.utc_ns()) + 1,
    )  # fmt: skip
    return codec.pack(audit_asks.found(connection, wanted))


def _known(connection: Connection, number: int) -> BreakGlass:
    glass = glass_care.LOG.get(connection, number)
    if glass is None:
        raise Refused("glass.unknown", glass=number)
    return glass

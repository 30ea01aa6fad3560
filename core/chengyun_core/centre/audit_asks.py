"""Questions to the journal as proof: its rows, one with what was before it, its head, and whether a run is whole."""

from typing import Any

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.model.audit_head import head_text
from chengyun_core.model.failure import Refused
from chengyun_core.store import chain, journal_pages
from chengyun_core.store import journal as journal_rows
from chengyun_core.store.journal_pages import Wanted
from chengyun_core.wire import codec
from chengyun_core.wire.rights_asks import (
    AskAudit,
    AskAuditCheck,
    AskAuditHead,
    AskAuditRow,
    AuditChecked,
    AuditHeadTold,
    AuditPage,
    AuditRow,
    AuditRowTold,
)

MOST_ROWS = 500
MOST_CHECKED = 500
"""Some 40 ms of the loop's time."""


def page(desk: Desk, connection: Connection, ask: AskAudit) -> bytes:  # noqa: ARG001 - an answer's signature
    """Return rows, newest first, and how far was looked."""
    return codec.pack(found(connection, ask))


def found(connection: Connection, ask: AskAudit) -> AuditPage:
    """Return the rows asked for, newest first, and how far was looked. Raises Refused for too many at once."""
    if not 1 <= ask.limit <= MOST_ROWS:
        raise Refused("ask.out_of_range", after=ask.before, limit=ask.limit, most=MOST_ROWS)
    tail = journal_rows.head(connection).number
    wanted = Wanted(
        account=ask.account, action=ask.action, kind=ask.kind, key=ask.key, seat=ask.seat, from_ns=ask.from_ns,
        to_ns=ask.to_ns,
    )  # fmt: skip
    rows, through = journal_pages.newest(connection, wanted, ask.before or tail + 1, ask.limit)
    return AuditPage(rows=tuple(_row(row) for row in rows), through=through, tail=tail)


def row(desk: Desk, connection: Connection, ask: AskAuditRow) -> bytes:
    """Return one row with its record before and after, and whether it is right."""
    found = journal_pages.one(connection, ask.number)
    if found is None:
        raise Refused("audit.no_row", number=ask.number)
    before_number, before = journal_pages.before(connection, found)
    verdict = chain.verify(connection, desk.public, ask.number, ask.number)
    told = AuditRowTold(
        row=_row(found), record=found.record, before=before, before_number=before_number, fault=verdict.fault
    )  # fmt: skip
    return codec.pack(told)


def head(desk: Desk, connection: Connection, ask: AskAuditHead) -> bytes:  # noqa: ARG001 - an answer's signature
    """Return the journal's end."""
    end = journal_rows.head(connection)
    last = journal_pages.one(connection, end.number)
    text = head_text(desk.settings.realm, end.chain, end.number, end.hash)
    return codec.pack(AuditHeadTold(head=text, at_ns=last.at_ns if last else 0, public=desk.public.hex()))


def check(desk: Desk, connection: Connection, ask: AskAuditCheck) -> bytes:
    """Verify a run of rows; one good signature at its end vouches for all chained before it."""
    if not 1 <= ask.first <= ask.last or ask.last - ask.first >= MOST_CHECKED:
        raise Refused("ask.out_of_range", after=ask.first, limit=ask.last - ask.first + 1, most=MOST_CHECKED)
    last = min(ask.last, journal_rows.head(connection).number)
    verdict = chain.verify(connection, desk.public, ask.first, last, signatures=chain.LAST_ONLY)
    return codec.pack(AuditChecked(rows=verdict.rows, fault=verdict.fault, number=verdict.number))


def _row(found: Any) -> AuditRow:
    return AuditRow(
        number=found.number, chain=found.chain, at_ns=found.at_ns, account=found.account, seat=found.seat,
        post=found.post, area=found.area, action=found.action, command_id=found.command_id, part=found.part,
        kind=found.kind, key=found.key, version=found.version, params=journal_pages.params_of(found),
        hash=found.hash.hex(),
    )  # fmt: skip

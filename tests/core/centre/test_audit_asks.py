"""The journal as its auditor sees it: pages, a row with what was before it, the head, a run verified; and exports."""

import pytest
from sqlalchemy import text

from chengyun_core.model import audit_head
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.command import AcknowledgeAlarm
from chengyun_core.model.failure import Refused
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.model.scales import WarningColour
from chengyun_core.store import journal
from chengyun_core.wire import codec
from chengyun_core.wire.rights_asks import (
    AskAudit,
    AskAuditCheck,
    AskAuditHead,
    AskAuditRow,
    AuditChecked,
    AuditHeadTold,
    AuditPage,
    AuditRowTold,
)
from tests.core.centre.room import Room

DIGEST = "ab" * 32


@pytest.fixture
def audited(room: Room) -> tuple[Room, str, str]:
    """A room with an acknowledged alarm, an officer's and an auditor's session."""
    officer, auditor = room.officer("li"), room.officer("audit", "500000.audit_admin", seat="A-02")
    room.observe(0, WarningColour.YELLOW)
    room.clock.advance(60)
    room.done(AcknowledgeAlarm(alarm=1, version=1), officer)
    return room, officer, auditor


def _page(room: Room, session: str, **wanted: object) -> AuditPage:
    reply = room.ask("audit.page", AskAudit(**wanted), session)
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, AuditPage)


def test_that_rows_are_found_by_who_what_where_and_when_newest_first(audited: tuple[Room, str, str]) -> None:
    room, _, auditor = audited
    every = _page(room, auditor)
    assert [row.number for row in every.rows] == list(range(every.tail, 0, -1))
    assert [row.action for row in _page(room, auditor, account="li").rows] == ["alarm.acknowledge", "session.sign_on"]
    assert [row.action for row in _page(room, auditor, kind="alarm", key="1").rows] == [
        "alarm.acknowledge",
        "alarm.raise",
    ]
    assert [row.account for row in _page(room, auditor, action="session.").rows] == ["audit", "li"]
    assert _page(room, auditor, from_ns=room.clock.utc_ns() + 1).rows == ()
    assert _page(room, auditor, action="session.sign_on", seat="A-01").rows[0].account == "li"


def test_that_pages_follow_each_other_without_a_gap(audited: tuple[Room, str, str]) -> None:
    room, _, auditor = audited
    seen, before = [], 0
    while before != 1:
        page = _page(room, auditor, limit=2, before=before)
        seen += [row.number for row in page.rows]
        before = page.through
    assert seen == list(range(seen[0], 0, -1))


def test_that_a_row_is_told_with_what_the_record_was_before(audited: tuple[Room, str, str]) -> None:
    room, _, auditor = audited
    acked = _page(room, auditor, action="alarm.acknowledge").rows[0]
    told = codec.unpack(room.ask("audit.row", AskAuditRow(number=acked.number), auditor).body, AuditRowTold)
    raised = _page(room, auditor, action="alarm.raise").rows[0]
    assert (told.before_number, told.fault) == (raised.number, "")
    assert told.before != told.record
    assert b"li" in told.record
    assert room.ask("audit.row", AskAuditRow(number=999), auditor).code == "audit.no_row"


def test_that_a_row_somebody_changed_is_told_as_changed(audited: tuple[Room, str, str]) -> None:
    room, _, auditor = audited
    with room.ledger.work(CENTRE) as work:
        work.connection.execute(text("DROP TRIGGER journal_keeps_words"))
        work.connection.execute(text("UPDATE journal SET account = 'wang' WHERE action = 'alarm.acknowledge'"))
    number = _page(room, auditor, action="alarm.acknowledge").rows[0].number
    told = codec.unpack(room.ask("audit.row", AskAuditRow(number=number), auditor).body, AuditRowTold)
    assert told.fault == "journal.words_differ"
    checked = room.ask("audit.check", AskAuditCheck(first=1, last=number), auditor)
    assert codec.unpack(checked.body, AuditChecked) == AuditChecked(
        rows=number - 1, fault="journal.words_differ", number=number
    )


def test_that_the_head_is_the_journal_s_end_and_any_officer_may_print_it(audited: tuple[Room, str, str]) -> None:
    room, officer, _ = audited
    told = codec.unpack(room.ask("audit.head", AskAuditHead(), officer).body, AuditHeadTold)
    with room.ledger.reading() as connection:
        end = journal.head(connection)
    held = audit_head.head_of(audit_head.printed(told.head))
    assert (held.realm, held.chain, held.number) == ("live", 1, end.number)
    assert held.is_of(end.hash)
    assert not held.is_of(bytes(32))
    assert audit_head.head_of(told.head).digits == end.hash.hex()
    assert bytes.fromhex(told.public) == room.desk.public


def test_that_a_run_too_long_for_the_loop_is_refused(audited: tuple[Room, str, str]) -> None:
    room, _, auditor = audited
    assert room.ask("audit.check", AskAuditCheck(first=1, last=501), auditor).code == "ask.out_of_range"
    assert room.ask("audit.page", AskAudit(limit=0), auditor).code == "ask.out_of_range"


def test_that_officers_do_not_read_the_journal_as_proof(audited: tuple[Room, str, str]) -> None:
    room, officer, _ = audited
    for ask, body in (("audit.page", AskAudit()), ("audit.row", AskAuditRow(number=1))):
        assert room.ask(ask, body, officer).code == "permission.no_post"


def test_that_an_export_is_in_the_journal_with_its_digest_when_it_is_answered(audited: tuple[Room, str, str]) -> None:
    room, officer, auditor = audited
    done = room.done(NoteExport(what="alarms", form="csv", rows=12, digest=DIGEST), officer)
    row = _page(room, auditor, action="export.note").rows[0]
    assert (row.number, row.account, row.params) == (done.change, "li", {"what": "alarms", "form": "csv", "rows": "12"})
    assert room.do(NoteExport(what="alarms", form="csv", rows=-1, digest=DIGEST), officer).code == "export.bad_note"
    assert room.do(NoteExport(what="alarms", form="csv", rows=1, digest="x"), officer).code == "export.bad_note"


@pytest.mark.parametrize(
    "word", ["", "live", "live.1.2", "test.1.2." + "a" * 64, "live.1.2." + "g" * 64, "live.1.2.ab"]
)
def test_that_a_word_that_is_no_head_is_refused(word: str) -> None:
    with pytest.raises(Refused, match=r"audit\.no_head"):
        audit_head.head_of(word)

"""The journal at a console: found, opened before and after, verified row by row; nothing secret, nothing changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from chengyun_console.audit.page import AuditPageView
from chengyun_core.model.failure import Reason
from chengyun_core.wire.rights_asks import AskAudit, AskAuditCheck, AuditChecked, AuditHeadTold, AuditPage
from tests.console import scenes
from tests.console.audit_scenes import opened, rows
from tests.console.still_session import START_NS, S


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests, the page of the journal in front."""
    folder: Path = tmp_path_factory.mktemp("audit")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        made.do("page.audit")
        made.beat()
        yield made


@pytest.fixture
def page(at: scenes.Stand) -> Iterator[AuditPageView]:
    """The page with no field filled and nothing being verified."""
    found = at.window.stack.of(AuditPageView)
    for field in found.fields.values():
        field.clear()
    found.ask()
    at.session.answer_ask("audit.page", AuditPage(rows=rows(), through=800, tail=1234))
    found.list.setFocus()
    yield found
    found.stop()
    at.session.sent.asks.clear()


def test_that_rows_are_asked_by_time_account_action_kind_key_and_seat(at: scenes.Stand, page: AuditPageView) -> None:
    given = {"account": "li", "action": "mode.", "kind": "mode", "key": "500000", "seat": "A-03",
             "from": "2026-07-18 14:00", "to": "2026-07-18 14:32"}  # fmt: skip
    for name, text in given.items():
        page.fields[name].setText(text)
    page.fields["to"].returnPressed.emit()
    start = START_NS - (32 * 60 + 7) * S
    assert at.session.sent.asks["audit.page"][1] == AskAudit(
        limit=100, account="li", action="mode.", kind="mode", key="500000", seat="A-03", from_ns=start,
        to_ns=start + 32 * 60 * S,
    )  # fmt: skip


def test_that_a_time_that_is_none_is_said_and_nothing_is_asked(at: scenes.Stand, page: AuditPageView) -> None:
    page.fields["from"].setText("昨天")
    page.fields["from"].returnPressed.emit()
    assert "audit.page" not in at.session.sent.asks
    assert page.told.text() == at.desk.say("auditing.time_wrong")


def test_that_older_rows_are_asked_from_where_the_search_ended(at: scenes.Stand, page: AuditPageView) -> None:
    assert page.list.select("more")
    page.list.row_was_opened.emit("more")
    assert at.session.sent.asks["audit.page"][1] == AskAudit(before=800, limit=100)
    at.session.answer_ask("audit.page", AuditPage(rows=(), through=1, tail=1234))
    assert page.list.model().rowCount() == len(rows())


def test_that_a_row_shows_each_field_before_and_after_and_no_secret(at: scenes.Stand, page: AuditPageView) -> None:
    page._number = 0
    page.list.select("1233")
    page.list.select("1234")
    at.session.answer_ask("audit.row", opened())
    told = page.sheet.text.accessibleDescription()
    assert at.desk.say("auditing.was", before="asked", after="in_force") in told
    assert at.desk.say("auditing.new", after="wang") in told
    assert at.desk.say("auditing.hidden") in told
    assert "暴雨红色预警" in told
    assert at.desk.say("auditing.right") in told


def test_that_the_whole_journal_is_verified_piece_by_piece_with_a_figure(at: scenes.Stand, page: AuditPageView) -> None:
    at.press(Qt.Key.Key_V)
    spans = []
    while "audit.check" in at.session.sent.asks:
        body = at.session.sent.asks["audit.check"][1]
        assert isinstance(body, AskAuditCheck)
        spans.append((body.first, body.last))
        at.session.answer_ask("audit.check", AuditChecked(rows=body.last - body.first + 1))
        if len(spans) == 1:
            assert "500" in page.told.text()
            assert "%" in page.told.text()
    assert spans == [(1, 500), (501, 1000), (1001, 1234)]
    assert page.told.text() == at.desk.say("auditing.good", all="1,234")


def test_that_the_first_wrong_row_is_named_and_the_walk_ends_there(at: scenes.Stand, page: AuditPageView) -> None:
    at.press(Qt.Key.Key_V)
    at.session.answer_ask("audit.check", AuditChecked(rows=16, fault="audit.hash", number=17))
    assert "17" in page.told.text()
    assert "audit.check" not in at.session.sent.asks


def test_that_verifying_can_be_stopped_and_says_how_far_it_came(at: scenes.Stand, page: AuditPageView) -> None:
    at.press(Qt.Key.Key_V)
    at.session.answer_ask("audit.check", AuditChecked(rows=500))
    at.press(Qt.Key.Key_Q)
    assert page.told.text() == at.desk.say("auditing.stopped", done="500")
    at.session.answer_ask("audit.check", AuditChecked(rows=500))
    assert "audit.check" not in at.session.sent.asks


def test_that_the_head_of_the_chain_is_told_to_be_written_down(at: scenes.Stand, page: AuditPageView) -> None:
    at.press(Qt.Key.Key_K)
    at.session.answer_ask("audit.head", AuditHeadTold(head="live.1.1234.9f9f", at_ns=START_NS))
    assert "live.1.1234.9f9f" in page.told.text()


def test_that_who_may_not_read_the_journal_is_told_the_centres_words(at: scenes.Stand, page: AuditPageView) -> None:
    page.ask()
    at.session.answer_ask("audit.page", Reason(code="permission.not_granted"))
    assert page.list.model().rowCount() == 0

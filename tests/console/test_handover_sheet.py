"""The hand-over's sheet: walked by keys, one deed at a time, both signatures in place, locked, and its PDF."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.handover_paper import HandoverPaper
from chengyun_console.session.answers import SignOnEnded
from chengyun_console.shell.handover_sheet import HandoverSheet
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.duty import Handover, HandoverState, ItemState
from chengyun_core.model.duty_commands import (
    CancelHandover,
    ForceHandover,
    NoteCheck,
    OpenHandover,
    RefuseItem,
    SignHandover,
    TickItem,
    WriteHandoverLines,
)
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.report.document import Document
from chengyun_core.report.handover_sheet import SheetFacts
from tests.console import duty_scenes
from tests.console.duty_scenes import answer, end_deed
from tests.console.scenes import Look, Stand, seat, stand
from tests.console.still_session import START_NS
from tests.support import duty_samples as samples
from tests.support.waiting import wait_until

WF1_KEYS, WF1_ITEMS = 20, 15


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One window, signed on at A-03, for all tests."""
    with stand(tmp_path_factory.mktemp("profile"), Look()) as made:
        seat(made)
        yield made


@pytest.fixture
def sheet(at: Stand) -> Iterator[HandoverSheet]:
    """The sheet with fifteen open items; the console's own checks are told already."""
    made = at.window.duty_desk.sheet
    made.hide()
    made._checked = 0
    made._gave = ""
    made.care._forget()
    at.session.sent.commands.clear()
    at.do("handover.open")
    end_deed(at, version=4)
    answer(at, samples.handover())
    duty_scenes.settle(at, samples.handover())
    at.session.sent.commands.clear()
    yield made
    made.second.done()
    made.hide()


class Shift:
    """A centre that does what it is told: each deed raises the version, a sheet is told as it stands."""

    def __init__(self, at: Stand) -> None:
        self.at, self.sheet, self.keys = at, samples.handover(), 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key, counted."""
        self.keys += 1
        self.at.press(key, modifiers)

    def settle(self) -> None:
        """Do every deed that waits."""
        care = self.at.window.duty_desk.sheet.care
        for _ in range(2 * WF1_ITEMS):
            if not care.is_busy:
                return
            self._do(self.at.session.sent.commands[-1])
            if "handover.sheet" in self.at.session.sent.asks:
                answer(self.at, self.sheet)
        raise AssertionError("the sheet goes on sending")

    def _do(self, command: object) -> None:
        assert getattr(command, "version", None) == self.sheet.version, command
        match command:
            case TickItem():
                items = tuple(
                    replace(item, state=ItemState.KNOWN) if (item.kind, item.key) == (command.kind, command.key)
                    else item for item in self.sheet.items
                )  # fmt: skip
                self.sheet = replace(self.sheet, items=items)
            case SignHandover():
                self.sheet = self._signed(command)
        self.sheet = replace(self.sheet, version=self.sheet.version + 1)
        end_deed(self.at, version=self.sheet.version)

    def _signed(self, command: SignHandover) -> Handover:
        both = samples.signed().signatures
        if self.sheet.state is HandoverState.OPEN:
            assert command.account == "officer"
            return replace(self.sheet, state=HandoverState.GIVEN, signatures=both[:1])
        assert command.account == "ma"
        return replace(self.sheet, state=HandoverState.SIGNED, signatures=both, audit_head="90412:" + "3f" * 32)


def test_that_fifteen_items_are_handed_over_and_signed_with_twenty_keys(at: Stand, sheet: HandoverSheet) -> None:
    """WF1: passwords and names are typed; what counts are the keys that say what is done."""
    shift = Shift(at)
    locked: list[object] = []
    sheet.was_locked.connect(locked.append)
    for _ in range(WF1_ITEMS):
        shift.press(Qt.Key.Key_A)
    shift.settle()
    assert [type(sent) for sent in at.session.sent.commands] == [TickItem] * WF1_ITEMS
    shift.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(sheet.second.password, "giver's own")
    shift.press(Qt.Key.Key_Return)
    shift.settle()
    assert sheet.second.account.text() == "ma"
    QTest.keyClicks(sheet.second.password, "taker's own")
    shift.press(Qt.Key.Key_Return)
    shift.settle()
    assert shift.keys <= WF1_KEYS
    assert [one.number for one in locked] == [12]
    assert not sheet.second.isVisible()
    signs = [sent for sent in at.session.sent.commands if isinstance(sent, SignHandover)]
    assert [(one.account, one.secret, one.digest) for one in signs] == [
        ("officer", "giver's own", "d" * 64), ("ma", "taker's own", "d" * 64),
    ]  # fmt: skip


def test_that_letters_on_the_sheet_do_nothing_to_the_alarm_beneath(at: Stand, sheet: HandoverSheet) -> None:
    at.press(Qt.Key.Key_A)
    at.press(Qt.Key.Key_R)
    assert at.window.chooser.isHidden()
    assert at.window.asker.isHidden()
    assert sheet.ask_line.isVisible()
    assert [type(sent) for sent in at.session.sent.commands] == [TickItem]
    sheet.ask_line.close_over()


def test_that_a_tick_names_what_was_seen_and_waits_its_turn(at: Stand, sheet: HandoverSheet) -> None:
    for _ in range(3):
        at.press(Qt.Key.Key_A)
    assert len(at.session.sent.commands) == 1
    first = at.session.sent.commands[0]
    assert isinstance(first, TickItem)
    assert (first.version, first.seen) == (4, 3)
    end_deed(at, version=5)
    second = at.session.sent.commands[1]
    assert isinstance(second, TickItem)
    assert (second.version, second.key) == (5, "2")


def test_that_a_tick_the_centre_has_done_is_not_taken_back_until_the_sheet_shows_it(
    at: Stand, sheet: HandoverSheet
) -> None:
    """Between answer and sheet the item stood undecided again, and a quick hand ticked it twice."""
    at.press(Qt.Key.Key_A)
    first = at.session.sent.commands[0]
    assert isinstance(first, TickItem)
    end_deed(at, version=5)
    key = (first.kind, first.key)
    assert not sheet.care.is_busy
    assert sheet.care.awaited() == {key: ItemState.KNOWN}
    answer(at, samples.handover(version=4))
    assert sheet.care.awaited() == {key: ItemState.KNOWN}, "that was asked before"
    sheet.care.ask()
    answer(at, samples.handover(version=5))
    assert sheet.care.awaited() == {}


def test_that_a_tick_on_a_sheet_that_changed_is_sent_once_more_and_then_told(at: Stand, sheet: HandoverSheet) -> None:
    at.press(Qt.Key.Key_A)
    end_deed(at, code="handover.changed")
    answer(at, samples.handover(version=9))
    again = at.session.sent.commands[1]
    assert isinstance(again, TickItem)
    assert again.version == 9
    end_deed(at, code="handover.changed")
    assert len(at.session.sent.commands) == 2
    assert sheet.answer.text() == at.desk.refusal(Reason(code="handover.changed"))


def test_that_an_item_is_refused_with_its_reason_and_stays_with_the_giver(at: Stand, sheet: HandoverSheet) -> None:
    sheet.body.list.select("order/17.4")
    at.press(Qt.Key.Key_R)
    sheet.ask_line.line.insert("由交班人催到为止")
    at.press(Qt.Key.Key_Return)
    sent = at.session.sent.commands[0]
    assert isinstance(sent, RefuseItem)
    assert (sent.key, sent.reason) == ("17.4", "由交班人催到为止")
    items = samples.items(refused=(6,))
    end_deed(at)
    answer(at, samples.handover(items=items))
    row = next(row for row in sheet.body.list.rows() if row.key == "order/17.4")
    assert row.status == at.desk.say("console.handover.state.refused")


def test_that_nothing_is_signed_while_an_item_is_undecided(at: Stand, sheet: HandoverSheet) -> None:
    sheet.sign()
    assert sheet.second.isHidden()
    assert sheet.answer.text() == at.desk.say("console.handover.undecided", count=WF1_ITEMS)


def test_that_a_wrong_password_is_told_at_the_field_and_nothing_else_is_lost(at: Stand, sheet: HandoverSheet) -> None:
    sheet.care.ask()
    answer(at, samples.handover(items=samples.items(known=15), version=9))
    sheet.sign()
    QTest.keyClicks(sheet.second.password, "wrong")
    at.press(Qt.Key.Key_Return)
    end_deed(at, code="session.wrong_password")
    assert sheet.second.isVisible()
    assert sheet.second.answer.text() == at.desk.refusal(Reason(code="session.wrong_password"))
    assert sheet.second.password.text() == ""


def test_that_what_changed_since_it_was_ticked_is_shown_again(at: Stand, sheet: HandoverSheet) -> None:
    items = list(samples.items(known=5))
    items[4] = replace(items[4], state=ItemState.OPEN, version=7)
    sheet.care.ask()
    answer(at, samples.handover(items=tuple(items)), changed=("event/36",))
    row = next(row for row in sheet.body.list.rows() if row.key == "event/36")
    assert row.status == at.desk.say("console.handover.changed")
    sheet.body.list.select("event/36")
    sheet.tick()
    sent = at.session.sent.commands[-1]
    assert isinstance(sent, TickItem)
    assert sent.seen == 7


def test_that_the_giver_s_lines_are_kept_when_he_leaves_the_field(at: Stand, sheet: HandoverSheet) -> None:
    line = sheet.lines[1]
    line.setFocus()
    line.insert("江北片区停电 22:00 恢复")
    line.setModified(True)
    sheet.body.list.setFocus()
    sent = at.session.sent.commands[0]
    assert isinstance(sent, WriteHandoverLines)
    assert sent.lines == ("寸滩洪峰预计 17:30", "江北片区停电 22:00 恢复", "")


def test_that_a_line_typed_before_the_one_above_has_arrived_stays(at: Stand, sheet: HandoverSheet) -> None:
    for place, text in ((1, "江北片区停电 22:00 恢复"), (2, "市防办 20 点 30 分到")):
        sheet.lines[place].setFocus()
        sheet.lines[place].setText(text)
        sheet.lines[place].setModified(True)
    sheet.body.list.setFocus()
    # The first line is at the centre, the second waits; what is told now has the first alone.
    end_deed(at)
    told = samples.handover(lines=("寸滩洪峰预计 17:30", "江北片区停电 22:00 恢复", ""), version=6)
    duty_scenes.tell(at, "handover.sheet", samples.told(told))
    sheet.show_told()
    assert sheet.lines[2].text() == "市防办 20 点 30 分到"
    sent = at.session.sent.commands[-1]
    assert isinstance(sent, WriteHandoverLines)
    assert sent.lines[1:] == ("江北片区停电 22:00 恢复", "市防办 20 点 30 分到")


def test_that_the_console_tells_its_own_checks_once(at: Stand, sheet: HandoverSheet) -> None:
    sheet._checked = 0
    sheet.show_told()
    first = at.session.sent.commands[0]
    assert isinstance(first, NoteCheck)
    assert first.name == "sound"
    assert not first.good
    assert first.reason == "console.handover.no_sound"
    duty_scenes.settle(at, samples.handover())
    told = len(at.session.sent.commands)
    sheet.show_told()
    assert len(at.session.sent.commands) == told


def test_that_esc_leaves_the_nearest_and_the_sheet_is_back_at_its_item(at: Stand, sheet: HandoverSheet) -> None:
    sheet.body.list.select("order/17.2")
    sheet.ask_refuse()
    assert sheet.close_over()
    assert sheet.isVisible()
    assert sheet.close_over()
    assert sheet.isHidden()
    at.do("handover.open")
    assert sheet.isVisible()
    assert sheet.body.list.current_key() == "order/17.2"
    answer(at, samples.handover())


def test_that_the_chief_signs_for_a_giver_who_cannot_with_a_reason(at: Stand, sheet: HandoverSheet) -> None:
    sheet.ask_force()
    sheet.ask_line.line.insert("突发疾病送医")
    at.press(Qt.Key.Key_Return)
    QTest.keyClicks(sheet.second.account, "chen")
    at.press(Qt.Key.Key_Return)
    QTest.keyClicks(sheet.second.password, "chief's own")
    at.press(Qt.Key.Key_Return)
    sent = at.session.sent.commands[0]
    assert isinstance(sent, ForceHandover)
    assert (sent.account, sent.reason, sent.secret) == ("chen", "突发疾病送医", "chief's own")


def test_that_a_hand_over_is_cancelled_with_a_reason(at: Stand, sheet: HandoverSheet) -> None:
    sheet.ask_cancel()
    sheet.ask_line.line.insert("接班人改派")
    at.press(Qt.Key.Key_Return)
    assert isinstance(at.session.sent.commands[0], CancelHandover)


def test_that_the_taker_signs_on_at_the_giver_s_console_beside_him(at: Stand, sheet: HandoverSheet) -> None:
    sheet.care.ask()
    answer(at, samples.handover(taker=""))
    assert sheet.deeds.by_id["handover.join"].isVisible()
    at.press(Qt.Key.Key_J, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(sheet.second.account, "ma")
    at.press(Qt.Key.Key_Return)
    QTest.keyClicks(sheet.second.password, "taker's own")
    at.press(Qt.Key.Key_Return)
    assert at.session.sent.sign_ons[-1] == ("ma", "taker's own", "A-03")
    assert at.session.sent.ways[-1] == ("", True)
    at.session.confirm_ended.emit(Reason(code="session.second_factor"))
    assert sheet.second.code.isVisible()
    QTest.keyClicks(sheet.second.password, "taker's own")
    QTest.keyClicks(sheet.second.code, "287082")
    at.press(Qt.Key.Key_Return)
    assert at.session.sent.ways[-1] == ("287082", True)
    held = at.session.signed_on
    assert held is not None
    at.session.signed_on = replace(held, account="ma", name="马晓峰", incoming=True)
    at.session.sign_on_ended.emit(SignOnEnded(signed_on=at.session.signed_on))
    assert isinstance(at.session.sent.commands[-1], OpenHandover)
    assert sheet.isVisible()
    assert sheet.second.isHidden()
    at.window.duty_desk._on_locked(samples.signed())
    assert at.session.sent.renewed == 1
    end_deed(at)
    answer(at, samples.handover())
    at.session.signed_on = held


def test_that_the_locked_sheet_shows_both_signatures_its_number_and_the_journal_s_head(
    at: Stand, sheet: HandoverSheet
) -> None:
    sheet.care.ask()
    answer(at, samples.signed())
    told = sheet.body.checks.text.accessibleDescription()
    assert "李值班" in told
    assert "马晓峰" in told
    assert "90412" in told
    assert not sheet.deeds.by_id["handover.tick"].isVisible()
    assert sheet.deeds.by_id["handover.print"].isVisible()


def test_that_the_sheet_is_asked_anew_when_something_changed(at: Stand, sheet: HandoverSheet) -> None:
    at.session.sent.asks.pop("handover.sheet", None)
    facts = at.session.facts
    news = FactNews(facts=(), gone=(), changes=(), through=facts.through + 1, tail=facts.tail + 1, complete=True)
    facts.apply(news)
    at.beat()
    at.beat()
    assert "handover.sheet" in at.session.sent.asks


@pytest.mark.parametrize(("key", "page"), [("event/41", "F3"), ("order/17.4", "F4"), ("plan_run/7", "F7"),
                                           ("warning/5", "warnings"), ("fault/source:opcua", "sources")])  # fmt: skip
def test_that_enter_goes_to_where_an_item_lives(at: Stand, sheet: HandoverSheet, key: str, page: str) -> None:
    sheet.body.list.select(key)
    at.press(Qt.Key.Key_Return)
    assert sheet.isHidden()
    assert at.window.page == page
    at.window.show_page("F1")


class _Press:
    """Stands in for the press: bytes at once, or the trouble it is to have."""

    def __init__(self, trouble: Trouble | None = None) -> None:
        self.trouble = trouble

    def render(self, _document: Document) -> bytes:
        """Return a PDF, or raise."""
        if self.trouble is not None:
            raise self.trouble
        return b"%PDF-1.7 a sheet"


def _paper(at: Stand, press: _Press) -> tuple[HandoverPaper, list[object]]:
    made = HandoverPaper(at.desk, renderer=press)
    ended: list[object] = []
    made.was_written.connect(ended.append)
    made.did_fail.connect(ended.append)
    made.make(12)
    facts = SheetFacts(handover=samples.signed(), issuer="重庆市城市运行和治理中心", made_at=START_NS)
    at.session.answer_ask("handover.paper", facts)
    return made, ended


def test_that_a_pdf_gets_its_name_only_after_the_journal_has_it(at: Stand, sheet: HandoverSheet) -> None:
    made, ended = _paper(at, _Press())
    wait_until(lambda: _pumped(bool(at.session.sent.commands)), "the journal is told")
    noted = at.session.sent.commands[-1]
    assert isinstance(noted, NoteExport)
    assert (noted.what, noted.form, noted.rows) == ("handover", "pdf", 15)
    assert ended == []
    end_deed(at)
    wait_until(lambda: _pumped(len(at.session.sent.commands) > 1), "the journal is told of the workbook, too")
    second = at.session.sent.commands[-1]
    assert isinstance(second, NoteExport)
    assert (second.what, second.form, second.rows) == ("handover", "xlsx", 15)
    assert ended == []
    end_deed(at)
    wait_until(lambda: _pumped(bool(ended)), "the paper ends")
    path = ended[0]
    assert isinstance(path, Path)
    assert path.read_bytes() == b"%PDF-1.7 a sheet"
    assert path.with_suffix(".xlsx").read_bytes()[:2] == b"PK"
    assert {one.stat().st_mode & 0o777 for one in (path, path.with_suffix(".xlsx"))} == {0o600}
    assert list(path.parent.glob("*.part")) == []
    made.deleteLater()


def test_that_a_pdf_the_journal_refuses_is_not_written(at: Stand, sheet: HandoverSheet) -> None:
    made, ended = _paper(at, _Press())
    wait_until(lambda: _pumped(bool(at.session.sent.commands)), "the journal is told")
    before = set((at.desk.profile / "exports").glob("*"))
    end_deed(at, code="permission.denied")
    assert isinstance(ended[0], Reason)
    assert set((at.desk.profile / "exports").glob("*")) == before
    made.deleteLater()


def test_that_a_press_that_fails_says_why(at: Stand, sheet: HandoverSheet) -> None:
    made, ended = _paper(at, _Press(Trouble("report.no_font", package="fonts-noto-cjk")))
    wait_until(lambda: _pumped(bool(ended)), "the paper ends")
    assert ended == [Reason(code="report.no_font", params={"package": "fonts-noto-cjk"})]
    assert at.session.sent.commands == []
    made.deleteLater()


def _pumped(is_there: object) -> bool:
    QApplication.processEvents()
    return bool(is_there)

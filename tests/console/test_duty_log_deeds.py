"""The log of F8 by keys: a line chosen, a notice settled, a snapshot looked at and saved, kinds; the absent giver."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from chengyun_console.pages.duty.log import FILTERS
from chengyun_console.pages.duty.page import DutyPage
from chengyun_core.model.duty import ItemKind, LogKind
from chengyun_core.model.duty_commands import OpenHandover, WriteLogLine
from chengyun_core.model.event import Attachment
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire.duty_asks import AskLog, Log, LogRow, People
from chengyun_core.wire.event_asks import AskFile, FilePart
from tests.console import duty_scenes
from tests.console.duty_scenes import answer, end_deed
from tests.console.scenes import Look, Stand, seat, stand
from tests.support import duty_samples as samples
from tests.support.waiting import wait_until

ALT = Qt.KeyboardModifier.AltModifier


def _row(number: int, kind: LogKind, text: str, line: int, **more: object) -> LogRow:
    reason = Reason(code="log.text", params={"text": text, "line": str(line)})
    return LogRow(number=number, at_ns=samples.NOW - number, kind=kind, sentence=reason, account="officer",
                  seat="A-03", **more)  # type: ignore[arg-type]  # fmt: skip


ROWS = (
    _row(55, LogKind.FREE, "已通知水利局复核", 9, corrects=4),
    _row(54, LogKind.NOTICE, "明早复核寸滩水位", 4, corrected_by=9),
    _row(53, LogKind.NOTICE, "二号泵站检修到 20 时", 3),
    _row(52, LogKind.SNAPSHOT, "寸滩水位一小时走势", 2, file=77, attachment="ab"),
    _row(51, LogKind.FREE, "客船全部靠泊", 1),
    _row(50, LogKind.FREE, "上一班写的", 0, locked=True),
)


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One window on F8 for all tests."""
    with stand(tmp_path_factory.mktemp("profile"), Look(width=1920, height=1080)) as made:
        seat(made)
        duty_scenes.show_duty(made)
        yield made


@pytest.fixture
def page(window: Stand) -> DutyPage:
    """The page with the log of this file, nothing chosen, nothing in question."""
    window.window.layers.hide()
    made = window.window.stack.of(DutyPage)
    made.deeds.ask_line.close_over()
    made.known.show_kinds(())
    duty_scenes.show_duty(window)
    made.show_side(0)
    made.known.log, made.known.log_next = {row.number: row for row in ROWS}, 0
    made.log.lines.text.chosen = ""
    made.log.refresh()
    made.log.lines.setFocus()
    made.deeds.show_possible()
    return made


@pytest.fixture
def at(window: Stand, page: DutyPage) -> Stand:
    """The window, with the page made ready."""
    return window


def _last(at: Stand) -> object:
    return at.session.sent.commands[-1]


def _write(page: DutyPage, text: str) -> None:
    page.deeds.ask_line.line.setText(text)
    page.deeds.ask_line.submit()


def test_that_arrows_and_clicks_choose_a_line(at: Stand, page: DutyPage) -> None:
    at.press(Qt.Key.Key_Down)
    assert page.log.lines.chosen == "55"
    at.press(Qt.Key.Key_Down)
    at.press(Qt.Key.Key_Down)
    assert page.log.lines.chosen == "53"
    text = page.log.lines.text
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=text.rect_at(4).center().toPoint())
    assert page.log.lines.chosen == "51"


def test_that_a_notice_is_settled_with_how_it_was(at: Stand, page: DutyPage) -> None:
    page.log.lines.choose("53")
    at.press(Qt.Key.Key_Q, ALT)
    _write(page, "检修已完成")
    assert _last(at) == WriteLogLine(text="检修已完成", kind=LogKind.FREE, corrects=3)


def test_that_what_is_no_open_notice_is_not_settled(at: Stand, page: DutyPage) -> None:
    for key in ("54", "51"):
        page.log.lines.choose(key)
        assert not page.deeds.of_log.by_id["duty.settle"].isVisible(), key
    page.log.lines.text.chosen = ""
    assert page.log.to_settle() is not None
    assert page.log.to_settle().number == 53  # type: ignore[union-attr]


def test_that_a_settled_notice_says_so_and_a_corrected_one_that_it_was_corrected(at: Stand, page: DutyPage) -> None:
    lines = {line.key: line.happened for line in page.log.lines.text._lines}
    assert lines["54"] == at.desk.say("console.duty.log.settled")
    again = replace(ROWS[0], kind=LogKind.NOTICE)
    page.known.log[55] = again
    page.log.refresh()
    lines = {line.key: line.happened for line in page.log.lines.text._lines}
    assert lines["54"] == at.desk.say("console.duty.log.corrected")


def test_that_the_chosen_line_of_ones_own_is_corrected_and_a_locked_one_never(at: Stand, page: DutyPage) -> None:
    page.log.lines.choose("51")
    at.press(Qt.Key.Key_E, ALT)
    assert page.deeds.ask_line.line.text() == "客船全部靠泊"
    _write(page, "客船已靠泊 11 艘")
    assert _last(at) == WriteLogLine(text="客船已靠泊 11 艘", kind=LogKind.FREE, corrects=1)
    page.log.lines.choose("50")
    corrected = page.log.to_correct()
    assert corrected is not None
    assert corrected.number == 55


def test_that_kinds_are_gone_through_and_asked_of_the_centre(at: Stand, page: DutyPage) -> None:
    seen = []
    for _ in FILTERS:
        at.press(Qt.Key.Key_F, ALT)
        at.session.clock.advance(3.0)
        at.beat()
        kind, ask, _answer = at.session.sent.asks["duty.log"]
        assert (kind, isinstance(ask, AskLog)) == ("log.page", True)
        seen.append(ask.kinds)  # type: ignore[attr-defined]
        page.known._on_log(Log())
        page.log.refresh()
    assert seen == [*FILTERS[1:], ()]
    assert page.known.log_kinds == ()


def _picture() -> bytes:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(held.data())


def test_that_a_snapshot_is_looked_at_here_and_saved_after_the_journal_was_told(at: Stand, page: DutyPage) -> None:
    data = _picture()
    kept = Attachment(number=77, about="log_line:2", digest=hashlib.sha256(data).hexdigest(), name="20260718.png",
                      size=len(data), media="image/png", added_at=1, added_by="officer", added_seat="A-03")  # fmt: skip
    page.log.lines.choose("52")
    at.press(Qt.Key.Key_V, ALT)
    assert at.session.sent.asks["snapshot.looked_at"][1] == AskFile(attachment=77, length=1)
    at.session.answer_ask("snapshot.looked_at", FilePart(attachment=kept, offset=0, data=data[:1]))
    sheet = at.window.duty_desk.forms.view.sheet
    assert sheet.isVisible()
    at.session.answer_ask("file.looked_at", FilePart(attachment=kept, offset=0, data=data))
    wait_until(lambda: _pumped(sheet._bodies.currentWidget() is sheet.view), "the picture is shown")
    at.session.sent.commands.clear()
    sheet._save()
    at.session.answer_ask("snapshot.saved", FilePart(attachment=kept, offset=0, data=data))
    wait_until(lambda: _pumped(bool(at.session.sent.commands)), "the journal is told")
    noted = _last(at)
    assert isinstance(noted, NoteExport)
    assert (noted.what, noted.form, noted.digest) == ("log.snapshot", "png", kept.digest)
    folder = at.desk.profile / "exports"
    assert not list(folder.glob("snapshot-77-*"))
    end_deed(at)
    wait_until(lambda: _pumped(bool(list(folder.glob("snapshot-77-*.png")))), "the file is there")
    assert next(folder.glob("snapshot-77-*.png")).read_bytes() == data


def _pumped(is_there: object) -> bool:
    QApplication.processEvents()
    return bool(is_there)


def test_that_a_sheet_is_opened_for_a_giver_who_is_absent_by_his_name(at: Stand, page: DutyPage) -> None:
    told = samples.people()
    named = tuple(replace(one, account="zhao") if one.code == "P05" else one for one in told.people)
    page.known.people = People(people=named)
    page.seats.list.choose("A-02")
    page.board.board.text.setFocus()
    at.press(Qt.Key.Key_U, ALT)
    assert page.deeds.ask_line.line.text() == "赵铁军"
    page.deeds.ask_line.submit()
    assert _last(at) == OpenHandover(seat="A-02", giver="zhao")
    assert at.window.duty_desk.sheet.isVisible()


def test_that_a_notice_is_settled_from_the_sheet_of_the_hand_over(at: Stand, page: DutyPage) -> None:
    duty_scenes.show_handover(at)
    sheet = at.window.duty_desk.sheet
    notice = replace(samples.items()[0], kind=ItemKind.NOTICE, key="3", title="二号泵站检修到 20 时")
    told = samples.handover(items=(notice, *samples.items()[1:]))
    sheet.care.ask()
    answer(at, told)
    sheet.body.list.select("notice/3")
    sheet.body.list.setFocus()
    at.press(Qt.Key.Key_S)
    sheet.ask_line.line.setText("检修已完成")
    sheet.ask_line.submit()
    assert _last(at) == WriteLogLine(text="检修已完成", corrects=3)
    end_deed(at)
    sheet.body.list.select("event/36")
    at.press(Qt.Key.Key_S)
    assert sheet.ask_line.isHidden()

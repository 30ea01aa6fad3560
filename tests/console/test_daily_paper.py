"""值班日报 at the console: numbered, both files noted before either has its name, refused in words, on F8 and sheet."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from chengyun_console.daily_paper import DailyPaper
from chengyun_console.daily_span import of_sheet, running
from chengyun_console.pages.duty.page import DutyPage
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.model.paper import PaperKind
from chengyun_core.model.paper_commands import NumberPaper
from chengyun_core.model.rights_commands import NoteExport
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.paper_asks import AskDaily
from tests.console import duty_scenes
from tests.console.scenes import Look, Stand, seat, stand
from tests.core.report.fact_samples import daily_facts
from tests.support import duty_samples as samples
from tests.support.fake_renderer import FakeRenderer
from tests.support.waiting import wait_until

NUMBER = "渝城运值〔2026〕326号"
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One window on F8 for all tests."""
    with stand(tmp_path_factory.mktemp("profile"), Look(width=1920, height=1080)) as made:
        seat(made)
        duty_scenes.show_duty(made)
        yield made


@dataclass
class Made:
    """A paper that is made, and what it told."""

    at: Stand
    paper: DailyPaper
    renderer: FakeRenderer
    written: list[tuple[str, tuple[Path, ...]]] = field(default_factory=list)
    failed: list[Reason] = field(default_factory=list)

    def next(self, kind: type) -> object:
        """Return the next command when it is of this kind."""
        sent = self.at.session.sent.commands
        wait_until(lambda: _pumped(bool(sent) and isinstance(sent[-1], kind)), f"{kind.__name__} is sent")
        return sent[-1]

    def end(self, *, key: str = "", code: str = "") -> None:
        """Answer the command sent last."""
        command = f"command-{len(self.at.session.sent.commands)}"
        body = b"" if code else codec.pack(Done(change=42, key=key))
        reply = Reply(id=command, outcome="refused" if code else "done", body=body, code=code)
        self.at.session.command_ended.emit(command, reply)

    def number(self) -> NumberPaper:
        """Answer the facts and give the number."""
        self.at.session.answer_ask("daily.paper", daily_facts(number=""))
        sent = self.next(NumberPaper)
        self.end(key=NUMBER)
        assert isinstance(sent, NumberPaper)
        return sent


@pytest.fixture
def made(at: Stand) -> Iterator[Made]:
    """The window's own paper with a press that starts no process; nothing sent yet."""
    paper, renderer = at.window.duty_desk.daily, FakeRenderer()
    one = Made(at, paper, renderer)
    paper._renderer, paper._given = renderer, None
    paper._end()

    def on_written(number: str, paths: tuple[Path, ...]) -> None:
        one.written.append((number, paths))

    paper.was_written.connect(on_written)
    paper.did_fail.connect(one.failed.append)
    at.session.sent.commands.clear()
    at.session.sent.asks.clear()
    at.window.layers.hide()
    at.window.show_page("F8")
    page = at.window.stack.of(DutyPage)
    page.known.shifts = samples.shifts()
    page.deeds.show_possible()
    page.board.board.text.setFocus()
    yield one
    paper.was_written.disconnect(on_written)
    paper.did_fail.disconnect(one.failed.append)


def test_that_alt_d_on_f8_saves_both_files_numbered_and_noted_before_either_has_its_name(made: Made) -> None:
    at = made.at
    at.press(Qt.Key.Key_D, ALT)
    _kind, ask, _answer = at.session.sent.asks["daily.paper"]
    shift = samples.shifts().shifts[0]
    assert isinstance(ask, AskDaily)
    assert (ask.from_ns, ask.seat) == (shift.begun_at or shift.begins_at, "A-03")
    numbered = made.number()
    assert (numbered.kind, numbered.about) == (PaperKind.DAILY, f"shift/{shift.number}")
    folder = at.desk.profile / "exports"
    pdf = made.next(NoteExport)
    assert isinstance(pdf, NoteExport)
    assert (pdf.what, pdf.form) == ("report.daily", "pdf")
    assert made.renderer.documents[0].number == NUMBER
    made.end()
    book = made.next(NoteExport)
    assert isinstance(book, NoteExport)
    assert (book.form, book.rows) == ("xlsx", pdf.rows)
    assert list(folder.glob("daily-*")) == []
    made.end()
    wait_until(lambda: _pumped(bool(made.written)), "both are written")
    number, paths = made.written[0]
    assert number == NUMBER
    assert [path.suffix for path in paths] == [".pdf", ".xlsx"]
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths] == [pdf.digest, book.digest]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert sorted(folder.glob("daily-*")) == sorted(paths)
    assert NUMBER in at.window.message.accessibleName()
    assert str(paths[0]) in at.window.message.accessibleName()


def test_that_pressing_again_while_one_is_made_takes_no_second_number(made: Made) -> None:
    made.at.press(Qt.Key.Key_D, ALT)
    made.at.press(Qt.Key.Key_D, ALT)
    made.number()
    made.next(NoteExport)
    made.at.press(Qt.Key.Key_D, ALT)
    assert [type(one) for one in made.at.session.sent.commands] == [NumberPaper, NoteExport]
    assert "daily.paper" not in made.at.session.sent.asks


def test_that_a_press_that_fails_says_why_and_the_next_try_takes_the_number_that_stands_on_no_paper(
    made: Made,
) -> None:
    made.renderer.trouble = Trouble("report.no_font", package="fonts-noto-cjk")
    made.at.press(Qt.Key.Key_D, ALT)
    made.number()
    wait_until(lambda: _pumped(bool(made.failed)), "it says so")
    assert made.failed[0].code == "report.no_font"
    assert made.at.desk.refusal(made.failed[0]) in made.at.window.message.accessibleName()
    made.renderer.trouble = None
    made.at.press(Qt.Key.Key_D, ALT)
    made.at.session.answer_ask("daily.paper", daily_facts(number=""))
    made.next(NoteExport)
    assert sum(isinstance(one, NumberPaper) for one in made.at.session.sent.commands) == 1
    assert made.renderer.documents[0].number == NUMBER


def test_that_nothing_is_written_when_the_journal_refuses_the_second_file(made: Made) -> None:
    before = set((made.at.desk.profile / "exports").glob("*"))
    made.at.press(Qt.Key.Key_D, ALT)
    made.number()
    made.next(NoteExport)
    made.end()
    made.end(code="permission.denied")
    assert made.failed[0].code == "permission.denied"
    assert set((made.at.desk.profile / "exports").glob("*")) == before


@pytest.mark.parametrize("refused", ["report.more_than_month", "session.incoming"])
def test_that_the_centre_s_refusal_is_told_in_words(made: Made, refused: str) -> None:
    made.at.press(Qt.Key.Key_D, ALT)
    reason = Reason(code=refused, params={"begin": "", "end": "", "seat": "A-03", "action": "paper.number"})
    made.at.session.answer_ask("daily.paper", reason)
    assert made.failed == [reason]
    assert made.at.desk.refusal(reason) in made.at.window.message.accessibleName()


def test_that_the_sheet_of_a_hand_over_saves_it_of_the_time_it_hands_over(made: Made) -> None:
    at = made.at
    duty_scenes.show_handover(at)
    sheet = at.window.duty_desk.sheet
    assert sheet.deeds.by_id["duty.daily"].isVisible()
    at.press(Qt.Key.Key_D, ALT)
    _kind, ask, _answer = at.session.sent.asks["daily.paper"]
    assert ask == AskDaily(from_ns=samples.handover().opened_at, to_ns=at.desk.now_ns(), seat="A-03")
    reason = Reason(code="report.no_time", params={"begin": "", "end": ""})
    at.session.answer_ask("daily.paper", reason)
    assert sheet.answer.text() == at.desk.refusal(reason)
    at.window.layers.hide()


def test_that_a_signed_sheet_s_report_ends_with_the_last_signature_and_tells_what_was_handed_over() -> None:
    signed = replace(samples.signed(), figures_from=5)
    span = of_sheet(signed, 10**19)
    assert (span.from_ns, span.to_ns, span.seat) == (5, signed.signatures[-1].at + 1, "")


def test_that_without_a_roster_it_is_of_the_time_since_the_seat_was_taken(at: Stand) -> None:
    at.session.put_fact("session", "A-03", SessionRecord(
        seat="A-03", account="officer", name="李值班", posts=(), since=77), version=3)  # fmt: skip
    span = running(at.desk, ())
    assert span is not None
    assert (span.from_ns, span.seat, span.about) == (77, "A-03", "")


def _pumped(is_there: object) -> bool:
    QApplication.processEvents()
    return bool(is_there)

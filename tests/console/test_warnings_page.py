"""Official warnings at a console: the banner, the page, the call-out's tries in few keys, the forms."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chengyun_console.warnings.concern import concerning
from chengyun_console.warnings.page import WarningsPage
from chengyun_core.model.callout import CallState, Outcome
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import WarningColour
from chengyun_core.model.warning import Affected
from chengyun_core.model.warning_commands import (
    CancelCallOut,
    CancelWarning,
    IssueWarning,
    NoteCall,
    StartWarningCall,
    TakeWarning,
)
from chengyun_core.wire.envelope import Reply
from chengyun_core.wire.warning_asks import AskWarningCheck, AskWarnings, WarningChecked
from tests.console import mode_samples, scenes
from tests.console import warning_samples as samples
from tests.console.still_session import START_NS, S
from tests.console.warning_scenes import show_calls, show_page

RIGHTS = (
    "call.note", "call_out.cancel", "mode.declare", "warning.call", "warning.cancel", "warning.issue", "warning.import",
    "session.sign_off",
)  # fmt: skip


@pytest.fixture(scope="module")
def at(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[scenes.Stand]:
    """One window for all tests, at seat A-03 of the city."""
    folder: Path = tmp_path_factory.mktemp("warnings")
    with scenes.stand(folder, scenes.Look()) as made:
        scenes.seat(made)
        yield made


@pytest.fixture
def here(at: scenes.Stand) -> Iterator[scenes.Stand]:
    """The window with no warning known."""
    at.session.enter(allowed=RIGHTS)
    at.session.hear()
    yield at
    for number in range(1, len(at.session.sent.commands) + 1):
        at.session.command_ended.emit(f"command-{number}", Reply(id=f"command-{number}", outcome="done"))
    while at.window.layers.close_nearest():
        pass
    facts = at.session.facts
    for shelf in (facts.warned.warnings, facts.warned.call_outs, facts.warned.calls, facts.mode.presets,
                  facts.mode.declarations):  # fmt: skip
        shelf.clear()
    at.session.sent.commands.clear()
    page_of(at).ask_line.close_over()
    page_of(at).list._told = ()
    page_of(at).list.list.set_rows([])
    page_of(at).list.mark_stale()
    page_of(at).show_warning(0)
    at.window.show_page("F1")
    at.session.facts.through += 1
    at.beat()


def page_of(at: scenes.Stand) -> WarningsPage:
    return at.window.stack.of(WarningsPage)


def put(at: scenes.Stand, *warnings: object) -> None:
    for one in warnings:
        at.session.put_fact("warning", str(one.number), one, version=one.version)  # type: ignore[attr-defined]
    at.beat()


def test_that_the_banner_names_the_gravest_with_area_validity_and_how_many_more(here: scenes.Stand) -> None:
    assert here.window.banner.isHidden()
    put(here, *samples.several()[:2])
    told = here.window.banner.accessibleName()
    assert here.window.banner.isVisible()
    for word in ("红色", "渝中区、江北区", "重庆市气象台", "19:32", "另有 1 条", "Ctrl+Shift+W"):
        assert word in told
    before = told
    here.beat()
    assert here.window.banner.accessibleName() != before


def test_that_the_banner_goes_when_the_warning_has_ended(here: scenes.Stand) -> None:
    put(here, samples.warning())
    here.session.facts.warned.warnings.clear()
    here.session.facts.through += 1
    here.beat()
    assert here.window.banner.isHidden()


def test_that_only_warnings_of_the_own_area_or_of_nowhere_concern_a_seat(here: scenes.Stand) -> None:
    elsewhere = samples.warning(11, area=Affected(text="万州", centres=("500101",)))
    unknown = samples.warning(12, area=Affected(text="江面"), colour=WarningColour.BLUE)
    put(here, elsewhere, unknown, samples.warning())
    assert [one.number for one in concerning(here.desk)] == [7, 12]


def test_that_a_click_on_the_banner_opens_the_warning(here: scenes.Stand) -> None:
    put(here, samples.warning())
    QTest.mouseClick(here.window.banner, Qt.MouseButton.LeftButton)
    here.beat()
    assert here.window.stack.front == "warnings"
    assert here.session.sent.asks["warnings.get"][1].warning == 7  # type: ignore[attr-defined]


def test_that_the_document_shows_the_eight_the_chain_and_who_is_concerned(here: scenes.Stand) -> None:
    show_page(here)
    told = page_of(here).document.sheet.text.accessibleDescription()
    for word in (
        "暴雨",
        "一级（红色）",
        "2026-07-18 13:32:07",
        "沿江街道",
        "排涝",
        "重庆市气象台",
        "张明",
        "14",
        "23",
    ):
        assert word in told
    assert here.desk.say("warnings.doc.nobody") in told
    assert "已更新" in told
    assert here.desk.say("warnings.doc.suggests", preset="防汛") in told


def test_that_a_switch_is_suggested_no_more_once_it_was_founded_on_the_warning(here: scenes.Stand) -> None:
    show_page(here)
    document, suggestion = page_of(here).document, here.desk.say("warnings.doc.suggests", preset="防汛")
    assert suggestion in document.sheet.text.accessibleDescription()
    held = mode_samples.declaration(evidence="warning/7")
    here.session.put_fact("mode", held.key, held, version=held.version)
    here.beat()
    assert suggestion not in document.sheet.text.accessibleDescription()


def test_that_the_list_asks_for_those_in_force_first_and_finds_by_words(here: scenes.Stand) -> None:
    show_page(here)
    page = page_of(here)
    page.list.field.setText("寸滩")
    _kind, body, _answer = here.session.sent.asks["warnings.page"]
    assert body == AskWarnings(in_force=True, words="寸滩", limit=50)
    page.list.field.clear()


def test_that_c_begins_the_call_out_with_the_words_one_gave(here: scenes.Stand) -> None:
    show_page(here)
    here.press(Qt.Key.Key_C)
    page = page_of(here)
    assert page.ask_line.isVisible()
    page.ask_line.line.setText("请转移")
    page.ask_line.submit()
    assert here.session.sent.commands == [StartWarningCall(warning=7, version=1, words="请转移")]


def test_that_one_digit_notes_a_try_without_an_answer(here: scenes.Stand) -> None:
    show_calls(here)
    calling = page_of(here).calling
    calling.list.select("5.1")
    calling.list.setFocus()
    here.press(Qt.Key.Key_2)
    assert here.session.sent.commands == [
        NoteCall(call_out=5, place=1, version=3, channel="phone", number="023-63880101", outcome=Outcome.NO_ANSWER)
    ]


def test_that_a_confirmation_takes_three_keys_and_carries_who_said_what(here: scenes.Stand) -> None:
    show_calls(here)
    calling = page_of(here).calling
    calling.list.select("5.2")
    calling.list.setFocus()
    here.press(Qt.Key.Key_1)
    here.press(Qt.Key.Key_Return)
    (made,) = here.session.sent.commands
    assert isinstance(made, NoteCall)
    assert (made.outcome, made.words, made.said_by) == (Outcome.CONFIRMED, "收到", "周强（解放碑街道）")


def test_that_who_is_still_to_be_reached_stands_first_and_who_confirmed_is_not_called_again(
    here: scenes.Stand,
) -> None:
    show_calls(here)
    calling = page_of(here).calling
    assert [call.place for call in calling.calls()] == [1, 2, 3, 0]
    calling.list.select("5.0")
    calling.note(Outcome.NO_ANSWER)
    assert calling.status.text() == here.desk.say("warnings.call.over")
    assert here.session.sent.commands == []


def test_that_the_next_to_be_called_is_in_focus_once_one_is_settled(here: scenes.Stand) -> None:
    show_calls(here)
    calling = page_of(here).calling
    calling.list.select("5.1")
    calling.note(Outcome.NO_ANSWER)
    settled = replace(samples.calls()[1], state=CallState.ESCALATED, version=9)
    here.session.put_fact("call", "5.1", settled, version=9)
    here.beat()
    assert calling.list.current_key() == "5.2"


def test_that_a_number_of_somebody_earlier_in_the_chain_is_not_shown_for_the_next(here: scenes.Stand) -> None:
    show_calls(here)
    moved = replace(samples.calls()[2], chain=("p5", "p9"), at=1, version=9)
    here.session.put_fact("call", "5.2", moved, version=9)
    here.beat()
    row = page_of(here).calling.list.model().index(1, 0)
    assert "023-63880102" not in str(row.data(Qt.ItemDataRole.AccessibleTextRole))


def test_that_a_call_out_ends_with_a_reason(here: scenes.Stand) -> None:
    show_calls(here)
    here.press(Qt.Key.Key_Q)
    page_of(here).ask_line.line.setText("预警已解除")
    page_of(here).ask_line.submit()
    assert here.session.sent.commands == [CancelCallOut(call_out=5, version=1, reason="预警已解除")]


def test_that_only_ones_own_warning_can_be_cancelled(here: scenes.Stand) -> None:
    show_page(here)
    here.press(Qt.Key.Key_X)
    assert not page_of(here).ask_line.isVisible()
    page_of(here).show_warning(8)
    here.beat()
    here.press(Qt.Key.Key_X)
    page_of(here).ask_line.line.setText("险情排除")
    page_of(here).ask_line.submit()
    assert here.session.sent.commands == [CancelWarning(warning=8, version=1, reason="险情排除")]


def test_that_a_warning_leads_to_the_mode_with_scope_preset_and_evidence(here: scenes.Stand) -> None:
    show_page(here)
    here.press(Qt.Key.Key_M)
    fields = here.window.rooms.mode.sheet.fields
    assert here.window.rooms.mode.sheet.isVisible()
    assert (fields.scope.currentData(), fields.preset.currentData()) == ("500103", "flood")
    assert fields.evidence.currentData() == "warning/7"
    assert fields.reason.text() == samples.warning().headline


def open_form(at: scenes.Stand) -> None:
    at.do("page.warnings")
    at.do("warning.issue")
    form = at.window.rooms.warnings.form
    form.lines["headline"].setText("地质灾害黄色预警")
    form.lines["area"].setText("红岩村片区")
    form.lines["starts"].setText("2026-07-18 15:00")
    form.texts["notice"].setPlainText("边坡位移加快")
    form.texts["measures"].setPlainText("撤离坡脚住户")
    form.category.setCurrentIndex(form.category.findData("geological"))
    form.colour.setCurrentIndex(form.colour.findData(2))
    form.centre.setCurrentIndex(form.centre.findData("500103"))


def test_that_the_form_makes_a_warning_of_the_eight(here: scenes.Stand) -> None:
    open_form(here)
    form = here.window.rooms.warnings.form
    form.send()
    start = START_NS - 7 * S + 28 * 60 * S
    assert here.session.sent.commands == [
        IssueWarning(
            centre="500000", category="geological", colour=WarningColour.YELLOW, headline="地质灾害黄色预警",
            starts_at=start, expires_at=start + 6 * 3600 * S, area_text="红岩村片区", centres=("500103",),
            notice="边坡位移加快", measures="撤离坡脚住户",
        )
    ]  # fmt: skip


def test_that_the_usual_words_of_a_kind_are_filled_in_and_ones_own_are_left(here: scenes.Stand) -> None:
    open_form(here)
    form = here.window.rooms.warnings.form
    for field in form.texts.values():
        field.clear()
    form.texts["measures"].setPlainText("自己写的")
    for kind in ("rainstorm", "typhoon"):
        at_kind = form.category.findData(kind)
        form.category.setCurrentIndex(at_kind)
        form.category.activated.emit(at_kind)
        assert form.texts["notice"].toPlainText() == here.desk.say(f"warning.notice.{kind}")
    assert form.texts["measures"].toPlainText() == "自己写的"


@pytest.mark.parametrize("name", ["notice", "measures", "area", "headline"])
def test_that_nothing_is_published_while_one_of_the_eight_is_missing(here: scenes.Stand, name: str) -> None:
    open_form(here)
    form = here.window.rooms.warnings.form
    (form.lines | form.texts)[name].clear()  # type: ignore[operator]
    form.send()
    assert here.session.sent.commands == []
    assert here.desk.say(f"warnings.form.{name}") in form.told.text()
    assert "7/8" in form.told.text()


def test_that_a_beginning_that_is_no_time_is_said_in_place(here: scenes.Stand) -> None:
    open_form(here)
    form = here.window.rooms.warnings.form
    form.lines["starts"].setText("明天下午")
    form.send()
    assert here.desk.say("warnings.form.time_wrong") in form.told.text()
    assert here.session.sent.commands == []


def test_that_a_file_is_looked_at_by_the_centre_before_it_can_be_taken(
    here: scenes.Stand, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "rain.cap"
    file.write_bytes(b"<alert>x</alert>")
    here.do("page.warnings")
    here.press(Qt.Key.Key_I)
    sheet = here.window.rooms.warnings.importing
    sheet.look_at(file)
    qtbot.waitUntil(lambda: "warnings.check" in here.session.sent.asks, timeout=20_000)
    assert here.session.sent.asks["warnings.check"][1] == AskWarningCheck(name="rain.cap", data=b"<alert>x</alert>")
    sheet.send()
    assert here.session.sent.commands == []
    here.session.answer_ask("warnings.check", WarningChecked(warnings=(samples.warning(),)))
    sheet.send()
    assert here.session.sent.commands == [TakeWarning(name="rain.cap", data=b"<alert>x</alert>")]


def test_that_a_file_dropped_on_the_page_is_looked_at_in_the_sheet(
    here: scenes.Stand, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "dropped.cap"
    file.write_bytes(b"<alert>y</alert>")
    here.do("page.warnings")
    here.session.sent.asks.pop("warnings.check", None)
    page_of(here).file_was_dropped.emit(file)
    qtbot.waitUntil(lambda: "warnings.check" in here.session.sent.asks, timeout=20_000)
    assert here.window.rooms.warnings.importing.isVisible()


def test_that_a_file_with_faults_cannot_be_taken_and_each_fault_is_a_row(
    here: scenes.Stand, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "bad.cap"
    file.write_bytes(b"<")
    here.do("page.warnings")
    here.do("warning.import")
    sheet = here.window.rooms.warnings.importing
    sheet.look_at(file)
    qtbot.waitUntil(lambda: "warnings.check" in here.session.sent.asks, timeout=20_000)
    faults = (Reason(code="x", params={"line": "1"}), Reason(code="y"))
    here.session.answer_ask("warnings.check", WarningChecked(faults=faults))
    assert sheet.list.model().rowCount() == 2
    sheet.send()
    assert here.session.sent.commands == []


def test_that_a_file_above_the_limit_is_not_even_sent(here: scenes.Stand, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "huge.cap"
    file.write_bytes(b" " * (2**20 + 1))
    here.do("page.warnings")
    here.do("warning.import")
    sheet = here.window.rooms.warnings.importing
    here.session.sent.asks.pop("warnings.check", None)
    sheet.look_at(file)
    qtbot.waitUntil(lambda: sheet.told.text() == "", timeout=20_000)
    assert "warnings.check" not in here.session.sent.asks


def test_that_who_may_not_issue_is_told_so(here: scenes.Stand) -> None:
    here.session.enter(allowed=("session.sign_off",))
    here.do("page.warnings")
    here.press(Qt.Key.Key_N)
    assert not here.window.rooms.warnings.form.isVisible()


def test_that_a_call_out_that_ended_is_still_told_and_asked_for_once_more(here: scenes.Stand) -> None:
    """Seen in WF5: with the last word the call-out left the mirror, and the page said that nobody had been called."""
    show_calls(here)
    calling = page_of(here).calling
    before = calling.counts.text()
    here.session.sent.asks.clear()
    here.session.facts.warned.call_outs.clear()
    here.session.facts.through += 1
    here.beat()
    assert calling.counts.text() == before != ""
    (slot,) = [slot for slot in here.session.sent.asks if slot.startswith("warnings.calls")]
    ended = samples.call_out(confirmed=3, ended_at=START_NS)
    here.session.answer_ask(slot, replace(samples.call_out_told(), call_out=ended))
    here.session.facts.through += 1
    here.beat()
    assert calling.counts.text() != before

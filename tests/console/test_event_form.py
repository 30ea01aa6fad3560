"""The form of a new event: suggestions stand there, Enter confirms, a refusal comes back, drafts stay (WF2, E9)."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.dispatch_words import Guess
from chengyun_core.model.event import EventSource, Factor
from chengyun_core.model.event_commands import GradeEvent, OpenEvent
from chengyun_core.model.event_grading import suggest
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.codec import pack
from chengyun_core.wire.dispatch_asks import AskReading
from chengyun_core.wire.envelope import Done, Reply
from chengyun_core.wire.event_asks import Prefilled
from tests.console.conftest import Room
from tests.console.event_samples import put_events, several
from tests.console.still_session import START_NS, alarm

ALLOWED = ("event.open", "event.grade", "event.report", "event.verify")
FACTORS = {Factor.NATURE: 3, Factor.URGENCY: 3, Factor.CONTROL: 2, Factor.REACH: 1}


@pytest.fixture
def form_room(desk_room: Room) -> Room:
    """An officer who may open and grade events, with one alarm in focus."""
    desk_room.session.enter(allowed=ALLOWED)
    desk_room.session.put_alarms(alarm(5, 3))
    desk_room.desk.select_alarm(5)
    desk_room.beat()
    return desk_room


def press(room: Room, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(room.window.focusWidget() or room.window, key, modifiers)


def prefilled() -> Prefilled:
    form = OpenEvent(source=EventSource.ALARM, title="寸滩站 水位", centre="500000", alarms=(5,), source_at=START_NS)
    return Prefilled(form=form, factors=FACTORS, suggestion=suggest(FACTORS))


def done(room: Room, key: str = "12") -> None:
    """Let the centre say that the last command is done."""
    command = f"command-{len(room.session.sent.commands)}"
    body = pack(Done(change=9, key=key, version=1))
    room.session.command_ended.emit(command, Reply(id=command, outcome="done", body=body))


def test_that_an_alarm_becomes_a_graded_event_by_two_keys(form_room: Room) -> None:
    press(form_room, Qt.Key.Key_E)
    form_room.session.answer_ask("events.prefill", prefilled())
    press(form_room, Qt.Key.Key_Return)
    (opened,) = form_room.session.sent.commands
    assert isinstance(opened, OpenEvent)
    assert (opened.title, opened.alarms, opened.source_at) == ("寸滩站 水位", (5,), START_NS)
    done(form_room)
    graded = form_room.session.sent.commands[-1]
    assert graded == GradeEvent(event=12, version=1, factors=FACTORS)
    assert form_room.desk.event_focus.number == 12


def test_that_enter_before_the_centre_has_filled_the_form_opens_the_event_then(form_room: Room) -> None:
    press(form_room, Qt.Key.Key_E)
    press(form_room, Qt.Key.Key_Return)
    assert form_room.session.sent.commands == []
    form_room.session.answer_ask("events.prefill", prefilled())
    assert isinstance(form_room.session.sent.commands[0], OpenEvent)


def test_that_an_alarm_that_has_its_event_leads_there(form_room: Room) -> None:
    known = several()[0]
    form_room.session.put_alarms(alarm(1, 2))
    put_events(form_room.session, known)
    form_room.desk.select_alarm(1)
    press(form_room, Qt.Key.Key_E)
    assert form_room.window.event_desk.form.isHidden()
    assert (form_room.window.page, form_room.desk.event_focus.number) == ("F3", known.number)


def test_that_words_told_fill_what_the_officer_left_empty_and_nothing_else(form_room: Room) -> None:
    form = form_room.window.event_desk.form
    form.open_blank(form_room.window.page_area())
    form.fields.narrative.setPlainText("磁器口码头栈桥被淹，约二百人上不了岸")
    form.fields.lines["place"].setFocus()
    QTest.keyClicks(form.fields.lines["place"], "north")
    form.look()
    kind, ask, _answer = form_room.session.sent.asks["events.reading"]
    assert kind == "dispatch.classify"
    assert isinstance(ask, AskReading)
    guess = Guess(matter="M-1", score=3.0, confidence=0.8, words=("被淹",))
    form_room.session.answer_ask(
        "events.reading", Reading(matters=(guess,), addresses=("磁器口码头",), factors=FACTORS)
    )
    texts = form.fields.texts()
    assert (texts["title"], texts["place"]) == ("磁器口码头栈桥被淹", "north")
    assert form.grading.factors == FACTORS
    assert "M-1" in form.read.text()


def test_that_tab_leads_from_the_words_to_the_factors_where_enter_confirms(form_room: Room) -> None:
    form = form_room.window.event_desk.form
    form.open_blank(form_room.window.page_area())
    QTest.keyClicks(form.fields.narrative, "bridge flooded")
    QTest.keyClick(form.fields.narrative, Qt.Key.Key_Tab)
    assert form.grading.pad.hasFocus()
    for key in (Qt.Key.Key_3, Qt.Key.Key_3, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_Return):
        QTest.keyClick(form.grading.pad, key)
    (opened,) = form_room.session.sent.commands
    assert isinstance(opened, OpenEvent)
    assert (opened.narrative, opened.source) == ("bridge flooded", EventSource.MANUAL)


def test_that_a_refused_event_is_in_its_form_again_with_the_reason(form_room: Room) -> None:
    form = form_room.window.event_desk.form
    form.open_blank(form_room.window.page_area())
    form.fields.narrative.setPlainText("栈桥被淹")
    form.grading.put(FACTORS)
    form.send()
    assert form.isHidden()
    form_room.session.end_command(outcome="refused", code="event.no_matter", matter="X")
    assert form.isVisible()
    assert form.fields.narrative.toPlainText() == "栈桥被淹"
    assert form.told.text() == form_room.desk.say("event.no_matter", matter="X")


def test_that_esc_keeps_what_was_written_and_sending_drops_it(form_room: Room) -> None:
    form = form_room.window.event_desk.form
    form.open_blank(form_room.window.page_area())
    form.fields.narrative.setPlainText("栈桥被淹")
    form_room.window._back()
    assert form_room.desk.drafts.read("event.new") == {"narrative": "栈桥被淹"}
    form.open_blank(form_room.window.page_area())
    assert form.fields.narrative.toPlainText() == "栈桥被淹"
    form.grading.put(FACTORS)
    form.send()
    assert form_room.desk.drafts.read("event.new") != {}
    done(form_room)
    assert form_room.desk.drafts.read("event.new") == {}


def test_that_an_event_without_words_or_with_half_a_judgement_is_not_sent(form_room: Room) -> None:
    form = form_room.window.event_desk.form
    form.open_blank(form_room.window.page_area())
    form.send()
    assert form.told.text() == form_room.desk.say("events.form.no_title")
    form.fields.narrative.setPlainText("栈桥被淹")
    form.send()
    assert form.told.text().startswith("分级尚缺因素")
    form.grading.grade.setCurrentIndex(form.grading.grade.findData("later"))
    form.send()
    assert [type(one) for one in form_room.session.sent.commands] == [OpenEvent]


def test_that_another_grade_than_the_suggested_one_asks_why(form_room: Room) -> None:
    put_events(form_room.session, several()[1])
    form_room.desk.event_focus.select(39)
    form_room.window.show_page("F3")
    press(form_room, Qt.Key.Key_G)
    sheet = form_room.window.event_desk.grade
    sheet.pane.put(FACTORS)
    sheet.pane.grade.setCurrentIndex(sheet.pane.grade.findData("2"))
    sheet.send()
    assert (form_room.session.sent.commands, sheet.isVisible()) == ([], True)
    QTest.keyClicks(sheet.pane.reason, "one street only")
    sheet.send()
    (graded,) = form_room.session.sent.commands
    assert isinstance(graded, GradeEvent)
    assert (graded.event, graded.grade, graded.reason) == (39, EventGrade.LARGER, "one street only")


def test_that_the_form_says_that_the_event_begins_with_what_was_kept_of_its_alarm(form_room: Room) -> None:
    press(form_room, Qt.Key.Key_E)
    form_room.session.answer_ask("events.prefill", replace(prefilled(), evidence=2))
    form = form_room.window.event_desk.form
    assert form.evidence.text() == "附件：告警取证 2 份，登记后归入本事件"
    press(form_room, Qt.Key.Key_Escape)
    press(form_room, Qt.Key.Key_E)
    assert form.evidence.text() == ""

"""A label at a real window: what was told of the event before it leaves lists, card, search, drafts and the batch."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.pages.duty.known import DutyKnown
from chengyun_console.pages.events.page import EventsPage
from chengyun_core.mirror.news import Fact, FactNews
from chengyun_core.model.duty import LogKind
from chengyun_core.model.failure import Reason
from chengyun_core.model.order_commands import OrderDraft, Recipient
from chengyun_core.model.rights import DIMMED, Label
from chengyun_core.model.rights_commands import SetLabel
from chengyun_core.wire.codec import pack
from chengyun_core.wire.duty_asks import Log, LogRow
from chengyun_core.wire.event_asks import AskEvent, EventPage
from tests.console.conftest import Room
from tests.console.event_samples import event, put_events, show_events, stranded

GONE = Reason(code="event.unknown", params={"event": "41"})
ALLOWED = ("event.verify", "event.report", "order.send")


@pytest.fixture
def at(desk_room: Room) -> Room:
    """An officer on F3 with the gravest event in focus."""
    desk_room.session.enter(allowed=ALLOWED)
    show_events(desk_room)
    return desk_room


def page_of(at: Room) -> EventsPage:
    return at.window.stack.of(EventsPage)


def relabelled(at: Room, *, gone: tuple[tuple[str, str], ...] = (), facts: tuple[Fact, ...] = ()) -> None:
    """Tell everything anew as the stream does when a label changed."""
    session = at.session
    through = session.facts.through + 1
    news = FactNews(facts=facts, gone=gone, changes=(), through=through, tail=through, complete=True, relabelled=True)
    session.facts.apply(news)
    session.facts_came.emit(news)


def keys(at: Room) -> list[str]:
    return [row.key for row in page_of(at).panel.list.rows()]


def test_that_a_hidden_event_leaves_list_card_and_focus_at_once(at: Room) -> None:
    case = page_of(at).dossier.case()
    assert case is not None
    assert case.file is not None
    relabelled(at, gone=(("event", "41"),))
    assert (at.desk.event_focus.number, page_of(at).dossier.case()) == (None, None)
    at.beat()
    assert "41" not in keys(at)
    assert stranded().title not in page_of(at).card.head.accessibleName()


def test_that_a_dimmed_event_stays_in_the_list_without_its_words(at: Room) -> None:
    from dataclasses import replace

    dim = replace(stranded(), title=DIMMED, narrative=DIMMED, place=DIMMED)
    fact = Fact(kind="event", key="41", version=dim.version, number=9, record=dim)
    relabelled(at, facts=(fact,))
    at.beat()
    row = next(row for row in page_of(at).panel.list.rows() if row.key == "41")
    assert stranded().title not in str(row)
    assert page_of(at).dossier.case().file is None, "what was told before is asked for anew"
    assert at.session.sent.asks["events.file"][1] == AskEvent(event=41)


def test_that_an_ended_event_that_is_hidden_leaves_the_pages_that_were_loaded(at: Room) -> None:
    page_of(at).panel.filters.choose("scope", "all")
    at.beat()
    at.session.answer_ask("events.page", EventPage(records=(pack(event(7)),), before=0))
    at.beat()
    assert 7 in page_of(at).panel.pager.records
    relabelled(at)
    assert page_of(at).panel.pager.records == {}
    at.session.answer_ask("events.page", EventPage(records=(), before=0))
    at.beat()
    assert "7" not in keys(at)


def test_that_what_was_half_written_about_a_hidden_event_is_dropped_and_of_an_ended_one_kept(at: Room) -> None:
    for number in (41, 39):
        at.desk.drafts.write(f"report.{number}", {"text": "半篇"})
        assert at.desk.order_batch.add(
            OrderDraft(event=number, title="x", text="x", centre="500000", recipients=(Recipient(code="U"),))
        )
    relabelled(at, gone=(("event", "41"), ("event", "39")))
    at.session.answer_ask("labels.41", GONE)
    at.session.answer_ask("labels.39", Reason(code="session.not_sent", params={}))
    assert at.desk.drafts.read("report.41") == {}
    assert at.desk.drafts.read("report.39") == {"text": "半篇"}
    assert [draft.event for draft in at.desk.order_batch.orders] == [39]


def test_that_sheets_about_a_hidden_event_close_and_others_stay(at: Room) -> None:
    at.window.event_desk.report.open_for(stranded(), at.window.layers.area())
    relabelled(at)
    assert at.window.event_desk.report.isVisible(), "somebody else's label"
    relabelled(at, gone=(("event", "41"),))
    assert not at.window.event_desk.report.isVisible()


def test_that_the_log_told_before_is_asked_for_anew(at: Room) -> None:
    known = DutyKnown(at.desk)
    known.look()
    row = LogRow(number=5, at_ns=1, kind=LogKind.FREE, sentence=Reason(code="log.text", params={"text": "x"}))
    at.session.answer_ask("duty.log", Log(rows=(row,)))
    assert known.log
    relabelled(at)
    assert known.log == {}
    known.look()
    assert "duty.log" in at.session.sent.asks


def test_that_an_event_refused_as_unknown_is_not_asked_for_for_ever(at: Room) -> None:
    put_events(at.session, event(50))
    at.desk.event_focus.select(50)
    at.beat()
    at.session.answer_ask("events.file", GONE)
    assert at.desk.event_focus.number is None


def test_that_a_chief_says_by_keys_who_may_see_an_event(desk_room: Room) -> None:
    desk_room.session.enter(allowed=("label.set",))
    show_events(desk_room)
    page_of(desk_room).panel.list.setFocus()
    QTest.keyClick(desk_room.window, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(desk_room.window.chooser, Qt.Key.Key_3)
    desk_room.window.asker.field.setText("专班专办")
    QTest.keyClick(desk_room.window.asker.field, Qt.Key.Key_Return)
    made = SetLabel(kind="event", key="41", label=Label.HIDE, reason="专班专办")
    assert desk_room.session.sent.commands[-1] == made

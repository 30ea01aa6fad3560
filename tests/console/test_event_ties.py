"""Events above, below and merged into one another: the tree, one out of several taken out again, command by seat."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.actions.table import BY_ID
from chengyun_console.event_case import Case
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.pages.events.tree_tab import TreeTab
from chengyun_console.wording.event_split import parts_of
from chengyun_console.wording.event_tree import TreeRows
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.change import Change
from chengyun_core.model.event import EventState
from chengyun_core.model.event_commands import HandCommand, SplitEvent, TakeCommand
from tests.console.conftest import Room
from tests.console.event_samples import event, family, file_of_family, merged, order, put_events, show_events, stranded
from tests.console.still_session import START_NS

ALLOWED = ("event.split", "event.take_command", "event.hand_command")


@pytest.fixture
def ties_room(desk_room: Room) -> Room:
    """An officer before a major event with others below it."""
    desk_room.session.enter(allowed=ALLOWED)
    show_events(desk_room, *family()[:3])
    desk_room.beat()
    tell_family(desk_room)
    return desk_room


def tell_family(room: Room) -> None:
    put_events(room.session, replace(family()[0], version=8))
    for _ in range(2):
        room.beat()
    room.session.answer_ask("events.file", replace(file_of_family(), event=replace(family()[0], version=8)))
    room.beat()


def page_of(room: Room) -> EventsPage:
    return room.window.stack.of(EventsPage)


def tree_of(room: Room) -> TreeTab:
    found = page_of(room).card.tabs["tree"]
    assert isinstance(found, TreeTab)
    return found


def test_that_the_tree_shows_who_is_below_whom_and_one_clock_for_all(ties_room: Room) -> None:
    room, tree = ties_room, tree_of(ties_room)
    page_of(room).card.show_tab("tree")
    room.beat()
    rows = tree.list.rows()
    assert [(row.key, row.depth) for row in rows] == [
        ("sum", 0), ("41", 0), ("42", 1), ("43", 1), ("44", 2), ("heading:merged", 0), ("40", 1),
    ]  # fmt: skip
    assert rows[0].title == "子事件 1 件在办 · 1 件已结束"
    assert rows[0].status.startswith("00:42:")
    assert "当前" in rows[1].badges
    assert "连同子事件 00:42:" in page_of(room).card.head.accessibleDescription()
    tree.list.row_was_opened.emit("42")
    record = room.desk.event_focus.record
    assert record is not None
    assert (record.number, record.state) == (42, EventState.CLOSED)


def test_that_one_below_sees_those_above_and_what_was_merged_where_it_went(ties_room: Room) -> None:
    desk = ties_room.desk
    below = TreeRows(desk, Case(event=family()[2]), START_NS).rows()
    assert [(row.key, row.depth) for row in below] == [("41", 0), ("43", 1), ("44", 2)]
    gone = TreeRows(desk, Case(event=merged()), START_NS).rows()
    assert [row.key for row in gone] == ["40", "heading:into", "41"]
    assert TreeRows(desk, Case(event=event(90)), START_NS).rows() == []


def test_that_a_circle_among_events_is_walked_to_its_end(ties_room: Room) -> None:
    one, two = event(91, parent=92), event(92, parent=91)
    put_events(ties_room.session, one, two)
    rows = TreeRows(ties_room.desk, Case(event=one), START_NS).rows()
    assert sorted(row.key for row in rows) == ["91", "92"]


def test_that_a_merged_event_is_taken_out_of_the_one_it_lives_on_in(ties_room: Room) -> None:
    room, sheet = ties_room, ties_room.window.event_desk.split
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert sheet.isVisible()
    assert [row.key for row in sheet.list.rows()] == ["40"]
    QTest.keyClick(sheet.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert room.session.sent.commands == [SplitEvent(event=40, version=4, reason="原因不同")]
    assert not sheet.isVisible()


def test_that_what_goes_back_is_named(ties_room: Room) -> None:
    ties_room.session.put_fact("order", "18", replace(order(), number=18, code="令18", came_from=(40,)))
    back, stays = parts_of(ties_room.desk, merged(), family()[0])
    assert [line.label for line in back.lines] == ["#2", "令18"]
    assert "核实" in back.title
    assert stays.lines[0].label == family()[0].code
    nothing, _ = parts_of(ties_room.desk, replace(merged(), number=39, alarms=()), family()[0])
    assert nothing.lines[0].text == ties_room.desk.say("events.split.nothing_back")


def test_that_an_event_nothing_was_merged_into_says_so(ties_room: Room) -> None:
    ties_room.desk.event_focus.select(43)
    ties_room.window.do((BY_ID["event.split_out"],))
    assert ties_room.window.message.message.text == ties_room.desk.say("events.none_merged")


def test_that_command_is_taken_and_handed_with_the_version_seen(ties_room: Room) -> None:
    room = ties_room
    put_events(room.session, replace(stranded(), version=9, command_seat=""))
    room.beat()
    room.window.do((BY_ID["event.take_command"],))
    assert room.session.sent.commands == [TakeCommand(event=41, version=9, reason="")]
    put_events(room.session, replace(stranded(), version=10, command_seat="A-03"))
    room.window.do((BY_ID["event.hand_command"],))
    assert not [made for made in room.session.sent.commands if isinstance(made, HandCommand)]


@pytest.mark.parametrize(
    ("before", "after", "told"), [("A-03", "B-02", "lost"), ("B-02", "A-03", "given"), ("B-02", "C-01", "changed")]
)
def test_that_a_transfer_is_told_to_whom_it_concerns(ties_room: Room, before: str, after: str, told: str) -> None:
    params = {"before": before, "seat": after, "reason": "换班"}
    change = Change(
        number=9, at_ns=1, action="event.take_command", kind="event", key="41", version=11, record=b"", account="wang",
        seat="B-02", params=params,
    )  # fmt: skip
    news = FactNews(facts=(), gone=(), changes=(change,), through=9, tail=9, complete=True)
    ties_room.window.event_desk.transfers.take_facts(news)
    said = {
        "event": "事〔2026〕000041",
        "before": before,
        "seat": after,
        "who": "wang",
        "version": 11,
        "reason": "换班",
    }
    sentence = ties_room.desk.say(f"events.transfer.{told}", **said)
    assert ties_room.window.message.message.text == sentence
    own = replace(change, seat="A-03", version=12)
    ties_room.window.event_desk.transfers.take_facts(replace(news, changes=(own,)))
    assert ties_room.window.message.message.text == sentence

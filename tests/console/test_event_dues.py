"""What is owed on events: counted where an officer sees it, reached by key and command, items finished with words."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.actions.table import BY_ID
from chengyun_console.pages.events.dues import ASK_EVERY_S
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.wording.event_dues import DueRows, dues_of
from chengyun_core.model.event_commands import FinishImprovement
from chengyun_core.model.failure import Reason
from chengyun_core.wire.event_asks import Owed
from tests.console.conftest import Room
from tests.console.event_samples import DAY, event, owed, put_events, several, show_events
from tests.console.still_session import START_NS, S


@pytest.fixture
def dues_room(desk_room: Room) -> Room:
    """An officer on F3 with events and what is owed on others."""
    desk_room.session.enter(allowed=("improvement.finish",))
    show_events(desk_room)
    desk_room.beat()
    return desk_room


def page_of(room: Room) -> EventsPage:
    return room.window.stack.of(EventsPage)


def test_that_what_is_owed_stands_under_its_headings_the_most_urgent_first(dues_room: Room) -> None:
    dues = page_of(dues_room).dues
    assert [row.key for row in dues.list.rows()] == [
        "heading:reports", "report:41", "report:39", "heading:checks", "check:36", "heading:reviews", "review:12",
        "review:19", "heading:items", "item:4", "item:6", "item:7",
    ]  # fmt: skip
    told = {row.key: row.status for row in dues.list.rows()}
    assert told["report:41"].startswith("首报 超 02:")
    assert (told["item:4"], told["item:7"], told["review:12"]) == ("超 6 天", "余 23 天", "办结 41 天")
    assert dues._note._whole == "共 8 · 超期 2"


def test_that_a_key_leads_to_what_is_owed_and_an_item_is_finished_with_words(dues_room: Room) -> None:
    room, dues = dues_room, page_of(dues_room).dues
    room.window.show_page("F1")
    room.window.do((BY_ID["event.dues"],))
    room.beat()
    assert (room.window.page, room.window.focusWidget()) == ("F3", dues.list)
    dues.list.select("item:6")
    QTest.keyClick(dues.list, Qt.Key.Key_X)
    assert "磁器口预案增加码头栈桥清场一步" in room.window.asker._question.text()
    QTest.keyClicks(room.window.asker.field, "done on site")
    QTest.keyClick(room.window.asker.field, Qt.Key.Key_Return)
    assert room.session.sent.commands == [FinishImprovement(improvement=6, version=1, note="done on site")]
    room.session.end_command()
    for _ in range(2):
        room.beat()
    room.session.answer_ask("events.dues", Owed(items=owed().items[2:]))
    room.beat()
    assert [row.key for row in dues.list.rows() if row.key.startswith("item")] == ["item:7"]


def test_that_an_event_whose_review_is_owed_opens_with_its_record(dues_room: Room) -> None:
    page = page_of(dues_room)
    page.dues.list.row_was_opened.emit("review:12")
    dues_room.beat()
    record = dues_room.desk.event_focus.record
    assert record is not None
    assert record.title == "朝天门隧道积水"
    page.dues.list.row_was_opened.emit("report:39")
    assert dues_room.desk.event_focus.number == 39


def test_that_it_is_asked_once_a_minute_and_when_an_event_ended(dues_room: Room) -> None:
    session = dues_room.session
    dues_room.beat()
    assert "events.dues" not in session.sent.asks
    dues_room.beat(ASK_EVERY_S)
    session.answer_ask("events.dues", Reason(code="session.no_answer", params={"kind": "event.owed", "daemon": "x"}))
    dues_room.beat()
    assert page_of(dues_room).dues.list.rows() != ()


def test_that_a_low_screen_shows_the_counts_and_the_key_unfolds_them(dues_room: Room) -> None:
    room, page = dues_room, page_of(dues_room)
    put_events(room.session, *(event(number) for number in range(50, 70)))
    room.window.resize(1366, 768)
    for _ in range(3):
        room.beat()
    assert not page.dues.list.isVisible()
    page.open_dues()
    room.beat()
    assert page.dues.list.isVisible()
    assert page.panel.list.height() >= 98


def test_that_late_is_what_is_beyond_its_time() -> None:
    dues = dues_of(several(), (), owed().items)
    assert dues.overdue(START_NS) == 2
    assert dues.overdue(START_NS + 30 * DAY) == 5
    assert dues_of((replace(several()[0], report_due_at=START_NS + S),), (), ()).overdue(START_NS) == 0


@pytest.mark.parametrize(
    ("left_s", "said"), [(90, "余 01:30"), (-90, "超 01:30"), (86_400, "余 1 天"), (-86_400 * 3, "超 3 天")]
)
def test_that_days_are_told_in_days_and_the_last_one_in_hours(desk_room: Room, left_s: int, said: str) -> None:
    assert DueRows(desk_room.desk, START_NS).due(START_NS + left_s * S)[0] == said

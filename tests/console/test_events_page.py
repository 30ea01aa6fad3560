"""Page F3: living events sorted by what is late, ended ones asked page by page, one card that follows the focus."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from chengyun_console.event_case import Case
from chengyun_console.pages.events.page import EventsPage
from chengyun_console.pages.events.tabs import TABS, hop_records
from chengyun_console.wording.events import EventWords
from chengyun_console.wording.timeline import TimelineWords
from chengyun_core.model.event import Event, EventState
from chengyun_core.model.event_commands import CheckEvent, SuspendEvent, VerifyEvent
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import Channel
from chengyun_core.model.scales import EventGrade
from chengyun_core.wire.codec import pack
from chengyun_core.wire.event_asks import AskEventPage, AskEventSearch, AskTimeline, EventPage, Having, Timeline
from tests.console.conftest import Room
from tests.console.event_samples import answer, event, hops, lines, put_events, several, show_events, stranded
from tests.console.still_session import START_NS, S

ALLOWED = ("event.verify", "event.suspend", "event.check", "event.grade", "event.report", "event.open")


@pytest.fixture
def events_room(desk_room: Room) -> Room:
    """An officer on F3 with six events, the gravest late one in focus and answered."""
    desk_room.session.enter(allowed=ALLOWED)
    show_events(desk_room)
    return desk_room


def page_of(room: Room) -> EventsPage:
    return room.window.stack.of(EventsPage)


def keys(room: Room) -> list[str]:
    return [row.key for row in page_of(room).panel.list.rows()]


def choose(room: Room, name: str, value: str) -> None:
    page_of(room).panel.filters.choose(name, value)
    room.beat()


def test_that_what_is_late_stands_first_and_then_the_gravest(events_room: Room) -> None:
    assert keys(events_room) == ["41", "28", "39", "36", "33", "31"]
    first = page_of(events_room).panel.list.rows()[0]
    assert first.status.startswith("签收 超 06:")
    assert (first.badges, int(first.severity)) == (("重大",), 3)


def test_that_filters_let_through_what_they_say_and_esc_takes_them_away(events_room: Room) -> None:
    choose(events_room, "grade", str(int(EventGrade.LARGER)))
    assert keys(events_room) == ["39", "36"]
    choose(events_room, "state", EventState.FED_BACK.value)
    assert keys(events_room) == ["36"]
    events_room.window._back()
    events_room.beat()
    assert len(keys(events_room)) == 6
    page_of(events_room).panel.filters.text.setText("甲烷 接报")
    events_room.beat()
    assert keys(events_room) == ["31"]
    page_of(events_room).panel.filters.text.clear()
    choose(events_room, "scope", "mine")
    assert keys(events_room) == ["41"]
    choose(events_room, "scope", "living")
    choose(events_room, "grade", "-1")
    assert keys(events_room) == ["31"]


def test_that_ended_events_come_page_by_page_below_the_living_ones(events_room: Room) -> None:
    session = events_room.session
    choose(events_room, "scope", "all")
    assert session.sent.asks["events.page"][1] == AskEventPage(having=Having.ALL, limit=100)
    ended = [event(number, state=EventState.CLOSED, closed_at=START_NS) for number in (30, 29)]
    old = replace(stranded(), version=1, title="旧")
    session.answer_ask("events.page", EventPage(records=tuple(map(pack, (old, *ended))), before=29))
    events_room.beat()
    assert keys(events_room) == ["41", "39", "36", "33", "31", "30", "29", "28"]
    assert page_of(events_room).panel.list.rows()[0].title == stranded().title
    page_of(events_room).panel.pager.more()
    asked = session.sent.asks["events.page"][1]
    assert isinstance(asked, AskEventPage)
    assert asked.before == 29
    session.answer_ask("events.page", EventPage(records=(pack(event(3, state=EventState.VOID)),)))
    events_room.beat()
    assert keys(events_room)[-1] == "3"
    assert "已到最早一件" in page_of(events_room).panel._told._whole


def test_that_a_short_page_that_is_not_the_end_is_asked_on(events_room: Room) -> None:
    choose(events_room, "scope", "owed")
    events_room.session.answer_ask("events.page", EventPage(records=(), before=12, examined=5000))
    asked = events_room.session.sent.asks["events.page"][1]
    assert asked == AskEventPage(having=Having.OWED, limit=100, before=12)


def test_that_words_are_sought_by_the_centre_in_all_there_ever_were(events_room: Room) -> None:
    choose(events_room, "scope", "all")
    page_of(events_room).panel.filters.text.setText("栈桥")
    events_room.beat()
    kind, asked, _answer = events_room.session.sent.asks["events.page"]
    assert (kind, asked) == ("event.search", AskEventSearch(having=Having.ALL, limit=100, words="栈桥"))
    events_room.session.answer_ask("events.page", EventPage(records=(pack(event(3, state=EventState.CLOSED)),)))
    events_room.beat()
    assert keys(events_room) == ["41", "3"]


def test_that_the_card_follows_the_row_and_asks_what_belongs_to_it(events_room: Room) -> None:
    panel, session = page_of(events_room).panel, events_room.session
    panel.list.select("36")
    for _ in range(2):
        events_room.beat()
    assert events_room.desk.event_focus.number == 36
    assert session.sent.asks["events.lines"][1] == AskTimeline(event=36, after=0, limit=500)
    assert page_of(events_room).card.head.accessibleName() == "较大 两江影视城停电"
    answer(session, several()[2])
    put_events(session, replace(several()[2], version=2, title="影视城来电"))
    events_room.beat()
    assert page_of(events_room).card.head.accessibleName() == "较大 影视城来电"


def test_that_only_what_the_life_of_an_event_allows_is_offered(events_room: Room) -> None:
    card = page_of(events_room).card
    page_of(events_room).panel.list.select("36")
    for _ in range(2):
        events_room.beat()
    shown = {name for name, button in card.deeds.items() if button.isVisible()}
    assert {"event.check_passed", "event.suspend", "event.grade", "event.report"} <= shown
    assert not {"event.close", "event.assign", "event.return"} & shown


def test_that_a_digit_turns_the_tabs_from_the_list_of_events_too_and_stays_a_digit_in_words(events_room: Room) -> None:
    page, window = page_of(events_room), events_room.window
    page.panel.list.setFocus()
    for digit, tab in ((Qt.Key.Key_6, "hops"), (Qt.Key.Key_5, "files"), (Qt.Key.Key_1, "timeline")):
        QTest.keyClick(window.focusWidget(), digit)
        assert page.card.tab == tab
    page.panel.filters.text.setFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_5)
    assert (page.card.tab, page.panel.filters.text.text()) == ("timeline", "5")


def test_that_a_letter_is_a_deed_on_the_event_in_focus(events_room: Room) -> None:
    room = events_room
    page_of(room).panel.list.select("36")
    room.beat()
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_K)
    assert room.session.sent.commands == [CheckEvent(event=36, version=1, passed=True)]
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_S)
    for digit in (Qt.Key.Key_2, Qt.Key.Key_1):
        QTest.keyClick(room.window.focusWidget(), digit)
    suspended = room.session.sent.commands[-1]
    assert isinstance(suspended, SuspendEvent)
    assert suspended.reason == "等待天气"
    assert suspended.until == room.desk.now_ns() + 3600 * S
    page_of(room).panel.list.select("33")
    page_of(room).panel.list.setFocus()
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_Y)
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_2)
    QTest.keyClicks(room.window.focusWidget(), "seen")
    QTest.keyClick(room.window.focusWidget(), Qt.Key.Key_Return)
    assert room.session.sent.commands[-1] == VerifyEvent(event=33, version=1, words="seen", channel=Channel.PHONE)


def test_that_a_picture_kept_by_a_rule_says_so_and_one_kept_by_somebody_says_why(events_room: Room) -> None:
    words = TimelineWords(EventWords(events_room.desk.figures, events_room.desk.names))
    told = {"name": "嘉西村 01", "by_rule": "False", "reason": "积水、水位"}
    kept = replace(lines()[3], code="timeline.evidence.keep", params=told)
    assert words.line(kept).text == "视频留证：嘉西村 01（积水、水位）"
    by_rule = replace(kept, params={**told, "by_rule": "True", "reason": ""})
    assert words.line(by_rule).text == "视频留证：嘉西村 01（按告警规则自动留存）"


def test_that_the_timeline_is_read_on_where_it_ended_and_tells_both_times(events_room: Room) -> None:
    session, page = events_room.session, page_of(events_room)
    words = TimelineWords(EventWords(events_room.desk.figures, events_room.desk.names))
    verified = words.line(lines()[2])
    assert (verified.stamp, verified.happened) == ("13:52:07", "发生于 13:50:07")
    assert verified.text == "核实（电话）：现场水务所确认，栈桥已没过 0.4 m"
    assert words.line(lines()[3]).text == "定级 重大（建议 重大，原 无）。"
    told = {"recipient": "R-1", "step": "signed", "order": "令1", "rung": "call"}
    called = replace(lines()[3], code="timeline.receipt.remind", params=told)
    assert words.line(called).text == "R-1 超时未报 已签收（令1），电话催办"
    put_events(session, replace(stranded(), version=8, notes=1))
    for _ in range(2):
        events_room.beat()
    asked = session.sent.asks["events.lines"][1]
    assert asked == AskTimeline(event=41, after=107, limit=500)
    session.answer_ask("events.lines", Timeline(lines=(replace(lines()[0], number=108),)))
    assert [line.number for line in page.dossier._lines] == [*range(100, 109)]


def test_that_a_burst_of_news_asks_once_a_second(events_room: Room) -> None:
    session = events_room.session
    for version in range(8, 40):
        put_events(session, replace(stranded(), version=version))
    events_room.beat()
    assert session.sent.asks.pop("events.file")[0] == "event.get"
    for version in range(40, 80):
        put_events(session, replace(stranded(), version=version))
    events_room.beat(0.1)
    assert "events.file" not in session.sent.asks
    events_room.beat()
    assert "events.file" in session.sent.asks


def test_that_an_event_that_was_not_told_is_asked_for_again_over_a_clock_that_was_set_back(events_room: Room) -> None:
    """A centre that is away for a second, or comes back with another time, must not leave the card as it was."""
    room, page = events_room, page_of(events_room)
    put_events(room.session, replace(stranded(), version=90))
    room.beat()
    room.session.answer_ask("events.file", Reason(code="door.silent"))
    dossier, second = page.dossier, page.dossier._asked_s
    dossier.tick((second - 600) * S)
    assert room.session.sent.asks.pop("events.file")[0] == "event.get"
    dossier.tick((second - 600) * S + S // 2)
    assert "events.file" not in room.session.sent.asks


def test_that_every_tab_shows_a_case_with_and_without_anything_in_it(events_room: Room) -> None:
    card = page_of(events_room).card
    for row in TABS:
        card.show_tab(row.id)
        events_room.beat()
        assert card.tabs[row.id].isVisible()
    bare = Case(event=event(1))
    for row in TABS:
        card.tabs[row.id].show_case(bare, START_NS)
        assert card.tabs[row.id].count(bare) == 0


def test_that_the_waterfall_says_what_was_late_by_how_much(events_room: Room) -> None:
    shown = stranded()
    records = hop_records(events_room.desk, Case(event=shown, hops=hops(shown)))
    by_name = {record.name: record for record in records}
    assert (by_name["分级"].is_late, by_name["分级"].budget) == (True, "限 00:24 超 01:45")
    assert by_name["立案"].budget == "限 源头后 00:16"
    assert by_name["办结"].end_s is None


def test_that_events_take_the_corner_of_the_cockpit_while_there_are_any(events_room: Room) -> None:
    room, corner = events_room, events_room.window.cockpit.corner
    room.window.show_page("F1")
    room.beat()
    assert corner.in_hand.isVisible()
    assert [row.key for row in corner.in_hand.list.rows()][:2] == ["41", "28"]
    corner.in_hand.actions_by_key["other"].click()
    room.beat()
    assert corner.explain.isVisible()
    corner.explain.actions_by_key["other"].click()
    corner.in_hand.list.select("39")
    corner.in_hand.list.row_was_opened.emit("39")
    assert (room.window.page, room.desk.event_focus.number) == ("F3", 39)


def test_that_the_strip_and_the_top_bar_tell_of_events(events_room: Room) -> None:
    window = events_room.window
    told = {item.key.split(".")[0]: item for item in window.strip.ticker._items.values() if item.class_code == 3}
    assert set(told) == {"event:41", "event:39", "event:36", "event:28"}
    assert told["event:41"].is_pinned
    assert "磁器口码头滞留游客转移" in window.top_bar._incident._whole
    window.show_page("F1")
    window.strip.item_was_opened.emit(told["event:39"].key)
    assert (window.page, events_room.desk.event_focus.number) == ("F3", 39)


def test_that_an_ended_event_is_told_in_full_on_its_card(events_room: Room) -> None:
    closed: Event = event(9, state=EventState.CLOSED, closed_at=START_NS, grade=EventGrade.LARGER, findings="")
    events_room.desk.event_focus.select(9, closed)
    for _ in range(2):
        events_room.beat()
    answer(events_room.session, closed)
    events_room.beat()
    assert page_of(events_room).card.head.accessibleName() == "较大 事件 9"


def test_that_the_command_bar_does_deeds_on_events_and_says_why_it_cannot(events_room: Room) -> None:
    room, bar = events_room, events_room.window.command_bar
    rows = {one.row.key: one for one in bar.search._commands.found("/check ") or []}
    assert set(rows) == {"do:check:36"}
    named = bar.search._commands.found("/check 石桥铺") or []
    assert [(one.row.key, "不能核查" in one.denied) for one in named] == [("do:check:33", True)]
    bar.take("do:check:36")
    assert room.session.sent.commands == [CheckEvent(event=36, version=1, passed=True)]
    bar.take("do:evt:")
    assert room.window.event_desk.form.isVisible()
    bar.take("do:event:28")
    assert (room.window.page, room.desk.event_focus.number) == ("F3", 28)


def test_that_a_card_without_an_event_offers_nothing(desk_room: Room) -> None:
    desk_room.session.enter(allowed=ALLOWED)
    desk_room.window.show_page("F3")
    desk_room.beat()
    card = page_of(desk_room).card
    assert not card.more.isVisible()
    assert not any(button.isVisible() for button in card.deeds.values())

"""Questions about events: pages over the door, near ones while typing, counts, and the orders' part of a timeline."""

from dataclasses import replace

from chengyun_core.model.event import Event, EventSource, EventState
from chengyun_core.model.event_commands import AssignEvent, GradeEvent, OpenEvent, VerifyEvent, VoidEvent
from chengyun_core.model.order import Role
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.event_asks import (
    AskEvent,
    AskEventPage,
    AskNothing,
    AskSimilar,
    AskTimeline,
    EventCounts,
    EventPage,
    Having,
    PeopleNames,
    SimilarEvents,
    Timeline,
)
from tests.core.centre.event_room import GENERAL, LARGER, LEAD, WASTE, WATER, asked, do, event, opened
from tests.core.centre.room import NOON_NS, Room

S = 1_000_000_000
Staffed = tuple[Room, str, str]


def _numbers(room: Room, session: str, ask: AskEventPage) -> list[int]:
    page = asked(room, session, "event.page", ask, EventPage)
    return [codec.unpack(record, Event).number for record in page.records]


def test_that_pages_are_filtered_by_what_they_ask_and_go_on_where_they_ended(staffed: Staffed) -> None:
    room, li, _ = staffed
    for number in range(1, 7):
        room.clock.advance(60)
        opened(room, li, centre="500103" if number % 2 else "500106", matter=WATER if number < 4 else WASTE)
    do(room, li, GradeEvent, 1, factors=GENERAL)
    do(room, li, VoidEvent, 1, reason="误报")
    do(room, li, GradeEvent, 2, factors=LARGER)
    do(room, li, AssignEvent, 3, lead=LEAD)
    assert _numbers(room, li, AskEventPage()) == [6, 5, 4, 3, 2, 1]
    assert _numbers(room, li, AskEventPage(having=Having.LIVING, district="500103")) == [5, 3]
    assert _numbers(room, li, AskEventPage(grade=-1, matter=WATER)) == [3]
    assert _numbers(room, li, AskEventPage(grade=2)) == [2]
    assert _numbers(room, li, AskEventPage(lead=LEAD)) == [3]
    assert _numbers(room, li, AskEventPage(state="void")) == [1]
    minute = 60 * S
    times = AskEventPage(opened_from=NOON_NS + 2 * minute, opened_to=NOON_NS + 5 * minute)
    assert _numbers(room, li, times) == [4, 3, 2]
    assert _numbers(room, li, replace(times, before=4)) == [3, 2]
    first = asked(room, li, "event.page", AskEventPage(limit=4), EventPage)
    assert _numbers(room, li, AskEventPage(limit=4, before=first.before)) == [2, 1]
    assert _numbers(room, li, AskEventPage(opened_from=NOON_NS + 3600 * S)) == []
    for limit in (0, 201):
        assert room.ask("event.page", AskEventPage(limit=limit), li).code == "ask.out_of_range"


def test_that_what_is_typed_again_is_found_with_its_reasons_and_what_is_elsewhere_is_not(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li, narrative="上清寺街道嘉西村自来水管爆裂", place="嘉西村")
    opened(room, li, title="占道经营", narrative="观音桥占道经营", matter=WASTE, centre="500106")
    room.clock.advance(300)
    ask = AskSimilar(narrative="嘉西村水管爆了", centre="500103", matter=WATER)
    (found,) = asked(room, li, "event.similar", ask, SimilarEvents).found
    assert found.event.number == 1
    codes = {reason.code for reason in found.reasons}
    assert codes == {"event.near.centre", "event.near.matter", "event.near.words", "event.near.minutes"}
    assert asked(room, li, "event.similar", replace(ask, other_than=1), SimilarEvents).found == ()
    do(room, li, VoidEvent, 1, reason="误报")
    assert [one.event.number for one in asked(room, li, "event.similar", ask, SimilarEvents).found] == [1]
    room.observe(1, WarningColour.RED)
    room.done(OpenEvent(source=EventSource.MANUAL, alarms=(1,)), li)
    same = asked(room, li, "event.similar", AskSimilar(alarms=(1,)), SimilarEvents).found
    assert [(one.event.number, one.score) for one in same] == [(3, 1.0)]


def test_that_counts_are_those_of_living_events(staffed: Staffed) -> None:
    room, li, _ = staffed
    for _ in range(3):
        opened(room, li)
    do(room, li, GradeEvent, 1, factors=LARGER)
    do(room, li, VoidEvent, 3, reason="x")
    room.restart()
    told = asked(room, li, "event.counts", AskNothing(), EventCounts)
    assert (told.total, told.by_state, told.by_grade) == (3, {"graded": 1, "reported": 1}, {2: 1, 0: 1})
    assert (told.reports_due, told.reports_overdue, told.reviews_owed) == (1, 0, 0)


def test_that_people_are_told_by_name_and_by_nothing_else(staffed: Staffed) -> None:
    room, li, _ = staffed
    told = asked(room, li, "event.people", AskNothing(), PeopleNames).names
    assert "li" in told
    assert all(isinstance(name, str) for name in told.values())


def test_that_orders_move_the_event_and_stand_in_its_timeline(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    do(room, li, VerifyEvent)
    draft = OrderDraft(event=1, title="抢修", text="速到现场", centre="500103",
                       recipients=(Recipient(code=LEAD, role=Role.LEAD),))  # fmt: skip
    room.clock.advance(30)
    room.done(SendOrders(drafts=(draft,)), li)
    assert event(room).state is EventState.HANDLING
    lines = asked(room, li, "event.timeline", AskTimeline(event=1), Timeline).lines
    codes = [line.code for line in lines]
    assert codes[:2] == ["timeline.event.open", "timeline.event.verify"]
    assert {"timeline.order.send", "timeline.event.reached.ordered"} <= set(codes)
    assert {line.kind for line in lines} >= {"event", "order", "receipt"}
    assert room.ask("event.timeline", AskTimeline(event=9), li).code == "event.unknown"
    assert room.ask("event.hops", AskEvent(event=9), li).code == "event.unknown"

"""Drawings on events: put, changed, erased, seen as they stood, under the label of their event."""

import math

import pytest

from chengyun_core.model.drawing import MOST_OF_AN_EVENT, MOST_PLACES, Drawing, DrawingKind, Meaning
from chengyun_core.model.drawing_commands import EraseDrawing, PutDrawing
from chengyun_core.model.event_commands import VoidEvent
from chengyun_core.model.rights import DIMMED, Label
from chengyun_core.model.rights_commands import SetClearance, SetLabel
from chengyun_core.store import drawing_table
from chengyun_core.wire import codec
from chengyun_core.wire.drawing_asks import AskDrawings, AskPast, Drawings, PastFacts
from chengyun_core.wire.envelope import Hello, Snapshot
from chengyun_core.wire.event_asks import AskTimeline, Timeline
from tests.core.centre.event_room import asked, do, opened, peopled_city, refused
from tests.core.centre.room import ADMIN_KEY, NOON_NS, Room

S = 1_000_000_000
RING = ((106.57, 29.61), (106.58, 29.61), (106.58, 29.62))
HELLO = Hello(protocol=1, client="test")
Staffed = tuple[Room, str, str]


def _area(**told: object) -> PutDrawing:
    given: dict[str, object] = {
        "event": 1, "kind": DrawingKind.AREA, "meaning": Meaning.DANGER, "places": RING, "text": "积水区",
    }  # fmt: skip
    return PutDrawing(**{**given, **told})  # type: ignore[arg-type]


def _drawn(room: Room, session: str, **told: int | None) -> tuple[Drawing, ...]:
    return asked(room, session, "drawing.of_event", AskDrawings(event=1, **told), Drawings).drawings


def test_that_a_drawing_is_put_changed_and_erased_and_the_journal_keeps_what_it_was(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    room.done(_area(), li)
    room.clock.advance(60)
    room.done(_area(drawing=1, version=1, text="积水区扩大"), wang)
    room.clock.advance(60)
    (now,) = _drawn(room, li)
    assert (now.number, now.version, now.text, now.by, now.places) == (1, 2, "积水区扩大", "wang", RING)
    room.done(EraseDrawing(drawing=1, version=2), li)
    assert _drawn(room, li) == ()
    (then,) = _drawn(room, li, at=NOON_NS + 30 * S)
    assert (then.text, then.version) == ("积水区", 1)
    assert _drawn(room, li, at=NOON_NS - S) == ()
    lines = asked(room, li, "event.timeline", AskTimeline(event=1, after=0, limit=100), Timeline).lines
    assert [line.code for line in lines if line.kind == "drawing"] == [
        "timeline.drawing.put", "timeline.drawing.change", "timeline.drawing.erase",
    ]  # fmt: skip


def test_that_a_drawing_somebody_changed_since_is_not_overwritten(staffed: Staffed) -> None:
    room, li, wang = staffed
    opened(room, li)
    room.done(_area(), li)
    room.done(_area(drawing=1, version=1, text="新"), wang)
    told = refused(room, li, _area(drawing=1, version=1, text="旧"))
    assert (told.code, told.params["who"]) == ("drawing.was_changed", "wang")
    assert refused(room, li, EraseDrawing(drawing=1, version=1)).code == "drawing.was_changed"
    room.done(EraseDrawing(drawing=1, version=2), wang)
    assert refused(room, li, EraseDrawing(drawing=1, version=3)).code == "drawing.was_erased"
    assert refused(room, li, EraseDrawing(drawing=9, version=1)).code == "drawing.unknown"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"places": RING[:2]}, "drawing.too_few_places"),
        ({"places": (RING[0],) * 5}, "drawing.too_few_places"),
        ({"places": ((106.5, 29.5), (math.nan, 29.5), (106.6, 29.6))}, "drawing.off_the_map"),
        ({"places": ((29.5, 106.5), *RING)}, "drawing.off_the_map"),
        ({"places": RING * (MOST_PLACES // 3 + 1)}, "drawing.too_many_places"),
        ({"kind": DrawingKind.NOTE, "places": RING}, "drawing.too_few_places"),
        ({"kind": DrawingKind.NOTE, "places": RING[:1], "text": " "}, "text.missing.text"),
        ({"text": "长" * 201}, "text.too_long"),
        ({"text": "危\u202e险"}, "text.control_characters"),
        ({"event": 7}, "event.unknown"),
    ],
)  # fmt: skip
def test_that_a_faulty_drawing_is_refused_and_says_why(staffed: Staffed, told: dict[str, object], code: str) -> None:
    room, li, _ = staffed
    opened(room, li)
    tail = room.ledger.tail
    assert refused(room, li, _area(**told)).code == code
    assert room.ledger.tail == tail


def test_that_an_event_takes_no_more_drawings_than_a_map_can_carry(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    for _ in range(MOST_OF_AN_EVENT):
        room.done(_area(kind=DrawingKind.NOTE, places=RING[:1]), li)
    assert refused(room, li, _area()).code == "drawing.too_many"
    room.done(EraseDrawing(drawing=1, version=1), li)
    room.done(_area(), li)


def test_that_an_ended_event_is_not_drawn_on_and_no_console_is_told_of_its_drawings(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    room.done(_area(), li)
    assert _kinds(room, li).count("drawing") == 1
    do(room, li, VoidEvent, reason="误报")
    assert refused(room, li, _area()).code == "event.ended"
    assert refused(room, li, EraseDrawing(drawing=1, version=1)).code == "event.ended"
    assert _kinds(room, li).count("drawing") == 0
    assert len(_drawn(room, li)) == 1


def test_that_a_drawing_lies_under_the_label_of_its_event(room: Room) -> None:
    room.adopt(peopled_city())
    officer, chief = room.officer("li"), room.officer("chief", "500000.watch_chief", seat="A-02")
    room.done(SetClearance(account="chief", clearance=Label.HIDE, reason="指挥"), ADMIN_KEY)
    opened(room, chief)
    room.done(_area(text="领导驻地"), chief)
    room.done(SetLabel(kind="event", key="1", label=Label.DIM, reason="涉密"), chief)
    (seen,) = _drawn(room, officer)
    assert (seen.text, seen.places) == (DIMMED, RING)
    body = room.ask("snapshot", HELLO, officer).body
    assert ("领导驻地".encode() in body, "嘉西村爆管".encode() in body) == (False, False)
    room.done(SetLabel(kind="event", key="1", label=Label.HIDE, reason="涉密"), chief)
    assert room.ask("drawing.of_event", AskDrawings(event=1), officer).code == "event.unknown"
    assert room.do(EraseDrawing(drawing=1, version=1), officer).code == "drawing.unknown"
    past = asked(room, officer, "past.facts", AskPast(at=room.clock.utc_ns()), PastFacts)
    assert {change.kind for change in past.records} & {"drawing", "event"} == set()


def test_that_the_past_is_told_as_the_journal_had_it(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li, title="先报的")
    room.done(_area(), li)
    room.clock.advance(600)
    do(room, li, VoidEvent, reason="误报")
    then = asked(room, li, "past.facts", AskPast(at=NOON_NS + 60 * S), PastFacts)
    assert {(change.kind, change.key) for change in then.records} >= {("event", "1"), ("drawing", "1")}
    assert then.begins_at <= NOON_NS
    now = asked(room, li, "past.facts", AskPast(at=room.clock.utc_ns()), PastFacts)
    assert "event" not in {change.kind for change in now.records}
    before = asked(room, li, "past.facts", AskPast(at=NOON_NS - 86_400 * S), PastFacts)
    assert before.records == ()
    assert room.ask("past.facts", AskPast(at=room.clock.utc_ns() + S), li).code == "past.not_yet"


def test_that_the_table_holds_what_the_journal_told(staffed: Staffed) -> None:
    room, li, _ = staffed
    opened(room, li)
    room.done(_area(), li)
    with room.ledger.reading() as connection:
        held = drawing_table.get(connection, 1)
    told = next(change for change in room.published if change.kind == "drawing")
    assert codec.unpack(told.record, Drawing) == held


def _kinds(room: Room, session: str) -> list[str]:
    return [change.kind for change in asked(room, session, "snapshot", HELLO, Snapshot).records]

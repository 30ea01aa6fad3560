"""What the machine sends out by itself, what it leaves to people, and that the journal says which and why (D6)."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chengyun_core.centre import auto_dispatch, dispatch_due, event_care
from chengyun_core.centre.auto_dispatch import LOG, Dispatched
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.change import Change
from chengyun_core.model.dispatch import Matter, Route, Unit, UnitKind, UnitState
from chengyun_core.model.dispatch_commands import TellUnitState
from chengyun_core.model.dispatch_narrative import Reading
from chengyun_core.model.event import Event, EventSource, EventState, Factor
from chengyun_core.model.event_commands import EditEvent, GradeEvent, OpenEvent
from chengyun_core.store import event_table, order_table
from chengyun_core.wire import codec
from chengyun_core.wire.dispatch_asks import AskReading
from chengyun_core.wire.event_asks import AskTimeline, Timeline
from tests.core.centre import room as rooms
from tests.core.centre.room import SETTINGS, Room

LOW = dict.fromkeys(Factor, 1)
WORDS = "路灯不亮，一片漆黑，整条街的路灯都坏了"


def _city(*, automatic: bool = True) -> Catalogue:
    city = rooms.city()
    crew = Unit(
        code="L", name="路灯班", centre="500103", kind=UnitKind.TEAM, post="500103.unit.1", capabilities="repair.light",
        capacity=1, longitude=106.5, latitude=29.5,
    )  # fmt: skip
    return replace(
        city, units=(crew,), routes=(Route(code="R1", matter="LD", lead="capability:repair.light"),),
        matters=(
            Matter(code="LD", name="路灯不亮", subtrack="YJ01A", words="路灯|漆黑|路灯不亮", automatic=automatic),
            Matter(code="JS", name="积水", subtrack="YJ01A", words="积水|内涝", automatic=True),
        ),
    )  # fmt: skip


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    made: list[Room] = []

    def room(least: float = 0.5, *, automatic: bool = True) -> Room:
        found = Room(tmp_path, replace(SETTINGS, dispatch_auto_confidence=least))
        found.adopt(_city(automatic=automatic))
        made.append(found)
        return found

    yield room
    for room_made in made:
        room_made.ledger.close()


def _opened(room: Room, session: str, factors: dict[Factor, int] | None = None, **more: object) -> int:
    told = {
        "source": EventSource.MANUAL, "title": "路灯不亮", "narrative": WORDS, "matter": "LD", "centre": "500103",
        "place": "和平路", "longitude": 106.51, "latitude": 29.5,
    }  # fmt: skip
    number = int(room.done(OpenEvent(**(told | more)), session).key)
    assert room.desk.due.due() == []
    room.done(GradeEvent(event=number, version=_event(room, number).version, factors=factors or LOW), session)
    room.tend()
    return number


def _event(room: Room, number: int) -> Event:
    with room.ledger.reading() as connection:
        found = event_table.get(connection, number)
    assert found is not None
    return found


def _facts(room: Room) -> list[Change]:
    return [change for change in room.published if change.kind == LOG.kind]


def test_that_a_sure_low_event_of_an_automatic_matter_is_sent_and_why_is_told(
    make: Callable[..., Room],
) -> None:
    room = make()
    officer = room.officer()
    number = _opened(room, officer)
    event = _event(room, number)
    assert (event.state, event.lead, event.orders) == (EventState.HANDLING, "L", 1)
    (fact,) = _facts(room)
    assert (fact.action, fact.account) == ("dispatch.sent_by_machine", "centre")
    told = codec.unpack(fact.record, Dispatched)
    assert told.sent
    assert told.confidence >= 0.5
    assert told.picks[0][:2] == ("L", "lead")
    assert "路灯不亮" in told.words
    with room.ledger.reading() as connection:
        (order,) = order_table.of_event(connection, number)
    assert (order.issued_by, order.title, order.text, order.place) == ("centre", "路灯不亮", WORDS, "和平路")
    reply = room.ask("event.timeline", AskTimeline(event=number), officer)
    lines = codec.unpack(reply.body, Timeline).lines
    assert "timeline.dispatch.sent_by_machine" in [line.code for line in lines]


@pytest.mark.parametrize(
    ("least", "automatic", "factors", "opened"),
    [
        (0.0, True, LOW, {}),
        (0.5, False, LOW, {}),
        (0.5, True, dict.fromkeys(Factor, 2), {}),
        (0.5, True, LOW | {Factor.NATURE: 3}, {}),
    ],
    ids=["off by default", "a matter that is not automatic", "larger", "one grave factor"],
)
def test_that_what_is_for_people_is_not_even_looked_at(
    make: Callable[..., Room], least: float, automatic: bool, factors: dict[Factor, int], opened: dict[str, object]
) -> None:
    room = make(least, automatic=automatic)
    number = _opened(room, room.officer(), factors, **opened)
    assert _event(room, number).state is EventState.GRADED
    assert _facts(room) == []


@pytest.mark.parametrize(
    ("least", "opened"),
    [
        (0.95, {}),
        (0.5, {"title": "群众来电", "narrative": "请派人看一下"}),
        (0.5, {"title": "道路积水", "narrative": "积水很深，内涝严重"}),
        (0.1, {"title": "道路积水", "narrative": "积水很深，内涝严重，路灯也不亮"}),
    ],
    ids=["not sure enough", "no words", "words of another matter", "more words of another matter"],
)
def test_that_what_it_is_not_sure_of_is_left_to_people_once(
    make: Callable[..., Room], least: float, opened: dict[str, object]
) -> None:
    room = make(least)
    officer = room.officer()
    number = _opened(room, officer, **opened)
    room.tend()
    assert _event(room, number).lead == ""
    (fact,) = _facts(room)
    assert fact.action == "dispatch.left_to_people"
    room.restart()
    room.adopt(_city())
    with room.ledger.reading() as connection:
        event_care.load(room.desk, connection)
    assert [kind for kind, _ in room.desk.due.due()] == [dispatch_due.TIMER]
    room.tend()
    assert len(_facts(room)) == 1


def test_that_new_words_are_looked_at_again(make: Callable[..., Room]) -> None:
    room = make()
    officer = room.officer()
    number = _opened(room, officer, title="群众来电", narrative="请派人看一下")
    room.done(EditEvent(event=number, version=_event(room, number).version, narrative=WORDS), officer)
    room.tend()
    assert _event(room, number).lead == "L"
    assert [fact.action for fact in _facts(room)] == ["dispatch.left_to_people", "dispatch.sent_by_machine"]


def test_that_without_a_free_unit_people_decide(make: Callable[..., Room]) -> None:
    room = make()
    officer = room.officer()
    room.done(TellUnitState(unit="L", version=0, state=UnitState.OUT, reason="电话"), officer)
    number = _opened(room, officer)
    (fact,) = _facts(room)
    told = codec.unpack(fact.record, Dispatched)
    assert told.reason is not None
    assert (told.sent, told.reason.code, _event(room, number).lead) == (False, "dispatch.doubt_no_lead", "")
    second = _opened(room, officer, title="路灯不亮二", narrative=WORDS)
    assert _event(room, second).lead == ""


def test_that_a_unit_with_one_place_left_gets_one_of_two(make: Callable[..., Room]) -> None:
    room = make()
    officer = room.officer()
    numbers = [_opened(room, officer, title=f"路灯不亮 {place}") for place in (1, 2)]
    assert [_event(room, number).lead for number in numbers] == ["L", ""]


def test_that_an_event_that_breaks_us_is_left_to_people_and_holds_up_nothing(
    make: Callable[..., Room], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    room = make()
    officer = room.officer()
    monkeypatch.setattr(auto_dispatch, "classify", lambda *_: 1 / 0)
    with caplog.at_level(logging.CRITICAL):
        number = _opened(room, officer)
    assert room.desk.counters["auto_dispatch.bugs"] == 1
    assert _event(room, number).lead == ""
    assert room.desk.due.due() == []


def test_that_anybody_signed_on_may_have_a_narrative_read(make: Callable[..., Room]) -> None:
    room = make()
    officer = room.officer()
    reply = room.ask("dispatch.classify", AskReading(narrative="渝中区和平路23号路灯不亮，影响200户"), officer)
    reading = codec.unpack(reply.body, Reading)
    assert reading.matters[0].matter == "LD"
    assert reading.places[0].centre == "500103"
    assert [(figure.attribute, figure.value) for figure in reading.figures] == [("households", "200")]
    assert reading.factors == {Factor.NATURE: 2, Factor.URGENCY: 2, Factor.CONTROL: 2, Factor.REACH: 2}
    assert room.ask("dispatch.classify", AskReading(narrative="长" * 20_001), officer).code == "dispatch.narrative_long"

"""Later alarms of a situation join the event made from it: at once, then clustered (0257), on either database."""

from dataclasses import replace

import pytest

from chengyun_core.centre import situation_events
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import AcknowledgeAlarm, MergeSituations, SplitSituation
from chengyun_core.model.event import EventSource, EventState
from chengyun_core.model.event_commands import CloseEvent, LinkAlarms, MergeEvent, OpenEvent, SplitEvent, VoidEvent
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire.envelope import SendActivations
from chengyun_core.wire.event_asks import AskTimeline, Timeline
from tests.core.centre.event_room import asked, do, event
from tests.core.centre.room import INGEST_KEY, NOON_NS, Room, activation, city, vital

S = NS_PER_S
EVERY_S = situation_events.EVERY_NS // S


@pytest.fixture
def town(room: Room) -> tuple[Room, str]:
    """Return a centre with 60 vitals of one kind and place, of which the first three have made situation 1."""
    made = city()
    room.adopt(replace(made, vitals=tuple(vital(number, f"W{number}", "500103") for number in range(60))))
    session = room.officer("li")
    _raise(room, 0, 1, 2)
    return room, session


def _raise(room: Room, *vitals: int, band: WarningColour = WarningColour.YELLOW) -> None:
    """Raise alarms in one run, now; or let them return."""
    seconds = (room.clock.utc_ns() - NOON_NS) // S
    sent = []
    for number in vitals:
        room.seq += 1
        sent.append(activation(room.seq, number, band, at_ns=NOON_NS + seconds * S))
    assert room.ask("ingest.activations", SendActivations(activations=tuple(sent)), INGEST_KEY).outcome == "done"


def _situation(room: Room) -> int:
    number = room.living()[0].situation
    assert number is not None
    return number


def _opened(room: Room, session: str) -> int:
    form = OpenEvent(source=EventSource.MANUAL, title="片区供水异常", situation=_situation(room), centre="500103")
    return int(room.done(form, session).key)


def _joins(room: Room) -> list[tuple[str, str]]:
    return [
        (change.params["count"], change.params["alarms"])
        for change in room.published
        if change.action == situation_events.JOINED
    ]


def _pass(room: Room, seconds: float) -> None:
    room.clock.advance(seconds)
    room.tend()


def test_that_a_later_alarm_joins_at_once_with_a_row_and_its_own_in_the_timeline(town: tuple[Room, str]) -> None:
    room, li = town
    _opened(room, li)
    assert event(room).alarms == (1, 2, 3)
    _raise(room, 3)
    assert (event(room).alarms, _joins(room)) == ((1, 2, 3, 4), [("1", "4")])
    lines = asked(room, li, "event.timeline", AskTimeline(event=1), Timeline).lines
    assert ("timeline.alarm.raise", "4") in {(line.code, line.key) for line in lines}
    assert [line.account for line in lines if line.code == "timeline.event.alarms_joined"] == [CENTRE.account]


def test_that_a_flood_is_told_in_clusters_and_nothing_of_it_is_lost(town: tuple[Room, str]) -> None:
    room, li = town
    _opened(room, li)
    for number in range(3, 43):
        _raise(room, number)
        _pass(room, 1)
    assert len(_joins(room)) <= 1 + 40 / EVERY_S + 1
    _pass(room, EVERY_S)
    assert event(room).alarms == tuple(range(1, 44))
    assert sum(int(count) for count, _ in _joins(room)) == 40
    rows = len(room.published)
    _pass(room, 10 * EVERY_S)
    assert len(room.published) == rows


def test_that_what_was_put_off_is_told_although_its_situation_is_over(town: tuple[Room, str]) -> None:
    room, li = town
    _opened(room, li)
    _raise(room, 3)
    _raise(room, 4)
    for alarm in list(room.living().values()):
        room.done(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version), li)
    _raise(room, *range(5), band=WarningColour.NONE)
    assert "situation.over" in {change.action for change in room.published}
    assert event(room).alarms == (1, 2, 3, 4)
    _pass(room, EVERY_S)
    assert event(room).alarms == (1, 2, 3, 4, 5)


def test_that_what_was_put_off_is_told_after_a_restart(town: tuple[Room, str]) -> None:
    room, li = town
    _opened(room, li)
    _raise(room, 3)
    _raise(room, 4)
    assert event(room).alarms == (1, 2, 3, 4)
    room.restart()
    room.adopt(replace(city(), vitals=tuple(vital(number, f"W{number}", "500103") for number in range(60))))
    room.tend()
    assert event(room).alarms == (1, 2, 3, 4, 5)


def test_that_nothing_joins_an_event_that_has_ended_and_what_another_has_stays_there(town: tuple[Room, str]) -> None:
    room, li = town
    _opened(room, li)
    _raise(room, 3, 4)
    room.done(OpenEvent(source=EventSource.MANUAL, title="单独一起", centre="500103"), li)
    _raise(room, 5)
    do(room, li, LinkAlarms, 2, alarms=(6,))
    _pass(room, EVERY_S)
    assert (event(room).alarms, event(room, 2).alarms) == ((1, 2, 3, 4, 5), (6,))
    do(room, li, VoidEvent, reason="误报")
    _raise(room, 6)
    _pass(room, 2 * EVERY_S)
    assert (event(room).state, event(room).alarms) == (EventState.VOID, (1, 2, 3, 4, 5))


def test_that_the_event_it_was_merged_into_gets_them_until_it_is_split_out(town: tuple[Room, str]) -> None:
    room, li = town
    _opened(room, li)
    room.done(OpenEvent(source=EventSource.MANUAL, title="总事件", centre="500103"), li)
    merge = MergeEvent(event=1, version=event(room).version, into=2, into_version=1, reason="同一起")
    room.done(merge, li)
    _raise(room, 3)
    assert event(room, 2).alarms == (1, 2, 3, 4)
    do(room, li, SplitEvent, 1, reason="并错了")
    _pass(room, EVERY_S)
    _raise(room, 4)
    _pass(room, EVERY_S)
    assert 5 not in event(room, 2).alarms
    assert 5 in event(room, 1).alarms


def test_that_an_event_follows_its_situation_into_another(town: tuple[Room, str]) -> None:
    room, li = town
    first = _situation(room)
    room.done(SplitSituation(situation=first, version=1, alarms=(1,)), li)
    second = room.living()[0].situation
    assert second is not None
    room.done(OpenEvent(source=EventSource.MANUAL, title="x", situation=first, centre="500103"), li)
    assert event(room).alarms == (2, 3)
    merge = MergeSituations(situation=second, version=1, other=first, other_version=2)
    room.done(merge, li)
    assert first in (event(room).situation, *event(room).more_situations)
    _pass(room, EVERY_S)
    _raise(room, 3)
    _pass(room, EVERY_S)
    assert event(room).alarms == (2, 3, 1, 4)


def test_that_a_full_event_takes_no_more_and_says_how_many_are_left(
    town: tuple[Room, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(situation_events, "MOST_ALARMS", 5)
    room, li = town
    _opened(room, li)
    _raise(room, 3, 4, 5)
    (row,) = [change for change in room.published if change.action == situation_events.JOINED]
    assert (row.params["count"], row.params["left"], len(event(room).alarms)) == ("2", "1", 5)
    _pass(room, EVERY_S)
    _raise(room, 6)
    _pass(room, EVERY_S)
    assert len(_joins(room)) == 1
    assert room.do(CloseEvent(event=1, version=event(room).version), li).outcome == "refused"

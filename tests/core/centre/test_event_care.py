"""What other subjects do to events: looked up, changed, told of hops; each change a row and a fact on every screen."""

from contextlib import suppress
from dataclasses import replace

import pytest

from chengyun_core.centre import display_numbers, event_care
from chengyun_core.mirror.fact_merge import FactMerge
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.records import fact_of
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.event import Event, EventSource, EventState, Hop
from chengyun_core.model.failure import Refused
from chengyun_core.store import event_table
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Hello, Snapshot
from tests.core.centre.room import NOON_NS, SCREEN_KEY, Room


def written(room: Room, number: int = 1, **changes: object) -> Event:
    event = Event(
        number=number, code=f"C-{number}", title="爆管", centre="500103", source=EventSource.MANUAL,
        source_at=NOON_NS, opened_at=NOON_NS, opened_by="officer", changed_at=NOON_NS,
    )  # fmt: skip
    event = replace(event, **changes)  # type: ignore[arg-type]
    with room.ledger.work(CENTRE) as work:
        row = work.note("event.open", "event", number, 1, event)
        event_table.add(work.connection, [event_care.stored(room.desk, event, row)])
        event_care.remember(room.desk, work, event)
    return event


def reached(room: Room, hop: Hop, at_ns: int, **changes: object) -> Event | None:
    with room.ledger.work(CENTRE) as work:
        return event_care.reached(room.desk, work, 1, hop, at_ns, **changes)


def test_that_an_order_moves_an_event_into_handling_and_stamps_its_hop(room: Room) -> None:
    written(room)
    after = reached(room, Hop.ORDERED, NOON_NS + 5)
    assert after is not None
    assert (after.state, after.hops, after.version) == (EventState.HANDLING, {Hop.ORDERED: NOON_NS + 5}, 2)
    with room.ledger.reading() as connection:
        assert event_table.get(connection, 1) == after
    assert room.desk.events[1] == after


def test_that_the_earliest_time_of_a_hop_wins_and_the_same_told_twice_writes_nothing(room: Room) -> None:
    written(room)
    reached(room, Hop.SIGNED, NOON_NS + 50)
    earlier = reached(room, Hop.SIGNED, NOON_NS + 20)
    assert earlier is not None
    assert earlier.hops[Hop.SIGNED] == NOON_NS + 20
    tail = room.ledger.tail
    again = reached(room, Hop.SIGNED, NOON_NS + 90)
    assert again == earlier
    assert room.ledger.tail == tail


def test_that_a_hop_does_not_wake_a_suspended_event_and_an_ended_one_takes_none(room: Room) -> None:
    written(room, state=EventState.SUSPENDED, before=EventState.HANDLING)
    after = reached(room, Hop.ARRIVED, NOON_NS + 5)
    assert after is not None
    assert (after.state, Hop.ARRIVED in after.hops) == (EventState.SUSPENDED, True)
    written(room, 2, state=EventState.CLOSED)
    with room.ledger.work(CENTRE) as work:
        assert event_care.reached(room.desk, work, 2, Hop.ARRIVED, NOON_NS) is None


def test_that_an_unknown_event_is_refused(room: Room) -> None:
    with room.ledger.reading() as connection, pytest.raises(Refused, match=r"event\.unknown"):
        event_care.get(connection, 77)


def test_that_living_events_are_in_the_snapshot_and_on_the_screen_until_they_end(room: Room) -> None:
    written(room)
    written(room, 2, state=EventState.VOID)
    reply = room.ask("snapshot", Hello(protocol=1, client="test"), SCREEN_KEY)
    told = [change for change in codec.unpack(reply.body, Snapshot).records if change.kind == "event"]
    assert [change.key for change in told] == ["1"]
    merge, mirror = FactMerge(), FactMirror()
    for change in room.published:
        merge.put(change, fact_of(change))
    news = merge.news(through=9, tail=9, complete=True)
    assert news is not None
    mirror.apply(news)
    assert set(mirror.events) == {1}


def test_that_the_desk_knows_living_events_after_a_restart(room: Room) -> None:
    event = written(room)
    written(room, 2, state=EventState.VOID)
    room.restart()
    assert room.desk.events == {1: event}


def test_that_the_district_of_a_town_is_found_and_the_city_is_its_own(room: Room) -> None:
    assert event_care.district_of(room.desk.city, "500103") == "500103"
    assert event_care.district_of(room.desk.city, "500000") == "500000"


def test_that_numbers_are_counted_per_year_of_the_city_and_given_again_after_a_roll_back(room: Room) -> None:
    with room.ledger.work(CENTRE) as work:
        assert display_numbers.take(room.desk, work, "event", 2) == ("事〔2027〕000001", "事〔2027〕000002")
    with suppress(RuntimeError), room.ledger.work(CENTRE) as work:
        display_numbers.take(room.desk, work, "event")
        raise RuntimeError
    with room.ledger.work(CENTRE) as work:
        assert display_numbers.take(room.desk, work, "event") == ("事〔2027〕000003",)
    # Eight hours east of UTC the new year has begun while UTC still writes the old one.
    assert display_numbers.year_of(room.desk, 1_830_268_800_000_000_000) == 2028
    assert display_numbers.year_of(room.desk, 1_830_268_799_000_000_000 - 8 * 3600 * 10**9) == 2027

"""Alarm floods of a seat through the door: both edges told once, per seat, over restarts, silent alarms not counted."""

from dataclasses import replace

from chengyun_core.centre import start
from chengyun_core.centre.situations import Watch
from chengyun_core.model.alarm import NoteCode
from chengyun_core.model.alarm_records import SeatFlood
from chengyun_core.model.catalogue import Catalogue, CauseLink
from chengyun_core.model.command import AcknowledgeAlarm, SuppressVital
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import SendActivations
from tests.core.centre.room import INGEST_KEY, Room, activation, city, vital

RED, ORANGE, YELLOW, NONE = WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.NONE
CITY = {f"A-{n:02}" for n in range(1, 10)}
"""Seats that watch over the whole city."""
YUZHONG = {"Y-01", "A-YZ"}
"""Seats that watch over 渝中区 alone, vitals 20 and above."""


def _crowd(causes: tuple[CauseLink, ...] = ()) -> Catalogue:
    """Return twenty vitals of the city as such, and twenty of 渝中区."""
    made = [vital(n, f"V{n}", "500000" if n < 20 else "500103") for n in range(40)]
    return replace(city(), vitals=tuple(made), causes=causes)


def _run(room: Room, *vitals: int, band: WarningColour = YELLOW) -> None:
    sent = []
    for number in vitals:
        room.seq += 1
        sent.append(activation(room.seq, number, band, at_ns=room.clock.utc_ns()))
    assert room.ask("ingest.activations", SendActivations(activations=tuple(sent)), INGEST_KEY).outcome == "done"


def _edges(room: Room, action: str) -> list[str]:
    return [change.key for change in room.published if change.action == f"flood.{action}"]


def _again(room: Room) -> None:
    held = room.desk.packed
    room.restart()
    room.adopt(codec.unpack(held, Catalogue))
    start.load(room.desk, room.ledger)


def _flooded(room: Room) -> set[str]:
    assert isinstance(room.desk.watcher, Watch)
    return set(room.desk.watcher.floods.flooded)


def test_that_a_flood_begins_above_ten_in_ten_minutes_and_ends_below_five_each_told_once(room: Room) -> None:
    """ALARMS.md: starts > 10 in 10 min, ends < 5 in 10 min."""
    room.adopt(_crowd())
    _run(room, *range(6))
    room.clock.advance(60)
    _run(room, *range(6, 10))
    assert _flooded(room) == set()
    _run(room, 10)
    assert set(_edges(room, "begin")) == _flooded(room) == CITY
    _run(room, 11, 12)
    room.clock.advance(540)
    room.tend()
    assert _flooded(room) == CITY, "seven of the last ten minutes"
    room.clock.advance(60)
    room.tend()
    room.tend()
    assert set(_edges(room, "end")) == CITY
    assert len(_edges(room, "begin")) == len(_edges(room, "end")) == len(CITY)
    ended = codec.unpack(next(one.record for one in room.published if one.action == "flood.end"), SeatFlood)
    assert (ended.peak, ended.ended_at, ended.version) == (13, room.clock.utc_ns(), 2)


def test_that_each_seat_counts_what_its_area_holds(room: Room) -> None:
    """A11: per operator. A flood in one district is one of the city's seats and of those that watch the district."""
    room.adopt(_crowd())
    _run(room, *range(6), *range(20, 26))
    assert _flooded(room) == CITY
    _run(room, *range(26, 31))
    assert _flooded(room) == CITY | YUZHONG


def test_that_a_restart_in_a_flood_neither_ends_it_nor_tells_it_twice(room: Room) -> None:
    room.adopt(_crowd())
    _run(room, *range(12))
    room.clock.advance(300)
    _again(room)
    room.tend()
    assert _flooded(room) == CITY
    _run(room, 12)
    assert len(_edges(room, "begin")) == len(CITY)
    room.clock.advance(300)
    room.tend()
    assert set(_edges(room, "end")) == CITY
    ended = codec.unpack(room.published[-1].record, SeatFlood)
    assert ended.peak == 13


def test_that_a_flood_that_has_ebbed_below_ten_goes_on_over_a_restart(room: Room) -> None:
    """It ends below five, not at ten: a new process has to know that the seat was in flood."""
    room.adopt(_crowd())
    _run(room, *range(6))
    room.clock.advance(300)
    _run(room, *range(6, 12))
    room.clock.advance(301)
    _again(room)
    room.tend()
    _run(room, 12)
    assert _flooded(room) == CITY
    assert _edges(room, "end") == []


def test_that_a_restart_before_a_flood_forgets_nothing_that_called(room: Room) -> None:
    room.adopt(_crowd())
    _run(room, *range(8))
    _run(room, *range(4), band=NONE)
    _again(room)
    _run(room, 8, 9)
    assert _flooded(room) == set()
    _run(room, 10)
    assert _flooded(room) == CITY


def test_that_after_the_end_a_new_flood_has_a_version_of_its_own(room: Room) -> None:
    room.adopt(_crowd())
    _run(room, *range(11))
    room.clock.advance(600)
    room.tend()
    _run(room, *range(11), band=NONE)
    _run(room, *range(11))
    told = [change for change in room.published if change.kind == "flood" and change.key == "A-01"]
    assert [(change.action, change.version) for change in told] == [
        ("flood.begin", 1), ("flood.end", 2), ("flood.begin", 3),
    ]  # fmt: skip


LINKS = tuple(CauseLink(cause="V0", effect=f"V{n}", within_s=60.0, masks=True) for n in range(1, 20))


def test_that_masked_alarms_are_no_flood_also_after_a_restart_and_count_when_they_call(room: Room) -> None:
    """ALARMS.md: masked is not annunciated."""
    room.adopt(_crowd(LINKS))
    _run(room, 0, band=ORANGE)
    _run(room, *range(1, 20))
    assert _flooded(room) == set()
    room.clock.advance(700)
    _again(room)
    _run(room, 0, band=NONE)
    assert _flooded(room) == CITY


def test_that_alarms_masked_in_the_run_that_raised_them_are_no_flood(room: Room) -> None:
    room.adopt(_crowd(LINKS))
    room.seq += 1
    first = activation(room.seq, 0, ORANGE, at_ns=room.clock.utc_ns())
    effects = [activation(room.seq + n, n, YELLOW, at_ns=room.clock.utc_ns()) for n in range(1, 20)]
    room.seq += 19
    room.ask("ingest.activations", SendActivations(activations=(first, *effects)), INGEST_KEY)
    assert _flooded(room) == set()
    _again(room)
    room.clock.advance(1)
    _run(room, *range(20, 29))
    assert _flooded(room) == set(), "the cause and nine more are ten"


def test_that_what_officers_suppressed_is_no_flood(room: Room) -> None:
    chief = room.officer("chief", "500000.watch_chief", seat="A-05")
    room.adopt(_crowd())
    for number in range(4):
        room.done(SuppressVital(vital=number, minutes=30, reason="清淤"), chief)
    _run(room, *range(12))
    assert _flooded(room) == set()


def test_that_a_call_by_itself_counts_and_an_acknowledgement_does_not(room: Room) -> None:
    """A4: a red alarm that calls again is one more annunciation of its seat."""
    session = room.officer()
    room.adopt(_crowd())
    _run(room, 0, band=RED)
    room.done(AcknowledgeAlarm(alarm=1, version=1, note_code=NoteCode.VERIFYING), session)
    room.clock.advance(600)
    _run(room, *range(1, 11))
    assert _flooded(room) == set()
    room.tend()
    assert room.alarm(1).realarms == 1
    assert _flooded(room) == CITY


def test_that_many_that_call_again_at_once_tell_the_flood_once(room: Room) -> None:
    """All that is due is one unit of work."""
    session = room.officer()
    room.adopt(_crowd())
    for number in range(12):
        _run(room, number, band=RED)
        room.clock.advance(61)
    for number in range(1, 13):
        alarm = room.alarm(number)
        note = AcknowledgeAlarm(alarm=number, version=alarm.version, note_code=NoteCode.VERIFYING)
        room.done(note, session)
    assert _flooded(room) == set()
    room.clock.advance(600)
    room.tend()
    assert sum(room.alarm(number).realarms for number in range(1, 13)) == 12
    assert sorted(_edges(room, "begin")) == sorted(CITY)

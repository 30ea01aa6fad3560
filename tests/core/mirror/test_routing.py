"""Routing on a screen's facts: whose a place is, the board of one seat, and how little is judged anew."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.mirror.alarm_groups import AlarmGroup
from chengyun_core.mirror.alarms import AlarmBoard, awaits
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.mirror.facts import FactMirror
from chengyun_core.mirror.news import Fact, FactNews, Record
from chengyun_core.mirror.routing import Parting, Routing, sitting
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.change import SessionRecord
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import SeatCover, SeatDeed, SeatSilence
from chengyun_core.model.routing import How
from chengyun_core.model.scales import AlarmPriority, Side, WarningColour
from tests.core.centre.room import city

NOW = 1_800_000_000 * NS_PER_S
CITY_VITAL, NORTH_VITAL, SOUTH_VITAL = 0, 1, 2
OFFICER, CHIEF, UNIT = "500000.duty_officer", "500000.watch_chief", "500103.unit.1"


class Screen:
    """A mirror with its routing, told by the test."""

    def __init__(self) -> None:
        self.facts, self.number = FactMirror(), 0
        self.routes = Routing(self.facts)
        self.routes.take_catalogue(CatalogueView(city()), "500000")

    def put(self, kind: str, key: str, record: Record) -> bool:
        """Bring a record; return whether somebody else answers for something."""
        self.number += 1
        fact = Fact(kind=kind, key=key, version=self.number, number=self.number, record=record)
        return self._apply(FactNews(facts=(fact,), gone=(), changes=(), through=1, tail=1, complete=True))

    def drop(self, kind: str, key: str) -> bool:
        """Take a record away."""
        return self._apply(FactNews(facts=(), gone=((kind, key),), changes=(), through=1, tail=1, complete=True))

    def seat(self, seat: str, post: str = OFFICER) -> bool:
        """Let somebody sit down."""
        return self.put("session", seat, SessionRecord(seat=seat, account=seat, name=seat, posts=(post,), since=NOW))

    def cover(self, seat: str, by_seat: str) -> bool:
        """Let a seat be covered."""
        made = SeatCover(seat=seat, by_seat=by_seat, deed=SeatDeed.COVERED, reason="x", since=NOW, by="li")
        return self.put("seat_cover", seat, made)

    def of(self, centre: str) -> tuple[set[str], How]:
        """Return who answers for a place."""
        route = self.routes.of_centre(centre)
        return set(route.seats), route.how

    def _apply(self, news: FactNews) -> bool:
        self.facts.apply(news)
        return self.routes.take_facts(news)


def alarm(number: int, vital: int, colour: WarningColour = WarningColour.YELLOW, **fields: object) -> Alarm:
    """Return an unacknowledged alarm raised now."""
    made = Alarm(
        number=number, vital=vital, vital_code=f"V{vital}", colour=colour, band=colour, side=Side.HIGH, value=2.0,
        limit=1.0, raised_at=NOW, changed_at=NOW,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def test_that_places_follow_who_sits_down_covers_and_leaves() -> None:
    screen = Screen()
    assert screen.of("500103") == (set(), How.NOBODY)
    assert screen.seat("A-01")
    assert screen.of("500103") == ({"A-01"}, How.CLIMBED)
    assert screen.of("500106") == ({"A-01"}, How.HELD)
    assert screen.seat("A-YZ")
    assert screen.of("500103") == ({"A-YZ"}, How.HELD)
    assert screen.drop("session", "A-YZ")
    assert screen.cover("A-YZ", "A-01")
    assert screen.of("500103") == ({"A-01"}, How.COVERED)
    assert screen.drop("seat_cover", "A-YZ")
    assert screen.of("500103") == ({"A-01"}, How.CLIMBED)


def test_that_seats_of_the_centres_below_are_no_holes_but_answer_when_held_here() -> None:
    screen = Screen()
    view = CatalogueView(replace(city(), seats=tuple(seat for seat in city().seats if seat.code != "A-YZ")))
    screen.routes.take_catalogue(view, "500000")
    screen.seat("A-01")
    assert screen.of("500103") == ({"A-01"}, How.HELD)
    screen.seat("Y-01", "500103.duty_officer")
    assert screen.of("500103") == ({"Y-01"}, How.HELD)


def test_that_a_units_man_keeps_no_watch_and_a_silent_seat_is_not_counted_on() -> None:
    screen = Screen()
    screen.seat("A-01")
    screen.seat("Y-01", UNIT)
    assert screen.of("500103") == ({"A-01"}, How.CLIMBED)
    screen.seat("A-YZ")
    assert screen.put("seat_silence", "A-YZ", SeatSilence(seat="A-YZ", account="a", since=NOW))
    assert screen.of("500103") == ({"A-01"}, How.CLIMBED)
    assert screen.drop("seat_silence", "A-YZ")
    assert screen.of("500103") == ({"A-YZ"}, How.HELD)


def test_that_a_screen_that_is_told_it_does_not_respond_goes_on_hearing_its_own() -> None:
    screen = two_seats()
    screen.routes.sit(sitting("A-YZ", (OFFICER,)))
    screen.put("seat_silence", "A-YZ", SeatSilence(seat="A-YZ", account="a", since=NOW))
    assert screen.of("500103") == ({"A-YZ"}, How.HELD)


def test_that_the_own_seat_is_held_before_the_facts_have_told_of_it() -> None:
    screen = Screen()
    assert screen.routes.sit(sitting("A-YZ", (OFFICER,)))
    assert screen.of("500106") == ({"A-YZ"}, How.ALL)
    assert not screen.routes.sit(sitting("A-YZ", (OFFICER,)))


def test_that_news_of_anything_else_route_nothing_anew() -> None:
    screen = Screen()
    screen.seat("A-01")
    version = screen.routes.version
    assert not screen.put("alarm", "1", alarm(1, NORTH_VITAL))
    assert screen.routes.version == version


def two_seats() -> Screen:
    """Return a screen of a city officer beside somebody who watches the north."""
    screen = Screen()
    screen.seat("A-01")
    screen.seat("A-YZ")
    return screen


def board_of(*alarms: Alarm) -> AlarmBoard:
    """Return the board of alarms."""
    return AlarmBoard.of(alarms)


def test_that_a_board_is_parted_with_its_figures() -> None:
    screen = two_seats()
    every = board_of(
        alarm(1, CITY_VITAL), alarm(2, NORTH_VITAL), alarm(3, NORTH_VITAL, acked_at=NOW),
        alarm(4, NORTH_VITAL, shelved_at=NOW), alarm(5, 99),
    )  # fmt: skip
    parted = Parting(screen.routes, "A-01").of(every, NOW)
    assert [one.number for one in parted.board.alarms] == [5, 1] or [one.number for one in parted.board.alarms] == [
        1,
        5,
    ]
    assert (parted.board.unacknowledged, parted.board.shelved, sum(parted.board.counts)) == (2, (), 2)
    assert (parted.others.count, parted.others.red, parted.others.unacknowledged) == (2, 0, 1)
    assert parted.theirs == {2, 3, 4}
    north = Parting(screen.routes, "A-YZ").of(every, NOW)
    assert {one.number for one in north.board.alarms} == {2, 3, 5}


def test_that_where_all_is_ones_own_the_board_stays_the_same_object() -> None:
    screen = Screen()
    screen.seat("A-01")
    every = board_of(alarm(1, CITY_VITAL), alarm(2, NORTH_VITAL))
    assert Parting(screen.routes, "A-01").of(every, NOW).board is every


def test_that_an_alarm_nobody_acknowledges_is_the_chiefs_and_then_everybodys() -> None:
    screen = two_seats()
    screen.seat("A-02", CHIEF)
    told = alarm(1, NORTH_VITAL, priority=AlarmPriority.HIGH)
    every = board_of(told)
    chief, other = Parting(screen.routes, "A-02"), Parting(screen.routes, "A-01")
    for parting, seconds in ((chief, 180), (other, 360)):
        assert parting.of(every, NOW).board.alarms == ()
        assert parting.next_ns == NOW + seconds * NS_PER_S
        assert parting.of(every, parting.next_ns).board is every
    acked = board_of(replace(told, acked_at=NOW, version=2))
    assert chief.of(acked, NOW + 3600 * NS_PER_S).board.alarms == ()


def test_that_red_is_the_chiefs_at_once_and_of_nobody_else() -> None:
    screen = two_seats()
    screen.seat("A-02", CHIEF)
    red = alarm(1, NORTH_VITAL, WarningColour.RED)
    assert [Parting(screen.routes, seat).is_mine(red, NOW) for seat in ("A-YZ", "A-02", "A-01")] == [True, True, False]


def test_that_a_group_keeps_ones_own_and_its_head() -> None:
    screen = two_seats()
    head = alarm(1, NORTH_VITAL, WarningColour.ORANGE, first_out=True)
    mine, theirs = alarm(2, CITY_VITAL, cause=1), alarm(3, NORTH_VITAL, cause=1)
    (line,) = Parting(screen.routes, "A-01").of(board_of(head, mine, theirs), NOW).board.lines
    assert isinstance(line, AlarmGroup)
    assert (line.head.number, [one.number for one in line.members], line.unacknowledged) == (1, [2], 1)
    left = Parting(screen.routes, "A-YZ").of(board_of(head, mine), NOW).board.lines
    assert left == (head,)


ALARMS = st.lists(
    st.builds(
        alarm, st.integers(1, 40), st.sampled_from([0, 1, 2, 3, 99]),
        st.sampled_from([colour for colour in WarningColour if colour]), priority=st.sampled_from(AlarmPriority),
        acked_at=st.sampled_from([None, NOW]), realarms=st.integers(0, 1),
    ),
    unique_by=lambda one: one.number, max_size=30,
)  # fmt: skip


@given(alarms=ALARMS, later=st.sampled_from([0, 90, 900, 9000]), chief=st.booleans(), covered=st.booleans())
def test_that_a_parted_board_says_what_the_rules_say_and_nothing_is_on_no_board(
    alarms: list[Alarm], later: int, chief: bool, covered: bool
) -> None:
    screen = two_seats()
    if chief:
        screen.seat("A-02", CHIEF)
    if covered:
        screen.cover("Y-01", "A-01")
    every, now_ns = board_of(*alarms), NOW + later * NS_PER_S
    seats = ("A-01", "A-YZ", *(("A-02",) if chief else ()))
    boards = {seat: Parting(screen.routes, seat).of(every, now_ns).board for seat in seats}
    for one in every.alarms:
        told = screen.routes.of_alarm(one, now_ns).seats
        assert {seat for seat, board in boards.items() if one in board.alarms} == told
        assert told
    for board in boards.values():
        assert board.unacknowledged == sum(map(awaits, board.alarms))
        assert sum(board.counts) == len(board.alarms)


def test_that_parting_is_incremental_and_equal_to_parting_anew() -> None:
    screen = two_seats()
    parting = Parting(screen.routes, "A-01")
    alarms = {number: alarm(number, number % 4) for number in range(1, 200)}
    parting.of(board_of(*alarms.values()), NOW)
    alarms[7] = replace(alarms[7], acked_at=NOW, version=2)
    del alarms[9]
    alarms[300] = alarm(300, NORTH_VITAL)
    every = board_of(*alarms.values())
    assert parting.of(every, NOW) == Parting(screen.routes, "A-01").of(every, NOW)
    screen.cover("A-YZ", "A-01")
    assert parting.of(every, NOW).board is every


def test_that_a_flood_judges_only_what_changed_however_much_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []
    before = Parting._others_from
    monkeypatch.setattr(Parting, "_others_from", lambda self, one: judged.append(one.number) or before(self, one))
    screen = two_seats()
    parting = Parting(screen.routes, "A-01")
    alarms = {number: alarm(number, number % 4) for number in range(1, 6001)}
    assert parting.of(board_of(*alarms.values()), NOW).others.count == len(judged) == 1500
    judged.clear()
    for number in (1, 2, 5, 6):
        alarms[number] = replace(alarms[number], raises=2, version=2)
    assert parting.of(board_of(*alarms.values()), NOW).others.count == 1500
    assert sorted(judged) == [1, 5]

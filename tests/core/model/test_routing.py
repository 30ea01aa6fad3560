"""To which seats alarms, events and orders go (H4): the printed table, row by row, and that nothing is missed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import routing
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.duty import SeatCover, SeatDeed
from chengyun_core.model.event import Event, EventSource
from chengyun_core.model.order import Order, Receipt
from chengyun_core.model.routing import ANSWER_WITHIN_S, How, Sitting, Watch
from chengyun_core.model.scales import AlarmPriority, EventGrade, Side, WarningColour

NOW = 1_800_000_000 * NS_PER_S
CITY, NORTH, SOUTH, TOWN = "500000", "500112", "500113", "500112001"
AREAS = {"A-01": CITY, "A-02": CITY, "B-01": CITY, "N-01": NORTH, "S-01": SOUTH, "T-01": TOWN}
PATHS = {CITY: (CITY,), NORTH: (NORTH, CITY), SOUTH: (SOUTH, CITY), TOWN: (TOWN, NORTH, CITY)}


def on_watch(*seats: str, covers: tuple[SeatCover, ...] = (), **besides: Sitting) -> Watch:
    """Return who answers when officers sit at these seats, the chief at B-01, and others besides."""
    sittings = [Sitting(seat=seat, is_chief=seat == "B-01") for seat in seats]
    return routing.watch_of(AREAS, [*sittings, *besides.values()], covers, AREAS.values())


def cover(seat: str, by_seat: str, *, ended: bool = False) -> SeatCover:
    """Return a cover."""
    return SeatCover(
        seat=seat, by_seat=by_seat, deed=SeatDeed.COVERED, reason="离席", since=NOW, by="li", ended=ended
    )  # fmt: skip


def alarm(colour: WarningColour = WarningColour.YELLOW, age_s: float = 0.0, **fields: object) -> Alarm:
    """Return an unacknowledged alarm raised so long ago."""
    made = Alarm(
        number=1, vital=1, vital_code="V", colour=colour, band=colour, side=Side.HIGH, value=2.0, limit=1.0,
        raised_at=NOW - round(age_s * NS_PER_S), changed_at=NOW,
    )  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def seats(watch: Watch, place: str, told: Alarm | None = None) -> set[str]:
    """Return to whom an alarm at a place goes, a yellow one unless told."""
    return set(routing.of_alarm(watch, PATHS[place], told or alarm(), NOW).seats)


def test_that_an_alarm_goes_to_the_deepest_area_that_is_held() -> None:
    watch = on_watch("A-01", "A-02", "N-01")
    assert seats(watch, NORTH) == {"N-01"}
    assert seats(watch, CITY) == {"A-01", "A-02"}
    assert routing.of_place(watch, PATHS[NORTH]).how is How.HELD


def test_that_it_climbs_to_the_nearest_place_above_for_which_somebody_answers() -> None:
    watch = on_watch("A-01", "N-01")
    assert seats(watch, TOWN) == {"N-01"}
    route = routing.of_place(watch, PATHS[SOUTH])
    assert (set(route.seats), route.how, route.at) == ({"A-01"}, How.CLIMBED, CITY)


def test_that_a_place_without_a_seat_of_its_own_is_no_hole() -> None:
    watch = routing.watch_of({"A-01": CITY}, [Sitting(seat="A-01")], (), (CITY,))
    assert routing.of_place(watch, PATHS[TOWN]).how is How.HELD


def test_that_nobody_up_to_the_top_makes_it_everybodys() -> None:
    route = routing.of_place(on_watch("N-01", "T-01"), PATHS[SOUTH])
    assert (set(route.seats), route.how, route.at) == ({"N-01", "T-01"}, How.ALL, "")


def test_that_without_anybody_it_goes_to_nobody_and_says_so() -> None:
    route = routing.of_place(on_watch(), PATHS[NORTH])
    assert (route.seats, route.how) == (frozenset(), How.NOBODY)


def test_that_a_covered_area_goes_to_who_covers_it_and_to_who_covers_that_one() -> None:
    watch = on_watch("A-01", "A-02", covers=(cover("N-01", "T-01"), cover("T-01", "A-02")))
    route = routing.of_place(watch, PATHS[NORTH])
    assert (set(route.seats), route.how, route.at) == ({"A-02"}, How.COVERED, NORTH)


def test_that_who_lends_goes_on_hearing_while_he_sits_there() -> None:
    watch = on_watch("A-01", "N-01", covers=(cover("N-01", "A-01"),))
    route = routing.of_place(watch, PATHS[NORTH])
    assert (set(route.seats), route.how) == ({"A-01", "N-01"}, How.HELD)


def test_that_the_end_of_a_cover_changes_the_routing_in_the_same_record() -> None:
    covered, ended = cover("N-01", "A-01"), cover("N-01", "A-01", ended=True)
    assert seats(on_watch("A-01", "A-02", covers=(covered,)), NORTH) == {"A-01"}
    assert seats(on_watch("A-01", "A-02", covers=(ended,)), NORTH) == {"A-01", "A-02"}
    assert routing.of_place(on_watch("A-01", "A-02", covers=(ended,)), PATHS[NORTH]).how is How.CLIMBED


@pytest.mark.parametrize("who", [Sitting(seat="N-01", responds=False), Sitting(seat="N-01", answers=False)])
def test_that_a_seat_that_does_not_respond_or_keeps_no_watch_counts_as_not_held(who: Sitting) -> None:
    watch = on_watch("A-01", held=who)
    assert seats(watch, NORTH) == {"A-01"}
    assert seats(on_watch(held=who), NORTH) == {"N-01"}


def test_that_a_cover_by_a_seat_that_does_not_respond_covers_nothing() -> None:
    silent = Sitting(seat="T-01", responds=False)
    assert seats(on_watch("A-01", covers=(cover("N-01", "T-01"),), held=silent), NORTH) == {"A-01"}


def test_that_red_and_what_calls_again_go_to_the_chief_as_well() -> None:
    watch = on_watch("N-01", "A-01", "B-01")
    assert seats(watch, NORTH) == {"N-01"}
    assert seats(watch, NORTH, alarm(WarningColour.RED)) == {"N-01", "B-01"}
    assert seats(watch, NORTH, alarm(realarms=1)) == {"N-01", "B-01"}


def test_that_red_without_a_chief_goes_to_the_next_place_above() -> None:
    watch = on_watch("T-01", "A-01", "A-02")
    assert seats(watch, TOWN, alarm(WarningColour.RED)) == {"T-01", "A-01", "A-02"}
    assert seats(watch, CITY, alarm(WarningColour.RED)) == {"A-01", "A-02"}


def test_that_a_chief_over_the_place_comes_before_a_chief_of_somewhere_else() -> None:
    areas = {**AREAS, "C-01": SOUTH}
    held = [Sitting(seat="N-01"), Sitting(seat="B-01", is_chief=True), Sitting(seat="C-01", is_chief=True)]
    watch = routing.watch_of(areas, held, (), areas.values())
    assert seats(watch, NORTH, alarm(WarningColour.RED)) == {"N-01", "B-01"}
    elsewhere = routing.watch_of(areas, [held[0], held[2]], (), areas.values())
    assert seats(elsewhere, NORTH, alarm(WarningColour.RED)) == {"N-01", "C-01"}


@pytest.mark.parametrize("priority", list(AlarmPriority))
def test_that_nobody_acknowledging_in_time_brings_the_chief_and_then_everybody(priority: AlarmPriority) -> None:
    watch, within = on_watch("N-01", "S-01", "B-01"), ANSWER_WITHIN_S[priority]
    at = [alarm(age_s=age, priority=priority) for age in (within - 1, within, 2 * within - 1, 2 * within)]
    everybody = {"N-01", "S-01", "B-01"}
    assert [seats(watch, NORTH, one) for one in at] == [{"N-01"}, {"N-01", "B-01"}, {"N-01", "B-01"}, everybody]
    assert seats(watch, NORTH, replace(at[3], acked_at=NOW, acked_by="x")) == {"N-01"}


def test_that_a_held_seat_the_catalogue_does_not_know_is_left_nothing_out() -> None:
    watch = on_watch("X-09", "N-01")
    assert seats(watch, NORTH) == {"N-01", "X-09"}
    assert seats(watch, CITY) == {"X-09"}


def test_that_a_place_the_catalogue_does_not_know_is_everybodys() -> None:
    assert set(routing.of_place(on_watch("N-01", "S-01"), ()).seats) == {"N-01", "S-01"}


def event(**fields: object) -> Event:
    """Return an event in the south."""
    made = Event(number=1, code="E1", title="积水", centre=SOUTH, source=EventSource.MANUAL, source_at=NOW,
                 opened_at=NOW, opened_by="li", changed_at=NOW)  # fmt: skip
    return replace(made, **fields)  # type: ignore[arg-type]


def test_that_an_event_goes_to_who_commands_it_and_without_one_by_its_place() -> None:
    watch = on_watch("A-01", "N-01", "S-01", "B-01")
    told = [event(), event(command_seat="N-01"), event(command_seat="T-01"), event(grade=EventGrade.LARGER),
            event(command_seat="N-01", report_overdue=True)]  # fmt: skip
    found = [set(routing.of_event(watch, PATHS[SOUTH], one).seats) for one in told]
    assert found == [{"S-01"}, {"N-01"}, {"S-01"}, {"S-01", "B-01"}, {"N-01", "B-01"}]


def test_that_what_a_seat_has_in_hand_goes_with_its_cover() -> None:
    watch = on_watch("A-01", covers=(cover("N-01", "A-01"),))
    route = routing.of_event(watch, PATHS[SOUTH], event(command_seat="N-01"))
    assert (set(route.seats), route.how, route.at) == ({"A-01"}, How.COVERED, "N-01")


def test_that_an_order_goes_to_who_issued_it_else_who_commands_its_event_else_by_its_place() -> None:
    watch = on_watch("A-01", "N-01", "S-01", "B-01")
    order = Order(number=1, code="令1", title="封路", text="封路", centre=SOUTH, issued_at=NOW, issued_by="li",
                  issued_seat="N-01", changed_at=NOW)  # fmt: skip
    gone = replace(order, issued_seat="T-01")

    def of(one: Order, commands: str = "") -> set[str]:
        return set(routing.of_order(watch, PATHS[SOUTH], one, commands).seats)

    assert [of(order), of(gone, "A-01"), of(gone), of(replace(order, critical="closure"))] == [
        {"N-01"}, {"A-01"}, {"S-01"}, {"N-01", "B-01"},
    ]  # fmt: skip
    route = routing.of_order(watch, PATHS[SOUTH], order)
    receipt = Receipt(order=1, place=1, recipient="u", changed_at=NOW)
    found = [routing.of_receipt(watch, PATHS[SOUTH], one, route).seats for one in (
        receipt, replace(receipt, escalated=2), replace(receipt, escalated=3), replace(receipt, supervision="督办1"),
    )]  # fmt: skip
    assert [sorted(one) for one in found] == [["N-01"], ["N-01"], ["B-01", "N-01"], ["B-01", "N-01"]]


SEATS = st.sampled_from([*AREAS, "X-09"])
SITTINGS = st.dictionaries(
    SEATS, st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1
).map(lambda found: [
    Sitting(seat=seat, answers=answers, is_chief=is_chief, responds=responds)
    for seat, (answers, is_chief, responds) in found.items()
])  # fmt: skip
COVERS = st.lists(st.builds(cover, SEATS, SEATS, ended=st.booleans()), max_size=6)
ALARMS = st.builds(
    alarm, st.sampled_from([colour for colour in WarningColour if colour]), st.floats(0, 7200),
    priority=st.sampled_from(AlarmPriority), realarms=st.integers(0, 2),
)  # fmt: skip


@given(sittings=SITTINGS, covers=COVERS, told=ALARMS, place=st.sampled_from([*PATHS, ""]))
def test_that_every_alarm_goes_to_somebody_who_sits_there_if_anybody_does(
    sittings: list[Sitting], covers: list[SeatCover], told: Alarm, place: str
) -> None:
    watch = routing.watch_of(AREAS, sittings, covers, AREAS.values())
    route = routing.of_alarm(watch, PATHS.get(place, ()), told, NOW)
    held = {one.seat: one for one in sittings}
    assert route.seats
    assert route.seats <= held.keys()
    keeping = {seat for seat, one in held.items() if one.answers and one.responds}
    # Whoever keeps no watch, or does not respond, is counted on only when there is nobody else.
    assert route.seats <= keeping or not keeping


@given(sittings=SITTINGS, covers=COVERS, place=st.sampled_from(list(PATHS)), told=ALARMS)
def test_that_a_graver_or_later_alarm_is_never_heard_by_fewer(
    sittings: list[Sitting], covers: list[SeatCover], place: str, told: Alarm
) -> None:
    watch, path = routing.watch_of(AREAS, sittings, covers, AREAS.values()), PATHS[place]
    graver, later = replace(told, colour=WarningColour.RED), replace(told, raised_at=told.raised_at - 3600 * NS_PER_S)
    base = routing.of_alarm(watch, path, told, NOW).seats
    for other in (graver, later):
        assert base <= routing.of_alarm(watch, path, other, NOW).seats


@given(sittings=SITTINGS, place=st.sampled_from(list(PATHS)))
def test_that_one_who_keeps_watch_alone_has_everything(sittings: list[Sitting], place: str) -> None:
    keeping = [one for one in sittings if one.answers and one.responds]
    watch = routing.watch_of(AREAS, keeping[:1], (), AREAS.values())
    assert set(routing.of_place(watch, PATHS[place]).seats) == {one.seat for one in keeping[:1]}


def test_that_every_rule_of_the_printed_table_is_said_in_full() -> None:
    assert all(rule.what and rule.to for rule in routing.RULES)
    assert len({rule.what for rule in routing.RULES}) == len(routing.RULES)

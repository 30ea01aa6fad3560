"""Alarms that belong together stand under one line, and nothing grave is lost beneath it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.mirror.alarm_groups import AlarmGroup
from chengyun_core.mirror.alarms import STANDING_NS, AlarmBoard, is_standing, parted
from chengyun_core.model.alarm import Alarm, Override, OverrideKind
from chengyun_core.model.scales import AlarmPriority, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from tests.support.news_from import alarm

RED, ORANGE, YELLOW, BLUE = WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE


def situation(number: int, *alarms: int, kind: SituationKind = SituationKind.CLUSTER) -> Situation:
    """Return an open situation."""
    return Situation(
        number=number, kind=kind, state=SituationState.OPEN, alarms=alarms, centre="500000", subtrack="",
        colour=BLUE, began_at=1, last_at=1,
    )  # fmt: skip


def override(vital: int, kind: OverrideKind) -> Override:
    """Return an override that stands."""
    return Override(vital=vital, vital_code=f"V{vital}", kind=kind, since=1)


def test_that_consequences_fold_under_their_first_out_alarm_with_the_gravest_colour_inside() -> None:
    power = alarm(1, colour=YELLOW, raised_at=1)
    pump, flood = alarm(2, colour=BLUE, cause=1), alarm(3, colour=RED, cause=2, acked_at=1)
    alone = alarm(4, colour=ORANGE)
    lines = AlarmBoard.of([power, pump, flood, alone]).lines
    assert [type(line) for line in lines] == [Alarm, AlarmGroup]
    group = lines[1]
    assert isinstance(group, AlarmGroup)
    assert (group.head, {row.number for row in group.members}) == (power, {2, 3})
    assert (group.colour, group.unacknowledged, group.kind) == (RED, 2, SituationKind.CAUSE)


def test_that_a_situation_takes_the_consequences_of_its_alarms_with_it() -> None:
    first, second = alarm(1, situation=7), alarm(2, situation=7)
    after = alarm(3, cause=2)
    (line,) = AlarmBoard.of([after, first, second], [situation(7, 2, 1)]).lines
    assert isinstance(line, AlarmGroup)
    assert (line.head.number, line.key, len(line.members)) == (2, "situation:7", 2)


def test_that_a_dismissed_situation_groups_nothing() -> None:
    rows = [alarm(1, situation=7), alarm(2, situation=7)]
    over = replace(situation(7, 1, 2), state=SituationState.DISMISSED)
    assert len(AlarmBoard.of(rows, [over]).lines) == 2


def test_that_a_ring_of_causes_hangs_nobody() -> None:
    lines = AlarmBoard.of([alarm(1, cause=2), alarm(2, cause=1)]).lines
    assert sum(1 + len(line.members) if isinstance(line, AlarmGroup) else 1 for line in lines) == 2


def test_that_a_cause_that_has_ended_leaves_its_consequence_a_line_of_its_own() -> None:
    assert AlarmBoard.of([alarm(2, cause=1)]).lines == (alarm(2, cause=1),)


def test_that_overridden_alarms_are_lists_of_their_own_and_never_counted() -> None:
    masked = alarm(1, overrides=(override(1, OverrideKind.MASKED),))
    away = alarm(2, overrides=(override(2, OverrideKind.OUT_OF_SERVICE), override(2, OverrideKind.SUPPRESSED)))
    board = AlarmBoard.of([masked, away])
    assert (board.suppressed, board.out_of_service, board.lines) == ((masked,), (away,), ())
    assert board.unacknowledged == sum(board.counts) == 0


def test_that_flood_mode_parks_low_priority_blue_and_yellow_and_never_a_grave_one() -> None:
    low = AlarmPriority.LOW
    rows = [alarm(n, colour=colour, priority=low) for n, colour in enumerate((RED, ORANGE, YELLOW, BLUE), 1)]
    rows.append(alarm(5, colour=BLUE, priority=AlarmPriority.MEDIUM))
    stays, parked = parted(AlarmBoard.of(rows).lines)
    assert {line.number for line in parked if isinstance(line, Alarm)} == {3, 4}
    assert len(stays) == 3


def test_that_a_group_with_one_grave_alarm_inside_is_not_parked() -> None:
    low = AlarmPriority.LOW
    rows = [alarm(1, colour=BLUE, priority=low), alarm(2, colour=RED, priority=low, cause=1)]
    stays, parked = parted(AlarmBoard.of(rows).lines)
    assert (len(stays), parked) == (1, [])


def test_that_an_alarm_stands_after_a_day_while_it_is_active() -> None:
    active = alarm(1, raised_at=0)
    assert not is_standing(active, STANDING_NS - 1)
    assert is_standing(active, STANDING_NS)
    assert not is_standing(alarm(1, raised_at=0, band=WarningColour.NONE), STANDING_NS)


def test_that_priority_decides_between_alarms_of_one_colour() -> None:
    board = AlarmBoard.of([alarm(1, raised_at=9), alarm(2, raised_at=1, priority=AlarmPriority.HIGHEST)])
    assert [row.number for row in board.alarms] == [2, 1]


CITIES = st.lists(
    st.builds(
        lambda number, colour, cause, of, acked: alarm(
            number, colour=colour, cause=cause, situation=of, acked_at=1 if acked else None
        ),
        st.integers(1, 30),
        st.sampled_from([RED, ORANGE, YELLOW, BLUE]),
        st.none() | st.integers(1, 30),
        st.none() | st.integers(1, 3),
        st.booleans(),
    ),
    unique_by=lambda row: row.number,
)


@given(CITIES)
def test_that_every_alarm_is_under_exactly_one_line_and_lines_are_in_order(alarms: list[Alarm]) -> None:
    board = AlarmBoard.of(alarms, [situation(1), situation(2)])
    inside: list[Alarm] = []
    firsts = []
    for line in board.lines:
        members = [line.head, *line.members] if isinstance(line, AlarmGroup) else [line]
        inside += members
        first = min(members, key=board.alarms.index)
        waits = board.alarms.index(first) < board.unacknowledged
        firsts.append((not waits, -first.colour, -first.priority, isinstance(line, Alarm)))
        assert line.colour == max(member.colour for member in members)
    assert sorted(row.number for row in inside) == sorted(row.number for row in board.alarms)
    assert firsts == sorted(firsts)
    assert board == AlarmBoard.of(reversed(alarms), [situation(2), situation(1)])


def test_that_a_group_leads_its_equals_and_yields_to_what_is_graver() -> None:
    cut, late = alarm(1, colour=ORANGE, raised_at=1), alarm(9, colour=ORANGE, raised_at=90)
    follower, red = alarm(2, colour=BLUE, cause=1), alarm(8, colour=RED, raised_at=80)
    heads = [
        line.head if isinstance(line, AlarmGroup) else line for line in AlarmBoard.of([late, follower, cut, red]).lines
    ]
    assert heads == [red, cut, late]


def test_that_next_stops_once_at_a_group_and_at_every_grave_one_in_it() -> None:
    """WF4: what follows from one cause is acknowledged with it; red, orange and high priority never are (A17)."""
    power = alarm(1, colour=RED)
    pumps = [alarm(number, colour=YELLOW, cause=1) for number in range(2, 6)]
    grave = [alarm(6, colour=ORANGE, cause=1), alarm(7, colour=YELLOW, cause=1, priority=AlarmPriority.HIGH)]
    board = AlarmBoard.of([power, *pumps, *grave, alarm(8, colour=YELLOW)])
    stops, at = [], None
    for _ in range(5):
        at = board.next_unacknowledged(at).number
        stops.append(at)
    assert (stops[0], set(stops), stops[4]) == (1, {1, 6, 7, 8}, 1)
    assert {row.number for row in board.along(1)} == {2, 3, 4, 5}
    assert board.along(2) == ()


def test_that_next_comes_back_to_a_group_whose_head_was_seen_when_it_grew() -> None:
    board = AlarmBoard.of([alarm(1, colour=RED, acked_at=1), alarm(2, colour=BLUE, cause=1)])
    assert board.next_unacknowledged().number == 1
    assert [row.number for row in board.along(1)] == [2]


GROUPED = st.lists(
    st.builds(
        lambda number, colour, acked, cause, priority: alarm(
            number, colour=colour, acked_at=1 if acked else None, cause=cause if cause < number else None,
            priority=priority,
        ),
        st.integers(2, 30), st.sampled_from([RED, ORANGE, YELLOW, BLUE]), st.booleans(), st.integers(1, 29),
        st.sampled_from(list(AlarmPriority)),
    ),
    unique_by=lambda row: row.number,
)  # fmt: skip


@given(GROUPED)
def test_that_whoever_stops_wherever_next_leads_leaves_nothing_unacknowledged(alarms: list[Alarm]) -> None:
    living = {row.number: row for row in alarms}
    for _ in range(len(alarms) + 1):
        board = AlarmBoard.of(living.values())
        stop = board.next_unacknowledged()
        if stop is None:
            break
        for row in (stop, *board.along(stop.number)):
            living[row.number] = replace(row, acked_at=1)
    assert AlarmBoard.of(living.values()).unacknowledged == 0

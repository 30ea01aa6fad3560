"""Situations through the door: they grow, change colour, end, are dismissed, split and merged, and outlast restarts."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chengyun_core.centre import start
from chengyun_core.centre.situations import LOG, Watch
from chengyun_core.model.alarm import AlarmState, effective
from chengyun_core.model.catalogue import Catalogue, CauseLink, Device, Subtrack
from chengyun_core.model.change import Change
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    AcknowledgeAlarm,
    DismissSituation,
    MergeSituations,
    ReleaseVital,
    SplitSituation,
    SuppressVital,
)
from chengyun_core.model.scales import Aspect, Side, WarningColour
from chengyun_core.model.situation import Situation, SituationKind, SituationState
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import SendActivations
from tests.core.centre.room import INGEST_KEY, NOON_NS, Room, activation, city, vital

ORANGE, YELLOW, BLUE, NONE = WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE, WarningColour.NONE
RED = WarningColour.RED
HOUR = 3600


def _town(*, causes: tuple[CauseLink, ...] = ()) -> Catalogue:
    """Vitals 0-5 of one kind in 渝中区, 6-8 of the same kind in 沙坪坝区, 9-11 of another kind in 渝中区."""
    made = city()
    other = Subtrack(code="YJ02A", track="YJ02", name="燃气", owner_post="500000.track_owner.2", order=2)
    wet = [vital(n, f"W{n}", "500103") for n in range(6)] + [vital(n, f"W{n}", "500106") for n in range(6, 9)]
    gas = [replace(vital(n, f"G{n}", "500103"), subtrack="YJ02A") for n in range(9, 12)]
    tracks = (*made.tracks, replace(made.tracks[0], code="YJ02"))
    return replace(
        made, vitals=(*wet, *gas), subtracks=(*made.subtracks, other), tracks=tracks, causes=causes
    )  # fmt: skip


@pytest.fixture
def town(room: Room) -> Room:
    """Return a centre with twelve vitals of two kinds in two districts."""
    room.adopt(_town())
    return room


def _run(room: Room, *seen: tuple[int, WarningColour, int], aspect: Aspect = Aspect.PROCESS) -> None:
    """Send one run: vital, band, seconds after noon."""
    sent = []
    for number, band, second in seen:
        room.seq += 1
        one = activation(room.seq, number, band, at_ns=NOON_NS + second * NS_PER_S)
        sent.append(replace(one, aspect=aspect, side=Side.MISSING if aspect is Aspect.COMMS else Side.HIGH))
    assert room.ask("ingest.activations", SendActivations(activations=tuple(sent)), INGEST_KEY).outcome == "done"


def _raise(room: Room, *vitals: int, second: int = 0) -> None:
    _run(room, *((one, YELLOW, second) for one in vitals))


def _situation(room: Room, number: int) -> Situation:
    with room.ledger.reading() as connection:
        found = LOG.get(connection, number)
    assert found is not None
    return found


def _actions(room: Room) -> list[str]:
    return [change.action for change in room.published if change.kind == "situation"]


def _watch(room: Room) -> Watch:
    watch = room.desk.watcher
    assert isinstance(watch, Watch)
    return watch


def _close(room: Room, session: str, *vitals: int, second: int = 60) -> None:
    """Let alarms return and acknowledge them."""
    _run(room, *((one, NONE, second) for one in vitals))
    for one in vitals:
        alarm = room.living()[one]
        room.done(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version), session)


def test_that_three_alarms_near_in_time_place_and_kind_begin_one_situation_named_in_each(town: Room) -> None:
    _raise(town, 0, 1)
    assert _actions(town) == []
    _raise(town, 2, second=30)
    begun = _situation(town, 1)
    assert (begun.alarms, begun.centre, begun.subtrack, begun.kind) == (
        (1, 2, 3), "500103", "YJ01A", SituationKind.CLUSTER,
    )  # fmt: skip
    assert (begun.began_at, begun.last_at) == (NOON_NS, NOON_NS + 30 * NS_PER_S)
    assert {alarm.situation for alarm in town.living().values()} == {1}


@pytest.mark.parametrize("third", [(6, 400), (9, 500), (2, 601)], ids=["place", "kind", "time"])
def test_that_what_is_far_in_place_kind_or_time_is_no_part_of_it(town: Room, third: tuple[int, int]) -> None:
    _raise(town, 0, 1)
    _raise(town, third[0], second=third[1])
    assert _actions(town) == []


def test_that_a_situation_grows_by_one_row_a_run_however_many_join(town: Room) -> None:
    _raise(town, 0, 1, 2)
    _raise(town, 3, 4, 5, second=60)
    assert _actions(town) == ["situation.begin", "situation.grow"]
    assert _situation(town, 1).alarms == (1, 2, 3, 4, 5, 6)


def test_that_it_reaches_as_far_as_its_alarms_and_takes_the_centre_that_holds_them(town: Room) -> None:
    _raise(town, 0, 1, 2)
    _raise(town, 6, second=60)
    assert (_situation(town, 1).alarms, _situation(town, 1).centre) == ((1, 2, 3, 4), "500000")
    _raise(town, 9, second=90)
    assert _situation(town, 1).subtrack == ""


def test_that_its_colour_follows_the_gravest_of_its_living_alarms(town: Room) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2)
    _run(town, (1, RED, 20))
    assert _situation(town, 1).colour is RED
    _run(town, (1, NONE, 40))
    assert _situation(town, 1).colour is RED, "returned, but nobody has seen it"
    alarm = town.living()[1]
    note = {"note_code": "verifying"}
    town.done(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, **note), session)  # type: ignore[arg-type]
    assert _situation(town, 1).colour is YELLOW


def test_that_it_is_over_with_the_acknowledgement_of_its_last_alarm(town: Room) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2)
    _close(town, session, 0, 1)
    assert _situation(town, 1).state is SituationState.OPEN
    _close(town, session, 2)
    assert _situation(town, 1).state is SituationState.OVER
    assert _watch(town).state.members == _watch(town).open == {}


def test_that_one_that_was_left_over_when_the_centre_died_is_ended_by_the_next_deed(town: Room) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2)
    town.desk.watcher = None  # as a centre of an earlier version did it: nobody looked at an acknowledgement
    _close(town, session, 0, 1, 2)
    _again(town)
    _raise(town, 9)
    assert _situation(town, 1).state is SituationState.OVER


def test_that_a_new_alarm_after_its_end_is_alone_again(town: Room) -> None:
    _raise(town, 0, 1, 2)
    _close(town, town.officer(), 0, 1, 2)
    _raise(town, 3, second=90)
    assert town.living()[3].situation is None


def test_that_a_situation_goes_on_after_a_restart_in_its_middle(town: Room) -> None:
    _raise(town, 0, 1, 2)
    _again(town)
    _raise(town, 3, second=60)
    assert _situation(town, 1).alarms == (1, 2, 3, 4)
    _close(town, town.officer(), 0, 1, 2, 3, second=90)
    assert _situation(town, 1).state is SituationState.OVER


@pytest.mark.parametrize("restart", [False, True])
def test_that_what_an_officer_dismissed_is_not_put_together_again(town: Room, restart: bool) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2)
    town.done(DismissSituation(situation=1, version=1, reason="各不相干"), session)
    assert {alarm.situation for alarm in town.living().values()} == {None}
    if restart:
        _again(town)
    _raise(town, 3, second=30)
    assert _actions(town)[-1] == "situation.dismiss"
    _raise(town, 4, second=40)
    assert set(_situation(town, 2).alarms) >= {4, 5}
    assert len(set(_situation(town, 2).alarms) & {1, 2, 3}) <= 1


@pytest.mark.parametrize("restart", [False, True])
def test_that_what_an_officer_split_stays_apart_when_both_parts_are_dismissed(town: Room, restart: bool) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2, 3)
    town.done(SplitSituation(situation=1, version=1, alarms=(1,)), session)
    assert (_situation(town, 1).alarms, _situation(town, 2).alarms) == ((2, 3, 4), (1,))
    assert [town.living()[one].situation for one in range(4)] == [2, 1, 1, 1]
    for number in (1, 2):
        held = _situation(town, number)
        town.done(DismissSituation(situation=number, version=held.version, reason="x"), session)
    if restart:
        _again(town)
    apart = _watch(town).state.apart
    assert {frozenset((1, other)) for other in (2, 3, 4)} <= apart


def test_that_a_split_gives_each_part_the_colour_of_its_own(town: Room) -> None:
    session = town.officer()
    _run(town, (0, RED, 0), (1, YELLOW, 0), (2, BLUE, 0))
    done = town.done(SplitSituation(situation=1, version=1, alarms=(1,)), session)
    assert (_situation(town, 1).colour, _situation(town, 2).colour) == (YELLOW, RED)
    assert _situation(town, 1).version == done.version


@pytest.mark.parametrize("alarms", [(), (1, 2, 3), (1, 99)])
def test_that_a_split_that_splits_nothing_is_refused(town: Room, alarms: tuple[int, ...]) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2)
    refused = town.do(SplitSituation(situation=1, version=1, alarms=alarms), session)
    assert refused.code == "situation.bad_split"


def test_that_two_merge_into_one_that_grows_on_and_the_other_is_merged_for_good(town: Room) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2)
    _run(town, (6, ORANGE, 500), (7, YELLOW, 500), (8, YELLOW, 500))
    merged = town.done(MergeSituations(situation=1, version=1, other=2, other_version=1), session)
    _again(town)
    one, other = _situation(town, 1), _situation(town, 2)
    assert (one.alarms, one.colour, one.centre, one.version) == ((1, 2, 3, 4, 5, 6), ORANGE, "500000", merged.version)
    assert (other.state, other.merged_into) == (SituationState.MERGED, 1)
    assert {alarm.situation for alarm in town.living().values()} == {1}
    assert town.do(DismissSituation(situation=2, version=2, reason="x"), session).code == "situation.not_open"
    _raise(town, 3, second=550)
    assert town.living()[3].situation == 1


def test_that_a_deed_on_a_situation_that_grew_meanwhile_is_refused(town: Room) -> None:
    session = town.officer()
    _raise(town, 0, 1, 2)
    _raise(town, 3, second=30)
    refused = town.do(DismissSituation(situation=1, version=1, reason="x"), session)
    assert (refused.code, refused.params["count"]) == ("situation.changed", "4")


MASKED = tuple(CauseLink(cause="W0", effect=f"W{n}", within_s=60.0, masks=True) for n in range(1, 6))


@pytest.mark.parametrize("at_once", [True, False])
def test_that_what_was_masked_when_it_was_raised_is_in_no_situation_until_it_calls(room: Room, at_once: bool) -> None:
    room.adopt(_town(causes=MASKED))
    seen = [(0, ORANGE, 0), (1, YELLOW, 1), (2, YELLOW, 2), (3, BLUE, 3)]
    for run in [seen] if at_once else [[one] for one in seen]:
        _run(room, *run)
    assert _actions(room) == []
    _run(room, (0, NONE, 30))
    assert _situation(room, 1).alarms == (1, 2, 3, 4)


def test_that_an_alarm_raised_and_masked_and_ended_in_one_run_was_never_there(room: Room) -> None:
    room.adopt(_town(causes=MASKED))
    _run(room, (0, ORANGE, 0), (1, YELLOW, 1), (1, NONE, 2), (9, YELLOW, 3), (10, YELLOW, 3))
    assert room.living().keys() == {0, 9, 10}
    assert _actions(room) == ["situation.begin"], "the cause and two of another kind beside it"
    assert _situation(room, 1).alarms == (1, 3, 4)


def test_that_a_suppressed_alarm_is_no_neighbour_and_is_one_again_when_released(town: Room) -> None:
    chief = town.officer("chief", "500000.watch_chief", seat="A-05")
    _raise(town, 0)
    held = town.done(SuppressVital(vital=0, minutes=10, reason="x"), chief)
    _raise(town, 1, 2, second=10)
    assert _actions(town) == []
    town.done(ReleaseVital(vital=0, version=held.version), chief)
    assert _situation(town, 1).alarms == (1, 2, 3)


def test_that_what_ends_at_once_makes_one_situation(town: Room) -> None:
    """Six suppressions that end in one unit of work: its later parts know what its first ones began."""
    chief = town.officer("chief", "500000.watch_chief", seat="A-05")
    for number in range(6):
        town.done(SuppressVital(vital=number, minutes=1, reason="x"), chief)
    _raise(town, *range(6))
    town.clock.advance(60)
    town.tend()
    assert _actions(town)[0] == "situation.begin"
    assert set(_actions(town)[1:]) == {"situation.grow"}
    assert _situation(town, 1).alarms == (1, 2, 3, 4, 5, 6)


def test_that_lost_links_behind_one_gateway_are_one_situation_apart_from_the_values(room: Room) -> None:
    """V3, A19: a stale feed is one alarm per gateway, and never mixed with what was measured."""
    made = _town()
    devices = (Device(code="HYD", name="站", kind="level", centre="500103", subtrack="YJ01A", gateway="GW-1"),)
    room.adopt(replace(made, devices=devices))
    assert room.desk.city.gateways.keys() >= {0, 1, 6, 9}
    _raise(room, 2)
    _run(room, (0, YELLOW, 5), (6, YELLOW, 200), (9, YELLOW, 400), aspect=Aspect.COMMS)
    found = _situation(room, 1)
    assert (found.kind, found.gateway, len(found.alarms)) == (SituationKind.GATEWAY, "GW-1", 3)
    assert room.alarm(1).situation is None


def test_that_three_raises_in_a_minute_are_chatter_with_a_delay_proposed_and_nothing_is_silenced(town: Room) -> None:
    """A10: a badge and a proposal, never a silent suppression."""
    for second in (0, 10, 20):
        _run(town, (0, YELLOW, second), (0, NONE, second + 3))
    alarm = town.living()[0]
    assert (alarm.chattering, alarm.proposed_delay_s, alarm.raises) == (True, 5.0, 3)
    assert [change.action for change in town.published].count("alarm.chatter") == 1
    _run(town, (0, YELLOW, 30))
    assert effective(town.living()[0]) is AlarmState.UNACK


def test_that_a_link_that_flaps_does_not_make_its_value_chatter(town: Room) -> None:
    """A19."""
    for second in (0, 10):
        _run(town, (0, YELLOW, second), (0, NONE, second + 3), aspect=Aspect.COMMS)
    _run(town, (0, YELLOW, 20))
    assert "alarm.chatter" not in [change.action for change in town.published]


def test_that_a_run_that_failed_leaves_no_trace_in_what_is_remembered(town: Room, monkeypatch, caplog) -> None:  # type: ignore[no-untyped-def]
    _raise(town, 0, 1)
    with monkeypatch.context() as broken:
        broken.setattr(town.ledger.journal, "append", _no_room)
        town.seq += 1
        sent = activation(town.seq, 2, YELLOW, at_ns=NOON_NS)
        assert town.ask("ingest.activations", SendActivations(activations=(sent,)), INGEST_KEY).outcome != "done"
    assert "no room" in caplog.text
    assert town.living().keys() == {0, 1}
    town.seq -= 1
    _raise(town, 9, second=540)
    assert _actions(town) == []
    _raise(town, 2, second=30)
    assert _situation(town, 1).alarms == (1, 2, 4)


def _no_room(*_: object) -> list[Change]:
    raise OSError("no room")


def _again(room: Room) -> None:
    """Restart in the middle, on the same catalogue."""
    held = room.desk.packed
    room.restart()
    room.adopt(codec.unpack(held, Catalogue))
    start.load(room.desk, room.ledger)


RUNS = st.lists(
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from([NONE, BLUE, YELLOW, ORANGE])), min_size=1, max_size=6),
    min_size=1, max_size=6,
)  # fmt: skip


@given(RUNS, st.booleans())
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_that_a_restart_anywhere_changes_nothing_of_what_is_clustered(runs, acknowledged: bool) -> None:  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory() as folder, Room(Path(folder)) as room:
        room.adopt(_town(causes=MASKED))
        session = room.officer()
        for at, run in enumerate(runs):
            _run(room, *((one, band, 40 * at) for one, band in run))
            returned = [one for one in room.living().values() if effective(one) is AlarmState.RTNUN]
            for alarm in returned if acknowledged else ():
                room.done(AcknowledgeAlarm(alarm=alarm.number, version=alarm.version), session)
        before = _remembered(room)
        _again(room)
        assert _remembered(room) == before


def _remembered(room: Room) -> tuple[object, ...]:
    watch = _watch(room)
    with room.ledger.reading() as connection:
        stored = {one.number: one for one, _ in LOG.standing(connection, lambda one: one.state is SituationState.OPEN)}
    assert watch.open == stored
    living = {alarm.number: alarm for alarm in room.living().values()}
    for number, held in watch.state.members.items():
        assert held == {one for one in stored[number].alarms if one in living}
        assert all(living[one].situation == number for one in held)
        assert stored[number].colour == max(living[one].colour for one in held)
    return watch.state.members, watch.state.near, watch.colours

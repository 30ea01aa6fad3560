"""What keeps alarms silent, through the door: by officers, by rule, by cause; each ends, and red is never hidden."""

from dataclasses import replace
from itertools import permutations

import pytest

from chengyun_core.centre import overrides
from chengyun_core.model.activation import Activation
from chengyun_core.model.alarm import AlarmState, OverrideKind, effective
from chengyun_core.model.catalogue import CauseLink, Suppression, Threshold, ThresholdSet
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import (
    AcknowledgeAlarm,
    GiveApproval,
    ReleaseVital,
    ReturnToService,
    SuppressVital,
    TakeOutOfService,
)
from chengyun_core.model.scales import Aspect, Side, WarningColour
from chengyun_core.wire.envelope import SendActivations
from tests.core.centre.room import INGEST_KEY, NOON_NS, Room, activation, city

RED, ORANGE, YELLOW, BLUE, NONE = (
    WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE, WarningColour.NONE,
)  # fmt: skip
LINKED = replace(
    city(),
    causes=(
        CauseLink(cause="SW-CITY", effect="SW-YUZHONG", within_s=60.0, masks=True),
        CauseLink(cause="SW-YUZHONG", effect="SW-SHAPINGBA", within_s=60.0, masks=True),
    ),
)
RULED = replace(
    city(),
    suppressions=(
        Suppression(
            code="S1", name="检修", while_vital="SW-CITY", at_least=BLUE, suppresses="SW-4", up_to=YELLOW, reason="停泵"
        ),
    ),
)


def _chief(room: Room, name: str = "chief", seat: str = "A-05") -> str:
    return room.officer(name, "500000.watch_chief", seat=seat)


def _run(room: Room, *seen: tuple[int, WarningColour, int]) -> None:
    """Send one run: (vital, band, seconds after noon)."""
    sent: list[Activation] = []
    for number, band, second in seen:
        room.seq += 1
        sent.append(activation(room.seq, number, band, at_ns=NOON_NS + second * NS_PER_S))
    assert room.ask("ingest.activations", SendActivations(activations=tuple(sent)), INGEST_KEY).outcome == "done"


def _state(room: Room, vital: int) -> AlarmState:
    return effective(room.living()[vital])


def test_that_a_suppressed_vital_is_born_silent_and_calls_when_its_time_is_over(room: Room) -> None:
    done = room.done(SuppressVital(vital=0, minutes=10, reason="清淤"), _chief(room))
    assert done.key == "0:suppressed"
    room.observe(0, YELLOW)
    assert _state(room, 0) is AlarmState.SUPPRESSED
    raised = room.living()[0].raised_at
    room.restart()
    room.clock.advance(599)
    room.tend()
    assert _state(room, 0) is AlarmState.SUPPRESSED
    room.clock.advance(1)
    room.tend()
    assert _state(room, 0) is AlarmState.UNACK
    assert room.living()[0].raised_at == raised
    assert room.desk.overrides[0] == {}


def test_that_what_came_and_went_beneath_an_override_is_closed(room: Room) -> None:
    room.done(SuppressVital(vital=0, minutes=10, reason="清淤"), _chief(room))
    room.observe(0, YELLOW)
    room.observe(0, NONE)
    assert room.living() == {}


def test_that_a_suppression_is_never_unlimited_and_set_once(room: Room) -> None:
    chief = _chief(room)
    for minutes in (0, overrides.LONGEST_MINUTES + 1):
        refused = room.do(SuppressVital(vital=0, minutes=minutes, reason="x"), chief)
        assert refused.code == "override.too_long"
    room.done(SuppressVital(vital=0, minutes=5, reason="x"), chief)
    again = room.do(SuppressVital(vital=0, minutes=5, reason="x"), chief)
    assert (again.code, again.params["by"]) == ("override.already.suppressed", "chief")


def test_that_a_duty_officer_may_not_suppress(room: Room) -> None:
    assert room.do(SuppressVital(vital=0, minutes=5, reason="x"), room.officer()).outcome == "refused"


def test_that_a_release_by_hand_brings_an_active_alarm_back_unacknowledged(room: Room) -> None:
    chief = _chief(room)
    room.observe(0, YELLOW)
    done = room.done(SuppressVital(vital=0, minutes=10, reason="x"), chief)
    room.done(ReleaseVital(vital=0, version=done.version), chief)
    assert _state(room, 0) is AlarmState.UNACK
    assert room.do(ReleaseVital(vital=0, version=done.version), chief).code == "override.none.suppressed"


def test_that_service_ends_by_itself_and_needs_ticket_and_end(room: Room) -> None:
    chief = _chief(room)
    now = room.clock.utc_ns()
    bad = TakeOutOfService(vital=0, ticket="", until=now + NS_PER_S, reason="检修")
    assert room.do(bad, chief).code == "text.missing.ticket"
    assert room.do(replace(bad, ticket="T-1", until=now), chief).code == "override.bad_end"
    room.done(replace(bad, ticket="T-1", until=now + 60 * NS_PER_S), chief)
    room.observe(0, RED)
    assert _state(room, 0) is AlarmState.OUT_OF_SERVICE
    assert room.desk.silenced()["out_of_service"] == 1
    room.clock.advance(60)
    room.tend()
    assert _state(room, 0) is AlarmState.UNACK
    assert room.desk.silenced()["out_of_service"] == 0


def test_that_out_of_service_goes_before_suppression_and_each_ends_alone(room: Room) -> None:
    chief = _chief(room)
    room.done(SuppressVital(vital=0, minutes=10, reason="x"), chief)
    until = room.clock.utc_ns() + 3600 * NS_PER_S
    out = room.done(TakeOutOfService(vital=0, ticket="T", until=until, reason="x"), chief)
    room.observe(0, YELLOW)
    assert _state(room, 0) is AlarmState.OUT_OF_SERVICE
    room.done(ReturnToService(vital=0, version=out.version), chief)
    assert _state(room, 0) is AlarmState.SUPPRESSED
    room.clock.advance(600)
    room.tend()
    assert _state(room, 0) is AlarmState.UNACK


def test_that_a_vital_that_can_turn_red_is_suppressed_by_two_persons_only(room: Room) -> None:
    room.adopt(
        replace(
            city(),
            threshold_sets=(ThresholdSet(code="N", name="平时", in_force=True),),
            thresholds=(Threshold(threshold_set="N", vital="SW-CITY", high_red=184.0),),
        )
    )
    chief = _chief(room)
    asked = room.done(SuppressVital(vital=0, minutes=10, reason="x"), chief)
    assert asked.warnings == ("approval.waits",)
    assert room.desk.overrides.get(0, {}) == {}
    give = GiveApproval(approval=int(asked.key), version=asked.version)
    assert room.do(give, chief).code == "approval.own"
    room.done(give, _chief(room, "other", "A-06"))
    held = room.desk.overrides[0][OverrideKind.SUPPRESSED]
    assert (held.by, held.seat) == ("chief", "A-05")
    told = next(change for change in room.published if change.action == "vital.suppress")
    assert told.account == "other"


def test_that_an_effect_is_grouped_and_masked_while_its_cause_lasts(room: Room) -> None:
    room.adopt(LINKED)
    _run(room, (0, ORANGE, 0), (1, YELLOW, 5), (2, BLUE, 9))
    first, effect, last = (room.living()[vital] for vital in range(3))
    assert first.first_out
    assert (effect.cause, last.cause) == (first.number, first.number)
    assert [effective(one) for one in (effect, last)] == [AlarmState.SUPPRESSED] * 2
    assert room.desk.silenced()["masked"] == 2
    _run(room, (0, NONE, 20))
    assert _state(room, 1) is AlarmState.UNACK


@pytest.mark.parametrize("colour", [ORANGE, RED])
def test_that_no_orange_or_red_effect_is_ever_masked(room: Room, colour: WarningColour) -> None:
    room.adopt(LINKED)
    _run(room, (0, RED, 0), (1, colour, 5))
    assert _state(room, 1) is AlarmState.UNACK
    assert room.living()[1].cause == room.living()[0].number


def test_that_a_masked_effect_that_grows_grave_calls_at_once(room: Room) -> None:
    room.adopt(LINKED)
    _run(room, (0, RED, 0), (1, YELLOW, 5))
    assert _state(room, 1) is AlarmState.SUPPRESSED
    _run(room, (1, ORANGE, 8))
    assert _state(room, 1) is AlarmState.UNACK


def test_that_an_effect_after_its_time_is_no_effect(room: Room) -> None:
    room.adopt(LINKED)
    _run(room, (0, RED, 0), (1, YELLOW, 61))
    assert (_state(room, 1), room.living()[1].cause) == (AlarmState.UNACK, None)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [True, False])
def test_that_the_order_of_arrival_does_not_matter(room: Room, order: tuple[int, ...], at_once: bool) -> None:
    room.adopt(LINKED)
    seen = [((0, ORANGE, 0), (1, YELLOW, 5), (2, BLUE, 9))[place] for place in order]
    for run in [seen] if at_once else [[one] for one in seen]:
        _run(room, *run)
    first, *effects = (room.living()[vital] for vital in range(3))
    assert [effective(one) for one in (first, *effects)] == [AlarmState.UNACK, *[AlarmState.SUPPRESSED] * 2]
    assert [one.cause for one in (first, *effects)] == [None, first.number, first.number]
    assert [one.first_out for one in (first, *effects)] == [True, False, False]


def test_that_a_rule_suppresses_while_its_vital_stands_and_never_the_graver(room: Room) -> None:
    room.adopt(RULED)
    _run(room, (0, YELLOW, 0), (3, YELLOW, 5))
    assert _state(room, 3) is AlarmState.SUPPRESSED
    assert room.living()[3].overrides[0].rule == "S1"
    _run(room, (3, RED, 6))
    assert _state(room, 3) is AlarmState.UNACK
    _run(room, (3, BLUE, 7))
    assert _state(room, 3) is AlarmState.SUPPRESSED
    _run(room, (0, NONE, 8))
    assert _state(room, 3) is AlarmState.UNACK


def test_that_a_rule_still_holds_when_an_officers_suppression_ends(room: Room) -> None:
    room.adopt(RULED)
    chief = _chief(room)
    held = room.done(SuppressVital(vital=3, minutes=10, reason="x"), chief)
    _run(room, (0, YELLOW, 0), (3, YELLOW, 5))
    room.done(ReleaseVital(vital=3, version=held.version), chief)
    assert _state(room, 3) is AlarmState.SUPPRESSED
    assert room.living()[3].overrides[0].rule == "S1"


def test_that_acknowledging_a_lost_link_leaves_the_level_unacknowledged(room: Room) -> None:
    """phoebus#1928: two alarms, one of the value and one of the link (A19)."""
    session = room.officer()
    room.observe(0, YELLOW)
    room.seq += 1
    lost = replace(
        activation(room.seq, 0, YELLOW, at_ns=room.clock.utc_ns()), aspect=Aspect.COMMS, side=Side.MISSING
    )  # fmt: skip
    room.ask("ingest.activations", SendActivations(activations=(lost,)), INGEST_KEY)
    assert (room.alarm(1).aspect, room.alarm(2).aspect) == (Aspect.PROCESS, Aspect.COMMS)
    room.done(AcknowledgeAlarm(alarm=2, version=room.alarm(2).version), session)
    assert (effective(room.alarm(1)), effective(room.alarm(2))) == (AlarmState.UNACK, AlarmState.ACKED)

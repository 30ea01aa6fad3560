"""First-out groups and masks through the door: who calls, who is silent, and who takes over when a cause ends."""

from dataclasses import replace

import pytest

from chengyun_core.model.alarm import Alarm, AlarmState, OverrideKind, effective
from chengyun_core.model.catalogue import Catalogue, CauseLink, Suppression
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import AcknowledgeAlarm, ShelveAlarm
from chengyun_core.model.scales import Aspect, Side, WarningColour
from chengyun_core.wire.envelope import SendActivations
from tests.core.centre.room import INGEST_KEY, NOON_NS, Room, activation, city

RED, ORANGE, YELLOW, BLUE, NONE = (
    WarningColour.RED, WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE, WarningColour.NONE,
)  # fmt: skip
CALLS, SILENT = AlarmState.UNACK, AlarmState.SUPPRESSED
Vital = int
Sight = tuple[Vital, WarningColour, int]
"""Vital, band, seconds after noon."""
CODES = ("SW-CITY", "SW-YUZHONG", "SW-SHAPINGBA", "SW-4")


def _linked(*edges: tuple[Vital, Vital], masks: bool = True) -> Catalogue:
    """Return the small city with these causes, each within a minute."""
    return replace(
        city(),
        causes=tuple(CauseLink(cause=CODES[a], effect=CODES[b], within_s=60.0, masks=masks) for a, b in edges),
    )


def _ruled(*rules: tuple[str, Vital, Vital]) -> Catalogue:
    """Return the small city with rules: code, leading vital, vital that is silent while that one stands."""
    return replace(
        city(),
        suppressions=tuple(
            Suppression(code=code, name=code, while_vital=CODES[a], at_least=BLUE, suppresses=CODES[b], reason="停泵")
            for code, a, b in rules
        ),
    )


def _run(room: Room, *seen: Sight) -> None:
    sent = []
    for number, band, second in seen:
        room.seq += 1
        sent.append(activation(room.seq, number, band, at_ns=NOON_NS + second * NS_PER_S))
    assert room.ask("ingest.activations", SendActivations(activations=tuple(sent)), INGEST_KEY).outcome == "done"


def _states(room: Room) -> dict[Vital, AlarmState]:
    return {vital: effective(alarm) for vital, alarm in room.living().items()}


def _mask(alarm: Alarm) -> int | None:
    """Return the number of the alarm that masks this one."""
    return next((one.cause for one in alarm.overrides if one.kind is OverrideKind.MASKED), None)


GATEWAY = _linked((0, 1), (0, 2), (0, 3))
"""Vital 0 tells of a gateway, the others are read through it."""


def test_that_a_lost_gateway_masks_what_is_behind_it_and_its_return_lets_the_active_call(room: Room) -> None:
    """ALARMS.md, F: parent mask; rule clears → re-evaluate. What came and went beneath it is over (decision 0075)."""
    room.adopt(GATEWAY)
    _run(room, (0, ORANGE, 0), (1, YELLOW, 1), (2, BLUE, 2), (3, YELLOW, 3), (3, NONE, 8))
    assert _states(room) == {0: CALLS, 1: SILENT, 2: SILENT}
    _run(room, (0, NONE, 30))
    assert _states(room) == {0: AlarmState.RTNUN, 1: CALLS, 2: CALLS}
    assert room.desk.silenced()["masked"] == 0


def test_that_masks_and_their_release_outlast_a_restart(room: Room) -> None:
    room.adopt(GATEWAY)
    _run(room, (0, ORANGE, 0), (1, YELLOW, 1))
    room.restart()
    room.adopt(GATEWAY)
    assert room.desk.silenced()["masked"] == 1
    _run(room, (0, NONE, 30))
    assert _states(room)[1] is CALLS


def test_that_acknowledging_the_cause_does_not_let_its_effects_call(room: Room) -> None:
    session = room.officer()
    room.adopt(GATEWAY)
    _run(room, (0, ORANGE, 0), (1, YELLOW, 1))
    cause = room.living()[0]
    room.done(AcknowledgeAlarm(alarm=cause.number, version=cause.version), session)
    assert _states(room) == {0: AlarmState.ACKED, 1: SILENT}


def test_that_what_an_officer_acknowledged_is_never_masked_afterwards(room: Room) -> None:
    session = room.officer()
    room.adopt(GATEWAY)
    _run(room, (1, YELLOW, 5))
    room.done(AcknowledgeAlarm(alarm=1, version=1), session)
    _run(room, (0, ORANGE, 0))
    assert _states(room) == {0: CALLS, 1: AlarmState.ACKED}


def test_that_a_mask_over_a_shelf_gives_the_shelf_back(room: Room) -> None:
    """Several overrides may hold at once; masked goes before shelved (ALARMS.md)."""
    session = room.officer()
    room.adopt(GATEWAY)
    _run(room, (1, YELLOW, 5))
    room.done(ShelveAlarm(alarm=1, version=1, minutes=10, reason="x"), session)
    _run(room, (0, ORANGE, 0))
    assert _states(room)[1] is SILENT
    _run(room, (0, NONE, 20))
    assert _states(room)[1] is AlarmState.SHELVED


@pytest.mark.parametrize("at_once", [True, False])
def test_that_a_red_effect_calls_and_a_mask_comes_back_only_when_it_has_eased(room: Room, at_once: bool) -> None:
    """RF13: a mask never hides an orange or red alarm."""
    room.adopt(GATEWAY)
    seen: tuple[Sight, ...] = ((0, RED, 0), (1, YELLOW, 1), (1, RED, 2))
    for run in [seen] if at_once else [(one,) for one in seen]:
        _run(room, *run)
    assert _states(room)[1] is CALLS
    _run(room, (1, YELLOW, 9))
    assert _states(room)[1] is SILENT


def test_that_a_mask_is_passed_on_when_another_cause_still_stands(room: Room) -> None:
    room.adopt(_linked((0, 2), (1, 2)))
    _run(room, (0, ORANGE, 0), (1, ORANGE, 1), (2, YELLOW, 2))
    first, second, effect = (room.living()[vital] for vital in range(3))
    assert _mask(effect) == first.number
    _run(room, (0, NONE, 20))
    assert (_states(room)[2], _mask(room.living()[2])) == (SILENT, second.number)
    _run(room, (1, NONE, 30))
    assert _states(room)[2] is CALLS


def test_that_a_rule_takes_over_from_another_whose_condition_ended(room: Room) -> None:
    room.adopt(_ruled(("S1", 0, 3), ("S2", 1, 3)))
    _run(room, (0, YELLOW, 0), (1, YELLOW, 1), (3, YELLOW, 2))
    assert room.living()[3].overrides[0].rule == "S1"
    rows = len(room.published)
    _run(room, (0, NONE, 20))
    assert (_states(room)[3], room.living()[3].overrides[0].rule) == (SILENT, "S2")
    assert "alarm.release" not in [change.action for change in room.published[rows:]]
    _run(room, (1, NONE, 30))
    assert _states(room)[3] is CALLS


def test_that_a_link_that_groups_without_masking_hides_nothing(room: Room) -> None:
    room.adopt(_linked((0, 1), masks=False))
    _run(room, (0, ORANGE, 0), (1, BLUE, 1))
    first, effect = room.living()[0], room.living()[1]
    assert (effect.cause, first.first_out, effective(effect)) == (first.number, True, CALLS)


def test_that_a_chain_keeps_its_first_out_and_the_middle_masks_on_when_the_first_returns(room: Room) -> None:
    room.adopt(_linked((0, 1), (1, 2)))
    _run(room, (0, ORANGE, 0), (1, YELLOW, 5), (2, BLUE, 9))
    first = room.living()[0].number
    _run(room, (0, NONE, 20))
    assert _states(room) == {0: AlarmState.RTNUN, 1: CALLS, 2: SILENT}
    assert [room.living()[vital].cause for vital in (1, 2)] == [first, first]
    _run(room, (1, NONE, 30))
    assert _states(room)[2] is CALLS


@pytest.mark.parametrize("edges", [((0, 1), (1, 0)), ((0, 1), (1, 2), (2, 0))])
def test_that_in_a_ring_of_causes_one_always_calls(room: Room, edges: tuple[tuple[int, int], ...]) -> None:
    """A catalogue may say that each brings the other about; at one instant each would hide behind the other."""
    room.adopt(_linked(*edges))
    _run(room, *((vital, YELLOW, 0) for vital in {vital for edge in edges for vital in edge}))
    states = list(_states(room).values())
    assert states.count(CALLS) == 1
    assert all(alarm.cause != alarm.number for alarm in room.living().values())


def test_that_a_lost_link_of_the_cause_masks_no_value(room: Room) -> None:
    """A19: communication loss is apart from process alarms, in causes as well."""
    room.adopt(GATEWAY)
    room.seq += 1
    lost = replace(activation(room.seq, 0, ORANGE, at_ns=NOON_NS), aspect=Aspect.COMMS, side=Side.MISSING)
    room.ask("ingest.activations", SendActivations(activations=(lost,)), INGEST_KEY)
    _run(room, (1, YELLOW, 5))
    assert _states(room)[1] is CALLS

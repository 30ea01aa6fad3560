"""A new catalogue lets go what it no longer masks, suppresses or names, with the reason in the journal."""

from dataclasses import replace

import pytest

from chengyun_core.centre import catalogue as importing
from chengyun_core.centre.situations import Watch
from chengyun_core.model.alarm import AlarmState, effective
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.catalogue import Catalogue, CauseLink, Suppression
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.command import SuppressVital, TakeOutOfService
from chengyun_core.model.scales import WarningColour
from tests.core.centre.room import Room, city, vital

ORANGE, YELLOW, BLUE, NONE = WarningColour.ORANGE, WarningColour.YELLOW, WarningColour.BLUE, WarningColour.NONE
CALLS, SILENT = AlarmState.UNACK, AlarmState.SUPPRESSED
WHY = {"reason": "catalogue", "version": "2"}
CODES = ("SW-CITY", "SW-YUZHONG", "SW-SHAPINGBA", "SW-4")


def _linked(*edges: tuple[int, int], masks: bool = True) -> Catalogue:
    links = (CauseLink(cause=CODES[a], effect=CODES[b], within_s=60.0, masks=masks) for a, b in edges)
    return replace(city(), causes=tuple(links))


def _ruled(*rules: tuple[str, WarningColour]) -> Catalogue:
    """Return rules by which SW-4 is silent up to a band while SW-CITY stands."""
    made = (
        Suppression(
            code=code, name=code, while_vital="SW-CITY", at_least=BLUE, suppresses="SW-4", up_to=up_to, reason="停泵"
        )
        for code, up_to in rules
    )
    return replace(city(), suppressions=tuple(made))


def _adopt(room: Room, new: Catalogue) -> None:
    """Put the next version in force as an import does."""
    built = importing.packed_up(replace(new, version=room.desk.city.version + 1), room.desk.city.version)
    with room.ledger.work(CENTRE) as work:
        importing.put(room.desk, work, built, "catalogue.import")


def _raise(room: Room, *seen: tuple[int, WarningColour]) -> None:
    for number, band in seen:
        assert room.observe(number, band).outcome == "done"
        room.clock.advance(1)


def _states(room: Room) -> dict[int, AlarmState]:
    return {number: effective(alarm) for number, alarm in room.living().items()}


def _why(room: Room, action: str) -> list[dict[str, str]]:
    return [dict(change.params) for change in room.published if change.action == action]


def _in_step(room: Room) -> bool:
    """Return whether a look at the same catalogue once more would change nothing."""
    rows = len([one for one in room.published if one.kind == "alarm"])
    _adopt(room, _in_force(room))
    return len([one for one in room.published if one.kind == "alarm"]) == rows


def _in_force(room: Room) -> Catalogue:
    return importing.codec.unpack(room.desk.packed, Catalogue)


def test_that_a_link_that_is_dropped_lets_its_effect_call_out_of_its_group(room: Room) -> None:
    room.adopt(_linked((0, 1), (0, 2)))
    _raise(room, (0, ORANGE), (1, YELLOW), (2, YELLOW))
    _adopt(room, _linked((0, 1)))
    assert _states(room) == {0: CALLS, 1: SILENT, 2: CALLS}
    assert _why(room, "alarm.unmask") == [WHY]
    first = room.living()[0]
    assert [room.living()[one].cause for one in (1, 2)] == [first.number, None]
    assert first.first_out
    _adopt(room, city())
    assert not room.living()[0].first_out
    assert _in_step(room)


def test_that_a_link_that_no_longer_masks_still_groups(room: Room) -> None:
    room.adopt(_linked((0, 1)))
    _raise(room, (0, ORANGE), (1, YELLOW))
    _adopt(room, _linked((0, 1), masks=False))
    assert (_states(room)[1], room.living()[1].cause) == (CALLS, room.living()[0].number)
    assert _why(room, "alarm.unmask") == [WHY]


def test_that_the_other_cause_masks_on_when_one_link_is_dropped(room: Room) -> None:
    room.adopt(_linked((0, 2), (1, 2)))
    _raise(room, (0, ORANGE), (1, ORANGE), (2, YELLOW))
    _adopt(room, _linked((1, 2)))
    assert _states(room)[2] is SILENT
    assert room.living()[2].overrides[0].cause == room.living()[1].number
    assert _why(room, "alarm.unmask") == []


@pytest.mark.parametrize("after", [_ruled(), _ruled(("S1", BLUE))], ids=["rule dropped", "only up to blue"])
def test_that_a_rule_that_is_dropped_or_narrowed_lets_what_it_suppressed_call(room: Room, after: Catalogue) -> None:
    room.adopt(_ruled(("S1", YELLOW)))
    _raise(room, (0, YELLOW), (3, YELLOW))
    assert _states(room)[3] is SILENT
    _adopt(room, after)
    assert _states(room)[3] is CALLS
    assert _why(room, "alarm.release") == [WHY]


def test_that_a_rule_of_another_name_takes_over(room: Room) -> None:
    room.adopt(_ruled(("S1", YELLOW)))
    _raise(room, (0, YELLOW), (3, YELLOW))
    _adopt(room, _ruled(("S2", YELLOW)))
    assert (_states(room)[3], room.living()[3].overrides[0].rule) == (SILENT, "S2")
    assert _in_step(room)


@pytest.mark.parametrize("before", [_linked((0, 3)), _ruled(("S1", YELLOW))], ids=["mask", "rule"])
def test_that_a_vital_that_is_dropped_lets_what_it_silenced_call(room: Room, before: Catalogue) -> None:
    room.adopt(before)
    _raise(room, (0, ORANGE), (3, YELLOW))
    assert _states(room)[3] is SILENT
    made = city()
    gone = replace(made, vitals=(vital(0, "SW-CITY", "500000", retired=True), *made.vitals[1:]))
    _adopt(room, gone)
    assert _states(room) == {3: CALLS}
    assert [*_why(room, "alarm.unmask"), *_why(room, "alarm.release")] == [WHY]
    assert room.desk.silenced()["masked"] == room.desk.silenced()["suppressed"] == 0


def test_that_a_new_link_or_rule_silences_what_stands_already(room: Room) -> None:
    _raise(room, (0, ORANGE), (1, YELLOW), (3, YELLOW))
    _adopt(room, replace(_linked((0, 1)), suppressions=_ruled(("S1", YELLOW)).suppressions))
    assert _states(room) == {0: CALLS, 1: SILENT, 3: SILENT}
    assert _why(room, "alarm.mask") == _why(room, "alarm.suppress") == [WHY]


def test_that_what_an_officer_set_outlasts_a_catalogue_unless_its_vital_is_gone(room: Room) -> None:
    chief = room.officer("chief", "500000.watch_chief", seat="A-05")
    until = room.clock.utc_ns() + 3600 * NS_PER_S
    room.done(SuppressVital(vital=0, minutes=30, reason="清淤"), chief)
    room.done(TakeOutOfService(vital=3, ticket="T-1", until=until, reason="检修"), chief)
    _raise(room, (0, YELLOW), (3, YELLOW))
    made = city()
    _adopt(room, replace(made, vitals=(*made.vitals[:3], vital(3, "SW-4", "500000", retired=True))))
    assert _states(room) == {0: SILENT}
    assert [told["why"] for told in _why(room, "vital.override_over")] == ["vital_gone"]
    assert (room.desk.silenced()["out_of_service"], room.desk.silenced()["suppressed"]) == (0, 1)
    room.clock.advance(3600)
    room.tend()
    assert len(_why(room, "vital.override_over")) == 2, "the one that stood ended in its time, the other not again"


def test_that_released_alarms_are_clustered_and_places_are_those_of_the_new_catalogue(room: Room) -> None:
    room.adopt(_linked((3, 0), (3, 1)))
    _raise(room, (3, ORANGE), (0, YELLOW), (1, YELLOW))
    assert {alarm.situation for alarm in room.living().values()} == {None}
    moved = city()
    _adopt(room, replace(moved, vitals=(vital(0, "SW-CITY", "500103"), *moved.vitals[1:])))
    assert {alarm.situation for alarm in room.living().values()} == {1}
    room.observe(2, BLUE)
    assert isinstance(room.desk.watcher, Watch)
    number = room.living()[0].number
    assert room.desk.watcher.state.near[number].place == ("500103", "500000")

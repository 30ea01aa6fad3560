"""The table of states of ISA-18.2 (ALARMS.md, «States and keys»), each way in and out told as a sentence."""

import pytest

from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import Alarm, AlarmState, NoteCode, Override, OverrideKind, effective
from chengyun_core.model.alarm_rules import By, Seen
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Side, WarningColour

NONE, BLUE, YELLOW, ORANGE = WarningColour.NONE, WarningColour.BLUE, WarningColour.YELLOW, WarningColour.ORANGE
OFFICER = By(account="li", seat="A-01", at_ns=10)
OVERRIDING = {
    OverrideKind.MASKED: AlarmState.SUPPRESSED,
    OverrideKind.SUPPRESSED: AlarmState.SUPPRESSED,
    OverrideKind.OUT_OF_SERVICE: AlarmState.OUT_OF_SERVICE,
}


def seen(band: WarningColour, at_ns: int = 1) -> Seen:
    return Seen(vital=1, vital_code="V-1", at_ns=at_ns, band=band, side=Side.HIGH, value=2.0, limit=1.0)


def unacknowledged(band: WarningColour = YELLOW) -> Alarm:
    return alarm_rules.first_raise(1, seen(band)).alarm


def acknowledged() -> Alarm:
    return alarm_rules.acknowledge(unacknowledged(), OFFICER, NoteCode.VERIFYING, "").alarm


def returned_unseen() -> Alarm:
    return observed(unacknowledged(), NONE)


def shelved(minutes: int | None = 30, of: Alarm | None = None) -> Alarm:
    return alarm_rules.shelve(of or unacknowledged(), OFFICER, minutes, "pump").alarm


def overridden(kind: OverrideKind, of: Alarm | None = None) -> Alarm:
    override = Override(vital=1, vital_code="V-1", kind=kind, since=2, until=99, cause=7)
    return alarm_rules.overridden(of or unacknowledged(), override, 2).alarm


def observed(alarm: Alarm, band: WarningColour) -> Alarm:
    step = alarm_rules.observed(alarm, seen(band, 5))
    return alarm if step is None else step.alarm


# State A, normal


def test_that_an_alarm_that_was_seen_and_returned_is_normal_and_its_life_is_over() -> None:
    after = observed(acknowledged(), NONE)
    assert (effective(after), after.closed) == (AlarmState.NORM, True)


def test_that_a_raise_leads_from_normal_to_unacknowledged() -> None:
    assert effective(unacknowledged()) is AlarmState.UNACK


# State B, unacknowledged


def test_that_an_acknowledgement_leads_from_unacknowledged_to_acknowledged() -> None:
    assert effective(acknowledged()) is AlarmState.ACKED


def test_that_a_return_nobody_saw_leads_to_returned_unacknowledged() -> None:
    assert effective(returned_unseen()) is AlarmState.RTNUN


def test_that_the_shelf_takes_an_unacknowledged_alarm() -> None:
    assert effective(shelved()) is AlarmState.SHELVED


@pytest.mark.parametrize("kind", OVERRIDING)
def test_that_each_override_leads_from_unacknowledged_to_its_state_and_its_end_back(kind: OverrideKind) -> None:
    alarm = overridden(kind)
    assert effective(alarm) is OVERRIDING[kind]
    assert effective(alarm_rules.released(alarm, kind, 9).alarm) is AlarmState.UNACK


# State C, acknowledged


def test_that_a_graver_band_leads_from_acknowledged_back_to_unacknowledged() -> None:
    assert effective(observed(acknowledged(), ORANGE)) is AlarmState.UNACK


def test_that_an_acknowledgement_taken_back_leads_to_unacknowledged() -> None:
    assert effective(alarm_rules.unacknowledge(acknowledged(), OFFICER).alarm) is AlarmState.UNACK


def test_that_the_re_alarm_timer_leads_from_acknowledged_to_unacknowledged() -> None:
    assert effective(alarm_rules.realarm(acknowledged(), 9).alarm) is AlarmState.UNACK


def test_that_a_milder_band_leaves_an_acknowledged_alarm_acknowledged() -> None:
    after = observed(acknowledged(), BLUE)
    assert (effective(after), after.colour) == (AlarmState.ACKED, YELLOW)


# State D, returned, unacknowledged


def test_that_an_acknowledgement_ends_what_returned_unseen() -> None:
    after = alarm_rules.acknowledge(returned_unseen(), OFFICER, NoteCode.VERIFYING, "").alarm
    assert (effective(after), after.closed) == (AlarmState.NORM, True)


def test_that_what_returned_unseen_and_comes_again_is_unacknowledged_and_counted_twice() -> None:
    after = observed(returned_unseen(), YELLOW)
    assert (effective(after), after.raises) == (AlarmState.UNACK, 2)


# State E, shelved


def test_that_the_time_out_of_a_shelf_leads_to_unacknowledged_while_active() -> None:
    assert effective(alarm_rules.shelf_expired(shelved(), 99).alarm) is AlarmState.UNACK


def test_that_the_time_out_of_a_shelf_leads_to_normal_when_it_returned_meanwhile() -> None:
    after = alarm_rules.shelf_expired(observed(shelved(), NONE), 99).alarm
    assert (effective(after), after.closed) == (AlarmState.NORM, True)


def test_that_taking_off_the_shelf_leads_to_acknowledged_while_active_and_to_normal_after_the_return() -> None:
    assert effective(alarm_rules.unshelve(shelved(), OFFICER).alarm) is AlarmState.ACKED
    after = alarm_rules.unshelve(observed(shelved(), NONE), OFFICER).alarm
    assert (effective(after), after.closed) == (AlarmState.NORM, True)


def test_that_a_one_shot_shelf_ends_with_the_return() -> None:
    after = observed(shelved(None), NONE)
    assert (effective(after), after.closed) == (AlarmState.NORM, True)


# States F and G, suppressed by design, out of service


@pytest.mark.parametrize("kind", OVERRIDING)
def test_that_a_condition_that_returned_under_an_override_is_normal_when_the_override_ends(kind: OverrideKind) -> None:
    under = observed(overridden(kind), NONE)
    if not under.closed:
        under = alarm_rules.released(under, kind, 9).alarm
    assert effective(under) is AlarmState.NORM


def test_that_out_of_service_is_stronger_than_suppressed_and_both_than_the_shelf() -> None:
    alarm = overridden(OverrideKind.OUT_OF_SERVICE, overridden(OverrideKind.SUPPRESSED, shelved()))
    assert effective(alarm) is AlarmState.OUT_OF_SERVICE
    alarm = alarm_rules.released(alarm, OverrideKind.OUT_OF_SERVICE, 8).alarm
    assert effective(alarm) is AlarmState.SUPPRESSED
    assert effective(alarm_rules.released(alarm, OverrideKind.SUPPRESSED, 9).alarm) is AlarmState.SHELVED


# What the table does not draw is refused.

FORBIDDEN = {
    "an acknowledged alarm is not acknowledged again": lambda: alarm_rules.acknowledge(
        acknowledged(), OFFICER, NoteCode.VERIFYING, ""
    ),
    "what nobody acknowledged cannot be un-acknowledged": lambda: alarm_rules.unacknowledge(unacknowledged(), OFFICER),
    "what returned is not put on the shelf": lambda: alarm_rules.shelve(returned_unseen(), OFFICER, 5, "x"),
    "what is not on the shelf is not taken off": lambda: alarm_rules.unshelve(unacknowledged(), OFFICER),
    "what nobody acknowledged does not call again by timer": lambda: alarm_rules.realarm(unacknowledged(), 9),
    "what is suppressed is not acknowledged": lambda: alarm_rules.acknowledge(
        overridden(OverrideKind.SUPPRESSED), OFFICER, NoteCode.VERIFYING, ""
    ),
}


@pytest.mark.parametrize("sentence", FORBIDDEN)
def test_that_what_the_table_does_not_draw_is_refused(sentence: str) -> None:
    with pytest.raises(Refused):
        FORBIDDEN[sentence]()

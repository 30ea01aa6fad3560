"""Complaints about acknowledging, shelving and returning, as rules of one alarm's life."""

import pytest

from chengyun_core.mirror.alarms import AlarmBoard
from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import AlarmState, NoteCode, effective, possible_moves
from chengyun_core.model.alarm_rules import SHELF_LIMIT_MINUTES, By, Seen
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Side, WarningColour

MINUTE = 60 * 1_000_000_000
RED, BLUE, NONE = WarningColour.RED, WarningColour.BLUE, WarningColour.NONE


def seen(band, minute):
    return Seen(vital=7, vital_code="WL.CT", at_ns=minute * MINUTE, band=band, side=Side.HIGH, value=183.6, limit=183.5)


def by(minute):
    return By(account="chen", seat="S1", at_ns=minute * MINUTE)


def raised(band=RED):
    return alarm_rules.first_raise(1, seen(band, 0)).alarm


def acknowledged(band=RED):
    return alarm_rules.acknowledge(raised(band), by(1), NoteCode.VERIFYING, "").alarm


def test_that_an_acknowledged_alarm_stays_until_it_returns():
    """scada-lts#2745: acknowledged means seen, never solved."""
    alarm = acknowledged()
    assert effective(alarm) is AlarmState.ACKED
    assert AlarmBoard.of([alarm]).alarms == (alarm,)
    assert alarm_rules.observed(alarm, seen(NONE, 5)).alarm.closed


def test_that_a_return_after_the_acknowledgement_annunciates_nothing():
    """fuxa#1556: nobody is called again for what is over."""
    after = alarm_rules.observed(acknowledged(), seen(NONE, 5)).alarm
    assert effective(after) is AlarmState.NORM


def test_that_a_return_before_the_acknowledgement_still_waits_for_somebody():
    """ISA-18.2, state D: what came and went was there."""
    alarm = alarm_rules.observed(raised(), seen(NONE, 5)).alarm
    assert effective(alarm) is AlarmState.RTNUN
    assert AlarmBoard.of([alarm]).unacknowledged == 1
    again = alarm_rules.observed(alarm, seen(RED, 6)).alarm
    assert (effective(again), again.raises) == (AlarmState.UNACK, 2)


def test_that_an_acknowledgement_can_be_taken_back_and_the_alarm_waits_again():
    """yamcs#497, alerta#1687."""
    back = alarm_rules.unacknowledge(acknowledged(), by(2)).alarm
    assert effective(back) is AlarmState.UNACK
    assert (back.acked_at, back.acked_by, back.note_code) == (None, None, None)


def test_that_an_acknowledged_alarm_tells_who_when_and_where():
    """yamcs#498, tb#6047."""
    alarm = acknowledged()
    assert (alarm.acked_by, alarm.acked_seat, alarm.acked_at, alarm.note_code) == (
        "chen", "S1", MINUTE, NoteCode.VERIFYING,
    )  # fmt: skip


def test_that_a_shelf_that_runs_out_calls_again_and_one_taken_away_does_not():
    """alerta#985: the automatic end of a shelf really fires; by hand counts as seen."""
    shelved = alarm_rules.shelve(raised(BLUE), by(1), 30, "pump is being mended").alarm
    assert effective(shelved) is AlarmState.SHELVED
    assert effective(alarm_rules.shelf_expired(shelved, 31 * MINUTE).alarm) is AlarmState.UNACK
    assert effective(alarm_rules.unshelve(shelved, by(5)).alarm) is AlarmState.ACKED


@pytest.mark.parametrize("colour", [colour for colour in WarningColour if colour])
def test_that_no_shelf_is_without_end(colour):
    """A6: never unlimited; the graver the shorter."""
    with pytest.raises(Refused, match=r"alarm\.shelf_too_long"):
        alarm_rules.shelve(raised(colour), by(1), SHELF_LIMIT_MINUTES[colour] + 1, "x")
    one_shot = alarm_rules.shelve(raised(colour), by(1), None, "x").alarm
    assert alarm_rules.shelf_due_ns(one_shot) == by(1).at_ns + SHELF_LIMIT_MINUTES[colour] * MINUTE


def test_that_severity_only_rises_while_an_alarm_is_latched():
    """ALARMS.md, invariants."""
    alarm = alarm_rules.observed(raised(), seen(BLUE, 2)).alarm
    assert (alarm.colour, alarm.band) == (RED, BLUE)


def test_that_a_graver_band_calls_again_although_the_milder_was_seen():
    """ALARMS.md: escalation leads from C to B."""
    alarm = alarm_rules.observed(acknowledged(BLUE), seen(RED, 2)).alarm
    assert effective(alarm) is AlarmState.UNACK


def test_that_nothing_is_offered_that_the_life_cycle_forbids():
    """ticketscad#82: symmetric gates; what is offered can be done, what cannot is not offered."""
    assert not possible_moves(AlarmState.NORM)
    with pytest.raises(Refused, match=r"alarm\.cannot\.unacknowledge"):
        alarm_rules.unacknowledge(raised(), by(1))

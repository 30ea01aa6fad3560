"""The life of an alarm as tables: every move from every reachable record leads where the tables say."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun_core.model import alarm_rules
from chengyun_core.model.alarm import OVERRIDDEN, Alarm, AlarmState, Override, OverrideKind, effective, is_active
from chengyun_core.model.alarm_rules import By, Seen
from chengyun_core.model.failure import Refused
from chengyun_core.model.priority import priority
from chengyun_core.model.scales import AlarmPriority, Side, WarningColour

BANDS = st.sampled_from(list(WarningColour))
KINDS = st.sampled_from(list(OverrideKind))
OFFICER = By(account="a", seat="A-01", at_ns=5)
DEEDS = st.one_of(
    st.tuples(st.just("see"), BANDS),
    st.tuples(st.sampled_from(["set", "end"]), KINDS),
    st.tuples(st.sampled_from(["ack", "unack", "shelve", "unshelve", "expire", "realarm"]), st.none()),
)


def _seen(band: WarningColour, at_ns: int = 1) -> Seen:
    return Seen(vital=1, vital_code="V", at_ns=at_ns, band=band, side=Side.HIGH, value=2.0, limit=math.nan)


def _override(kind: OverrideKind) -> Override:
    return Override(vital=1, vital_code="V", kind=kind, since=1, until=9)


def _after(alarm: Alarm, deed: str, what: object) -> Alarm:
    """Return the alarm after a deed; itself when the deed is not possible."""
    try:
        if deed == "see":
            step = alarm_rules.observed(alarm, _seen(WarningColour(what)))  # type: ignore[arg-type]
            return alarm if step is None else step.alarm
        if deed in ("set", "end"):
            assert isinstance(what, OverrideKind)
            held = any(one.kind is what for one in alarm.overrides)
            if deed == "set":
                return alarm_rules.overridden(alarm, _override(what), 2).alarm
            return alarm_rules.released(alarm, what, 2).alarm if held else alarm
        if deed == "expire":
            on_shelf = effective(alarm) is AlarmState.SHELVED
            return alarm_rules.shelf_expired(alarm, 2).alarm if on_shelf else alarm
        deeds = {
            "ack": lambda: alarm_rules.acknowledge(alarm, OFFICER, "verifying", ""),  # type: ignore[arg-type]
            "unack": lambda: alarm_rules.unacknowledge(alarm, OFFICER),
            "shelve": lambda: alarm_rules.shelve(alarm, OFFICER, None, "x"),
            "unshelve": lambda: alarm_rules.unshelve(alarm, OFFICER),
            "realarm": lambda: alarm_rules.realarm(alarm, 2),
        }
        return deeds[deed]().alarm
    except Refused:
        return alarm


@given(BANDS.filter(bool), st.lists(DEEDS, max_size=14))
def test_that_whatever_happens_the_state_is_the_strongest_of_what_stands(
    band: WarningColour, deeds: list[tuple[str, object]]
) -> None:
    alarm = alarm_rules.first_raise(1, _seen(band)).alarm
    for deed, what in deeds:
        if alarm.closed:
            break
        before, alarm = alarm, _after(alarm, deed, what)
        assert alarm.colour >= before.colour, "severity only rises while latched"
        assert alarm.version - before.version == (alarm != before)
        assert effective(alarm) is _plainly(alarm)
        assert not alarm.closed or not is_active(alarm), "an active alarm never ends"


def _plainly(alarm: Alarm) -> AlarmState:
    """ALARMS.md, written out anew: out of service > suppressed > masked > shelved > latched > active > normal."""
    kinds = {one.kind.value for one in alarm.overrides}
    if alarm.closed:
        return AlarmState.NORM
    if "out_of_service" in kinds:
        return AlarmState.OUT_OF_SERVICE
    if kinds & {"suppressed", "masked"}:
        return AlarmState.SUPPRESSED
    if alarm.shelved_at is not None:
        return AlarmState.SHELVED
    if is_active(alarm):
        return AlarmState.UNACK if alarm.acked_at is None else AlarmState.ACKED
    return AlarmState.RTNUN


@pytest.mark.parametrize("order", list(itertools.permutations(OverrideKind)))
def test_that_overrides_end_in_any_order_and_the_last_one_lets_it_call(order: tuple[OverrideKind, ...]) -> None:
    alarm = alarm_rules.first_raise(1, _seen(WarningColour.YELLOW)).alarm
    for kind in reversed(order):
        alarm = alarm_rules.overridden(alarm, _override(kind), 2).alarm
    assert [one.kind for one in alarm.overrides] == list(OVERRIDDEN)
    for kind in order:
        assert effective(alarm) is not AlarmState.UNACK
        alarm = alarm_rules.released(alarm, kind, 3).alarm
    assert effective(alarm) is AlarmState.UNACK
    assert alarm.raised_at == 1


def test_that_an_acknowledged_alarm_stays_acknowledged_when_its_override_ends() -> None:
    alarm = alarm_rules.first_raise(1, _seen(WarningColour.YELLOW)).alarm
    acked = alarm_rules.acknowledge(alarm, OFFICER, None, "").alarm
    held = alarm_rules.overridden(acked, _override(OverrideKind.SUPPRESSED), 2).alarm
    assert effective(alarm_rules.released(held, OverrideKind.SUPPRESSED, 3).alarm) is AlarmState.ACKED


def test_that_a_shelf_goes_on_when_an_override_ends() -> None:
    alarm = alarm_rules.first_raise(1, _seen(WarningColour.YELLOW)).alarm
    shelved = alarm_rules.shelve(alarm, OFFICER, 10, "x").alarm
    held = alarm_rules.overridden(shelved, _override(OverrideKind.MASKED), 2).alarm
    assert effective(alarm_rules.released(held, OverrideKind.MASKED, 3).alarm) is AlarmState.SHELVED


def test_that_only_an_acknowledged_active_alarm_calls_again() -> None:
    alarm = alarm_rules.first_raise(1, _seen(WarningColour.RED)).alarm
    for not_now in (alarm, replace(alarm, band=WarningColour.NONE)):
        with pytest.raises(Refused):
            alarm_rules.realarm(not_now, 2)


@pytest.mark.parametrize(
    ("consequence", "minutes", "told"),
    [
        (4, 5.0, AlarmPriority.HIGHEST), (4, 5.1, AlarmPriority.HIGH), (4, 30.1, AlarmPriority.MEDIUM),
        (3, 5.0, AlarmPriority.HIGH), (3, 30.0, AlarmPriority.MEDIUM), (3, 30.1, AlarmPriority.LOW),
        (2, 5.0, AlarmPriority.MEDIUM), (2, 5.1, AlarmPriority.LOW), (1, 0.0, AlarmPriority.LOW),
    ],
)  # fmt: skip
def test_that_priority_comes_of_consequence_and_time(consequence: int, minutes: float, told: AlarmPriority) -> None:
    assert priority(consequence, minutes) is told

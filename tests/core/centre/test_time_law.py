"""The clock: steps of the machine's clock are seen, shelves are waited for on the clock that never steps."""

from pathlib import Path

import pytest

from chengyun_core.centre import time_law
from chengyun_core.centre.shelf import ShelfTimers
from chengyun_core.centre.time_law import StepWatch
from chengyun_core.model.alarm import Alarm
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.clock import NS_PER_S, ClockLaw, ManualClock, ProfileClock
from chengyun_core.model.scales import Side, WarningColour
from tests.core.centre.room import NOON_NS, SETTINGS, Room


class TwoClocks:
    """A wall clock and a monotonic one that can be moved apart."""

    def __init__(self) -> None:
        self.wall_ns, self.steady_ns = NOON_NS, 0

    def utc_ns(self) -> int:
        return self.wall_ns

    def monotonic_ns(self) -> int:
        return self.steady_ns

    def pass_by(self, seconds: float) -> None:
        self.wall_ns += round(seconds * NS_PER_S)
        self.steady_ns += round(seconds * NS_PER_S)


def _shelved(number: int, until_ns: int) -> Alarm:
    return Alarm(
        number=number, vital=0, vital_code="V", colour=WarningColour.BLUE, band=WarningColour.BLUE, side=Side.HIGH,
        value=1.0, limit=1.0, raised_at=NOON_NS, changed_at=NOON_NS, shelved_at=NOON_NS, shelved_until=until_ns,
    )  # fmt: skip


@pytest.mark.parametrize("step_s", [3600, -3600, 86_400, -86_400])
def test_that_a_stepped_clock_neither_ends_a_shelf_early_nor_keeps_it_late(step_s: int) -> None:
    clock = TwoClocks()
    timers = ShelfTimers(clock)
    timers.rearm([_shelved(1, NOON_NS + 600 * NS_PER_S)])
    clock.wall_ns += step_s * NS_PER_S
    clock.pass_by(599)
    assert timers.due() == []
    clock.pass_by(1)
    assert timers.due() == [1]


def test_that_a_shelf_on_a_clock_ten_times_as_fast_is_waited_for_a_tenth_of_the_time() -> None:
    clock = TwoClocks()
    timers = ShelfTimers(clock, rate=10.0)
    timers.rearm([_shelved(1, NOON_NS + 600 * NS_PER_S)])
    assert timers.next_in_s() == 60.0
    clock.steady_ns += 60 * NS_PER_S
    assert timers.due() == [1]


def test_that_an_alarm_taken_from_the_shelf_is_no_longer_waited_for() -> None:
    clock = ManualClock(NOON_NS)
    timers = ShelfTimers(clock)
    timers.rearm([_shelved(1, NOON_NS + NS_PER_S), _shelved(2, NOON_NS + NS_PER_S)])
    timers.rearm([Alarm(
        number=1, vital=0, vital_code="V", colour=WarningColour.BLUE, band=WarningColour.BLUE, side=Side.HIGH,
        value=1.0, limit=1.0, raised_at=NOON_NS, changed_at=NOON_NS,
    )])  # fmt: skip
    clock.advance(5)
    assert timers.due() == [2]


@pytest.mark.parametrize(("step_s", "seen_s"), [(3600, 3600), (-3600, -3600), (1, 0), (-1, 0)])
def test_that_a_step_of_the_machine_s_clock_is_seen_once_and_slewing_is_not(
    monkeypatch: pytest.MonkeyPatch, step_s: int, seen_s: int
) -> None:
    clocks = TwoClocks()
    monkeypatch.setattr(time_law, "MACHINE", clocks)
    clock = ProfileClock()
    monkeypatch.setattr(clock, "monotonic_ns", clocks.monotonic_ns)
    watch = StepWatch(clock)
    clocks.pass_by(1000)
    assert watch.step_ns() == 0
    clocks.wall_ns += step_s * NS_PER_S
    assert watch.step_ns() == seen_s * NS_PER_S
    assert watch.step_ns() == 0


def test_that_a_law_is_kept_over_restarts_and_its_epoch_rises_with_each_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    clocks = TwoClocks()
    monkeypatch.setattr(time_law, "MACHINE", clocks)
    fast = replace(SETTINGS, clock_rate=10.0, clock_as_of="2020-08-20T08:00:00+08:00")
    laws: list[ClockLaw] = []
    with Room(tmp_path) as room:
        for settings in (SETTINGS, fast, fast, SETTINGS):
            clocks.pass_by(60)
            with room.ledger.work(CENTRE) as work:
                laws.append(time_law.settle(work, settings))
    assert [law.epoch for law in laws] == [0, 1, 1, 2]
    assert laws[1] == laws[2]
    assert laws[1].profile_ns(NOON_NS + 121 * NS_PER_S) == 1_597_881_600 * NS_PER_S + 10 * NS_PER_S
    assert laws[3].rate == 1.0

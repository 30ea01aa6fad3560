"""The clock samples are judged by: it goes on through steps of the machine's, and follows them when the sensors do."""

import pytest

from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.steady_clock import BATCHES_AGREED, STEP_NS, SteadyClock
from chengyun_core.model.clock import NS_PER_S, ClockLaw, ProfileClock
from tests.core.ingest.daemon.building import START, batch, city

HOUR_NS = 3600 * NS_PER_S


class Machine(ProfileClock):
    """A machine whose two clocks are set by hand."""

    def __init__(self):
        super().__init__()
        self.wall_ns, self.steady_ns = START, 0

    def utc_ns(self):
        return self.law.profile_ns(self.wall_ns)

    def monotonic_ns(self):
        return self.steady_ns

    def pass_by(self, seconds):
        self.wall_ns += round(seconds * NS_PER_S)
        self.steady_ns += round(seconds * NS_PER_S)


@pytest.fixture
def machine():
    return Machine()


def test_that_it_is_the_profile_clock_while_nothing_steps(machine):
    clock = SteadyClock(machine)
    for _ in range(5):
        machine.pass_by(100)
        machine.wall_ns += NS_PER_S  # slewed
        assert (clock.utc_ns(), clock.held_ns) == (machine.utc_ns(), 0)


@pytest.mark.parametrize("step_ns", [HOUR_NS, -HOUR_NS, 24 * HOUR_NS, -24 * HOUR_NS, STEP_NS + 1])
def test_that_a_step_is_held_off_and_time_goes_on(machine, step_ns, caplog):
    clock = SteadyClock(machine)
    machine.wall_ns += step_ns
    machine.pass_by(7)
    assert clock.utc_ns() == START + 7 * NS_PER_S
    assert clock.held_ns == step_ns
    machine.wall_ns -= step_ns
    assert (clock.utc_ns(), clock.held_ns) == (machine.utc_ns(), 0)
    assert caplog.text.count("was stepped") == 1


def test_that_sensors_on_the_old_time_keep_it_and_sensors_on_the_new_one_take_it_along(machine, caplog):
    clock = SteadyClock(machine)
    machine.wall_ns += HOUR_NS
    for _ in range(50):
        clock.saw(clock.utc_ns() - NS_PER_S)
    assert clock.held_ns == HOUR_NS
    for _ in range(BATCHES_AGREED):
        assert clock.held_ns == HOUR_NS
        clock.saw(machine.utc_ns() - NS_PER_S)
    assert (clock.utc_ns(), clock.held_ns) == (machine.utc_ns(), 0)
    assert "agree" in caplog.text


def test_that_samples_near_neither_clock_decide_nothing(machine, caplog):
    clock = SteadyClock(machine)
    machine.wall_ns += HOUR_NS
    for _ in range(50):
        clock.saw(START + 24 * HOUR_NS)
    assert (clock.utc_ns(), clock.held_ns) == (START, HOUR_NS)
    assert "was stepped" in caplog.text


def test_that_a_law_the_centre_sets_is_followed_at_once(machine):
    clock = SteadyClock(machine)
    machine.law = ClockLaw(epoch=1, machine_anchor_ns=START, profile_anchor_ns=START + 30 * 24 * HOUR_NS, rate=60.0)
    assert clock.utc_ns() == START + 30 * 24 * HOUR_NS
    machine.pass_by(10)
    assert (clock.utc_ns(), clock.held_ns) == (machine.utc_ns(), 0)


@pytest.mark.parametrize("step_ns", [HOUR_NS, 24 * HOUR_NS])
def test_that_a_step_forward_makes_no_sensor_missing_and_no_alarm_late(machine, step_ns, caplog):
    def alarms(clock):
        engine, found = Engine(city(missing_s=30.0)), []
        for second in range(1, 41):
            machine.pass_by(1)
            if second == 20:
                machine.wall_ns += step_ns
            rows = batch((0, second, 99.0 if second == 30 else 1.0), (1, second, 1.0))
            outcomes = (engine.take(rows, now_ns=clock.utc_ns()), engine.close_until(clock.utc_ns() - 5 * NS_PER_S))
            for outcome in outcomes:
                found += zip(outcome.steps.after.tolist(), outcome.steps.late.tolist(), strict=True)
        return found

    start_ns = machine.wall_ns
    held = alarms(SteadyClock(machine))
    machine.wall_ns, machine.steady_ns = start_ns, 0
    assert held == [(4, False), (0, False)], "one red at 30 s and its return, both as of now"
    assert alarms(machine) != held, "by the machine's own clock it is another story"
    assert "was stepped" in caplog.text

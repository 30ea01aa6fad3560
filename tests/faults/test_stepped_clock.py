"""RF12: the wall clock steps, the zone changes, a second leaps; every timer fires once and in its time all the same.

What waits inside a process waits on the clock that never steps; records are ordered by their number, never by time.
Real daemons are started a day ahead and a day behind where faketime is (it cannot step a running process: RELIABILITY).
"""

import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from chengyun_core.ingest.process_lock import next_epoch
from chengyun_core.ingest.spool import Spool
from chengyun_core.ingest.uplink import SILENT_NS, Uplink
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import AskChanges, Changes, Hello, SendActivations, Welcome
from tests.core.centre.process import CentreProcess
from tests.core.centre.room import NOON_NS
from tests.faults import clock
from tests.faults.clock.life import FIRES, STEPS_S, ZONES, ClockLife, SteppedClock
from tests.support.news_from import beat

STEPS, SEED = 400, 20_260_718
LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
needs_faketime = pytest.mark.skipif(not LIBRARY.exists(), reason="no libfaketime on this machine")


class SteppedLife(RuleBasedStateMachine):
    """Hypothesis looks for the shortest story that makes a timer fire wrongly."""

    @initialize()
    def begin(self) -> None:
        """Open a centre."""
        self._folder = tempfile.TemporaryDirectory()
        self.life = ClockLife(Path(self._folder.name))

    def teardown(self) -> None:
        """Close it."""
        if hasattr(self, "life"):
            self.life.close()
            self._folder.cleanup()

    @rule(timer=st.sampled_from(sorted(FIRES)), minutes=st.sampled_from([1, 10, 240]))
    def a_timer_is_started(self, timer: int, minutes: int) -> None:
        """Shelve, acknowledge, suppress, or ask for a second person."""
        self.life.begin(timer, minutes)

    @rule(seconds=st.sampled_from([1, 60, 599, 601, 15_000]))
    def time_passes(self, seconds: int) -> None:
        """Both clocks go on."""
        self.life.pass_by(seconds)

    @rule(seconds=st.sampled_from(STEPS_S))
    def the_wall_clock_is_stepped(self, seconds: float) -> None:
        """One clock goes on."""
        self.life.step(seconds)

    @rule(zone=st.sampled_from(ZONES))
    def the_zone_changes(self, zone: str) -> None:
        """The machine is told to be elsewhere."""
        self.life.change_zone(zone)

    @rule()
    def the_centre_starts_anew(self) -> None:
        """What it waits for is read from the records."""
        self.life.restart()


SteppedLife.TestCase.settings = settings(
    max_examples=6, stateful_step_count=25, deadline=None, phases=(Phase.generate, Phase.shrink)
)
TestThatNoTimerFiresTwiceEarlyOrNever = pytest.mark.fault(SteppedLife.TestCase)


@pytest.mark.fault
def test_that_four_hundred_deeds_under_a_jumping_clock_fire_each_timer_once() -> None:
    counts = clock.run(STEPS, SEED)
    print(counts)
    assert not counts.broken, counts.broken[0]
    assert counts.fired > STEPS / 20
    assert counts.done["stepped"] > STEPS / 10
    assert counts.sound


def test_that_a_centre_that_waits_by_the_wall_clock_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SteppedClock, "monotonic_ns", lambda self: self.now_ns)
    assert not clock.run(STEPS, SEED).sound


@pytest.mark.parametrize("step_s", STEPS_S)
def test_that_a_stepped_clock_makes_the_uplink_neither_repeat_nor_give_up(tmp_path: Path, step_s: float) -> None:
    wall = [NOON_NS]
    spool = Spool(tmp_path, shard=0, new_epoch=1, limit_bytes=1 << 20)
    uplink = Uplink(
        spool, None, process_epoch=1, timeout_s=5.0, session=lambda: "k", profile_ns=lambda: wall[0], bands=lambda: ()
    )
    uplink.heard(beat(daemon="centre", epoch=1, sent_ns=wall[0]), S(1))
    from chengyun_core.model.catalogue import Catalogue

    uplink.knows(Catalogue(version=1))
    assert uplink.due(S(1)) is not None
    wall[0] += round(step_s * NS_PER_S)
    assert uplink.due(S(1) + SILENT_NS - 1) is None, "it is neither repeated nor given up"
    assert uplink.is_connected(S(1) + SILENT_NS - 1)
    spool.close()


def S(seconds: float) -> int:
    """Return monotonic ns."""
    return round(seconds * NS_PER_S)


@pytest.mark.parametrize("step_s", [-1, -3600, -86_400])
def test_that_a_run_after_a_step_back_is_still_newer_than_the_one_before(tmp_path: Path, step_s: int) -> None:
    first = next_epoch(tmp_path, NOON_NS)
    assert next_epoch(tmp_path, NOON_NS + step_s * NS_PER_S) > first


@pytest.mark.fault
@needs_faketime
@pytest.mark.timeout(120)
def test_that_a_centre_started_a_day_behind_its_last_run_goes_on_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs, times = [], []
    with CentreProcess(tmp_path) as centre:
        for offset, zone in (("+1d", "UTC"), ("-1d", "Asia/Urumqi")):
            _fake(monkeypatch, offset, zone)
            centre.start()
            centre.import_city(len(epochs) + 1)
            epochs.append(_of(centre, "hello", Hello(protocol=1, client="t"), Welcome).epoch)
            changes = _of(centre, "changes.since", AskChanges(after=0), Changes).changes
            times.append(changes[-1].at_ns)
            centre.stop()
    assert epochs == sorted(set(epochs)), "a listener must never take the newer run for the older one"
    assert times[1] < times[0] - 86_400 * NS_PER_S, "the clock did step"
    numbers = [change.number for change in changes]
    assert numbers == list(range(1, len(numbers) + 1))
    assert any(later.at_ns < earlier.at_ns for earlier, later in pairwise(changes))


def _fake(monkeypatch: pytest.MonkeyPatch, offset: str, zone: str) -> None:
    more = {"LD_PRELOAD": str(LIBRARY), "FAKETIME": offset, "DONT_FAKE_MONOTONIC": "1", "TZ": zone}
    for name, value in more.items():
        monkeypatch.setenv(name, value)


def _of(centre: CentreProcess, kind: str, body: object, record: Callable[..., object]):  # type: ignore[no-untyped-def]
    reply = centre.ask(kind, body, centre.admin_key)
    assert reply is not None, centre.log()
    assert reply.outcome == "done", reply
    return codec.unpack(reply.body, record)


def test_that_an_activation_is_confirmed_whatever_the_two_clocks_say_of_each_other(tmp_path: Path) -> None:
    from tests.core.centre.room import INGEST_KEY, Room, activation

    with Room(tmp_path) as room:
        for seq, off_s in enumerate((0, 86_400, -86_400, 3600, -3600), 1):
            at_ns = room.clock.utc_ns() + off_s * NS_PER_S
            sent = SendActivations(activations=(activation(seq, 0, 4 * (seq % 2), at_ns=at_ns),))
            assert room.ask("ingest.activations", sent, INGEST_KEY).outcome == "done"
            assert room.ask("ingest.activations", sent, INGEST_KEY).outcome == "done"
        raised = [change for change in room.published if change.action == "alarm.raise"]
        assert len(raised) == len({change.number for change in raised})
        numbers = [change.number for change in room.published]
        assert numbers == sorted(set(numbers))

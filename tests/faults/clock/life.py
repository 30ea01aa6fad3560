"""The centre under a clock that jumps: a shelf, a re-alarm, a suppression and an approval, each beside its plain model.

Every timer has a vital of its own, so that the model of each is one number: the steady time at which it must fire.
The wall clock is stepped and the zone of the machine changed in between. Only a start anew may count a step in, because
what a process waits for is known to it by wall time alone.
"""

import os
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from chengyun_core.model.alarm import AlarmState, NoteCode, effective
from chengyun_core.model.catalogue import Catalogue, Threshold, ThresholdSet
from chengyun_core.model.clock import NS_PER_S, ManualClock
from chengyun_core.model.command import AcknowledgeAlarm, ShelveAlarm, SuppressVital
from chengyun_core.model.scales import WarningColour
from chengyun_core.wire import codec
from chengyun_core.wire.envelope import Done
from tests.core.centre.room import NOON_NS, SETTINGS, Room, city

SHELF, REALARM, SUPPRESSION, APPROVAL = range(4)
"""Vital of each timer."""
FIRES = {
    SHELF: ("alarm.shelf_expired", "alarm"), REALARM: ("alarm.realarm", "alarm"),
    SUPPRESSION: ("vital.override_over", "override"), APPROVAL: ("approval.expire", "approval"),
}  # fmt: skip
"""Action of the journal row each timer writes when it fires."""
STEPS_S = (0.5, -0.5, 1, -1, 3600, -3600, 86_400, -86_400)
"""Slewing, a leap second, a wrong zone written to the clock, a wrong day."""
ZONES = ("UTC", "Asia/Shanghai", "Asia/Urumqi", "America/New_York")
WAIT_S = 600
"""Of re-alarm and approval, as the settings have it."""


TOWN = replace(
    city(),
    threshold_sets=(ThresholdSet(code="PT", name="平时", in_force=True),),
    thresholds=(Threshold(threshold_set="PT", vital=city().vitals[APPROVAL].code, high_red=10.0),),
)
"""The vital of the approval can turn red: to suppress it needs a second person."""


class SteppedClock(ManualClock):
    """A wall clock and a steady one, moved together or apart."""

    def __init__(self, start_ns: int) -> None:
        super().__init__(start_ns)
        self.steady_ns = 0

    def monotonic_ns(self) -> int:
        """Return the time that never steps."""
        return self.steady_ns

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        super().advance(seconds)
        self.steady_ns += round(seconds * NS_PER_S)

    def step(self, seconds: float) -> None:
        """Step the wall clock alone."""
        self.now_ns += round(seconds * NS_PER_S)


class SteppedRoom(Room):
    """A centre whose clock can be stepped."""

    def _open(self, _new: Catalogue | None) -> None:
        if not isinstance(self.clock, SteppedClock):
            self.clock = SteppedClock(NOON_NS)
        super()._open(TOWN)


class ClockLife:
    """The room, and for each timer the steady time at which it must fire, None while it does not run."""

    def __init__(self, folder: Path) -> None:
        self.room = SteppedRoom(folder, replace(SETTINGS, session_hours=1e6))
        self._zone = os.environ.get("TZ")
        self.session = self.room.officer()
        self.chief = self.room.officer("chief", "500000.watch_chief", seat="A-05")
        self.due: dict[int, float | None] = dict.fromkeys(FIRES)
        self.fired: Counter[int] = Counter()
        for vital in FIRES:
            red = vital in (REALARM, APPROVAL)
            assert self.room.observe(vital, WarningColour.RED if red else WarningColour.BLUE).outcome == "done"

    def close(self) -> None:
        """Close the room, and put the zone back."""
        self.room.ledger.close()
        self.change_zone(self._zone)

    @property
    def clock(self) -> SteppedClock:
        """Return the room's clock."""
        assert isinstance(self.room.clock, SteppedClock)
        return self.room.clock

    def now_s(self) -> float:
        """Return steady seconds since the beginning."""
        return self.clock.steady_ns / NS_PER_S

    def begin(self, timer: int, minutes: int) -> None:
        """Start a timer that does not run."""
        if self.due[timer] is not None:
            return
        alarm = self.room.living()[timer]
        deeds: dict[int, tuple[object, float]] = {
            SHELF: (
                ShelveAlarm(alarm=alarm.number, version=alarm.version, minutes=minutes, reason="检修"), minutes * 60,
            ),
            REALARM: (
                AcknowledgeAlarm(alarm=alarm.number, version=alarm.version, note_code=NoteCode.VERIFYING), WAIT_S,
            ),
            SUPPRESSION: (SuppressVital(vital=timer, minutes=minutes, reason="检修"), minutes * 60),
            APPROVAL: (SuppressVital(vital=timer, minutes=minutes, reason="检修"), WAIT_S),
        }  # fmt: skip
        command, wait_s = deeds[timer]
        reply = self.room.do(command, self.chief if isinstance(command, SuppressVital) else self.session)
        assert reply.outcome == "done", reply
        assert ("approval.waits" in codec.unpack(reply.body, Done).warnings) == (timer == APPROVAL)
        self.due[timer] = self.now_s() + wait_s

    def pass_by(self, seconds: int) -> None:
        """Let time pass, stopping where a timer is to fire: a moment before it must not have, then it must."""
        until = self.now_s() + seconds
        while True:
            waited = [due for due in self.due.values() if due is not None and due <= until]
            moment = min(waited, default=until)
            if waited and moment - 0.001 > self.now_s():
                self._go_to(moment - 0.001)
                self.check()
            self._go_to(moment)
            self._fire(moment)
            self.check()
            if not waited:
                return

    def step(self, seconds: float) -> None:
        """Step the wall clock: nothing may fire by it."""
        self.clock.step(seconds)
        self.check()

    def change_zone(self, zone: str | None) -> None:
        """Move the machine to another zone."""
        os.environ.pop("TZ", None)
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()

    def restart(self) -> None:
        """Start the centre anew: what it waits for is in the records, by wall time."""
        walls = {timer: self._wall_due_ns(timer) for timer, due in self.due.items() if due is not None}
        self.room.restart()
        for timer, wall_ns in walls.items():
            self.due[timer] = self.now_s() + max(0.0, (wall_ns - self.clock.utc_ns()) / NS_PER_S)
        self.pass_by(0)

    def check(self) -> None:
        """Look: each timer fired as often as it must and never twice, and the journal counts on whatever comes."""
        self.room.expire()
        self.room.tend()
        told = Counter(change.action for change in self.room.published)
        for timer, (action, _kind) in FIRES.items():
            assert told[action] == self.fired[timer], (
                f"{action} {told[action]} times at {self.now_s()} s, {self.fired[timer]} due; next {self.due[timer]}"
            )
        numbers = [change.number for change in self.room.published]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "the journal's order is not its numbers"
        self._check_states()

    def _check_states(self) -> None:
        states = {vital: effective(alarm) for vital, alarm in self.room.living().items()}
        waits = {timer: due is not None for timer, due in self.due.items()}
        assert (states[SHELF] is AlarmState.SHELVED) == waits[SHELF], states
        assert (states[REALARM] is AlarmState.ACKED) == waits[REALARM], states
        assert (states[SUPPRESSION] is AlarmState.SUPPRESSED) == waits[SUPPRESSION], states

    def _go_to(self, steady_s: float) -> None:
        self.clock.advance(max(0.0, steady_s - self.now_s()))
        missing = round(steady_s * NS_PER_S) - self.clock.steady_ns
        self.clock.steady_ns += missing  # float seconds round; the model's moment is the clock's
        self.clock.now_ns += missing

    def _fire(self, moment: float) -> None:
        for timer, due in self.due.items():
            if due is not None and due <= moment:
                self.fired[timer] += 1
                self.due[timer] = None

    def _wall_due_ns(self, timer: int) -> int:
        alarm = self.room.living()[timer]
        if timer == SHELF:
            assert alarm.shelved_until is not None
            return alarm.shelved_until
        if timer == REALARM:
            assert alarm.acked_at is not None
            return alarm.acked_at + WAIT_S * NS_PER_S
        key = ("override",) if timer == SUPPRESSION else ("approval",)
        (due,) = (due for found, (due, _) in self.room.desk.due._waited.items() if found[0] == key[0])
        return due

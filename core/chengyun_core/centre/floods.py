"""Which seats are in alarm flood: begun above ten annunciations in ten minutes, ended below five (ISA-18.2, A11)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.moves import SILENT
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm import Alarm, AlarmMove, AlarmState, effective
from chengyun_core.model.alarm_records import SeatFlood
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.flood_meter import WINDOW_NS, FloodMeter
from chengyun_core.store.record_log import RecordLog

LOG = RecordLog("flood", SeatFlood)
ALARMS = RecordLog("alarm", Alarm)
CALLING = frozenset({
    AlarmMove.RAISE, AlarmMove.REALARM, AlarmMove.SHELF_EXPIRED,
    AlarmMove.UNMASK, AlarmMove.RELEASE, AlarmMove.PUT_BACK,
})  # fmt: skip
"""Moves by which an alarm that nobody has seen calls; a rise within one life calls too, but is no further alarm."""
CALLS = frozenset(f"alarm.{move}" for move in CALLING)


@dataclass(slots=True)
class Floods:
    """One meter for each seat of the catalogue; a flood's begin and end are facts."""

    desk: Desk
    meters: dict[str, FloodMeter] = field(default_factory=dict)
    flooded: dict[str, SeatFlood] = field(default_factory=dict)

    def load(self, connection: Connection) -> None:
        """Take the floods that have not ended, and count what called in the last ten minutes.

        A new process that began to count at nothing would tell a seat in full flood that its flood is over.
        """
        self.flooded = {flood.seat: flood for flood, _ in standing(connection)}
        self.meters = {seat: FloodMeter(flooded=True) for seat in self.flooded}
        for seat, calls in self._by_seat(_called(connection, self.desk.clock.utc_ns() - WINDOW_NS)).items():
            for alarm, at_ns in calls:
                self._meter(seat).note(alarm, at_ns)

    def hear(self, work: Work, calls: Iterable[tuple[Alarm, int]]) -> None:
        """Count alarms that call, each with its profile time (ns UTC), for every seat whose area holds them."""
        for seat, held in self._by_seat(calls).items():
            for alarm, at_ns in held:
                self._meter(seat).note(alarm, at_ns)
            self._judge(work, seat, self._meter(seat))

    def tend(self, ledger: Ledger) -> None:
        """End the floods that have ebbed. Called by the loop."""
        now = self.desk.clock.utc_ns()
        ebbed = [seat for seat in self.flooded if not self._meter(seat).is_flooded(now)]
        if ebbed:
            with ledger.work(CENTRE) as work:
                for seat in ebbed:
                    self._judge(work, seat, self._meter(seat))

    def _judge(self, work: Work, seat: str, meter: FloodMeter) -> None:
        flood, floods, count = self.flooded.get(seat), meter.is_flooded(work.at_ns), meter.count(work.at_ns)
        if flood is None and floods:
            last = LOG.get(work.connection, seat)
            begun = SeatFlood(seat=seat, began_at=work.at_ns, peak=count, version=last.version + 1 if last else 1)
            self._put(work, begun, "flood.begin")
        elif flood is not None and not floods:
            self._put(work, replace(flood, ended_at=work.at_ns, version=flood.version + 1), "flood.end")
        elif flood is not None and count > flood.peak:
            # The peak is told with the end; a row for each step of it would itself be a flood.
            self.flooded[seat] = replace(flood, peak=count)

    def _put(self, work: Work, flood: SeatFlood, action: str) -> None:
        work.note(action, LOG.kind, flood.seat, flood.version, flood, params={"peak": flood.peak})
        work.after_commit(lambda: self._know(flood))

    def _know(self, flood: SeatFlood) -> None:
        self.flooded.pop(flood.seat, None)
        if flood.ended_at is None:
            self.flooded[flood.seat] = flood

    def _meter(self, seat: str) -> FloodMeter:
        return self.meters.setdefault(seat, FloodMeter())

    def _by_seat(self, calls: Iterable[tuple[Alarm, int]]) -> dict[str, list[tuple[Alarm, int]]]:
        # A centre's seats are looked up once: a flood has thousands of alarms in a few places.
        city, over, found = self.desk.city, dict[str, frozenset[str]](), dict[str, list[tuple[Alarm, int]]]()
        for alarm, at_ns in calls:
            vital = city.vitals.get(alarm.vital)
            if vital is None:
                continue
            if vital.centre not in over:
                over[vital.centre] = city.seats_over(vital.centre)
            for seat in over[vital.centre]:
                found.setdefault(seat, []).append((alarm, at_ns))
        return found


def called_at(move: str, alarm: Alarm) -> int:
    """Return when an alarm called (profile ns UTC): with its raise, or when it was let call."""
    return alarm.raised_at if move == AlarmMove.RAISE and alarm.raises == 1 else alarm.changed_at


def _called(connection: Connection, since_ns: int) -> list[tuple[Alarm, int]]:
    """Return the alarms that called after a profile time, as `moves.heard` has it, from the journal."""
    silenced: set[tuple[int, int]] = set()
    found: list[tuple[Alarm, int]] = []
    for at_ns, action, alarm in ALARMS.since(connection, since_ns):
        state = effective(alarm)
        if state in SILENT:
            silenced.add((alarm.number, at_ns))
        elif state is AlarmState.UNACK and action in CALLS and (alarm.number, at_ns) not in silenced:
            found.append((alarm, called_at(action.removeprefix("alarm."), alarm)))
    return found[::-1]


def standing(connection: Connection) -> list[tuple[SeatFlood, int]]:
    """Return the floods that last, with the journal number of their last change."""
    return LOG.standing(connection, lambda flood: flood.ended_at is None)

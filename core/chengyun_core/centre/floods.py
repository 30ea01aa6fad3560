"""Which seats are in alarm flood: begun above ten annunciations in ten minutes, ended below five (ISA-18.2, A11)."""

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.moves import Moves
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.alarm_records import SeatFlood
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.flood_meter import FloodMeter
from chengyun_core.store.record_log import RecordLog

LOG = RecordLog("flood", SeatFlood)


@dataclass(slots=True)
class Floods:
    """One meter for each seat of the catalogue; a flood's begin and end are facts."""

    desk: Desk
    meters: dict[str, FloodMeter] = field(default_factory=dict)
    flooded: dict[str, SeatFlood] = field(default_factory=dict)

    def load(self, connection: Connection) -> None:
        """Take the floods that have not ended; the meters begin to count anew."""
        self.flooded = {flood.seat: flood for flood, _ in standing(connection)}

    def look(self, moves: Moves) -> None:
        """Count the annunciations of a run for every seat whose area holds them."""
        alarms = [step.alarm for step in moves.steps if effective(step.alarm) is AlarmState.UNACK]
        if not alarms:
            return
        for seat in {seat for alarm in alarms for seat in self._seats_of(alarm)}:
            meter = self.meters.setdefault(seat, FloodMeter())
            meter.take(alarm for alarm in alarms if seat in self._seats_of(alarm))
            self._judge(moves.work, seat, meter)

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

    def _seats_of(self, alarm: Alarm) -> frozenset[str]:
        vital = self.desk.city.vitals.get(alarm.vital)
        return self.desk.city.seats_over(vital.centre) if vital else frozenset()


def standing(connection: Connection) -> list[tuple[SeatFlood, int]]:
    """Return the floods that last, with the journal number of their last change."""
    return LOG.standing(connection, lambda flood: flood.ended_at is None)

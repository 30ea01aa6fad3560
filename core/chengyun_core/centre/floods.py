"""Which seats are in alarm flood: begun above ten annunciations in ten minutes, ended below five (ISA-18.2, A11)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from chengyun_core.centre import duty_care
from chengyun_core.centre.desk import Desk
from chengyun_core.centre.ledger import Ledger
from chengyun_core.centre.moves import SILENT
from chengyun_core.centre.work import Work
from chengyun_core.model.alarm import Alarm, AlarmMove, AlarmState, effective
from chengyun_core.model.alarm_records import SeatFlood
from chengyun_core.model.audit import CENTRE
from chengyun_core.model.flood_meter import BEGINS_ABOVE, ENDS_BELOW, WINDOW_NS, FloodMeter
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
    """One meter for each area that seats watch; a flood's begin and end are facts of a seat.

    Changed within a unit of work, as `situations.Watch` is, and taken anew with it when that did not commit.
    """

    desk: Desk
    meters: dict[str, FloodMeter] = field(default_factory=dict)
    """Code of a centre → what called in it and below."""
    flooded: dict[str, SeatFlood] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    """Seat → version of its last flood: a rain puts fifty seats in flood in one run."""

    def load(self, connection: Connection) -> None:
        """Take the floods that have not ended, and count what called in the last ten minutes.

        A new process that began to count at nothing would tell a seat in full flood that its flood is over.
        """
        last = [flood for flood, _ in LOG.standing(connection, lambda _: True)]
        self.flooded = {flood.seat: flood for flood in last if flood.ended_at is None}
        self.versions = {flood.seat: flood.version for flood in last}
        self.meters = {}
        self._take(_called(connection, self.desk.clock.utc_ns() - WINDOW_NS))

    def hear(self, work: Work, calls: Iterable[tuple[Alarm, int]]) -> None:
        """Count alarms that call, each with its profile time (ns UTC), for every seat whose area holds them."""
        for seat in self._concerned(self._take(calls)):
            self._judge(work, seat, self.count(seat, work.at_ns))

    def count(self, seat: str, at_ns: int) -> int:
        """Return what called in ten minutes in a seat's area and those it covers; one within another counts once."""
        place = self.desk.city.seats.get(seat)
        if place is None:
            return 0
        areas = duty_care.areas(self.desk, seat) if self.desk.covers else (place.area or place.centre,)
        outer = [one for one in areas if not any(other in self.desk.city.path(one)[1:] for other in areas)]
        return sum(self.meters[area].count(at_ns) for area in outer if area in self.meters)

    def _concerned(self, touched: set[str]) -> set[str]:
        """Return the seats whose area was touched, and those that cover one of them (H4)."""
        found = {seat for area in touched for seat in self.desk.city.watching[area]}
        covering = {cover.by_seat for cover in self.desk.covers.values()}
        return found | {seat for seat in covering if not touched.isdisjoint(duty_care.areas(self.desk, seat))}

    def tend(self, ledger: Ledger) -> None:
        """End the floods that have ebbed. Called by the loop."""
        now = self.desk.clock.utc_ns()
        ebbed = [seat for seat in self.flooded if self.count(seat, now) < ENDS_BELOW]
        if not ebbed:
            return
        before = dict(self.flooded), dict(self.versions)
        try:
            with ledger.work(CENTRE) as work:
                for seat in ebbed:
                    self._judge(work, seat, self.count(seat, now))
        except BaseException:
            self.flooded, self.versions = before
            raise

    def _judge(self, work: Work, seat: str, count: int) -> None:
        flood = self.flooded.get(seat)
        if flood is None and count > BEGINS_ABOVE:
            begun = SeatFlood(seat=seat, began_at=work.at_ns, peak=count, version=self.versions.get(seat, 0) + 1)
            self._put(work, begun, "flood.begin")
        elif flood is not None and count < ENDS_BELOW:
            self._put(work, replace(flood, ended_at=work.at_ns, version=flood.version + 1), "flood.end")
        elif flood is not None and count > flood.peak:
            # The peak is told with the end; a row for each step of it would itself be a flood.
            self.flooded[seat] = replace(flood, peak=count)

    def _put(self, work: Work, flood: SeatFlood, action: str) -> None:
        work.note(action, LOG.kind, flood.seat, flood.version, flood, params={"peak": flood.peak})
        # At once: several calls may be parts of one unit of work, and none may tell the same edge again.
        self.versions[flood.seat] = flood.version
        self.flooded.pop(flood.seat, None)
        if flood.ended_at is None:
            self.flooded[flood.seat] = flood

    def _take(self, calls: Iterable[tuple[Alarm, int]]) -> set[str]:
        """Note calls in the meters of the areas that hold them; return these."""
        city, ways, touched = self.desk.city, dict[str, list[str]](), set[str]()
        for alarm, at_ns in calls:
            vital = city.vitals.get(alarm.vital)
            if vital is None:
                continue
            # A centre's areas are looked up once: a flood has thousands of alarms in a few places.
            if vital.centre not in ways:
                ways[vital.centre] = [code for code in city.path(vital.centre) if code in city.watching]
            for area in ways[vital.centre]:
                self.meters.setdefault(area, FloodMeter()).note(alarm, at_ns)
                touched.add(area)
        return touched


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

"""The flood meter of this console's seat: fed with the alarms of its area and what the centre says."""

from collections.abc import Iterable

from chengyun_core.mirror.alarms import AWAITING
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.alarm import Alarm, AlarmState, effective
from chengyun_core.model.alarm_records import SeatFlood
from chengyun_core.model.flood_meter import FloodMeter

_ANNUNCIATED = (*AWAITING, AlarmState.ACKED)


class FloodWatch:
    """Only what the seat watches counts (A11: per operator); suppressed and shelved alarms annunciate nothing."""

    def __init__(self) -> None:
        self._meter = FloodMeter()
        self._seat, self._areas = "", frozenset[str]()
        self._inside: dict[str, bool] = {}
        self._view: CatalogueView | None = None
        self._told: SeatFlood | None = None

    def watch(self, seat: str, view: CatalogueView | None, areas: Iterable[str]) -> bool:
        """Measure what a seat watches from now on: centres' codes with everything below them; no view: everything.

        Those of the seats it covers are among them, as the centre counts (H4). Return whether that is another measure.
        """
        now = frozenset(areas)
        if (seat, now, view) == (self._seat, self._areas, self._view):
            return False
        if (seat, now) != (self._seat, self._areas):
            self._meter = FloodMeter()
        self._seat, self._areas, self._view, self._inside = seat, now, view, {}
        return True

    def take(self, alarms: Iterable[Alarm]) -> None:
        """Take note of alarms as they stand."""
        self._meter.take(alarm for alarm in alarms if effective(alarm) in _ANNUNCIATED and self.watches(alarm))

    def hear(self, floods: dict[str, SeatFlood]) -> None:
        """Take what the centre says: it remembers what ended before this console was opened."""
        self._told = floods.get(self._seat)

    def count(self, now_ns: int) -> int:
        """Return the annunciations of the last ten minutes."""
        return self._meter.count(now_ns)

    def is_flooded(self, now_ns: int) -> bool:
        """Return whether the seat is in flood, by its own count or by the centre's word."""
        own = self._meter.is_flooded(now_ns)
        return own or (self._told is not None and self._told.ended_at is None)

    def watches(self, alarm: Alarm) -> bool:
        """Return whether an alarm is one of this seat's area; what is not in the catalogue yet is."""
        return self.watches_vital(alarm.vital)

    def watches_vital(self, vital: int) -> bool:
        """Return whether a vital is one of this seat's area; what is not in the catalogue yet is."""
        if self._view is None:
            return True
        try:
            centre = self._view.vital(vital).centre
        except KeyError:
            return True
        if centre not in self._inside:
            self._inside[centre] = self._is_below(centre)
        return self._inside[centre]

    def _is_below(self, code: str) -> bool:
        while code and self._view is not None:
            if code in self._areas:
                return True
            row = self._view.centre(code)
            code = (row.parent or "") if row else ""
        return False

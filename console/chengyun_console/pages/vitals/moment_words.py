"""What is said of the vital in focus at one moment of its past: its quality, and the limits that were in force then."""

from dataclasses import dataclass

from chengyun_console.desk import Desk
from chengyun_console.pages.limit_history import LimitHistory
from chengyun_console.pages.trend_records import limits_text
from chengyun_console.pages.vitals.long_series import LongSeries, ZoneKind
from chengyun_core.model.catalogue import Threshold, Vital


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentWords:
    """Of one vital. `of_many`: other lines are there too, whose words are not given."""

    desk: Desk
    vital: Vital
    series: LongSeries
    limits: LimitHistory
    of_many: bool = False

    def told(self, time_ns: int, value: float) -> tuple[str, ...]:
        """Return the sentences for a time; `value`: what is shown there, NaN in a gap."""
        names = self.desk.names
        threshold = names.view.threshold(self.vital.number) if names is not None else None
        lines = (*self._quality(time_ns, value), *((self._limits(threshold, time_ns),) if threshold else ()))
        if not self.of_many:
            return lines
        return tuple(self.desk.say("vitals.moment.of_first", told=line) for line in lines)

    def _quality(self, time_ns: int, value: float) -> tuple[str, ...]:
        """Say that a value is good; of one in doubt its stretch says so, and a gap has no quality."""
        is_good = value == value and self.series.doubt_at(time_ns) is None
        return (self.desk.say("vitals.moment.good"),) if is_good else ()

    def _limits(self, threshold: Threshold, time_ns: int) -> str:
        say, limits = self.desk.say, self.limits
        if time_ns < limits.known_since_ns():
            return say("vitals.moment.limits_unknown")
        then = limits.threshold_at(threshold, time_ns, self.desk.now_ns())
        code = "vitals.moment.limits_first" if time_ns < limits.began_ns() else "vitals.moment.limits"
        return say(code, limits=limits_text(self.desk.figures, self.vital, then))


_SHORT = {ZoneKind.SUSPECT: "vitals.moment.suspect", ZoneKind.UNRATED: "vitals.moment.unrated"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtWords:
    """The word behind a line's value at the crosshair when it is in doubt."""

    desk: Desk
    series: LongSeries

    def at(self, time_ns: int) -> str:
        """Return the word, empty for a value nobody doubts."""
        kind = self.series.doubt_at(time_ns)
        return self.desk.say(_SHORT[kind]) if kind is not None else ""

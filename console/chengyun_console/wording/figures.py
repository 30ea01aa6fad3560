"""Numbers, times and durations as they are written on every page."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from chengyun_core.model.clock import NS_PER_S
from chengyun_resources.texts import Texts

NO_VALUE = "—"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes figures in one language and one time zone (China keeps one: UTC+8)."""

    texts: Texts
    zone: timezone = timezone(timedelta(hours=8))

    def value(self, value: float, decimals: int) -> str:
        """Return the value with its decimals and grouped thousands; a dash when it is not a number."""
        if not math.isfinite(value):
            return NO_VALUE
        return f"{value:,.{decimals}f}" if abs(value) >= 10_000 else f"{value:.{decimals}f}"

    def with_unit(self, value: float, decimals: int, unit: str) -> str:
        """Return value and unit with a thin gap, `183.62 m`."""
        written = self.value(value, decimals)
        return f"{written} {unit}" if unit and written != NO_VALUE else written

    def count(self, number: int) -> str:
        """Return a whole number with grouped thousands."""
        return f"{number:,}"

    def percent(self, share: float, decimals: int = 0) -> str:
        """Return a share of one as a percentage; a dash when unknown."""
        return f"{share * 100:.{decimals}f}%" if math.isfinite(share) else NO_VALUE

    def moment(self, at_ns: int) -> datetime:
        """Return the local time of a profile time."""
        return (_EPOCH + timedelta(microseconds=at_ns // 1000)).astimezone(self.zone)

    def clock(self, at_ns: int) -> str:
        """Return `14:32:07`."""
        return f"{self.moment(at_ns):%H:%M:%S}"

    def stamp(self, at_ns: int) -> str:
        """Return `2026-07-18 14:32:07`."""
        return f"{self.moment(at_ns):%Y-%m-%d %H:%M:%S}"

    def axis(self, at_ns: int, now_ns: int) -> str:
        """Return the time as an axis writes it: `14:02`, with the date before it when it is not today's."""
        moment = self.moment(at_ns)
        same_day = moment.date() == self.moment(now_ns).date()
        return f"{moment:%H:%M}" if same_day else f"{moment:%m-%d %H:%M}"

    def day(self, at_ns: int) -> str:
        """Return the date and weekday as the top bar tells them."""
        moment = self.moment(at_ns)
        weekday = self.texts.say(f"console.weekday.{moment.isoweekday()}")
        month = self.texts.say(f"console.month.{moment.month}")
        return self.texts.say("console.day", month=month, day=moment.day, weekday=weekday)

    def duration(self, seconds: float) -> str:
        """Return `00:10:02`; from a hundred hours on with days before it."""
        whole = max(0, int(seconds))
        hours, rest = divmod(whole, 3600)
        minutes, second = divmod(rest, 60)
        if hours < 100:
            return f"{hours:02d}:{minutes:02d}:{second:02d}"
        days, hours = divmod(hours, 24)
        return self.texts.say("console.days", days=days, time=f"{hours:02d}:{minutes:02d}:{second:02d}")

    def short_duration(self, seconds: float) -> str:
        """Return `07:12` below an hour and `01:07:12` above it: where a row has little room."""
        written = self.duration(seconds)
        return written.removeprefix("00:")

    def since(self, at_ns: int, now_ns: int) -> str:
        """Return how long ago a profile time was."""
        return self.duration((now_ns - at_ns) / NS_PER_S)

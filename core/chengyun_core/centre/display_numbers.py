"""Numbers people say: counted per year of the profile clock in the city's time zone, without gaps."""

from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.store import counters
from chengyun_resources.texts import Texts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN_IN = "zh_CN"
"""A number is an identity: the same in every language."""


@cache
def _written() -> Texts:
    # Its files are read once: a number is taken with every event and order.
    return Texts(_WRITTEN_IN)


def year_of(desk: Desk, at_ns: int) -> int:
    """Return the year of a profile time in the city's zone."""
    zone = timezone(timedelta(minutes=desk.settings.zone_minutes))
    return (_EPOCH + timedelta(microseconds=at_ns // 1000)).astimezone(zone).year


def take(desk: Desk, work: Work, series: str, count: int = 1) -> tuple[str, ...]:
    """Take the next numbers of a series (`event`, `order`, `supervision`) as people say them.

    The counter is a row changed in the caller's transaction: a rolled-back number is given again.
    """
    year = year_of(desk, work.at_ns)
    first = counters.take(work.connection, f"{series}.{year}", count)
    texts = _written()
    return tuple(texts.say(f"number.{series}", year=year, place=first + ahead) for ahead in range(count))

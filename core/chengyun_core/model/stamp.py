"""Profile time in the forms people and files write and read: ISO 8601, from and to nanoseconds since the Unix epoch."""

from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso_utc(at_ns: int | None) -> str:
    """Return `2026-07-18T06:32:07.250000Z`, or an empty text for None. Nanoseconds are cut to microseconds."""
    if at_ns is None:
        return ""
    return (_EPOCH + timedelta(microseconds=at_ns // 1000)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_iso(text: str) -> int:
    """Return the nanoseconds of an ISO 8601 time with a zone; raise ValueError without one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; write …Z or …+08:00")
    return ns_of(moment)


def parse_local(text: str, zone_minutes: int) -> int:
    """Return the nanoseconds of an ISO 8601 time, one without a zone in the one `zone_minutes` east of UTC.

    Raises:
        ValueError: it is no such time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=zone_minutes)))
    return ns_of(moment)


def ns_of(moment: datetime) -> int:
    """Return a moment with a zone as nanoseconds, exactly: a float would lose the microseconds of our century.

    Raises:
        ValueError: 64 bits do not hold it (years 1678 to 2262), so neither frames nor tables would.
    """
    ns = (moment - _EPOCH) // timedelta(microseconds=1) * 1000
    if not -(2**63) <= ns < 2**63:
        raise ValueError(f"{moment.isoformat()} is not within the years 1678 to 2262")
    return ns

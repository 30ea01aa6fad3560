"""Profile time in the forms people and files read: ISO 8601 UTC, from nanoseconds since the Unix epoch."""

from datetime import UTC, datetime, timedelta

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
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000

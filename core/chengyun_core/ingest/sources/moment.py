"""Times as sources write them, to nanoseconds UTC: ISO 8601 with a zone, or numbers whose unit is stated."""

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo

UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
"""Unit of a numeric time → nanoseconds."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the arithmetic below adds the zone itself, exactly
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d:?\d\d)?", re.ASCII
)
_NUMBER = re.compile(r"[+-]?\d{1,19}(?:\.\d{1,9})?", re.ASCII)
_WIDEST_NS = 2**63 - 1


class BadMoment(ValueError):  # noqa: N818 - reads as what it is
    """Not a time that can be placed; the text says why."""


def of_text(text: str, *, epoch_unit: str = "", zone: tzinfo | None = None) -> int:
    """Return ns UTC of a written time; `zone` is used only where the text names none. Raises BadMoment."""
    text = text.strip()
    found = _ISO.fullmatch(text)
    if found is None:
        if _NUMBER.fullmatch(text):
            return of_number_text(text, epoch_unit)
        raise BadMoment(f"{text[:40]!r} is not an ISO 8601 time")
    return _placed(found, text, zone)


def of_number(value: float, epoch_unit: str) -> int:
    """Return ns UTC of a number in the stated unit. Raises BadMoment when no unit is stated."""
    if epoch_unit not in UNITS:
        raise BadMoment(f"the time {value} has no stated unit; set epoch_unit or send time_s, time_ms or time_ns")
    if not math.isfinite(value):
        raise BadMoment("the time is not finite")
    if isinstance(value, int):
        return _bounded(value * UNITS[epoch_unit])
    whole = math.floor(value)
    return _bounded(whole * UNITS[epoch_unit] + round((value - whole) * UNITS[epoch_unit]))


def of_number_text(text: str, epoch_unit: str) -> int:
    """Return ns UTC of digits in the stated unit, exactly (a float would lose nanoseconds). Raises BadMoment."""
    if epoch_unit not in UNITS:
        raise BadMoment(
            f"the time {text} has no stated unit; set epoch_unit or name the column time_s, time_ms or time_ns"
        )
    whole, _, fraction = text.partition(".")
    ns = int(whole) * UNITS[epoch_unit]
    part = int(fraction.ljust(9, "0")) * UNITS[epoch_unit] // 10**9 if fraction else 0
    return _bounded(ns - part if text.startswith("-") else ns + part)


def _placed(found: re.Match[str], text: str, zone: tzinfo | None) -> int:
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001
    except ValueError as fault:
        raise BadMoment(f"{text!r}: {fault}") from fault
    shift = _offset(offset, local, zone, text)
    seconds = (local - _EPOCH - shift) // timedelta(seconds=1)
    return _bounded(seconds * 1_000_000_000 + int((fraction or "0").ljust(9, "0")))


def _offset(written: str | None, local: datetime, zone: tzinfo | None, text: str) -> timedelta:
    if written is None:
        if zone is None:
            raise BadMoment(f"{text!r} has no time zone; write …Z or …+08:00")
        return zone.utcoffset(local) or timedelta(0)
    if written in "Zz":
        return timedelta(0)
    shift = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    if shift >= timedelta(hours=24):
        raise BadMoment(f"{text!r} has an impossible offset")
    return -shift if written[0] == "-" else shift


def _bounded(ns: int) -> int:
    if abs(ns) > _WIDEST_NS:
        raise BadMoment("the time lies outside the years 1678 to 2262")
    return ns


def iso(ns: int) -> str:
    """Return ns UTC as ISO 8601 to the second, for messages."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=ns // 1_000_000_000)).strftime("%Y-%m-%dT%H:%M:%SZ")

"""A moment to come as an officer types it: `06:00` is the next six o'clock, another day has its date before it."""

from datetime import datetime, timedelta, timezone

from chengyun_core.model.clock import NS_PER_S

LATE_BY_S = 60
"""So little past is meant as now: between typing and sending a minute goes by. The centre allows as much."""
_WITH_YEAR = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")


def moment_of(text: str, now: datetime) -> int | None:
    """Return the profile ns UTC of what is typed, None for nothing.

    `now` is the local time of now with its zone. Taken are `HH:MM`, `MM-DD HH:MM` and `YYYY-MM-DD HH:MM`, each also
    with seconds; a bare time is the next one of that name.

    Raises:
        ValueError: with the text code of what is wrong: `console.form.not_a_time` or `console.form.time_past`.
    """
    written = " ".join(text.split())
    if not written:
        return None
    moment = _read(written, now)
    if moment < now - timedelta(seconds=LATE_BY_S):
        raise ValueError("console.form.time_past")
    return round(moment.timestamp()) * NS_PER_S


def stamp_of(text: str, day: datetime) -> int:
    """Return the profile ns UTC of a time that may lie in the past, as rosters have them: a bare one is of that day.

    `day` is a local time with its zone. Taken is what `moment_of` takes.

    Raises:
        ValueError: with the text code `console.form.not_a_time`.
    """
    written, zone = " ".join(text.split()), day.tzinfo
    assert isinstance(zone, timezone)
    tries = (written, f"{day:%Y}-{written}", f"{day:%Y-%m-%d} {written}")
    moment = next((found for one in tries if (found := _parsed(one, zone)) is not None), None)
    if moment is None:
        raise ValueError("console.form.not_a_time")
    return round(moment.timestamp()) * NS_PER_S


def _read(written: str, now: datetime) -> datetime:
    zone = now.tzinfo
    assert isinstance(zone, timezone)
    full = _parsed(written, zone)
    if full is not None:
        return full
    this_year = _parsed(f"{now:%Y}-{written}", zone)
    if this_year is not None:
        return this_year
    today = _parsed(f"{now:%Y-%m-%d} {written}", zone)
    if today is None:
        raise ValueError("console.form.not_a_time")
    return today if today >= now - timedelta(seconds=LATE_BY_S) else today + timedelta(days=1)


def _parsed(written: str, zone: timezone) -> datetime | None:
    for form in _WITH_YEAR:
        try:
            return datetime.strptime(written, form).replace(tzinfo=zone)
        except ValueError:
            continue
    return None

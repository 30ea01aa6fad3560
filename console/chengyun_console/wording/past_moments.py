"""A moment that has been, as an officer types it: `14:05` is the last five past two, another day has its date."""

from datetime import datetime, timedelta

from chengyun_core.model.clock import NS_PER_S

AHEAD_S = 60
"""So little ahead is meant as now: clocks of two machines are not the same."""
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


def past_moment_of(text: str, now: datetime) -> int | None:
    """Return the profile ns UTC of what is typed, None for nothing: now is meant.

    `now` is the local time of now with its zone. Taken are `HH:MM`, `MM-DD HH:MM` and `YYYY-MM-DD HH:MM`, each also
    with seconds; a bare time is the last one of that name.

    Raises:
        ValueError: with the text code of what is wrong: `tasks.form.not_a_time` or `tasks.form.time_ahead`.
    """
    written = " ".join(text.split())
    if not written:
        return None
    moment = _read(written, now)
    if moment > now + timedelta(seconds=AHEAD_S):
        raise ValueError("tasks.form.time_ahead")
    return round(min(moment, now).timestamp()) * NS_PER_S


def _read(written: str, now: datetime) -> datetime:
    for before in ("", f"{now:%Y}-"):
        found = _parsed(before + written, now)
        if found is not None:
            return found
    today = _parsed(f"{now:%Y-%m-%d} {written}", now)
    if today is None:
        raise ValueError("tasks.form.not_a_time")
    return today if today <= now + timedelta(seconds=AHEAD_S) else today - timedelta(days=1)


def _parsed(written: str, now: datetime) -> datetime | None:
    for form in _FORMS:
        try:
            return datetime.strptime(written, form).replace(tzinfo=now.tzinfo)
        except ValueError:
            continue
    return None

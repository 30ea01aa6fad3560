"""When a narrative says it happened: the source time of an event, to be confirmed by who writes it down (E9)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chengyun_core.model.dispatch_figures import number_of
from chengyun_core.model.dispatch_grammar import Grammar
from chengyun_core.model.dispatch_words import LONGEST_READ, folded

TOLD = 3
_NOON = 12
_SOON = timedelta(minutes=5)
"""How far ahead of now a time may be: clocks differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeGuess:
    """One time told."""

    at: datetime
    """Local time, as naive or aware as the `now` it was reckoned from; never later than that, but for some minutes."""
    words: str


def times(narrative: str, now: datetime, grammar: Grammar) -> tuple[TimeGuess, ...]:
    """Return the times a narrative tells, in its order, three at most; what would lie ahead of now is the time before.

    now: local time of the reader.
    """
    text = folded(narrative)[:LONGEST_READ]
    found: dict[int, TimeGuess] = {}
    for match in grammar.times.at.finditer(text):
        if (at := _resolved(match, now, grammar)) is not None:
            found[match.start()] = TimeGuess(at=at, words=match[0])
    for match in grammar.times.ago.finditer(text):
        number = number_of(match[1], grammar)
        if number is not None and number < 10_000:
            at = now - timedelta(minutes=number * grammar.times.minutes[match[2]])
            found[match.start()] = TimeGuess(at=at, words=match[0])
    for word in grammar.times.now:
        if (place := text.find(word)) >= 0:
            found[place] = TimeGuess(at=now, words=word)
    return tuple(found[place] for place in sorted(found))[:TOLD]


def _resolved(match: re.Match[str], now: datetime, grammar: Grammar) -> datetime | None:
    """Return the time a match means, None for an hour or a date there is not."""
    month, day, word, part, hour_told, half, minute_told = match.groups()
    hour = number_of(hour_told, grammar)
    minute = 30.0 if half else (number_of(minute_told, grammar) if minute_told else 0.0)
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    later = grammar.times.parts.get(part or "", 0) or (_NOON if word in grammar.times.evening_days else 0)
    if later and hour < _NOON and not (word in grammar.times.evening_days and hour < 5):
        hour += later
    on = _day(month, day, word, now, grammar)
    if on is None:
        return None
    at = datetime.combine(on, datetime.min.time(), tzinfo=now.tzinfo) + timedelta(hours=hour, minutes=minute)
    if word in grammar.times.evening_days and hour < 5:
        at += timedelta(days=1)  # two o'clock of last night was this morning
    return at if at <= now + _SOON else _before(at, month, day, word)


def _day(month: str | None, day: str | None, word: str | None, now: datetime, grammar: Grammar) -> date | None:
    if day is None:
        return (now + timedelta(days=grammar.times.days.get(word or "", 0))).date()
    try:
        return date(now.year, int(month) if month else now.month, int(day))
    except ValueError:
        return None


def _before(at: datetime, month: str | None, day: str | None, word: str | None) -> datetime | None:
    """Return the last time before now that has the same name: of the day before, the month before, the year before."""
    if word:
        return None
    if day is None:
        return at - timedelta(days=1)
    try:
        if month:
            return at.replace(year=at.year - 1)
        return at.replace(month=at.month - 1) if at.month > 1 else at.replace(year=at.year - 1, month=12)
    except ValueError:
        return None

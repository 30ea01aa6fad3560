"""What the language of narratives is read by, made ready from the tables of `chengyun_resources.reading`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MACRO = re.compile(r"<(\w+)>")
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRule:
    """How one attribute is told: group 1 of the pattern is the number, group 2 its unit where there is a scale."""

    attribute: str
    pattern: re.Pattern[str]
    scale: Mapping[str, float] = field(default_factory=dict)
    """Unit → how much of it is one of the attribute's own; empty: the number is the attribute's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """How a time is told."""

    at: re.Pattern[str] = _NOTHING
    """Groups: month, day of it, word of the day, part of the day, hour, half, minute."""
    ago: re.Pattern[str] = _NOTHING
    """Groups: number, unit."""
    now: tuple[str, ...] = ()
    days: Mapping[str, int] = field(default_factory=dict)
    """Word → days from today."""
    evening_days: frozenset[str] = frozenset()
    parts: Mapping[str, int] = field(default_factory=dict)
    """Part of the day → hours to add to an hour below twelve."""
    minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Everything that is a word of the language; without it nothing but the catalogue's own words is read."""

    digits: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    myriad: str = ""
    figures: tuple[FigureRule, ...] = ()
    endings: re.Pattern[str] = _NOTHING
    """What of a centre's name people leave out."""
    after: tuple[str, ...] = ()
    """What follows the short name of a town that is meant as a place."""
    address: re.Pattern[str] = _NOTHING
    leads: re.Pattern[str] = _NOTHING
    """What stands before an address and is none of it."""
    times: TimeWords = field(default_factory=TimeWords)
    rising: tuple[str, ...] = ()
    in_hand: tuple[str, ...] = ()
    at_once: tuple[str, ...] = ()


def grammar_of(words: Mapping[str, Any]) -> Grammar:
    """Return the grammar in the tables of `reading.words()`; raise KeyError or re.error, for they are ours."""
    macros: dict[str, str] = dict(words["macros"])
    places, factors, numerals = words["places"], words["factors"], words["numerals"]
    days, parts = _any_of(words["times"]["days"]), _any_of(words["times"]["parts"])
    named = macros | {"peoples": places["peoples"], "kinds": _any_of(places["kinds"]), "day": days, "part": parts}
    return Grammar(
        digits=numerals["digits"], units=numerals["units"], myriad=numerals["myriad"],
        figures=tuple(_figure(row, words["scales"], named) for row in words["figures"]),
        endings=_pattern(places["endings"], named), after=tuple(places["after"]),
        address=_pattern(places["address"], named), leads=_pattern(places["leads"], named),
        times=_times(words["times"], named, [*numerals["digits"], *numerals["units"]]),
        rising=tuple(factors["rising"]), in_hand=tuple(factors["in_hand"]), at_once=tuple(factors["at_once"]),
    )  # fmt: skip


def _times(told: Mapping[str, Any], macros: Mapping[str, str], numerals: list[str]) -> TimeWords:
    hour = rf"\d{{1,2}}|[{''.join(numerals)}]{{1,3}}"
    named = {**macros, "hour": hour}
    return TimeWords(
        at=_pattern(told["at"], named), ago=_pattern(told["ago"], named), now=tuple(told["now"]), days=told["days"],
        evening_days=frozenset(told["evening_days"]), parts=told["parts"], minutes=told["minutes"],
    )  # fmt: skip


def _figure(row: Mapping[str, Any], scales: Mapping[str, Mapping[str, float]], macros: Mapping[str, str]) -> FigureRule:
    scale = scales[row["scale"]] if "scale" in row else {}
    by = row.get("by", 1.0)
    named = {**macros, "unit": f"({_any_of(scale)})"}
    return FigureRule(
        attribute=row["attribute"], pattern=_pattern(row["pattern"], named),
        scale={unit: size * by for unit, size in scale.items()},
    )  # fmt: skip


def _any_of(words: Mapping[str, float] | list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _pattern(text: str, macros: Mapping[str, str]) -> re.Pattern[str]:
    """Return the pattern with every macro put in, those inside macros too."""
    while _MACRO.search(text):
        text = _MACRO.sub(lambda found: macros[found[1]], text)
    return re.compile(text)

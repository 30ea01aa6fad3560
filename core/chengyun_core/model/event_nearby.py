"""Which known events may be the one being typed: by alarm, place, kind, time and words, each with its reason (E4)."""

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Reason

NEAR_M = 500.0
FAR_M = 2000.0
WITHIN_S = 7200.0
"""Two hours: what is older is told as the same only when much else agrees."""
LEAST = 0.35
"""Scores below are no candidates."""
LEAST_WORDS = 0.3
_WITHIN_NS = WITHIN_S * NS_PER_S
_EARTH_M = 6_371_000.0
_WEIGHTS = {"place": 0.35, "kind": 0.2, "words": 0.3, "time": 0.15}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What is typed so far."""

    grams: frozenset[str]
    """Pairs of neighbouring letters of title and narrative, folded: see `grams_of`."""
    matter: str = ""
    path: tuple[str, ...] = ()
    """Its centre and those above it."""
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None
    at: int
    """Profile ns UTC."""
    alarms: frozenset[int] = frozenset()


def grams_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of a folded text, spaces and marks left out."""
    letters = [letter for letter in text if letter.isalnum()]
    return frozenset(first + second for first, second in pairwise(letters))


def judged(typed: Typed, event: Event, grams: frozenset[str]) -> tuple[float, tuple[Reason, ...]]:
    """Return a score 0 … 1 and the reasons that made it; the weights are `_WEIGHTS`."""
    score = scored(typed, event, grams)
    return (score, _reasons(typed, event, grams)) if score else (0.0, ())


def scored(typed: Typed, event: Event, grams: frozenset[str]) -> float:
    """Return a score 0 … 1; below LEAST it may be told as 0. Asked of every living event at each key typed."""
    if typed.alarms and not typed.alarms.isdisjoint(event.alarms):
        return 1.0
    place, kind, time = _place(typed, event), _kind(typed, event), _time(typed, event)
    told = _WEIGHTS["place"] * place + _WEIGHTS["kind"] * kind + _WEIGHTS["time"] * time
    if told + _WEIGHTS["words"] < LEAST:
        return 0.0
    words = _words(typed, grams)
    # Time alone says nothing: everything in a busy hour is near in time.
    return min(1.0, told + _WEIGHTS["words"] * words) if place or kind or words else 0.0


def nearest(
    typed: Typed, known: Iterable[tuple[Event, frozenset[str]]], limit: int
) -> list[tuple[float, Event, tuple[Reason, ...]]]:  # fmt: skip
    """Return the best candidates, the nearest first; of equals the newer one."""
    rated = ((scored(typed, event, grams), event.number, event, grams) for event, grams in known)
    best = heapq.nlargest(limit, (one for one in rated if one[0] >= LEAST), key=lambda one: one[:2])
    return [(score, event, _reasons(typed, event, grams)) for score, _, event, grams in best]


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two places (longitude, latitude in degrees) on the sphere."""
    east = math.radians(other[0] - one[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return _EARTH_M * math.hypot(east, math.radians(other[1] - one[1]))


def _metres(typed: Typed, event: Event) -> float | None:
    if typed.longitude is None or typed.latitude is None or event.longitude is None or event.latitude is None:
        return None
    return metres_between((typed.longitude, typed.latitude), (event.longitude, event.latitude))


def _place(typed: Typed, event: Event) -> float:
    metres = _metres(typed, event)
    if metres is not None:
        return 1.0 if metres <= NEAR_M else 0.5 if metres <= FAR_M else 0.0
    if _same_words_of_place(typed, event):
        return 1.0
    return 0.6 if typed.path and event.centre == typed.path[0] else 0.0


def _same_words_of_place(typed: Typed, event: Event) -> bool:
    return bool(typed.place and event.place and (typed.place in event.place or event.place in typed.place))


def _kind(typed: Typed, event: Event) -> float:
    return 1.0 if typed.matter and typed.matter == event.matter else 0.0


def _words(typed: Typed, grams: frozenset[str]) -> float:
    smaller = min(len(typed.grams), len(grams))
    if smaller < 2:
        return 0.0
    share = len(typed.grams & grams) / smaller
    return share if share >= LEAST_WORDS else 0.0


def _time(typed: Typed, event: Event) -> float:
    return max(0.0, 1.0 - abs(typed.at - event.source_at) / _WITHIN_NS)


def _reasons(typed: Typed, event: Event, grams: frozenset[str]) -> tuple[Reason, ...]:
    """Return what speaks for it, in the order of the weights' names."""
    shared = sorted(typed.alarms & set(event.alarms))
    if shared:
        return (Reason(code="event.near.alarm", params={"alarm": str(shared[0])}),)
    found = []
    if _place(typed, event):
        found.append(_reason_of_place(typed, event))
    if _kind(typed, event):
        found.append(Reason(code="event.near.matter", params={"matter": event.matter}))
    if words := _words(typed, grams):
        found.append(Reason(code="event.near.words", params={"percent": f"{100 * words:.0f}"}))
    if _time(typed, event):
        minutes = abs(typed.at - event.source_at) / NS_PER_S / 60
        found.append(Reason(code="event.near.minutes", params={"minutes": f"{minutes:.0f}"}))
    return tuple(found)


def _reason_of_place(typed: Typed, event: Event) -> Reason:
    metres = _metres(typed, event)
    if metres is not None:
        return Reason(code="event.near.metres", params={"metres": f"{metres:.0f}"})
    if _same_words_of_place(typed, event):
        return Reason(code="event.near.place", params={"place": event.place})
    return Reason(code="event.near.centre", params={"centre": event.centre})

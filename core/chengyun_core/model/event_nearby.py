"""Which known events may be the one being typed: by alarm, place, kind, time and words, each with its reason (E4)."""

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
_EARTH_M = 6_371_000.0
_WEIGHTS = {"alarm": 1.0, "place": 0.35, "kind": 0.2, "words": 0.3, "time": 0.15}


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
    shared = sorted(typed.alarms & set(event.alarms))
    if shared:
        return 1.0, (Reason(code="event.near.alarm", params={"alarm": str(shared[0])}),)
    parts = (_place(typed, event), _kind(typed, event), _words(typed, grams), _time(typed, event))
    told = [part for part in parts if part is not None]
    score = sum(_WEIGHTS[name] * weight for name, weight, _ in told)
    # Time alone says nothing: everything in a busy hour is near in time.
    if not any(name != "time" for name, _, _ in told):
        return 0.0, ()
    return min(1.0, score), tuple(reason for _, _, reason in told)


def nearest(
    typed: Typed, known: Iterable[tuple[Event, frozenset[str]]], limit: int
) -> list[tuple[float, Event, tuple[Reason, ...]]]:  # fmt: skip
    """Return the best candidates, the nearest first; of equals the newer one."""
    found = []
    for event, grams in known:
        score, reasons = judged(typed, event, grams)
        if score >= LEAST:
            found.append((score, event, reasons))
    found.sort(key=lambda one: (-one[0], -one[1].number))
    return found[:limit]


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two places (longitude, latitude in degrees) on the sphere."""
    east = math.radians(other[0] - one[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return _EARTH_M * math.hypot(east, math.radians(other[1] - one[1]))


_Part = tuple[str, float, Reason] | None


def _place(typed: Typed, event: Event) -> _Part:
    if typed.longitude is not None and typed.latitude is not None and event.longitude is not None:
        metres = metres_between((typed.longitude, typed.latitude), (event.longitude, event.latitude or 0.0))
        if metres <= FAR_M:
            weight = 1.0 if metres <= NEAR_M else 0.5
            return "place", weight, Reason(code="event.near.metres", params={"metres": f"{metres:.0f}"})
        return None
    if typed.place and event.place and (typed.place in event.place or event.place in typed.place):
        return "place", 1.0, Reason(code="event.near.place", params={"place": event.place})
    if typed.path and event.centre == typed.path[0]:
        return "place", 0.6, Reason(code="event.near.centre", params={"centre": event.centre})
    return None


def _kind(typed: Typed, event: Event) -> _Part:
    if typed.matter and typed.matter == event.matter:
        return "kind", 1.0, Reason(code="event.near.matter", params={"matter": event.matter})
    return None


def _words(typed: Typed, grams: frozenset[str]) -> _Part:
    smaller = min(len(typed.grams), len(grams))
    if smaller < 2:
        return None
    share = len(typed.grams & grams) / smaller
    if share < 0.3:
        return None
    return "words", share, Reason(code="event.near.words", params={"percent": f"{100 * share:.0f}"})


def _time(typed: Typed, event: Event) -> _Part:
    apart_s = abs(typed.at - event.source_at) / NS_PER_S
    if apart_s > WITHIN_S:
        return None
    told = {"minutes": f"{apart_s / 60:.0f}"}
    return "time", 1.0 - apart_s / WITHIN_S, Reason(code="event.near.minutes", params=told)

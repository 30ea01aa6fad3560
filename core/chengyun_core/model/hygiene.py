"""Alarm hygiene: chatter, fleeting alarms, and the delays that would have stilled them (A10; ALARMS.md, metrics)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NS_PER_S = 1_000_000_000
FLEETING_S = 10.0
"""An alarm that returns sooner could not be acted upon by anybody (EEMUA 191 calls it fleeting)."""
DELAYS_S = (5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Delays that are proposed: steps a threshold's author would choose. Longer ones hide what they should tell."""
TOP_SHARE = 0.15
"""ALARMS.md gives it for the ten most frequent alarms together; one alarm that makes it alone is bad enough."""
LEAST_RAISES = 6
STILLED = 0.5
"""A proposal must have stilled at least this share of the annunciations, or it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatter:
    """A definition of chattering: so many raises within so many seconds."""

    raises: int
    within_s: float


CHATTERS = (Chatter(raises=3, within_s=60.0), Chatter(raises=6, within_s=300.0))
"""Three in a minute (ESS and others), more than five in five minutes (SignalForge): ALARMS.md has both, either does."""


@dataclass(frozen=True, slots=True, order=True)
class Cycle:
    """One raise and its return, profile ns UTC; `returned` None: still active."""

    raised: int
    returned: int | None = None


def is_chattering(raised: Sequence[int], now_ns: int, definitions: Iterable[Chatter] = CHATTERS) -> bool:
    """Return whether raises (ns, rising) up to now fulfil a definition that has not run out yet."""
    return any(_fulfilled(raised, now_ns, one) for one in definitions)


def is_fleeting(cycle: Cycle, shortest_s: float = FLEETING_S) -> bool:
    """Return whether an alarm returned before anybody could act."""
    return cycle.returned is not None and cycle.returned - cycle.raised < shortest_s * NS_PER_S


def annunciated(cycles: Iterable[Cycle], *, on_s: float = 0.0, off_s: float = 0.0) -> list[Cycle]:
    """Return what officers would have been told of these cycles (rising by raise) under an on- and an off-delay.

    As docs/thresholds.md has it: a raise is told when it has lasted for the on-delay, a return when nothing was raised
    again for the off-delay.
    """
    on_ns, off_ns = round(on_s * NS_PER_S), round(off_s * NS_PER_S)
    told: list[Cycle] = []
    for cycle in cycles:
        last = told[-1] if told else None
        if last is not None and (last.returned is None or cycle.raised < last.returned):
            ended = None if cycle.returned is None or last.returned is None else cycle.returned + off_ns
            told[-1] = Cycle(last.raised, ended)
        elif cycle.returned is None or cycle.returned - cycle.raised > on_ns:
            told.append(Cycle(cycle.raised + on_ns, None if cycle.returned is None else cycle.returned + off_ns))
    return told


def is_bad_actor(raises: int, of_all: int) -> bool:
    """Return whether one alarm makes more than its share of a seat's load (ALARMS.md: the top ten's action limit)."""
    return raises >= LEAST_RAISES and raises > TOP_SHARE * of_all


def proposed_delay_s(cycles: Sequence[Cycle], told: int | None = None) -> float:
    """Return the shortest delay, used on and off, that would have stilled at least half; 0 when none would.

    cycles: as they were without any delay; told: how many of them were annunciated, all when None.
    """
    goal = (1.0 - STILLED) * (len(cycles) if told is None else told)
    found = (delay for delay in DELAYS_S if len(annunciated(cycles, on_s=delay, off_s=delay)) <= goal)
    return next(found, 0.0)


def _fulfilled(raised: Sequence[int], now_ns: int, chatter: Chatter) -> bool:
    within = round(chatter.within_s * NS_PER_S)
    newest = [at for at in raised[-chatter.raises :] if now_ns - at < within]
    return len(newest) >= chatter.raises and newest[-1] - newest[0] < within

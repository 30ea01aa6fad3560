"""How a seat's alarms performed over a shift: every figure of ALARMS.md with its target, action limit and verdict."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.flood_meter import BEGINS_ABOVE, ENDS_BELOW
from chengyun_core.model.hygiene import Cycle, is_chattering, is_fleeting
from chengyun_core.model.scales import AlarmPriority

NS_PER_S = 1_000_000_000
SLOT_NS = 600 * NS_PER_S
DAY_NS = 86_400 * NS_PER_S

RUBBER_STAMP_NS = 2 * NS_PER_S
"""Nobody has read an alarm that he acknowledges sooner after its raise (A17)."""
SPLIT = {AlarmPriority.LOW: 0.80, AlarmPriority.MEDIUM: 0.15, AlarmPriority.HIGH: 0.05, AlarmPriority.HIGHEST: 0.01}
ACK_WITHIN_S = {AlarmPriority.HIGHEST: 60, AlarmPriority.HIGH: 180, AlarmPriority.MEDIUM: 600, AlarmPriority.LOW: 1800}
"""P95 of the time to acknowledge, by priority (ALARMS.md, SignalForge's extension)."""


class Happened(StrEnum):
    """What the journal tells of an alarm, as far as a report needs it."""

    ANNUNCIATED = "annunciated"
    """It became unacknowledged: raised, graver, back by itself, off the shelf."""
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"


class Verdict(StrEnum):
    """How a figure stands."""

    GOOD = "good"
    WATCH = "watch"
    """Beyond its target."""
    ACT = "act"
    """Beyond its action limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened to an alarm of a vital, in profile ns UTC."""

    at: int
    vital: int
    alarm: int
    priority: AlarmPriority
    happened: Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the report. NaN: there was nothing to judge."""

    metric: str
    """Code of its name: `report.<metric>`."""
    value: float
    target: float
    limit: float
    params: dict[str, str]

    @property
    def verdict(self) -> Verdict:
        """Return how the value stands: above the limit, above the target, or neither."""
        if self.value > self.limit:
            return Verdict.ACT
        return Verdict.WATCH if self.value > self.target else Verdict.GOOD


def figures(moments: Iterable[Moment], from_ns: int, to_ns: int) -> tuple[Figure, ...]:
    """Return the figures of [from, to). Moments before `from` tell what stood then; their order does not matter."""
    ordered = sorted(moments, key=lambda one: (one.at, one.alarm, one.happened is not Happened.ANNUNCIATED))
    lives = _lives([one for one in ordered if one.at < to_ns])
    told = [one for one in ordered if one.happened is Happened.ANNUNCIATED and from_ns <= one.at < to_ns]
    times = [one.at for one in told]
    slots = max(1.0, (to_ns - from_ns) / SLOT_NS)
    counts = _slot_counts(times, from_ns)
    return (
        _figure("per_slot", len(times) / slots, 1, 2),
        _figure("peak", max(counts, default=0), 10, 10),
        _figure("slots_above", sum(count > BEGINS_ABOVE for count in counts) / slots, 0.01, 0.05),
        _figure("flood", _flooded_ns(times, from_ns, to_ns) / (to_ns - from_ns), 0.01, 0.01),
        _figure("top_ten", _top_ten(told), 0.05, 0.15),
        _figure("chattering", _chattering(told), 0, 0),
        _figure("fleeting", sum(from_ns <= life.raised and is_fleeting(life) for life in lives.values()), 0, 0),
        _figure("standing", sum(_stands(life, to_ns) for life in lives.values()), 4, 4),
        *_split(told),
        *_acknowledging(ordered, from_ns, to_ns),
    )


def _figure(metric: str, value: float, target: float, limit: float, **params: str) -> Figure:
    return Figure(metric=metric, value=float(value), target=float(target), limit=float(limit), params=params)


def _slot_counts(times: Sequence[int], from_ns: int) -> list[int]:
    return list(Counter((at - from_ns) // SLOT_NS for at in times).values())


def _flooded_ns(times: Sequence[int], from_ns: int, to_ns: int) -> int:
    """Return how long the last ten minutes held more than ten, until they held fewer than five (ISA-18.2)."""
    total, since = 0, None
    edges = sorted([(at, 1) for at in times] + [(at + SLOT_NS, -1) for at in times])
    count = 0
    for at, step in edges:
        count += step
        if since is None and count > BEGINS_ABOVE:
            since = at
        elif since is not None and count < ENDS_BELOW:
            total, since = total + max(0, min(at, to_ns) - max(since, from_ns)), None
    return total if since is None else total + max(0, to_ns - max(since, from_ns))


def _top_ten(told: Sequence[Moment]) -> float:
    counts = Counter(one.vital for one in told)
    return sum(count for _, count in counts.most_common(10)) / len(told) if len(counts) > 10 else math.nan


def _chattering(told: Sequence[Moment]) -> int:
    raised: dict[int, list[int]] = defaultdict(list)
    found: set[int] = set()
    for one in told:
        raised[one.vital].append(one.at)
        if is_chattering(raised[one.vital], one.at):
            found.add(one.vital)
    return len(found)


def _lives(ordered: Iterable[Moment]) -> dict[int, Cycle]:
    """Return the last cycle of every alarm by its number."""
    lives: dict[int, Cycle] = {}
    for one in ordered:
        known = lives.get(one.alarm)
        if one.happened is Happened.ANNUNCIATED and (known is None or known.returned is not None):
            lives[one.alarm] = Cycle(one.at)
        elif one.happened is Happened.RETURNED and known is not None and known.returned is None:
            lives[one.alarm] = Cycle(known.raised, one.at)
    return lives


def _stands(life: Cycle, to_ns: int) -> bool:
    return life.returned is None and to_ns - life.raised > DAY_NS


def _split(told: Sequence[Moment]) -> list[Figure]:
    """Return the distance of each priority's share from its target, in points; more than fifteen is red (A13)."""
    counts = Counter(one.priority for one in told)
    shares = {priority: counts[priority] / len(told) if told else math.nan for priority in SPLIT}
    return [
        _figure(
            "split", 100 * abs(shares[priority] - wanted), 10, 15, priority=priority.name.lower(),
            share=f"{shares[priority]:.1%}", wanted=f"{wanted:.0%}",
        )
        for priority, wanted in SPLIT.items()
    ]  # fmt: skip


def _acknowledging(ordered: Sequence[Moment], from_ns: int, to_ns: int) -> list[Figure]:
    """Return what is told of acknowledgements: how soon by priority, returned before, and without a look."""
    took: dict[AlarmPriority, list[int]] = defaultdict(list)
    since: dict[int, Moment] = {}
    returned = raised = stamped = acknowledged = 0
    for one in ordered:
        inside = from_ns <= one.at < to_ns
        if one.happened is Happened.ANNUNCIATED:
            since[one.alarm] = one
            raised += inside
        elif one.happened is Happened.RETURNED:
            returned += inside and one.alarm in since
        elif (began := since.pop(one.alarm, None)) is not None and inside:
            took[one.priority].append(one.at - began.at)
            acknowledged += 1
            stamped += one.at - began.at < RUBBER_STAMP_NS
    return [
        _figure("returned_unacknowledged", returned / raised if raised else math.nan, 0.15, 0.15),
        _figure("rubber_stamped", stamped / acknowledged if acknowledged else math.nan, 0.10, 0.10),
        *(
            _figure("ack_p95", _percentile(took[priority], 95), limit, limit, priority=priority.name.lower(),
                    median=f"{_percentile(took[priority], 50):.0f}", count=str(len(took[priority])))
            for priority, limit in ACK_WITHIN_S.items()
        ),
    ]  # fmt: skip


def _percentile(took_ns: Sequence[int], percent: int) -> float:
    """Return seconds: the smallest value that `percent` of all do not exceed; NaN when there is none."""
    if not took_ns:
        return math.nan
    return sorted(took_ns)[max(0, math.ceil(percent / 100 * len(took_ns)) - 1)] / NS_PER_S

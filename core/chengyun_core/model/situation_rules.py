"""Which alarms make a situation: near in time, place and kind (A9). Pure; the centre keeps what comes of it.

Density, not mere nearness: two alarms are neighbours when their distance is at most REACH, and a situation begins where
three are neighbours of one of them (the idea of DBSCAN, which OpenNMS ALEC uses over its alarm graph). An alarm joins
the situation in which it has most neighbours; open situations never grow together by themselves: that is an officer's
to say (decision 0090). What an officer dismissed or split is not clustered together again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from chengyun_core.model.scales import Aspect

NS_PER_S = 1_000_000_000
REACH = 2.0
"""Greatest distance of neighbours: time / 300 s + steps between places + steps between kinds / 2."""
TIME_SCALE_S = 300.0
_PER_TIME_NS = TIME_SCALE_S * NS_PER_S
CORE = 3
"""Alarms near each other, itself counted, that make a situation (A9)."""
FAR = 99.0
_UNBORN = 1 << 60
"""Numbers above stand for situations that begin in this run, which are younger than any that stands."""
LOOKED_AT = 200
"""Newest alarms of a sector, or behind a gateway, that are looked at: what an alarm costs is bounded in any flood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What nearness is judged by."""

    alarm: int
    raised_at: int
    """Profile ns UTC."""
    place: tuple[str, ...]
    """Its centre's code, that one's parent, and so on up to the root."""
    kind: tuple[str, ...]
    """Sub-track, track, sector."""
    aspect: Aspect = Aspect.PROCESS
    gateway: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """All that nearness is judged by but time. Compared and hashed by identity: a flood asks for pairs by the million.

    Two of the same content only cost one more look.
    """

    place: tuple[str, ...]
    kind: tuple[str, ...]
    aspect: Aspect
    gateway: str


@dataclass(slots=True, kw_only=True)
class Clustering:
    """The open situations' members, the alarms that are in none, and what officers said. Owned by the centre's loop."""

    members: dict[int, set[int]] = field(default_factory=dict)
    """Situation → its living alarms."""
    near: dict[int, Near] = field(default_factory=dict)
    """Living alarms by number."""
    spots: dict[int, Spot] = field(default_factory=dict)
    """Where each of them is."""
    around: dict[str, dict[int, None]] = field(default_factory=dict)
    """Gateway or sector → its living alarms, oldest first."""
    apart: set[frozenset[int]] = field(default_factory=set)
    """Pairs of alarms that an officer parted; never put together by us again."""

    def situation_of(self, alarm: int) -> int | None:
        """Return the open situation of an alarm."""
        return next((number for number, held in self.members.items() if alarm in held), None)

    def part(self, some: Iterable[int], others: Iterable[int]) -> None:
        """Remember that an officer parted these from those."""
        right = tuple(others)
        self.apart |= {frozenset((a, b)) for a in some for b in right if a != b}

    def learn(self, near: Near) -> None:
        """An alarm lives."""
        self.near[near.alarm] = near
        self.spots[near.alarm] = _spot_of(near)
        self.around.setdefault(_bucket(near), {})[near.alarm] = None

    def forget(self, alarm: int) -> None:
        """An alarm has ended."""
        near = self.near.pop(alarm, None)
        if near is not None:
            del self.spots[alarm]
            del self.around[_bucket(near)][alarm]
        for held in self.members.values():
            held.discard(alarm)
        self.apart = {pair for pair in self.apart if alarm not in pair} if self.apart else self.apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What a run of new alarms does: alarms to put into open situations, and groups that begin new ones."""

    into: Mapping[int, tuple[int, ...]]
    """Situation → alarms that join it, in order."""
    begun: tuple[tuple[int, ...], ...]
    """Alarms of each new situation, by raise."""


def clustered(state: Clustering, alarms: Iterable[Near]) -> Joined:
    """Return where new alarms belong, in order of raise and number: the order in a run does not matter.

    `state` learns the alarms and those that joined; the caller gives the begun groups their numbers (`members`).
    """
    into: dict[int, list[int]] = {}
    begun: list[list[int]] = []
    home_of = {alarm: number for number, held in state.members.items() for alarm in held}
    for one in sorted(alarms, key=lambda near: (near.raised_at, near.alarm)):
        state.learn(one)
        if one.alarm in home_of:
            continue
        close = _neighbours(state, one)
        if state.apart:
            close = [other for other in close if frozenset((one.alarm, other)) not in state.apart]
        home = _home(close, home_of)
        if home is None:
            if group := _begun(state, one, close, home_of):
                home_of.update(dict.fromkeys(group, _UNBORN + len(begun)))
                begun.append(group)
            continue
        home_of[one.alarm] = home
        if home >= _UNBORN:
            begun[home - _UNBORN].append(one.alarm)
        else:
            into.setdefault(home, []).append(one.alarm)
            state.members[home].add(one.alarm)
    ordered = tuple(tuple(sorted(group, key=lambda alarm: (state.near[alarm].raised_at, alarm))) for group in begun)
    return Joined(into={number: tuple(found) for number, found in into.items()}, begun=ordered)


def distance(one: Near, other: Near) -> float:
    """Return how far two alarms are from each other; FAR when time alone, or the aspect, parts them."""
    apart = abs(one.raised_at - other.raised_at) / NS_PER_S / TIME_SCALE_S
    return FAR if apart > REACH else min(FAR, apart + _space(_spot_of(one), _spot_of(other)))


def _neighbours(state: Clustering, one: Near) -> list[int]:
    beside = islice(reversed(state.around[_bucket(one)]), LOOKED_AT)
    spot, spots, near, at, reach = state.spots[one.alarm], state.spots, state.near, one.raised_at, REACH * _PER_TIME_NS
    return [
        other for other in beside
        if abs(at - near[other].raised_at) + _space(spot, spots[other]) * _PER_TIME_NS <= reach and other != one.alarm
    ]  # fmt: skip


def _bucket(near: Near) -> str:
    return near.gateway or (near.kind[-1] if near.kind else "")


def _home(close: list[int], home_of: Mapping[int, int]) -> int | None:
    """Return the situation with most neighbours, the oldest of equals; None when no neighbour is in one."""
    counted = Counter(map(home_of.get, close))
    found = {home: count for home, count in counted.items() if home is not None}
    return max(found, key=lambda home: (found[home], -home)) if found else None


def _begun(state: Clustering, one: Near, close: list[int], home_of: Mapping[int, int]) -> list[int]:
    """Return the alarms of a new situation around this one or around a neighbour of it; empty when there is none."""
    for core in (one.alarm, *close):
        near = close if core == one.alarm else _free(state, core, home_of)
        group = _together(state, {one.alarm, core, *near})
        if len(group) >= CORE and one.alarm in group:
            return sorted(group)
    return []


def _together(state: Clustering, group: set[int]) -> set[int]:
    """Return the group without those an officer parted from most of it."""
    while state.apart:
        parted = [alarm for pair in state.apart if pair <= group for alarm in pair]
        if not parted:
            break
        group = group - {max(sorted(set(parted)), key=parted.count)}
    return group


def _free(state: Clustering, core: int, home_of: Mapping[int, int]) -> list[int]:
    return [alarm for alarm in _neighbours(state, state.near[core]) if alarm not in home_of]


@lru_cache(maxsize=65_536)
def _spot(place: tuple[str, ...], kind: tuple[str, ...], aspect: Aspect, gateway: str) -> Spot:
    return Spot(place, kind, aspect, gateway)


def _spot_of(near: Near) -> Spot:
    return _spot(near.place, near.kind, near.aspect, near.gateway)


@lru_cache(maxsize=65_536)
def _space(one: Spot, other: Spot) -> float:
    """Return how far two spots are from each other, time aside."""
    if one.aspect is not other.aspect or one.gateway != other.gateway:
        return FAR
    # Behind one gateway place and kind do not matter: it is the link that is lost (V3).
    return 0.0 if one.gateway else _steps(one.place, other.place) + _steps(one.kind, other.kind) / 2


def _steps(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return the steps up to the lowest common member of two paths; more than REACH when there is none."""
    return min((max(at, other.index(code)) for at, code in enumerate(one) if code in other), default=round(FAR))

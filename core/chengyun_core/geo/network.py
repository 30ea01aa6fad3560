"""A pipeline as a network: followed up and down, and what closing valves cuts off (数字管线).

Nodes are the point features of a layer, pipes its line features (geo.readers.network_tables): `from` and `to` name
nodes; a node's `kind` is source, valve, taker (customer) or anything else, its `state` open or closed. A pipe carries
both ways unless its `directed` says so (sewers).
"""

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from chengyun_core.geo.lookup import metres_between
from chengyun_core.geo.shapes import LINE, POINT, Shapes
from chengyun_core.model.failure import Refused
from chengyun_resources.reading import map_words

SOURCES = frozenset({"source", "plant", "pump", "reservoir"})
VALVES = frozenset({"valve"})
TAKERS = frozenset({"taker", "customer", "outlet"})
_SHUT = frozenset({"closed", "shut"})
TRUE = frozenset({"1", "true", "yes"})
"""Words in a layer; those of its makers' language are in resources (reading.map_words)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe:
    """One pipe between two nodes."""

    code: str
    start: str
    end: str
    metres: float
    directed: bool = False
    """It flows from `start` to `end` only."""


@dataclass(slots=True, kw_only=True)
class Network:
    """Pipes by code, and how they hang together."""

    pipes: dict[str, Pipe] = field(default_factory=dict)
    at: dict[str, list[str]] = field(default_factory=dict)
    """Node → the pipes at it."""
    sources: frozenset[str] = frozenset()
    valves: frozenset[str] = frozenset()
    takers: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    """Valves that are closed as the layer says."""
    lost: tuple[str, ...] = ()
    """Pipes whose ends are no nodes of the layer: they are left out of every trace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """What following a network found: codes of pipes, valves and takers, each sorted."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    isolated: tuple[str, ...]
    valves: tuple[str, ...]
    cut_off: tuple[str, ...]
    customers: tuple[str, ...]
    fed_still: tuple[str, ...]
    metres: dict[str, float]
    faults: tuple[str, ...]
    """Codes of sentences about what the data does not say."""


def network_of(shapes: Shapes) -> Network:
    """Return the network in a layer; raise Refused `map.no_network` when it has no pipes with ends."""
    closed = _SHUT | map_words("shut")
    nodes = {shapes.codes[one] for one in range(len(shapes)) if shapes.kinds[one] == POINT}
    pipes = dict(_pipes(shapes))
    whole = {code: pipe for code, pipe in pipes.items() if pipe.start in nodes and pipe.end in nodes}
    if not whole:
        raise Refused("map.no_network")
    at: dict[str, list[str]] = {node: [] for node in nodes}
    for code, pipe in whole.items():
        for end in dict.fromkeys((pipe.start, pipe.end)):
            at[end].append(code)
    kinds = _column(shapes, "kind")
    valves = _named(shapes, kinds, VALVES | map_words("valve"))
    states = _column(shapes, "state")
    shut = frozenset(code for code, state in zip(shapes.codes, states, strict=True) if state.lower() in closed)
    return Network(
        pipes=whole, at=at, sources=_named(shapes, kinds, SOURCES | map_words("source")), valves=valves,
        takers=_named(shapes, kinds, TAKERS | map_words("taker")), shut=shut & valves,
        lost=tuple(sorted(pipes.keys() - whole.keys())),
    )  # fmt: skip


def traced(network: Network, feature: str, closed: Collection[str] = ()) -> Traced:
    """Follow a network from a pipe or a node, and close it off; without a feature only the valves in `closed` act.

    Raises:
        Refused: `map.feature_unknown`, `map.valve_unknown`, `map.trace_nothing`.
    """
    for code in closed:
        if code not in network.valves:
            raise Refused("map.valve_unknown", valve=code[:64])
    if not feature and not closed:
        raise Refused("map.trace_nothing")
    shut = network.shut | frozenset(closed)
    start = _start(network, feature)
    isolated, border = _isolated(network, start, shut)
    up, down = _followed(network, start, shut)
    fed_before, _ = _fed(network, network.shut, ())
    fed_after, reached = _fed(network, shut | border, isolated)
    cut = fed_before - fed_after
    below = _takers_at(network, down)
    customers = {one for one in network.takers if any(pipe in cut for pipe in network.at[one])} - reached
    return Traced(
        up=_sorted(up), down=_sorted(down), isolated=_sorted(isolated), valves=_sorted(border), cut_off=_sorted(cut),
        customers=_sorted(customers), fed_still=_sorted((below & reached) - customers),
        metres={name: _metres(network, pipes) for name, pipes in (
            ("up", up), ("down", down), ("isolated", isolated), ("cut_off", cut),
        )},
        faults=tuple(_faults(network, start, isolated, up)),
    )  # fmt: skip


def _start(network: Network, feature: str) -> frozenset[str]:
    """Return the pipes a trace begins at."""
    if not feature:
        return frozenset()
    if feature in network.pipes:
        return frozenset({feature})
    if feature not in network.at:
        raise Refused("map.feature_unknown", feature=feature[:64])
    return frozenset(network.at[feature])


def _isolated(network: Network, start: Collection[str], shut: frozenset[str]) -> tuple[set[str], frozenset[str]]:
    """Return the pipes that cannot be parted from these, and the valves around them that still have to be closed."""
    found, border, waiting = set(start), set[str](), list(start)
    while waiting:
        pipe = network.pipes[waiting.pop()]
        for node in (pipe.start, pipe.end):
            if node in network.valves:
                border.add(node)
                continue
            more = [code for code in network.at[node] if code not in found]
            found.update(more)
            waiting += more
    return found, frozenset(border) - shut


def _followed(network: Network, start: frozenset[str], shut: frozenset[str]) -> tuple[set[str], set[str]]:
    """Return the pipes that feed these and those they feed, along the shortest way from the sources.

    A looped network has no one way of its flow; the shortest is where most of it goes, and the screen says so.
    """
    parent, order = _ways(network, shut)
    up, down = set[str](), set[str]()
    for code in start:
        node = parent.get(code, ("", ""))[0]
        while node:
            feeding = order.get(node, "")
            if not feeding or feeding in up:
                break
            up.add(feeding)
            node = parent[feeding][0]
    below: dict[str, list[str]] = {}
    for code, (node, _) in parent.items():
        if feeding := order.get(node, ""):
            below.setdefault(feeding, []).append(code)
    waiting = list(start)
    while waiting:
        more = [code for code in below.get(waiting.pop(), []) if code not in down and code not in start]
        down.update(more)
        waiting += more
    return up - start, down


def _ways(network: Network, shut: frozenset[str]) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Return pipe → (node it is fed from, node it feeds), and node → pipe it is fed by, by shortest metres."""
    parent: dict[str, tuple[str, str]] = {}
    order: dict[str, str] = {}
    done = set[str]()
    waiting: list[tuple[float, str, str]] = [(0.0, node, "") for node in sorted(network.sources) if node in network.at]
    heapq.heapify(waiting)
    while waiting:
        metres, node, by = heapq.heappop(waiting)
        if node in done:
            continue
        done.add(node)
        if by:
            order[node] = by
        if node in shut:
            continue
        for pipe, other in _ways_out(network, node):
            if other not in done:
                heapq.heappush(waiting, (metres + pipe.metres, other, pipe.code))
            parent.setdefault(pipe.code, (node, other))
    return parent, order


def _ways_out(network: Network, node: str) -> Iterator[tuple[Pipe, str]]:
    for code in network.at[node]:
        pipe = network.pipes[code]
        if pipe.start == node:
            yield pipe, pipe.end
        elif not pipe.directed:
            yield pipe, pipe.start


def _fed(network: Network, shut: frozenset[str], without: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the pipes and nodes a source reaches; a closed valve is reached and not passed."""
    nodes = {node for node in network.sources if node in network.at}
    pipes, waiting = set[str](), list(nodes)
    while waiting:
        node = waiting.pop()
        if node in shut:
            continue
        for pipe, other in _ways_out(network, node):
            if pipe.code in without:
                continue
            pipes.add(pipe.code)
            if other not in nodes:
                nodes.add(other)
                waiting.append(other)
    return pipes, nodes


def _takers_at(network: Network, pipes: Iterable[str]) -> set[str]:
    ends = {end for code in pipes for end in (network.pipes[code].start, network.pipes[code].end)}
    return ends & network.takers


def _faults(network: Network, start: Collection[str], isolated: Collection[str], up: Collection[str]) -> Iterator[str]:
    if not network.sources:
        yield "map.trace_no_source"
    elif start and not up and not any(_touches(network, code, network.sources) for code in start):
        yield "map.trace_not_fed"
    if any(_touches(network, code, network.sources) for code in isolated):
        yield "map.trace_source_within"
    if network.lost:
        yield "map.trace_lost_pipes"


def _touches(network: Network, code: str, nodes: frozenset[str]) -> bool:
    pipe = network.pipes[code]
    return pipe.start in nodes or pipe.end in nodes


def _pipes(shapes: Shapes) -> Iterator[tuple[str, Pipe]]:
    starts, ends = _column(shapes, "from"), _column(shapes, "to")
    told, ways = _column(shapes, "metres"), _column(shapes, "directed")
    true = TRUE | map_words("true")
    for one in range(len(shapes)):
        if shapes.kinds[one] == LINE:
            code = shapes.codes[one]
            yield code, Pipe(
                code=code, start=starts[one], end=ends[one], metres=_length(shapes, one, told[one]),
                directed=ways[one].lower() in true,
            )  # fmt: skip


def _length(shapes: Shapes, feature: int, told: str) -> float:
    """Return the metres a pipe is said to have, else those it is drawn with."""
    try:
        metres = float(told)
    except ValueError:
        metres = 0.0
    if 0 < metres < 1e6:
        return metres
    return drawn_metres(shapes, feature)


def drawn_metres(shapes: Shapes, feature: int) -> float:
    """Return the length of a line on the ground."""
    total = 0.0
    for line in shapes.rings_of(feature):
        for one, other in pairwise(line):
            total += float(metres_between(one[0], one[1], other[:1], other[1:])[0])
    return total


def _column(shapes: Shapes, name: str) -> tuple[str, ...]:
    return shapes.attributes.get(name) or ("",) * len(shapes)


def _named(shapes: Shapes, kinds: Iterable[str], wanted: frozenset[str]) -> frozenset[str]:
    return frozenset(
        code
        for code, kind, form in zip(shapes.codes, kinds, shapes.kinds.tolist(), strict=True)
        if form == POINT and kind.lower() in wanted
    )


def _metres(network: Network, pipes: Iterable[str]) -> float:
    return round(sum(network.pipes[code].metres for code in pipes), 1)


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))

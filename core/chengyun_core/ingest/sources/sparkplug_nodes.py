"""What is known of Sparkplug nodes: births and aliases, the sequence of messages, who is dead. No socket here."""

import math
from collections import OrderedDict
from dataclasses import dataclass, field

from chengyun_core.ingest.settings import SparkplugSettings
from chengyun_core.ingest.sources import sparkplug_wire
from chengyun_core.ingest.sources.gathered import Gathered
from chengyun_core.ingest.sources.health import Health
from chengyun_core.ingest.sources.names import UNKNOWN, ChannelNames
from chengyun_core.ingest.sources.sparkplug_wire import Metric, Payload
from chengyun_core.model.scales import Quality

SEQUENCE = 256
NODES_KEPT, DEVICES_KEPT = 4096, 1024
"""Nodes known at once, devices of each: beyond them the oldest is forgotten and must be born again."""
BD_SEQ = "bdSeq"
_QUALITY = {0: Quality.BAD, 192: Quality.GOOD, 500: Quality.BAD}
"""Values of the property `Quality`; any other means UNCERTAIN."""
LATEST_MS = 2**63 // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Who speaks; `device` is empty for the node itself."""

    group: str
    node: str
    device: str = ""


@dataclass(slots=True)
class Taken:
    """What one message was good for."""

    gathered: Gathered = field(default_factory=Gathered)
    wants_birth: bool = False


@dataclass(slots=True)
class _Born:
    """A node or device: its metrics by name and by alias (→ name, data type)."""

    types: dict[str, int] = field(default_factory=dict)
    aliases: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Node:
    next_seq: int = 0
    bd_seq: float | None = None
    born: OrderedDict[str, _Born] = field(default_factory=OrderedDict)


class Nodes:
    """All nodes of one broker. Used by one thread."""

    def __init__(self, settings: SparkplugSettings, health: Health) -> None:
        self._template = settings.channel
        self._codes = {item.metric: item.channel for item in settings.metrics}
        self._health = health
        self._nodes: OrderedDict[tuple[str, str], _Node] = OrderedDict()

    def took(self, kind: str, address: Address, payload: Payload, names: ChannelNames, now_ns: int) -> Taken:
        """Return the samples of a message and whether its node is to be asked for its births."""
        taken = Taken()
        at = (address.group, address.node)
        node = self._nodes.get(at)
        if kind == "NBIRTH":
            node = self._born(at, payload)
        elif kind == "NDEATH":
            self._died(at, payload, names, now_ns, taken)
            return taken
        if node is None:
            self._refuse("unborn", address, f"{kind} before a birth", max(1, len(payload.metrics)))
            taken.wants_birth = True
            return taken
        self._follow(node, address, kind, payload, taken)
        if kind == "DDEATH":
            self._bury(node, address, names, _time_ns(payload.timestamp_ms, now_ns), taken)
            return taken
        if kind in ("NBIRTH", "DBIRTH"):
            self._learn(node, address.device, payload)
        self._gather(node, address, payload, names, now_ns, taken)
        return taken

    def _born(self, at: tuple[str, str], payload: Payload) -> _Node:
        bd_seq = next((metric.value for metric in payload.metrics if metric.name == BD_SEQ), None)
        # A birth begins its own sequence (specification: 0, but what counts is that the next one follows).
        node = self._nodes[at] = _Node(next_seq=payload.seq or 0, bd_seq=bd_seq)
        self._nodes.move_to_end(at)
        while len(self._nodes) > NODES_KEPT:
            self._nodes.popitem(last=False)
        return node

    def _follow(self, node: _Node, address: Address, kind: str, payload: Payload, taken: Taken) -> None:
        """Note a gap in the sequence once, and ask for a birth; the values of this message are good all the same."""
        if payload.seq is None or payload.seq != node.next_seq:
            told = "without a sequence number" if payload.seq is None else f"{payload.seq} after {node.next_seq - 1}"
            self._refuse("seq_gap", address, f"{kind} {told}")
            taken.wants_birth = True
        if payload.seq is not None:
            node.next_seq = (payload.seq + 1) % SEQUENCE

    def _learn(self, node: _Node, device: str, payload: Payload) -> None:
        born = node.born[device] = _Born()
        while len(node.born) > DEVICES_KEPT:
            node.born.popitem(last=False)
        for metric in payload.metrics:
            if metric.name is not None:
                born.types[metric.name] = metric.datatype
                if metric.alias is not None:
                    born.aliases[metric.alias] = metric.name

    def _gather(
        self, node: _Node, address: Address, payload: Payload, names: ChannelNames, now_ns: int, taken: Taken
    ) -> None:
        born = node.born.get(address.device)
        if born is None:
            self._refuse("unborn", address, "data before the device's birth", max(1, len(payload.metrics)))
            taken.wants_birth = True
            return
        for metric in payload.metrics:
            name = (
                metric.name
                if metric.name is not None
                else born.aliases.get(-1 if metric.alias is None else metric.alias)
            )
            if name is None or name not in born.types:
                self._refuse("unknown_metric", address, f"metric {metric.name or metric.alias}")
                taken.wants_birth = True
            elif not _is_ours_to_skip(name):
                self._add(metric, name, born, address, names, _time_ns(payload.timestamp_ms, now_ns), taken)

    def _add(
        self, metric: Metric, name: str, born: _Born, address: Address, names: ChannelNames, sent_ns: int, taken: Taken
    ) -> None:
        number = names.number(self._code(address, name))
        datatype = metric.datatype or born.types[name]
        if number == UNKNOWN:
            self._refuse("unmapped_metric", address, f"{name} would be channel {self._code(address, name)}")
        elif datatype not in sparkplug_wire.NUMERIC or (metric.value is None and not metric.is_null):
            self._refuse("bad_value", address, f"{name} of data type {datatype} is not a number")
        else:
            value = _signed(metric, datatype)
            quality = Quality.GOOD if metric.quality is None else _QUALITY.get(metric.quality, Quality.UNCERTAIN)
            time_ns = _time_ns(metric.timestamp_ms, sent_ns)
            taken.gathered.add(number, time_ns, value, int(quality if math.isfinite(value) else Quality.BAD))

    def _died(self, at: tuple[str, str], payload: Payload, names: ChannelNames, now_ns: int, taken: Taken) -> None:
        node, address = self._nodes.get(at), Address(group=at[0], node=at[1])
        if node is None:
            return  # it was not alive for us: there is nothing to make BAD
        bd_seq = next((metric.value for metric in payload.metrics if metric.name == BD_SEQ), None)
        if bd_seq != node.bd_seq:
            self._refuse("stale_death", address, f"death of session {bd_seq}, alive is {node.bd_seq}")
            return
        # A will is written when the session begins: its time stamp says nothing of the death.
        for device in list(node.born):
            self._bury(node, Address(group=at[0], node=at[1], device=device), names, now_ns, taken)
        del self._nodes[at]

    def _bury(self, node: _Node, address: Address, names: ChannelNames, at_ns: int, taken: Taken) -> None:
        born = node.born.pop(address.device, None)
        for name in born.types if born is not None else ():
            number = names.number(self._code(address, name))
            if number != UNKNOWN:
                taken.gathered.add(number, at_ns, math.nan, int(Quality.BAD))

    def _code(self, address: Address, name: str) -> str:
        parts = (address.group, address.node, address.device, name)
        explicit = self._codes.get("/".join(part for part in parts if part))
        if explicit is not None:
            return explicit
        code = self._template
        words = {
            "group": address.group, "node": address.node, "device": address.device or address.node, "metric": name,
        }  # fmt: skip
        for word, content in words.items():
            code = code.replace(f"{{{word}}}", content)
        return code

    def _refuse(self, cause: str, address: Address, words: str, count: int = 1) -> None:
        who = "/".join(part for part in (address.group, address.node, address.device) if part)
        self._health.dropped(cause, count, f"{who}: {words}")
        self._health.blame(f"{address.group}/{address.node}", count)


def _is_ours_to_skip(name: str) -> bool:
    return name == BD_SEQ or name.startswith(("Node Control/", "Device Control/"))


def _signed(metric: Metric, datatype: int) -> float:
    """Data messages may leave the type out: the birth's says whether a number is signed."""
    if metric.datatype or metric.value is None:
        return math.nan if metric.value is None else metric.value
    return sparkplug_wire.as_type(metric, datatype)


def _time_ns(timestamp_ms: int | None, otherwise_ns: int) -> int:
    return timestamp_ms * 1_000_000 if timestamp_ms is not None and timestamp_ms < LATEST_MS else otherwise_ns

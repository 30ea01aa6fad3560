"""Samples of Sparkplug B edge nodes: births name the metrics, deaths make their channels BAD, gaps ask for a rebirth.

Source: Eclipse Sparkplug 3.0, chapters 4 to 6. We are a host that listens and asks for births; we publish no STATE.
"""

from typing_extensions import override

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.settings import SparkplugSettings
from chengyun_core.ingest.sources import sparkplug_wire
from chengyun_core.ingest.sources.gathered import BadRow
from chengyun_core.ingest.sources.limits import Gate
from chengyun_core.ingest.sources.mqtt_link import BrokerSource
from chengyun_core.ingest.sources.sparkplug_nodes import Address, Nodes
from chengyun_core.model.clock import NS_PER_S, Clock

NAMESPACE = "spBv1.0"
KINDS = {"NBIRTH": 4, "NDATA": 4, "NDEATH": 4, "DBIRTH": 5, "DDATA": 5, "DDEATH": 5}
"""Message type → levels of its topic."""
NOT_OURS = frozenset({"NCMD", "DCMD", "STATE"})
REBIRTH_EVERY_NS = 5 * NS_PER_S
"""A node is asked again at most this often: a flood of gaps must not become a flood of births."""
ASKED_KEPT = 4096


class SparkplugSource(BrokerSource):
    """One broker. paho's own thread receives, decodes and offers."""

    def __init__(self, settings: SparkplugSettings, clock: Clock) -> None:
        topics = [(f"{NAMESPACE}/{group}/#", 0) for group in settings.groups]
        super().__init__(settings, kind="sparkplug", topics=topics)
        self._settings = settings
        self._clock = clock
        self._nodes = Nodes(settings, self.health)
        self._asked: dict[str, int] = {}
        self._gate = Gate.of(settings, self.health, clock)

    @override
    def came(self, topic: str, data: bytes) -> None:
        levels = topic.split("/")
        kind = levels[2] if len(levels) > 2 else ""
        if kind in NOT_OURS or levels[1:2] == ["STATE"]:
            return  # commands of other hosts, ours among them
        sender = "/".join(levels[1:2] + levels[3:4])
        if not self._gate.may_read(sender):
            return
        try:
            if KINDS.get(kind) != len(levels) or not all(levels):
                raise BadRow("bad_topic", "it is none of the specification's")
            if len(data) > self._settings.longest_message:
                raise BadRow("too_large", f"{len(data)} bytes")
            payload = sparkplug_wire.decode(data)
        except BadRow as fault:
            self.health.dropped(fault.cause, detail=f"{topic}: {fault}")
            self._gate.was_bad(sender, "node")
            return
        self._gate.was_good(sender)
        self._take(sender, kind, Address(group=levels[1], node=levels[3], device="".join(levels[4:])), payload)

    def _take(self, sender: str, kind: str, address: Address, payload: sparkplug_wire.Payload) -> None:
        taken = self._nodes.took(kind, address, payload, self._names, self._clock.utc_ns())
        if taken.wants_birth and self._settings.rebirth:
            self._ask_for_birth(address)
        if self._feed is not None and taken.gathered.channel:
            batch: Batch = taken.gathered.batch()
            # That a node is gone is never held back: it is one BAD sample a channel, and says that all others are old.
            self._feed.offer(batch if kind.endswith("DEATH") else self._gate.admitted(sender, batch))

    def _ask_for_birth(self, address: Address) -> None:
        node, now_ns = f"{address.group}/{address.node}", self._clock.monotonic_ns()
        if now_ns - self._asked.get(node, -REBIRTH_EVERY_NS) < REBIRTH_EVERY_NS:
            return
        if len(self._asked) >= ASKED_KEPT:
            self._asked.clear()
        self._asked[node] = now_ns
        now_ms = self._clock.utc_ns() // 1_000_000
        self._link.publish(f"{NAMESPACE}/{address.group}/NCMD/{address.node}", sparkplug_wire.rebirth(now_ms))

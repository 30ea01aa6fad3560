"""What the daemon says of itself: heartbeat and status, with every drop by its cause and honest rates."""

from collections.abc import Iterable, Sequence

from chengyun_core.ingest.archive_feed import RingFeed
from chengyun_core.ingest.devices import DeviceCounts
from chengyun_core.ingest.door import Door
from chengyun_core.ingest.intake import Intake
from chengyun_core.ingest.publisher import Publisher
from chengyun_core.ingest.sensing import Sensing
from chengyun_core.ingest.showing import Showing
from chengyun_core.ingest.sources.port import Source
from chengyun_core.ingest.spool import Spool
from chengyun_core.ingest.uplink import Uplink
from chengyun_core.model.clock import NS_PER_S, Clock, ProfileClock
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Heartbeat, IngestStatus, SourceHealth

OK = "ok"


class Telling:
    """Gathers from all parts; owns nothing but the last rates."""

    def __init__(
        self,
        *,
        sensing: Sensing,
        spool: Spool,
        publisher: Publisher,
        uplink: Uplink,
        intake: Intake,
        sources: Sequence[Source],
        profile: ProfileClock,
        machine: Clock,
        epoch: int,
        realm: str,
    ) -> None:
        self._sensing = sensing
        self._spool = spool
        self._publisher = publisher
        self._uplink = uplink
        self._intake = intake
        self._sources = sources
        self._profile = profile
        self._machine = machine
        self._epoch = epoch
        self._realm = realm
        self._rated = (0, 0)
        self._samples_per_s = 0.0
        self._devices = (-1, DeviceCounts(sensing.catalogue))
        self._counted_ns: int | None = None
        self._online = 0
        self.door: Door | None = None
        """Set once the door stands; its strangers are counted with the drops."""
        self.archive: RingFeed | None = None
        """Set when samples are fed to a historian."""
        self.showing: Showing | None = None
        """Set when last values are shown to a survey."""

    def heartbeat(self) -> Heartbeat:
        """Return the heartbeat of now."""
        return Heartbeat(
            daemon="ingest", protocol=PROTOCOL_VERSION, epoch=self._epoch, tail=self._publisher.seq,
            clock_ns=self._profile.utc_ns(), sent_ns=self._machine.utc_ns(), law=self._profile.law,
            catalogue=self._publisher.catalogue, realm=self._realm, counters=self.counters(), gauges=self.gauges(),
            lights=self.lights(), demo=", ".join(source.demo for source in self._sources if source.demo),
        )  # fmt: skip

    def status(self) -> IngestStatus:
        """Return the status of now."""
        return IngestStatus(sources=tuple(self._health()), counters=self.counters(), gauges=self.gauges())

    def counters(self) -> dict[str, int]:
        """Return samples, drops by cause (engine, sources and door), spool and devices."""
        counters = dict(self._sensing.engine.counters)
        for health in self._health():
            for cause, count in health.drops.items():
                counters[f"dropped.{cause}"] = counters.get(f"dropped.{cause}", 0) + count
        answered = self.door.answering if self.door is not None else None
        if answered is not None and answered.strangers:
            counters["dropped.strangers"] = answered.strangers
        if answered is not None and (answered.refused or answered.bugs):
            counters |= {"door.refused": answered.refused, "door.bugs": answered.bugs}
        if self._spool.dropped:
            counters["dropped.spool_full"] = self._spool.dropped
        if self.archive is not None and self.archive.dropped:
            counters["dropped.archive"] = self.archive.dropped
        if self._sensing.other_shard:
            counters["other_shard"] = self._sensing.other_shard
        if self._sensing.share.spanning:
            counters["vitals_spanning"] = len(self._sensing.share.spanning)
        if self._publisher.watch_cut:
            counters["watch_cut"] = self._publisher.watch_cut
        self._count_devices()
        devices = self._devices[1]
        return {
            **counters, **self._found_by_survey(), "spooled": self._spool.waiting(),
            "activations": self._spool.next_seq - 1, "devices": devices.registered,
            "devices_connected": devices.connected, "devices_online": self._online,
            "devices_silent": devices.connected - self._online,
        }  # fmt: skip

    def gauges(self) -> dict[str, float]:
        """Return rates and latencies."""
        now_ns, samples = self._machine.monotonic_ns(), self._sensing.engine.counters.get("samples", 0)
        then_ns, before = self._rated
        if now_ns - then_ns >= NS_PER_S:
            if then_ns:
                self._samples_per_s = round((samples - before) * NS_PER_S / (now_ns - then_ns), 1)
            self._rated = (now_ns, samples)
        return {
            "samples_per_s": self._samples_per_s,
            "latency_p99_ms": self._publisher.latency_p99_ms(),
            "queued": float(self._intake.waiting()),
        }

    def lights(self) -> dict[str, str]:
        """Return `ok` or a reason code by light."""
        lights = {
            "centre": self._uplink.light,
            "spool": self._spool.trouble or OK,
            "catalogue": self._catalogue_light(),
        }
        if self._sensing.share.channels is not None:
            lights["shards"] = "ingest.vital_spans_shards" if self._sensing.share.spanning else OK
        if self.archive is not None:
            lights["archive"] = self.archive.light()
        for source in self._sources:
            health = source.health
            lights[f"source.{health.name}"] = (
                OK if health.state in ("running", "done") else health.reason or f"ingest.source_{health.state}"
            )
        return lights

    def _catalogue_light(self) -> str:
        if self._uplink.refused_version is not None:
            return "ingest.catalogue_refused"
        return OK if self._sensing.catalogue.version else "ingest.no_catalogue"

    def _health(self) -> Iterable[SourceHealth]:
        now_ns, monotonic_ns = self._profile.utc_ns(), self._machine.monotonic_ns()
        return [source.health.told(now_ns=now_ns, monotonic_ns=monotonic_ns) for source in self._sources]

    def _found_by_survey(self) -> dict[str, int]:
        return self.showing.counters() if self.showing is not None else {}

    def _count_devices(self) -> None:
        """Four pieces a second, however often somebody asks: ten seconds a round over 22 million channels."""
        now_ns = self._machine.monotonic_ns()
        if self._counted_ns is not None and now_ns - self._counted_ns < NS_PER_S // 4:
            return
        self._counted_ns = now_ns
        catalogue = self._sensing.share.catalogue
        if self._devices[0] != catalogue.version:
            self._devices = (catalogue.version, DeviceCounts(catalogue))
        self._online = self._devices[1].go_on(self._sensing.engine.last_times, self._profile.utc_ns())
        if self.showing is not None:
            engine = self._sensing.engine
            self.showing.adopt(self._sensing.catalogue.version, len(engine.last), len(engine.state))
            self.showing.go_on(engine, self._profile.utc_ns())

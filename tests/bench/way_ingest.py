"""The ingest half of the way: an engine of 22 million vitals, its publisher, XPUB and door, in a process of its own."""

import gc
import json
import sys
import time
from pathlib import Path

import numpy as np
import zmq

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.publisher import Publisher
from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.clock import ProfileClock
from chengyun_core.wire import addresses, codec, sockets
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import Heartbeat, Reply, Request
from tests.bench import ingest
from tests.bench.figures import resident_mb

SHOWN = 6_000
"""Vitals a console mirrors: a city's catalogue. The other ids are judged all the same."""
BEAT_NS = 250_000_000
LINGER_S = 2.0
"""After the last sample the daemon beats on, so that whatever is on its way arrives."""


class Daemon:
    """What `ingest.daemon` does with an arrival, without sources, spool and archive: they have their own figures."""

    def __init__(self, profile: Path) -> None:
        self.machine = ProfileClock()
        self.engine = Engine(Catalogue(version=1), ring_capacity=1 << 22, tables=ingest.tables())
        at = addresses.bound_by_daemons(profile)
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._state = sockets.publisher(context, at.ingest_state, queued=sockets.FRAMES_QUEUED)
        self._door = sockets.door(context, at.ingest_door)
        self._epoch = self.machine.utc_ns()
        self.publisher = Publisher(
            lambda topic, payload: self._state.send_multipart([topic, payload]), profile=self.machine,
            machine=self.machine, epoch=self._epoch, shard=0, every_ms=5.0,
        )  # fmt: skip
        self.publisher.adopt(1, ingest.IDS, owned=np.arange(SHOWN, dtype=np.uint32))
        self._beat_ns = 0
        self.listeners = 0

    def take(self, batch: Batch, now_ns: int) -> int:
        """Evaluate and publish one arrival; return how many of its samples are of vitals shown."""
        arrived = self.machine.monotonic_ns()
        changed = self.engine.take(batch, now_ns=now_ns).changed
        shown = changed[changed < SHOWN]
        self.publisher.changed(shown, arrived_mono_ns=arrived, arrived_utc_ns=now_ns)
        self.tend()
        return int(np.count_nonzero(batch.channel < SHOWN))

    def rest_until(self, due_ns: int) -> None:
        """Wait for a machine time, publishing what becomes due meanwhile, as the daemon's poll does."""
        while (wait_ns := due_ns - self.machine.utc_ns()) > 0:
            flush_ns = self.publisher.due_in_ns()
            if flush_ns == 0:
                self.publisher.flush(self.engine.state)
                continue
            time.sleep(min(wait_ns, wait_ns if flush_ns is None else flush_ns) / 1e9)

    def tend(self) -> None:
        """Publish, beat and answer what is due."""
        self.publisher.flush(self.engine.state)
        while self._state.poll(0):
            self.listeners += self._state.recv()[:1] == b"\x01"
            self._beat_ns = 0
        if self.machine.monotonic_ns() - self._beat_ns >= BEAT_NS:
            self._beat_ns = self.machine.monotonic_ns()
            self.publisher.beat(self._heartbeat())
        while self._door.poll(0):
            client, data = self._door.recv_multipart()
            request = codec.unpack(data, Request)
            body = self.publisher.snapshot(self.engine.state) if request.kind == "snapshot" else b""
            self._door.send_multipart([client, codec.pack(Reply(id=request.id, outcome="done", body=body))])

    def _heartbeat(self) -> Heartbeat:
        now = self.machine.utc_ns()
        return Heartbeat(
            daemon="ingest", protocol=PROTOCOL_VERSION, epoch=self._epoch, tail=self.publisher.seq, clock_ns=now,
            sent_ns=now, catalogue=1,
        )  # fmt: skip


def paced(daemon: Daemon, feed: ingest.Feed, first: int, seconds: float) -> dict[str, float]:
    """Send a batch every 5 ms. Source times are the machine times at which batches were due."""
    ticks, period_ns = round(seconds * ingest.RATE / ingest.BATCH), ingest.BATCH * ingest.SECOND // ingest.RATE
    evaluated, shown, made = daemon.engine.counters["evaluated"], 0, 0.0
    published = np.empty(ticks)
    start_ns, cpu = daemon.machine.utc_ns() + period_ns, time.process_time()
    for k in range(ticks):
        feeding = time.process_time()
        batch = feed.batch(first + k)
        made += time.process_time() - feeding
        due_ns = start_ns + k * period_ns
        daemon.rest_until(due_ns)
        dated = Batch(
            channel=batch.channel, time=np.full(len(batch), due_ns, np.int64), value=batch.value, quality=batch.quality
        )
        shown += daemon.take(dated, due_ns)
        published[k] = (daemon.machine.utc_ns() - due_ns) / 1e6
    used, wall = time.process_time() - cpu - made, (daemon.machine.utc_ns() - start_ns) / 1e9
    return {
        "start_ns": start_ns, "sent": ticks * ingest.BATCH, "shown": shown, "core": used / wall, "seconds": wall,
        "lost": ticks * ingest.BATCH - (daemon.engine.counters["evaluated"] - evaluated),
        "judged_p50": float(np.percentile(published, 50)), "judged_p99": float(np.percentile(published, 99)),
        "frames": daemon.publisher.seq, "memory_mb": resident_mb(), "wrong": ingest.wrong_bands(daemon.engine),
    }  # fmt: skip


def main(profile: Path, seconds: float) -> int:
    """Touch every id once, wait for a listener, run, and print the figures as one line of JSON."""
    feed, daemon = ingest.Feed(), Daemon(profile)
    gc.collect()
    first = ingest.lap(daemon.engine, feed)
    print("ready", flush=True)
    while daemon.listeners < 1:
        daemon.tend()
        time.sleep(0.01)
    figures = paced(daemon, feed, first, seconds)
    until = time.monotonic() + LINGER_S
    while time.monotonic() < until:
        daemon.tend()
        time.sleep(0.005)
    print(json.dumps(figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2])))

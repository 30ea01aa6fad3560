"""What goes out on PUB: changed vitals merged into one frame at most every few ms, watched raw samples, heartbeats."""

from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from chengyun_core.ingest.batch import Batch
from chengyun_core.ingest.state import VitalState
from chengyun_core.model.clock import Clock
from chengyun_core.wire import codec, frames
from chengyun_core.wire.endpoints import TOPIC_HEARTBEAT, TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.envelope import Heartbeat
from chengyun_core.wire.frames import FrameHead, FrameKind

LATENCY_SPAN_NS = 10_000_000_000
"""The p99 from arrival to publishing is told over the frames of the last ten seconds."""
MARKS_FOR_ONE = 40
"""Sorting one changed vital costs what looking through this many marks does (measured: 500,000 of 22 million)."""
WATCHED_ROWS = 100_000
"""Raw samples that may wait for the next frame; more are left out of W/ (history has them) and counted `watch_cut`."""

Send = Callable[[bytes, bytes], None]
Columns = dict[str, npt.NDArray[np.generic]]


class Publisher:
    """Collects what changed and sends it. `send(topic, payload)` must not block (PUB drops for slow listeners)."""

    def __init__(self, send: Send, *, profile: Clock, machine: Clock, epoch: int, shard: int, every_ms: float) -> None:
        self._send = send
        self._profile = profile
        self._machine = machine
        self._epoch = epoch
        self._shard = shard
        self._every_ns = round(every_ms * 1e6)
        self._changed = np.zeros(0, dtype=np.bool_)
        self._waiting: list[npt.NDArray[np.uint32]] = []
        self._waiting_rows = 0
        self._owned = np.zeros(0, dtype=np.uint32)
        self._any = False
        self._oldest_mono_ns = 0
        self._newest_utc_ns = 0
        self._last_ns = 0
        self._latencies: deque[tuple[int, int]] = deque()
        self._raw: list[Columns] = []
        self._raw_rows = 0
        self._watch_seq = 0
        self.catalogue = 0
        self.seq = 0
        """Number of the last state frame: the heartbeat's tail."""
        self.watch_cut = 0

    def adopt(self, catalogue: int, vitals: int, owned: npt.NDArray[np.uint32] | None = None) -> None:
        """Publish vitals of this catalogue version from now on; all of them count as changed.

        owned: uint32[n], the vitals that are ours (None: all); a snapshot names exactly these, so that a console learns
        from it whose each vital is.
        """
        self.catalogue = catalogue
        self._owned = np.arange(vitals, dtype=np.uint32) if owned is None else owned
        self._changed = np.zeros(vitals, dtype=np.bool_)
        self._changed[self._owned] = True
        self._waiting, self._waiting_rows = [self._owned], self._owned.size
        self._any = self._owned.size > 0
        self._oldest_mono_ns = self._machine.monotonic_ns()
        self._newest_utc_ns = self._machine.utc_ns()

    def changed(self, vitals: npt.NDArray[np.uint32], *, arrived_mono_ns: int, arrived_utc_ns: int) -> None:
        """Note changed vitals (uint32[n]) and when what changed them arrived."""
        if not len(vitals):
            return
        self._changed[vitals] = True
        self._waiting.append(vitals)
        self._waiting_rows += len(vitals)
        if not self._any:
            self._oldest_mono_ns = arrived_mono_ns
            self._any = True
        self._newest_utc_ns = max(self._newest_utc_ns, arrived_utc_ns)

    def watched(self, batch: Batch, channels: npt.NDArray[np.uint32]) -> None:
        """Note the raw samples of these (sorted) channels for W/."""
        chosen = np.isin(batch.channel, channels)
        count = int(np.count_nonzero(chosen))
        if not count:
            return
        if self._raw_rows + count > WATCHED_ROWS:
            self.watch_cut += count
            return
        self._raw.append({
            "channel": batch.channel[chosen], "time": batch.time[chosen], "value": batch.value[chosen],
            "quality": batch.quality[chosen],
        })  # fmt: skip
        self._raw_rows += count

    def due_in_ns(self) -> int | None:
        """Return how long until there is something to send (0: now), None when nothing waits."""
        if not self._any and not self._raw:
            return None
        return max(0, self._last_ns + self._every_ns - self._machine.monotonic_ns())

    def flush(self, state: VitalState) -> None:
        """Send what waits, if it is time."""
        if self.due_in_ns() != 0:
            return
        self._last_ns = self._machine.monotonic_ns()
        if self._any:
            vitals = self._take_changed()
            for start in range(0, len(vitals), frames.MAX_ROWS):
                self.seq += 1
                part = vitals[start : start + frames.MAX_ROWS]
                self._send(TOPIC_STATE, self._frame(FrameKind.STATE, self.seq, columns_of(state, part)))
            now_ns = self._machine.monotonic_ns()
            self._latencies.append((now_ns, now_ns - self._oldest_mono_ns))
            self._forget_latencies(now_ns)
        if self._raw:
            self._send_watched()

    def _take_changed(self) -> npt.NDArray[np.uint32]:
        """Return the changed vitals, ascending, and forget them.

        Looking through the marks of 22 million vitals in every frame took a third of a core; a few are sorted instead.
        """
        vitals: npt.NDArray[np.uint32]
        if self._waiting_rows < len(self._changed) // MARKS_FOR_ONE:
            ordered = np.sort(np.concatenate(self._waiting))
            vitals = ordered[np.append(True, ordered[1:] != ordered[:-1])]
        else:
            vitals = np.flatnonzero(self._changed).astype(np.uint32)
        self._changed[vitals] = False
        self._waiting, self._waiting_rows, self._any = [], 0, False
        return vitals

    def snapshot(self, state: VitalState) -> bytes:
        """Return a SNAPSHOT frame of all our vitals; `head.seq` is the last state frame already sent."""
        return self._frame(FrameKind.SNAPSHOT, self.seq, columns_of(state, self._owned))

    def beat(self, heartbeat: Heartbeat) -> None:
        """Send a heartbeat."""
        self._send(TOPIC_HEARTBEAT, codec.pack(heartbeat))

    def latency_p99_ms(self) -> float:
        """Return the p99 over the last seconds of (published − arrived) of the oldest sample in each frame, ms."""
        self._forget_latencies(self._machine.monotonic_ns())
        if not self._latencies:
            return 0.0
        return round(float(np.percentile([latency for _, latency in self._latencies], 99)) / 1e6, 3)

    def _forget_latencies(self, now_ns: int) -> None:
        while self._latencies and now_ns - self._latencies[0][0] > LATENCY_SPAN_NS:
            self._latencies.popleft()

    def _send_watched(self) -> None:
        columns: Columns = {name: np.concatenate([part[name] for part in self._raw]) for name in self._raw[0]}
        self._raw, self._raw_rows = [], 0
        self._watch_seq += 1
        self._send(TOPIC_WATCH, self._frame(FrameKind.WATCH, self._watch_seq, columns))

    def _frame(self, kind: FrameKind, seq: int, columns: Columns) -> bytes:
        count = len(next(iter(columns.values())))
        head = FrameHead(
            kind=kind, shard=self._shard, epoch=self._epoch, seq=seq, catalogue=self.catalogue, count=count,
            clock_ns=self._profile.utc_ns(), sent_ns=self._machine.utc_ns(), newest_ns=self._newest_utc_ns,
        )  # fmt: skip
        return frames.encode(head, columns)


def columns_of(state: VitalState, vitals: npt.NDArray[np.uint32]) -> Columns:
    """Return the rows of these vitals as the columns of a STATE or SNAPSHOT frame."""
    return {
        "vital": vitals, "time": state.time[vitals], "value": state.value[vitals], "quality": state.quality[vitals],
        "band": state.band[vitals], "side": state.side[vitals],
    }  # fmt: skip

"""A small real ingest daemon for tests: holds columns, publishes frames, answers snapshot, watch, window, preview."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from chengyun_core.model.catalogue import Catalogue
from chengyun_core.model.failure import Refused
from chengyun_core.model.scales import Quality, Side, WarningColour
from chengyun_core.series.decimate import decimate
from chengyun_core.wire import addresses, codec, frames, sockets
from chengyun_core.wire.endpoints import TOPIC_STATE, TOPIC_WATCH
from chengyun_core.wire.envelope import (
    AskPreview,
    AskWatch,
    AskWindow,
    Done,
    Heartbeat,
    IngestStatus,
    Preview,
    Request,
    Welcome,
    Window,
)
from chengyun_core.wire.frames import FrameHead, FrameKind
from tests.support.fake_daemon import FakeDaemon

U32 = npt.NDArray[np.uint32]


class FakeIngest(FakeDaemon):
    """The truth is in `time`, `value`, `quality`, `band`, `side`, by vital number; `put` changes and publishes it."""

    daemon = "ingest"

    def __init__(self, profile: Path, catalogue: Catalogue, *, shard: int = 0, owned: range | None = None) -> None:
        at = addresses.of_profile(profile).ingest[shard]
        super().__init__(at.state, at.door, queued=sockets.FRAMES_QUEUED)
        self.shard = shard
        self.owned = owned
        """Vitals a snapshot names; None: all."""
        self.seq = 0
        self.watch_seq = 0
        self.demo = ""
        self.realm = "live"
        self.counters = {"samples": 0, "devices": 0, "devices_silent": 0}
        self.gauges = {"samples_per_s": 0.0, "latency_p99_ms": 1.0}
        self.leases: list[tuple[int, ...]] = []
        """Vitals of each watch asked for."""
        self.series: dict[int, tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]] = {}
        """History that `window` answers from, by vital number."""
        self.lose = 0
        """Frames still to be numbered but not sent."""
        self.catalogue = catalogue
        self._columns(len(catalogue.vitals))

    def adopt(self, catalogue: Catalogue) -> None:
        """Go over to another version, keeping nothing."""
        self.catalogue = catalogue
        self._columns(len(catalogue.vitals))

    def was_restarted(self) -> None:
        """Values are gone, bands are restored from the spool, numbers begin again."""
        band, side = self.band, self.side
        self._columns(len(self.catalogue.vitals))
        self.band, self.side = band, side
        self.seq = self.watch_seq = 0

    def put(
        self,
        vital: int,
        value: float,
        *,
        time_ns: int | None = None,
        band: WarningColour = WarningColour.NONE,
        side: Side = Side.NONE,
        quality: Quality = Quality.GOOD,
    ) -> None:
        """Give one vital a value and publish the frame."""
        self.put_many(
            np.array([vital], np.uint32), np.array([value]), time_ns=time_ns, band=band, side=side, quality=quality
        )

    def put_many(
        self,
        vitals: U32,
        values: npt.NDArray[np.float64],
        *,
        time_ns: int | None = None,
        band: int | npt.NDArray[np.uint8] = 0,
        side: int = 0,
        quality: int = 0,
    ) -> None:
        """Give these vitals values and publish one frame."""

        def deed() -> None:
            self.time[vitals] = self._clock.utc_ns() if time_ns is None else time_ns
            self.value[vitals], self.quality[vitals] = values, quality
            self.band[vitals], self.side[vitals] = band, side
            self.counters["samples"] += len(vitals)
            self._publish(vitals)

        self.call(deed)

    def watched(self, channel: int, time_ns: int, value: float) -> None:
        """Publish one raw sample of a watched channel."""

        def deed() -> None:
            self.watch_seq += 1
            columns = {
                "channel": np.array([channel], np.uint32), "time": np.array([time_ns]), "value": np.array([value]),
                "quality": np.zeros(1, np.uint8),
            }  # fmt: skip
            self.send(TOPIC_WATCH, self._frame(FrameKind.WATCH, self.watch_seq, columns))

        self.call(deed)

    def beat(self) -> Heartbeat:
        """Return the heartbeat of now."""
        now = self._clock.utc_ns()
        return Heartbeat(
            daemon="ingest", protocol=self.protocol, epoch=self.epoch, tail=self.seq, clock_ns=now, sent_ns=now,
            catalogue=self.catalogue.version, realm=self.realm, counters=dict(self.counters), gauges=dict(self.gauges),
            lights={"centre": "ok"}, demo=self.demo,
        )  # fmt: skip

    def answer(self, request: Request) -> bytes:
        """Answer the asks of ingest's door."""
        match request.kind:
            case "hello":
                return codec.pack(Welcome(protocol=self.protocol, daemon="ingest", epoch=self.epoch, realm=self.realm))
            case "snapshot":
                return self._frame(FrameKind.SNAPSHOT, self.seq, self._rows(self._every()))
            case "watch":
                self.leases.append(codec.unpack(request.body, AskWatch).vitals)
                return codec.pack(Done(change=0))
            case "window":
                return codec.pack(self._window(codec.unpack(request.body, AskWindow)))
            case "preview":
                wanted = codec.unpack(request.body, AskPreview).threshold_set
                alarming = tuple((int(vital), int(self.band[vital])) for vital in np.flatnonzero(self.band))
                return codec.pack(Preview(threshold_set=wanted, would_alarm=alarming))
            case "status":
                return codec.pack(IngestStatus(counters=self.counters, gauges=self.gauges))
            case kind:
                raise Refused("ingest.unknown_ask", kind=kind)

    def _columns(self, count: int) -> None:
        self.time = np.zeros(count, np.int64)
        self.value = np.full(count, np.nan)
        self.quality = np.full(count, Quality.NEVER, np.uint8)
        self.band = np.zeros(count, np.uint8)
        self.side = np.zeros(count, np.uint8)

    def _every(self) -> U32:
        owned = range(len(self.time)) if self.owned is None else self.owned
        return np.array(owned, np.uint32)

    def _rows(self, vitals: U32) -> dict[str, npt.NDArray[np.generic]]:
        return {
            "vital": vitals, "time": self.time[vitals], "value": self.value[vitals], "quality": self.quality[vitals],
            "band": self.band[vitals], "side": self.side[vitals],
        }  # fmt: skip

    def _publish(self, vitals: U32) -> None:
        self.seq += 1
        if self.lose:
            self.lose -= 1
            return
        self.send(TOPIC_STATE, self._frame(FrameKind.STATE, self.seq, self._rows(vitals)))

    def _frame(self, kind: FrameKind, seq: int, columns: dict[str, npt.NDArray[np.generic]]) -> bytes:
        now = self._clock.utc_ns()
        head = FrameHead(
            kind=kind, shard=self.shard, epoch=self.epoch, seq=seq, catalogue=self.catalogue.version,
            count=len(columns["time"]), clock_ns=now, sent_ns=now, newest_ns=now,
        )  # fmt: skip
        return frames.encode(head, columns)

    def _window(self, ask: AskWindow) -> Window:
        if not 0 <= ask.vital < len(self.time):
            raise Refused("ingest.unknown_vital", vital=ask.vital, vitals=len(self.time))
        time, value = self.series.get(ask.vital, (np.empty(0, np.int64), np.empty(0)))
        oldest = int(time[0]) if time.size else 0
        thin_time, thin_value = decimate(time, value, ask.from_ns, ask.to_ns, ask.pixels)
        return Window(
            vital=ask.vital, from_ns=ask.from_ns, to_ns=ask.to_ns, time=thin_time.astype("<i8").tobytes(),
            value=thin_value.astype("<f8").tobytes(), raw=len(thin_time) == len(time), oldest_ns=oldest,
            doubt=bytes(len(thin_time)),
        )  # fmt: skip

"""What the two daemons would say on a usual evening: heartbeats, and the sources' health."""

from dataclasses import replace

from chengyun_core.mirror.links import LinkState, Reach
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import HistoryStatus, IngestStatus, SourceHealth
from tests.console.still_session import START_NS, S, StillSession

RUN_NS = START_NS - 39_600 * S
SAID = {Reach.LIVE: "link.live", Reach.LOST: "link.lost"}
USUAL = (
    ("mqtt:fire", "mqtt", 41_207_113, 118_402.0, 0.18), ("nats:water", "nats", 90_311_204, 201_115.0, 0.09),
    ("opcua:gas", "opcua", 1_802_227, 4_020.0, 0.31), ("http:traffic", "http", 12_770_019, 43_870.0, 0.44),
)  # fmt: skip
LIMITED = SourceHealth(
    name="modbus:lifts", kind="modbus", state="connecting", samples=104_220, rate=0.0, lag_s=0.0,
    drops={"muted": 41, "bad_value": 3}, reason="ingest.source_connecting", offenders=(("10.20.0.7", 41),),
    last_fault="connection refused", since_ns=START_NS - 95 * S,
)  # fmt: skip


class TalkingSession(StillSession):
    """A still session whose links say what living daemons say."""

    def _link(self, daemon: str, reach: Reach, demo: str) -> LinkState:
        link = super()._link(daemon, reach, demo)
        assert link.heartbeat is not None
        counters = {"devices": 22_013_480, "devices_silent": 396_242} if daemon == "ingest" else {}
        beat = replace(link.heartbeat, epoch=RUN_NS, catalogue=1, counters=counters)
        reason = Reason(code=SAID[reach], params={"daemon": f"link.daemon.{daemon}"})
        since_ns = RUN_NS if reach is Reach.LIVE else link.since_ns
        return replace(link, heartbeat=beat, reason=reason, since_ns=since_ns)

    def answer_status(self) -> None:
        """Answer the page of the sources, if it asked."""
        if "status" in self.sent.asks:
            self.answer_ask("status", IngestStatus(sources=(*_running(), LIMITED)))
        if "archive status" in self.sent.asks:
            self.answer_ask("archive status", ARCHIVE)


ARCHIVE = HistoryStatus(
    counters={"archive_parts": 1_440, "archive_rows": 812_345_678, "archive_bytes": 9_403 * 2**20, "known_gaps": 1},
    gauges={"core_share": 0.082},
)


def _running() -> tuple[SourceHealth, ...]:
    return tuple(
        SourceHealth(
            name=name, kind=kind, state="running", samples=samples, rate=rate, lag_s=lag_s, since_ns=RUN_NS + 4 * S
        )
        for name, kind, samples, rate, lag_s in USUAL
    )

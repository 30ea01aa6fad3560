"""The ingest door: each ask decoded strictly and answered, bounded in size; whatever comes, the daemon lives on."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from chengyun_core.ingest.answering import Answering, check_protocol
from chengyun_core.ingest.engine import Engine
from chengyun_core.ingest.watching import VITALS_PER_WATCH, Watching
from chengyun_core.model.failure import Refused
from chengyun_core.wire import frames
from chengyun_core.wire.envelope import (
    INGEST_ASKS,
    AskPreview,
    AskQuality,
    AskWatch,
    AskWindow,
    Done,
    Hello,
    IngestStatus,
    Preview,
    QualityTold,
    Welcome,
    Window,
)

logger = logging.getLogger(__name__)

PIXELS = 8192
"""Widest window; 4 points a pixel of 17 bytes are 544 KiB at most."""
PREVIEW_ROWS = 100_000
QUALITY_ROWS = 100_000
"""44 bytes each."""


class Door:
    """Answers requests. Pure of sockets: bytes in, bytes out; None: nobody can be answered."""

    def __init__(
        self,
        *,
        engine: Callable[[], Engine],
        snapshot: Callable[[], bytes],
        status: Callable[[], IngestStatus],
        watching: Watching,
        monotonic_ns: Callable[[], int],
        epoch: int,
        realm: str,
        threshold_sets: Callable[[], Iterable[str]],
    ) -> None:
        self._engine = engine
        self._snapshot = snapshot
        self._status = status
        self._watching = watching
        self._monotonic_ns = monotonic_ns
        self._threshold_sets = threshold_sets
        self._asks: dict[str, Callable[[bytes, Any], object]] = {
            "hello": self._hello,
            "preview": self._preview,
            "quality": self._quality,
            "snapshot": self._whole,
            "status": self._tell,
            "watch": self._watch,
            "window": self._window,
        }
        self.answering = Answering(INGEST_ASKS, daemon="ingest", epoch=epoch, realm=realm)

    def answer(self, client: bytes, data: bytes) -> bytes | None:
        """Return the reply's bytes."""
        return self.answering.answer(data, lambda kind, ask: self._asks[kind](client, ask))

    def _hello(self, _client: bytes, ask: Hello) -> Welcome:
        return self.answering.welcome(ask)

    def _whole(self, _client: bytes, ask: Hello) -> bytes:
        check_protocol(ask)
        vitals = len(self._engine().state.time)
        if vitals > frames.MAX_ROWS:
            raise Refused("ingest.snapshot_too_large", vitals=vitals, most=frames.MAX_ROWS)
        return self._snapshot()

    def _tell(self, _client: bytes, ask: Hello) -> IngestStatus:
        check_protocol(ask)
        return self._status()

    def _watch(self, client: bytes, ask: AskWatch) -> Done:
        if len(ask.vitals) > VITALS_PER_WATCH:
            raise Refused("ingest.watch_too_many", asked=len(ask.vitals), most=VITALS_PER_WATCH)
        for vital in ask.vitals:
            self._check_vital(vital)
        self._watching.lease(client, self._engine().raw_of(ask.vitals), self._monotonic_ns())
        return Done(change=0)

    def _window(self, _client: bytes, ask: AskWindow) -> Window:
        self._check_vital(ask.vital)
        if not 1 <= ask.pixels <= PIXELS or not -(2**62) < ask.from_ns < ask.to_ns < 2**62:
            raise Refused("ingest.window", pixels=ask.pixels, most=PIXELS, from_ns=ask.from_ns, to_ns=ask.to_ns)
        time, value, doubt, raw, oldest_ns = self._engine().window(ask.vital, ask.from_ns, ask.to_ns, ask.pixels)
        return Window(
            vital=ask.vital, from_ns=ask.from_ns, to_ns=ask.to_ns, time=time.astype("<i8").tobytes(),
            value=value.astype("<f8").tobytes(), raw=raw, oldest_ns=int(oldest_ns), doubt=doubt.tobytes(),
        )  # fmt: skip

    def _preview(self, _client: bytes, ask: AskPreview) -> Preview:
        known = set(self._threshold_sets())
        for wanted in (ask.threshold_set, *(ask.sets or {}).values()):
            if wanted not in known:
                raise Refused("ingest.unknown_set", threshold_set=wanted[:80])
        rows = self._engine().preview(ask.threshold_set, ask.sets)
        if len(rows) > PREVIEW_ROWS:
            raise Refused("ingest.answer_too_large", kind="preview", size=len(rows))
        alarming = tuple((int(vital), int(colour)) for vital, colour in rows)
        return Preview(threshold_set=ask.threshold_set, would_alarm=alarming)

    def _quality(self, _client: bytes, ask: AskQuality) -> QualityTold:
        vitals = ask.vitals or range(len(self._engine().state.time))
        if len(vitals) > QUALITY_ROWS:
            raise Refused("ingest.answer_too_large", kind="quality", size=len(vitals))
        for vital in ask.vitals:
            self._check_vital(vital)
        counts = self._engine().quality(vitals)
        return QualityTold(
            from_ns=counts.from_ns, until_ns=counts.until_ns, vital=counts.vital.astype("<u4").tobytes(),
            expected=counts.expected.astype("<f8").tobytes(), present=counts.present.astype("<f8").tobytes(),
            received=counts.received.astype("<i8").tobytes(), late=counts.late.astype("<i8").tobytes(),
            bad=counts.bad.astype("<i8").tobytes(),
        )  # fmt: skip

    def _check_vital(self, vital: int) -> None:
        vitals = len(self._engine().state.time)
        if not 0 <= vital < vitals:
            raise Refused("ingest.unknown_vital", vital=vital, vitals=vitals)

"""The historian's door: each ask decoded strictly and answered, bounded in size; whatever comes, it lives on."""

import logging
from collections.abc import Callable
from typing import Any

from chengyun_core.ingest.answering import Answering, check_protocol
from chengyun_core.ingest.historian.keeper import Keeper
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store.archive.archive import KINDS, VITALS, Found
from chengyun_core.wire.envelope import (
    HISTORY_ASKS,
    AskHistory,
    AskWindow,
    Hello,
    History,
    HistoryStatus,
    Window,
)

logger = logging.getLogger(__name__)

PIXELS = 8192
"""Widest window; 4 points a pixel of 17 bytes are 544 KiB at most."""
GAPS_TOLD = 1000


class HistoryDoor:
    """Answers requests. Pure of sockets: bytes in, bytes out; None: nobody can be answered."""

    def __init__(self, keeper: Keeper, *, status: Callable[[], HistoryStatus], epoch: int, realm: str) -> None:
        self._keeper = keeper
        self._status = status
        self.answering = Answering(HISTORY_ASKS, daemon="historian", epoch=epoch, realm=realm)
        self._asks: dict[str, Callable[[Any], object]] = {
            "hello": self.answering.welcome,
            "history": self._history,
            "status": self._tell,
            "window": self._window,
        }

    def answer(self, data: bytes) -> bytes | None:
        """Return the reply's bytes."""
        return self.answering.answer(data, lambda kind, ask: self._asks[kind](ask))

    def _tell(self, ask: Hello) -> HistoryStatus:
        check_protocol(ask)
        return self._status()

    def _window(self, ask: AskWindow) -> Window:
        found = self._found(VITALS, ask.vital, ask)
        return Window(
            vital=ask.vital, from_ns=ask.from_ns, to_ns=ask.to_ns, time=found.time.astype("<i8").tobytes(),
            value=found.value.astype("<f8").tobytes(), raw=found.raw, oldest_ns=found.oldest_ns,
            doubt=found.doubt.tobytes(),
        )  # fmt: skip

    def _history(self, ask: AskHistory) -> History:
        if ask.kind not in KINDS:
            raise Refused("archive.unknown_kind", kind=ask.kind[:80], kinds=", ".join(KINDS))
        found = self._found(ask.kind, ask.series, ask)
        gaps = tuple((gap.begin_ns, gap.end_ns, gap.samples, gap.why) for gap in found.gaps[-GAPS_TOLD:])
        return History(
            kind=ask.kind, series=ask.series, time=found.time.astype("<i8").tobytes(),
            value=found.value.astype("<f8").tobytes(), raw=found.raw, oldest_ns=found.oldest_ns, gaps=gaps,
            doubt=found.doubt.tobytes(),
        )  # fmt: skip

    def _found(self, kind: str, series: int, ask: AskWindow | AskHistory) -> Found:
        if not 1 <= ask.pixels <= PIXELS or not -(2**62) < ask.from_ns < ask.to_ns < 2**62:
            raise Refused("ingest.window", pixels=ask.pixels, most=PIXELS, from_ns=ask.from_ns, to_ns=ask.to_ns)
        if not 0 <= series < 2**32:
            raise Refused("archive.unknown_series", series=series)
        try:
            return self._keeper.window(kind, series, ask.from_ns, ask.to_ns, ask.pixels)
        except (Trouble, OSError) as fault:
            logger.error("series %d of %s cannot be read: %s", series, kind, fault)
            raise Trouble("archive.unreadable") from fault

"""The historian's door: each ask decoded strictly and answered, bounded in size; whatever comes, it lives on."""

import logging
from collections.abc import Callable
from typing import Any

from chengyun_core.ingest.historian.keeper import Keeper
from chengyun_core.model.failure import Refused, Trouble
from chengyun_core.store.archive.archive import KINDS, VITALS, Found
from chengyun_core.wire import codec, versions
from chengyun_core.wire.endpoints import PROTOCOL_VERSION
from chengyun_core.wire.envelope import (
    HISTORY_ASKS,
    AskHistory,
    AskWindow,
    Hello,
    History,
    HistoryStatus,
    Reply,
    Request,
    Welcome,
    Window,
)

logger = logging.getLogger(__name__)

PIXELS = 8192
"""Widest window; 4 points a pixel of 17 bytes are 544 KiB at most."""
GAPS_TOLD = 1000
LOGGED_STRANGERS = 20


class HistoryDoor:
    """Answers requests. Pure of sockets: bytes in, bytes out; None: nobody can be answered."""

    def __init__(self, keeper: Keeper, *, status: Callable[[], HistoryStatus], epoch: int, realm: str) -> None:
        self._keeper = keeper
        self._status = status
        self._epoch = epoch
        self._realm = realm
        self._asks: dict[str, Callable[[Any], object]] = {
            "hello": self._hello,
            "history": self._history,
            "status": self._tell,
            "window": self._window,
        }
        self.strangers = 0
        """Messages that were no request at all."""

    def answer(self, data: bytes) -> bytes | None:
        """Return the reply's bytes."""
        try:
            versions.refuse_other(data)
            request = codec.unpack(data, Request)
        except codec.BadMessage as fault:
            self.strangers += 1
            if self.strangers <= LOGGED_STRANGERS:
                logger.warning("bytes on the door that are no request (%d so far): %s", self.strangers, fault)
            return None
        except Refused as fault:
            return codec.pack(
                Reply(id=versions.id_in(data), outcome="refused", code=fault.reason.code, params=fault.reason.params)
            )
        try:
            reply = Reply(id=request.id, outcome="done", body=self._done(request))
        except Refused as fault:
            reply = Reply(id=request.id, outcome="refused", code=fault.reason.code, params=fault.reason.params)
        except (Trouble, OSError) as fault:
            logger.error("%s cannot be answered: %s", request.kind, fault)
            reply = Reply(id=request.id, outcome="trouble", code="archive.unreadable")
        except Exception:
            # A bug of ours: told in the log and answered; the archive goes on being written.
            logger.exception("request %s of kind %s failed", request.id[:80], request.kind[:80])
            reply = Reply(id=request.id, outcome="trouble", code="ingest.bug", params={"request": request.id})
        return codec.pack(reply)

    def _done(self, request: Request) -> bytes:
        if request.kind not in HISTORY_ASKS:
            raise Refused("ingest.unknown_ask", kind=request.kind[:80])
        body: Any = codec.unpack(request.body, HISTORY_ASKS[request.kind][0])
        return codec.pack(self._asks[request.kind](body))

    def _hello(self, ask: Hello) -> Welcome:
        _check_protocol(ask)
        return Welcome(protocol=PROTOCOL_VERSION, daemon="historian", epoch=self._epoch, realm=self._realm)

    def _tell(self, ask: Hello) -> HistoryStatus:
        _check_protocol(ask)
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
        return self._keeper.window(kind, series, ask.from_ns, ask.to_ns, ask.pixels)


def _check_protocol(ask: Hello) -> None:
    if ask.protocol != PROTOCOL_VERSION:
        raise Refused("ingest.protocol", theirs=ask.protocol, ours=PROTOCOL_VERSION)

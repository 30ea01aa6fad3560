"""One stream's thread: connects where the fence allows, shows what comes, and tries again when it ends."""

import logging
import random
import threading
import time
from contextlib import suppress

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_core.video import backoff
from chengyun_core.video.connection import CONNECT_S, Connection, pinned_soon
from chengyun_core.video.fence import Fence
from chengyun_core.video.gate import Gate
from chengyun_core.video.orders import Begin, Watch
from chengyun_core.video.port import PaneState
from chengyun_core.video.session import Session
from chengyun_core.video.showing import Showing
from chengyun_core.wire.pane_memory import PaneWriter

logger = logging.getLogger(__name__)

BEAT_S = 0.25
STEADY_NS = 10 * NS_PER_S
"""A connection that brought pictures for so long starts anew without waiting longer; one that flaps does not."""


class Stream:
    """Owned by the worker; runs until `end`."""

    def __init__(self, watch: Watch, rules: Begin, gate: Gate, writer: PaneWriter) -> None:
        self.watch = watch
        self.showing = Showing(writer, rules, watch.generation, watch.width, watch.height)
        self._rules, self._gate, self._writer = rules, gate, writer
        self._fence = Fence(networks=rules.networks, ports=rules.ports, demo_server=rules.demo_server)
        self._attempt = watch.attempt
        self._ended = threading.Event()
        self._chance = random.Random()
        self._thread = threading.Thread(target=self._run, name=f"stream {watch.source.code}", daemon=True)

    def start(self) -> None:
        """Start its thread."""
        self._thread.start()

    def end(self) -> None:
        """Have it end; its pane is let go when it has."""
        self._ended.set()

    def join(self, limit_s: float) -> None:
        """Wait for its end."""
        self._thread.join(limit_s)

    def _run(self) -> None:
        try:
            self._wait(self.watch.pause_s)
            while not self._ended.is_set():
                pause = self._failed(self._attempted())
                self._wait(pause)
        finally:
            self._writer.end()

    def _attempted(self) -> Refused | Trouble:
        """Make one attempt; return why it ended."""
        state = PaneState.RETRYING if self._attempt else PaneState.CONNECTING
        self.showing.tell(state, attempt=self._attempt)
        self.showing.last_whole_ns = 0
        try:
            self._play()
        except (Refused, Trouble) as failure:
            return failure
        return Trouble("video.left")

    def _play(self) -> None:
        self._beat(CONNECT_S * 3)  # a name, a connection, a TLS handshake: each has its own limit
        url = self.watch.source.chosen(main=self.watch.is_main)
        source = self.watch.source
        connection = Connection(
            pinned_soon(self._fence, url), self._gate, ca_file=self._rules.ca_file,
            most_mbit_s=self._rules.most_mbit_s,
        )  # fmt: skip
        try:
            session = Session(connection, url, source.user, source.password)
            self._show(session)
            with suppress(Trouble):
                session.farewell()
        finally:
            connection.close()

    def _show(self, session: Session) -> None:
        begun = time.monotonic_ns()
        is_begun = False
        for unit in session.units(lambda: self._mind(begun)):
            if not is_begun:
                self.showing.begin(session.track)
                is_begun = True
            self.showing.take(unit, session.report)
            self._beat()
            if self.showing.last_whole_ns - begun > STEADY_NS:
                self._attempt = 0
            if self._ended.is_set():
                return

    def _mind(self, begun_ns: int) -> None:
        """Live, and give the connection up when nothing whole comes, or nobody watches any more."""
        self._beat()
        if self._ended.is_set():
            raise Trouble("video.left")
        silent_ns = time.monotonic_ns() - max(begun_ns, self.showing.last_whole_ns)
        if silent_ns > self._rules.dead_after_s * NS_PER_S:
            raise Trouble("video.silent", seconds=f"{self._rules.dead_after_s:g}")

    def _failed(self, failure: Refused | Trouble) -> float | None:
        """Tell of a failed attempt; return the pause until the next."""
        self._attempt += 1
        pause = backoff.pause_s(failure, self._attempt, self._chance)
        next_try = time.monotonic_ns() + round(pause * NS_PER_S) if pause is not None else 0
        if not self._ended.is_set():
            logger.info("%s: %s, attempt %s", self.watch.source.code, failure.reason.code, self._attempt)
            state = backoff.state_after(failure)
            self.showing.tell(state, _bounded(failure.reason), attempt=self._attempt, next_try_ns=next_try)
        return pause

    def _wait(self, pause_s: float | None) -> None:
        until = None if pause_s is None else time.monotonic() + pause_s
        while not self._ended.is_set() and (until is None or time.monotonic() < until):
            self._beat()
            self._ended.wait(BEAT_S if until is None else min(BEAT_S, max(0.0, until - time.monotonic())))

    def _beat(self, ahead_s: float = 0.0) -> None:
        """Say that the thread lives, or will within a time in which it cannot say so."""
        self._writer.beat(time.monotonic_ns() + round(ahead_s * NS_PER_S))


def _bounded(reason: Reason) -> Reason:
    """A camera's words must not outgrow the room beside its pane."""
    return Reason(code=reason.code, params={name: value[:80] for name, value in reason.params.items()})

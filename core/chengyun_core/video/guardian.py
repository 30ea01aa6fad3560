"""Starts workers, gives them their panes, and kills those that hang; its thread is the only one that touches them."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.video import backoff
from chengyun_core.video.fence import Fence
from chengyun_core.video.orders import Answer, Begin, Cut, Failed, Grab, Leave, Resize, Watch
from chengyun_core.video.panes import NOWHERE, Pane, Panes
from chengyun_core.video.port import SPARE, StreamSource
from chengyun_core.video.settings import VideoSettings
from chengyun_core.video.worker_process import WorkerProcess
from chengyun_core.wire.pane_memory import PaneMemory

logger = logging.getLogger(__name__)

TICK_S = 0.1
LOST = Reason(code="video.worker_lost")
STARTING = Reason(code="video.worker_starts")
FIRST_PAUSE_NS, LONGEST_PAUSE_NS = NS_PER_S // 10, 5 * NS_PER_S
START_NS = 15 * NS_PER_S
"""A worker may take so long from its start to its first sign of life: it loads FFmpeg and numpy."""
STARVED_NS = NS_PER_S // 2
"""When the guardian itself was kept waiting so long, the machine is what hangs: nobody is judged for that time."""
CLOSING_NS = 5 * NS_PER_S
"""A stream that was left is taken for closed then, though its thread stands in a decoder still."""
STEADY_NS = 30 * NS_PER_S
"""A worker that ends sooner than this, again, was ended by one of its streams."""

Ask = Callable[[int, int], Grab | Cut]
"""Number and pane → the order."""


@dataclass(slots=True, kw_only=True)
class Place:
    """Room for one worker after another: the memory stays, so that last pictures outlive the process."""

    number: int
    memory: PaneMemory
    worker: WorkerProcess | None = None
    epoch: int = 0
    due_ns: int = 0
    pause_ns: int = FIRST_PAUSE_NS
    ordered: dict[int, Watch] = field(default_factory=dict)
    """What the worker shows, by pane of its memory."""
    begun_ns: dict[int, int] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    """The last generation that each pane of the memory was given to."""
    left: dict[int, tuple[Watch, int]] = field(default_factory=dict)
    """What each pane of the memory showed last and was told to leave, and when (monotonic ns)."""

    def free_index(self) -> int:
        """Return a pane of the memory that nobody writes, or NOWHERE. The last one is the worker's own."""
        for index in range(self.memory.panes - 1):
            if index not in self.ordered and self._is_let_go(index):
                return index
        return NOWHERE

    def is_closing(self, source: StreamSource, now_ns: int, *, main: bool) -> bool:
        """Return whether a session with the same stream is being closed still."""
        return any(
            (watch.source.code, watch.source.chosen(main=watch.is_main)) == (source.code, source.chosen(main=main))
            and now_ns - since < CLOSING_NS and not self._is_let_go(index)
            for index, (watch, since) in self.left.items()
        )  # fmt: skip

    def _is_let_go(self, index: int) -> bool:
        return index not in self.used or self.memory.is_free(index, self.used[index])


class Guardian:
    """The thread's work. `lock` guards the panes; what comes back goes out through `answered`."""

    def __init__(self, panes: Panes, fence: Fence, settings: VideoSettings, answered: Callable[[Answer], None]) -> None:
        self.panes, self.lock = panes, threading.Lock()
        self.places = [
            Place(number=number, memory=PaneMemory.made(settings.panes + SPARE + 1))
            for number in range(settings.workers)
        ]
        self._fence, self._settings, self._answered = fence, settings, answered
        self._asked: deque[tuple[Pane, int, Ask]] = deque()
        self._under_way: dict[int, int] = {}
        self._ticked_ns = self._awake_since_ns = time.monotonic_ns()
        self._wake, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="video guardian", daemon=True)

    def start(self) -> None:
        """Start the thread, which starts the workers."""
        self._thread.start()

    def wake(self) -> None:
        """Have it look now: a pane was watched, left, or is of another size."""
        self._wake.set()

    def ask(self, pane: Pane, number: int, order: Ask) -> None:
        """Have a still or a clip made of a pane."""
        self._asked.append((pane, number, order))
        self._wake.set()

    def stop(self) -> None:
        """End workers and thread."""
        self._ended.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        for place in self.places:
            place.memory.close()

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._tick(time.monotonic_ns())
                self._wake.wait(TICK_S)
                self._wake.clear()
        finally:
            for place in self.places:
                if place.worker is not None:
                    place.worker.stop()
                self._fail_all(place.number)

    def _tick(self, now_ns: int) -> None:
        if now_ns - self._ticked_ns > STARVED_NS:
            self._awake_since_ns = now_ns
        self._ticked_ns = now_ns
        for place in self.places:
            if place.worker is not None:
                self._watch_over(place, place.worker, now_ns)
            if place.worker is None and now_ns >= place.due_ns:
                self._begin(place, now_ns)
        with self.lock:
            self._reconcile(now_ns)
        while self._asked:
            self._order(*self._asked.popleft())

    def _begin(self, place: Place, now_ns: int) -> None:
        place.epoch += 1
        rules = self._settings
        begin = Begin(
            epoch=place.epoch, networks=self._fence.networks, ports=self._fence.ports,
            demo_server=self._fence.demo_server, ca_file=rules.ca_file, pre_record_s=rules.pre_record_s,
            pre_record_mib=rules.pre_record_mib, late_after_s=rules.late_after_s, frozen_after_s=rules.frozen_after_s,
            black_after_s=rules.black_after_s, dead_after_s=rules.dead_after_s, most_fps=rules.most_fps,
            most_mbit_s=rules.most_mbit_s,
        )  # fmt: skip
        try:
            place.worker = WorkerProcess(place.memory, begin, self._heard)
        except OSError as fault:
            logger.error("no video worker can be started: %s; free processes or memory", fault.strerror)
            self._pause(place, now_ns)

    def _watch_over(self, place: Place, worker: WorkerProcess, now_ns: int) -> None:
        worker.flush()
        beat, limit = worker.last_beat_ns(), round(self._settings.hang_after_s * NS_PER_S)
        since = self._awake_since_ns
        worker.alive_since_ns = worker.alive_since_ns or (now_ns if beat else 0)
        hung = hung_pane(place, max(since, worker.alive_since_ns), now_ns, limit) if beat else NOWHERE
        is_silent = now_ns - max(beat, since) > limit if beat else now_ns - max(worker.started_ns, since) > START_NS
        if worker.has_ended() or worker.is_choked() or is_silent or hung != NOWHERE:
            logger.warning("video worker %s ended or hangs (pane %s) and is started anew", worker.pid, hung)
            worker.kill()
            self._lost(place, worker, hung, now_ns)

    def _lost(self, place: Place, worker: WorkerProcess, hung: int, now_ns: int) -> None:
        """Let all its panes come back; the one that is to blame, where one is, later than the others."""
        lived_ns = now_ns - worker.started_ns
        place.worker = None
        if lived_ns > STEADY_NS:
            place.pause_ns = FIRST_PAUSE_NS
        elif hung == NOWHERE and place.pause_ns > FIRST_PAUSE_NS and place.begun_ns:
            hung = max(place.begun_ns, key=place.begun_ns.__getitem__)  # it ended after this one began, again
        self._pause(place, now_ns)
        with self.lock:
            for pane in self.panes.of_worker(place.number):
                pane.epoch, pane.alone = 0, LOST
                if pane.index == hung:
                    pane.attempt += 1
                    pane.pause_s = backoff.PAUSES_S[min(pane.attempt, len(backoff.PAUSES_S)) - 1]
        place.ordered.clear()
        place.begun_ns.clear()
        place.used.clear()
        place.left.clear()
        self._fail_all(place.number)

    def _pause(self, place: Place, now_ns: int) -> None:
        place.due_ns = now_ns + place.pause_ns
        place.pause_ns = min(2 * place.pause_ns, LONGEST_PAUSE_NS)

    def _reconcile(self, now_ns: int) -> None:
        """Order what is wanted and not yet so."""
        wanted = {(pane.worker, pane.index): pane for pane in self.panes if pane.worker != NOWHERE}
        for place in self.places:
            for index, watch in list(place.ordered.items()):
                pane = wanted.get((place.number, index))
                if pane is None or pane.generation != watch.generation:
                    self._leave(place, index, now_ns)
        for pane in self.panes:
            # A camera asked for the same stream twice, because it has not been told yet that the first one ended,
            # may have no session left for the second.
            if pane.worker == NOWHERE and not self._is_closing(pane, now_ns):
                self._give_place(pane)
            if pane.worker != NOWHERE:
                self._show(pane, self.places[pane.worker], now_ns)

    def _is_closing(self, pane: Pane, now_ns: int) -> bool:
        return any(place.is_closing(pane.source, now_ns, main=pane.is_main) for place in self.places)

    def _leave(self, place: Place, index: int, now_ns: int) -> None:
        place.left[index] = place.ordered.pop(index), now_ns
        place.begun_ns.pop(index, None)
        if place.worker is not None:
            place.worker.send(Leave(pane=index))

    def _give_place(self, pane: Pane) -> None:
        """Find room; there is none for a moment while streams that were left are being closed."""
        running = [place.number for place in self.places if place.worker is not None and place.free_index() != NOWHERE]
        if running:
            pane.worker = self.panes.least_busy(running)
            place = self.places[pane.worker]
            pane.index = place.free_index()
            place.used[pane.index] = pane.generation
            place.left.pop(pane.index, None)

    def _show(self, pane: Pane, place: Place, now_ns: int) -> None:
        if place.worker is None:
            return
        ordered = place.ordered.get(pane.index)
        if ordered is None:
            order = Watch(
                pane=pane.index, generation=pane.generation, source=pane.source, is_main=pane.is_main,
                width=pane.width, height=pane.height, attempt=pane.attempt, pause_s=pane.pause_s,
            )  # fmt: skip
            place.ordered[pane.index], place.begun_ns[pane.index] = order, now_ns + round(pane.pause_s * NS_PER_S)
            place.used[pane.index] = pane.generation
            pane.epoch, pane.pause_s = place.epoch, 0.0
            place.worker.send(order)
        elif (ordered.width, ordered.height) != (pane.width, pane.height):
            place.ordered[pane.index] = _resized(ordered, pane)
            place.worker.send(Resize(pane=pane.index, width=pane.width, height=pane.height))

    def _order(self, pane: Pane, number: int, order: Ask) -> None:
        place = self.places[pane.worker] if pane.worker != NOWHERE else None
        if place is None or place.worker is None or pane.index not in place.ordered:
            self._answered(Failed(number=number, reason=pane.alone or STARTING))
            return
        self._under_way[number] = place.number
        place.worker.send(order(number, pane.index))

    def _heard(self, answer: Answer) -> None:
        """In a worker's reading thread."""
        self._under_way.pop(answer.number, None)
        self._answered(answer)

    def _fail_all(self, number: int) -> None:
        """Answer what a lost worker will not."""
        for asked, place in list(self._under_way.items()):
            if place == number:
                self._heard(Failed(number=asked, reason=LOST))


def hung_pane(place: Place, since_ns: int, now_ns: int, limit_ns: int) -> int:
    """Return a pane whose thread has given no sign of life for so long, or NOWHERE.

    Args:
        place: whose panes are looked at; a sign of life may be dated ahead, by a thread that has to wait.
        since_ns: nobody is judged for what was before.
        now_ns: monotonic.
        limit_ns: how long is too long.
    """
    for index, begun in place.begun_ns.items():
        beat = int(place.memory.heads["beat_ns"][index])
        if now_ns - max(beat, begun, since_ns) > limit_ns:
            return index
    return NOWHERE


def _resized(ordered: Watch, pane: Pane) -> Watch:
    return Watch(
        pane=ordered.pane, generation=ordered.generation, source=ordered.source, is_main=ordered.is_main,
        width=pane.width, height=pane.height,
    )  # fmt: skip

"""Camera streams for one console: panes by name, decoded by worker processes, looked at through shared memory.

The window's thread only notes what is wanted and reads memory. One thread of the fleet, the guardian's, starts, orders,
watches over and kills workers; it lives as long as the fleet, because the kernel ends a worker with the thread that
started it.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

import msgspec
from typing_extensions import override

from chengyun_core.model.clock import NS_PER_S, Clock
from chengyun_core.model.failure import Reason, Trouble
from chengyun_core.video.fence import Fence
from chengyun_core.video.guardian import Guardian
from chengyun_core.video.looks import Expected, look
from chengyun_core.video.orders import Answer, Cut, Failed, Grab, Made, Told
from chengyun_core.video.panes import NOWHERE, Pane, Panes
from chengyun_core.video.port import Clip, Fleet, PaneLook, PaneState, Still, StreamSource
from chengyun_core.video.settings import VideoSettings
from chengyun_core.wire.pane_memory import PaneMemory

SMALLEST, LARGEST = 16, 4096
_LEFT = PaneLook(state=PaneState.DEAD, reason=Reason(code="video.left"))
_Finish = Callable[[Made], None]


class VideoFleet(Fleet):
    """See `port.Fleet`. Owned by the window's thread."""

    def __init__(self, fence: Fence, settings: VideoSettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._panes = Panes(settings.panes)
        self._guardian = Guardian(self._panes, fence, settings, self._answered)
        self._numbers = count(1)
        self._awaited: dict[int, tuple[Future[Any], _Finish]] = {}
        self._told: dict[str, tuple[int, Told]] = {}
        """By pane: what its worker told last, and the number of it in shared memory."""
        self._late_ns = round(settings.late_after_s * NS_PER_S)

    @override
    def start(self) -> None:
        self._guardian.start()

    @override
    def stop(self) -> None:
        for pane in self._panes:  # whoever looks afterwards finds nothing, not memory that is gone
            self._panes.left(pane.name)
        self._guardian.stop()
        for future, _ in list(self._awaited.values()):
            _fail(future, Trouble("video.left"))
        self._awaited.clear()

    @override
    def watch(
        self, pane: str, source: StreamSource, width: int, height: int, *, main: bool, beside: bool = False
    ) -> None:  # fmt: skip
        held = self._panes.get(pane)
        if held is not None and (held.source, held.is_main) == (source, main):
            self.resize(pane, width, height)
            return
        with self._guardian.lock:
            size = (_bounded(width), _bounded(height))
            self._panes.watched(pane, source, size, time.monotonic_ns(), is_main=main, is_beside=beside)
        self._guardian.wake()

    @override
    def resize(self, pane: str, width: int, height: int) -> None:
        held = self._panes.get(pane)
        if held is not None and (held.width, held.height) != (_bounded(width), _bounded(height)):
            with self._guardian.lock:
                held.width, held.height = _bounded(width), _bounded(height)
            self._guardian.wake()

    @override
    def leave(self, pane: str) -> None:
        with self._guardian.lock:
            self._panes.left(pane)
        self._told.pop(pane, None)
        self._guardian.wake()

    @override
    def look(self, pane: str) -> PaneLook:
        held = self._panes.get(pane)
        if held is None:
            return _LEFT
        expected = Expected(
            generation=held.generation, watched_ns=held.watched_ns, epoch=held.epoch,
            is_alone=held.alone if not held.epoch else None,
        )  # fmt: skip
        memory = self._memory(held)
        return look(
            expected, memory.seen(held.index) if memory else None, self._told_of(memory, held) if memory else None,
            now_ns=time.monotonic_ns(), utc_ns=self._clock.utc_ns(), late_ns=self._late_ns,
        )  # fmt: skip

    @override
    def is_whole(self, pane: str, sequence: int) -> bool:
        held = self._panes.get(pane)
        memory = self._memory(held) if held is not None else None
        return held is not None and memory is not None and memory.is_whole(held.index, sequence)

    @override
    def grab(self, pane: str) -> "Future[Still]":
        future: Future[Still] = Future()

        def finish(made: Made) -> None:
            taken = self._utc_ns(made.end_ns)
            future.set_result(Still(image=made.data, taken_utc_ns=taken, width=made.width, height=made.height))

        self._ask(pane, future, finish, lambda number, index: Grab(number=number, pane=index))
        return future

    @override
    def clip(self, pane: str, before_s: float, after_s: float) -> "Future[Clip]":
        future: Future[Clip] = Future()

        def finish(made: Made) -> None:
            begin, end = self._utc_ns(made.begin_ns), self._utc_ns(made.end_ns)
            future.set_result(
                Clip(
                    video=made.data, begin_utc_ns=begin, end_utc_ns=end, codec=made.codec, width=made.width,
                    height=made.height, pictures=made.pictures,
                )
            )  # fmt: skip

        order = partial(_cut, before_s=before_s, after_s=after_s)
        self._ask(pane, future, finish, order)
        return future

    def worker_pids(self) -> list[int]:
        """Return the process ids of the workers that run: for measuring, and for tests that kill one."""
        return [place.worker.pid for place in self._guardian.places if place.worker is not None]

    def _ask(self, pane: str, future: "Future[Any]", finish: _Finish, order: Callable[[int, int], Grab | Cut]) -> None:
        held = self._panes.get(pane)
        if held is None:
            _fail(future, Trouble("video.left"))
            return
        number = next(self._numbers)
        self._awaited[number] = (future, finish)
        self._guardian.ask(held, number, order)

    def _answered(self, answer: Answer) -> None:
        """Finish a future, in a thread of the fleet; one that was given up meanwhile is passed over."""
        future, finish = self._awaited.pop(answer.number, (None, None))
        if future is None or finish is None:
            return
        if isinstance(answer, Failed):
            _fail(future, Trouble(answer.reason.code, **answer.reason.params))
            return
        with suppress(InvalidStateError):
            finish(answer)

    def _memory(self, pane: Pane) -> PaneMemory | None:
        return self._guardian.places[pane.worker].memory if pane.worker != NOWHERE else None

    def _told_of(self, memory: PaneMemory, pane: Pane) -> Told | None:
        """Return what the worker told last; while it is telling, what it told before. Nonsense is not believed."""
        before = self._told.get(pane.name)
        number, data = memory.told(pane.index)
        if not number or (before is not None and before[0] == number and before[1].generation == pane.generation):
            return before[1] if before is not None else None
        try:
            told = msgspec.msgpack.decode(data, type=Told)
        except msgspec.MsgspecError:
            return None
        self._told[pane.name] = (number, told)
        return told

    def _utc_ns(self, monotonic_ns: int) -> int:
        return self._clock.utc_ns() - (time.monotonic_ns() - monotonic_ns)


def _cut(number: int, index: int, *, before_s: float, after_s: float) -> Cut:
    return Cut(number=number, pane=index, before_s=before_s, after_s=after_s)


def _fail(future: "Future[Any]", failure: Trouble) -> None:
    with suppress(InvalidStateError):
        future.set_exception(failure)


def _bounded(pixels: int) -> int:
    return min(max(pixels, SMALLEST), LARGEST)

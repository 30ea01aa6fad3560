"""How long the GUI thread leaves its event loop waiting, what it did meanwhile, and whether the kernel ran it."""

import gc
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

PROBE_MS = 4
FRAME_S = 0.033
NOTED_MS = 8.0
"""Waits from this on are kept with what was done in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One time the event loop waited, ms. What was neither run nor kept from running was waiting for another thread."""

    at_s: float
    """Since the start."""
    ms: float
    run_ms: float
    """What this thread computed meanwhile."""
    not_run_ms: float
    """How long it could have run and the kernel let something else run."""
    deeds: dict[str, float]
    """Processor time by what was done; nested deeds count in both."""

    @property
    def own_ms(self) -> float:
        """What the kernel does not explain."""
        return max(0.0, self.ms - self.not_run_ms)


class GapProbe(QObject):
    """A timer that is due every few ms: how late it comes is how long everything else of the window waited.

    Lives in the GUI thread. Deeds are what `watch` and `watch_paints` wrap.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[Wait] = []
        self.probes = 0
        self.frames: list[float] = []
        """The longest wait (own ms) of each frame of 33 ms."""
        self.runs: list[float] = []
        """The most this thread computed in one wait of each of them, ms: what is left on cores nobody shares."""
        self.frames_at: list[float] = []
        """When each of them ended, seconds since the start."""
        self._deeds: Counter[str] = Counter()
        self._began = self._last = self._frame_at = 0.0
        self._worst = self._most_run = 0.0
        self._delay_ns, self._run_s = 0, 0.0
        self._schedstat = -1
        self._gc_at = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PROBE_MS)
        self._timer.timeout.connect(self._probe)

    def start(self) -> None:
        """Begin to measure; forget what was measured before."""
        self._schedstat = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
        self.waits, self.frames, self.runs, self.frames_at, self.probes = [], [], [], [], 0
        self._deeds.clear()
        gc.callbacks.append(self._on_gc)
        self._began = self._last = self._frame_at = time.perf_counter()
        self._worst, self._most_run = 0.0, 0.0
        self._delay_ns, self._run_s = self._not_run_ns(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """Stop measuring."""
        self._timer.stop()
        gc.callbacks.remove(self._on_gc)
        os.close(self._schedstat)

    def watch(self, owner: Any, name: str, told: str = "") -> None:
        """Count the time of a method of an object or a class as a deed."""
        deed, told = getattr(owner, name), told or f"{_name_of(owner)}.{name}"
        setattr(owner, name, self._timed(deed, told))

    def watch_paints(self, kind: type) -> None:
        """Count the paint events of a class of widgets, told apart by what class each really is of."""
        paint, deeds = kind.paintEvent, self._deeds  # type: ignore[attr-defined]

        def timed(widget: Any, event: Any) -> None:
            began = time.thread_time()
            paint(widget, event)
            deeds[f"paint {type(widget).__name__}"] += (time.thread_time() - began) * 1e3

        kind.paintEvent = timed  # type: ignore[attr-defined]

    def _timed(self, deed: Callable[..., Any], told: str) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return deed(*arguments, **named)
            finally:
                self._deeds[told] += (time.thread_time() - began) * 1e3

        return timed

    def _probe(self) -> None:
        now = time.perf_counter()
        late_ms = max(0.0, (now - self._last) * 1e3 - PROBE_MS)
        delay, run = self._not_run_ns(), time.thread_time()
        wait = Wait(
            at_s=now - self._began, ms=late_ms, run_ms=(run - self._run_s) * 1e3,
            not_run_ms=(delay - self._delay_ns) / 1e6, deeds=dict(self._deeds) if late_ms >= NOTED_MS else {},
        )  # fmt: skip
        self.probes += 1
        self._worst, self._most_run = max(self._worst, wait.own_ms), max(self._most_run, wait.run_ms)
        if late_ms >= NOTED_MS:
            self.waits.append(wait)
        if now - self._frame_at >= FRAME_S:
            self.frames.append(self._worst)
            self.runs.append(self._most_run)
            self.frames_at.append(now - self._began)
            self._frame_at, self._worst, self._most_run = now, 0.0, 0.0
        self._deeds.clear()
        self._last, self._delay_ns, self._run_s = now, delay, run

    def _not_run_ns(self) -> int:
        """Return how long the kernel has let this thread wait for a core since it began, ns."""
        return int(os.pread(self._schedstat, 100, 0).split()[1])

    def _on_gc(self, phase: str, _info: dict[str, int]) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if phase == "start":
            self._gc_at = time.thread_time()
        else:
            self._deeds["garbage collection"] += (time.thread_time() - self._gc_at) * 1e3


def _name_of(owner: Any) -> str:
    if isinstance(owner, ModuleType):
        return owner.__name__.rpartition(".")[2]
    return owner.__name__ if isinstance(owner, type) else type(owner).__name__

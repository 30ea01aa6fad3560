"""Measures painted frames of a map while it is panned and zoomed; `./dev bench map` tells them."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QPointF

from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.theme import Theme


class TimedCanvas(MapCanvas):
    """Notes how many ms each turn of its timers took: what other handlers of the window have to wait for."""

    def __init__(self, theme: Theme) -> None:
        self.turns_ms: list[float] = []
        super().__init__(theme)

    def _begin_base(self) -> None:
        self._timed(super()._begin_base)

    def _advance(self) -> None:
        self._timed(super()._advance)

    def _timed(self, turn: Callable[[], None]) -> None:
        before = time.perf_counter()
        turn()
        self.turns_ms.append((time.perf_counter() - before) * 1e3)


FRAME_S = 1 / 60
PANS, ZOOMS, PAN_PX = 60, 24, 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """`painted` frames of `asked` moves took `paint_ms` float64[n], each turn of a timer `slice_ms` float64[k]."""

    asked: int
    painted: int
    bases: int
    paint_ms: np.ndarray
    slice_ms: np.ndarray


def panned(canvas: TimedCanvas, count: int = PANS) -> Frames:
    """Pan to the east farther than a window is wide, as a hand would that looks for something."""
    return _measured(canvas, count, lambda at: canvas.pan(PAN_PX, PAN_PX / 4 if at % 8 < 4 else -PAN_PX / 4))


def zoomed(canvas: TimedCanvas, count: int = ZOOMS) -> Frames:
    """Zoom in and out again at a point off the middle."""
    at_px = QPointF(canvas.width() * 0.4, canvas.height() * 0.6)
    return _measured(canvas, count, lambda at: canvas.zoom_by(0.5 if at < count // 2 else -0.5, at_px))


def _measured(canvas: TimedCanvas, count: int, move: Callable[[int], None]) -> Frames:
    """Do `count` moves, one a frame of 1/60 s; events run between them as in a console."""
    painted, bases = canvas.paint_count, canvas.base.made
    paint_ms, turns = [], len(canvas.turns_ms)
    for at in range(count):
        until = time.perf_counter() + FRAME_S
        move(at)
        before = time.perf_counter()
        canvas.repaint()
        paint_ms.append((time.perf_counter() - before) * 1e3)
        _events(until)
    return Frames(
        asked=count, painted=canvas.paint_count - painted, bases=canvas.base.made - bases,
        paint_ms=np.array(paint_ms), slice_ms=np.array(canvas.turns_ms[turns:]),
    )  # fmt: skip


def _events(until: float) -> None:
    """Let events run until a frame is over."""
    while time.perf_counter() < until:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        time.sleep(0.0005)

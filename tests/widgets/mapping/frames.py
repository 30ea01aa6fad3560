"""Measures painted frames of a map while it is panned and zoomed: python -m tests.widgets.mapping.frames [devices]."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QPointF
from PySide6.QtWidgets import QApplication

from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.theme import Theme, apply_theme, load_theme
from tests.widgets.mapping import city, scenes


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
PANS, ZOOMS = 120, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """`painted` frames of `asked` moves took `paint_ms` float64[n], each turn of a timer `slice_ms` float64[k]."""

    asked: int
    painted: int
    bases: int
    paint_ms: np.ndarray
    slice_ms: np.ndarray

    def told(self, name: str) -> str:
        """Return one line of figures."""
        p50, p95, most = (np.percentile(self.paint_ms, share) for share in (50, 95, 100))
        between = float(self.slice_ms.max(initial=0.0))
        return (
            f"{name}: {self.painted}/{self.asked} frames, {self.bases} bases, paint p50 {p50:.1f} p95 {p95:.1f} "
            f"max {most:.1f} ms, longest slice between frames {between:.1f} ms"
        )


def panned(canvas: TimedCanvas, count: int = PANS) -> Frames:
    """Pan round in a circle, as a hand would that looks for something."""

    def move(at: int) -> None:
        turn = at * 2 * np.pi / 60
        canvas.pan(14 * float(np.cos(turn)), 14 * float(np.sin(turn)))

    return _measured(canvas, count, move)


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


def main(given: list[str]) -> int:
    """Measure the command view at 1920 x 1080, with more devices when told."""
    app = QApplication(sys.argv[:1])
    theme = load_theme()
    apply_theme(app, theme)
    canvas = scenes.canvas(theme, 1920, 1080, TimedCanvas)
    devices = int(given[0]) if given else 412
    layers = tuple(city.devices(devices) if one.code == "devices" else one for one in city.everything())
    assert isinstance(canvas, TimedCanvas)
    canvas.show()
    before = time.perf_counter()
    canvas.show_layers(layers)
    canvas.fit(city.command_bounds())
    canvas.settle()
    print(f"{devices} devices, first picture {(time.perf_counter() - before) * 1e3:.0f} ms")
    print(panned(canvas).told("pan"))
    print(zoomed(canvas).told("zoom"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

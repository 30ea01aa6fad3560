"""64 live charts with axes: our trend against pyqtgraph's whole-array update, same data, interleaved, counted.

A second part feeds ours with ten times and a hundred times the points, interleaved; a third puts a spike into the
newest sample of every chart and looks for it among the pixels.
"""

import os
import statistics
import sys
import time
from dataclasses import dataclass
from itertools import pairwise

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget
from typing_extensions import override

from chengyun_core.series.pyramid import MinMaxPyramid
from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.theme import apply_theme, load_theme
from chengyun_widgets.trend import TrendView
from chengyun_widgets.trend_record import TrendBand, TrendRecord, TrendSeries
from tests.bench.figures import ratios, spread

CHARTS = 64
SIDE = 8
SIZE_PX = (1920, 1080)
NEW_PER_FRAME = 100
STEP_NS = 10_000_000
START_NS = 1_784_000_000_000_000_000
GOAL_RATIO = 20.0
GOAL_GROWTH = 1.3
GROWN = (10_000, 100_000, 1_000_000)
SPIKE = 0.4
"""Of what a chart's values span: how far the spike rises above the highest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The samples of all charts: time int64[n] ns and value float64[CHARTS, n], more than the frames will use."""

    time: NDArray[np.int64]
    value: NDArray[np.float64]


def make_feed(points: int, frames: int) -> Feed:
    """Return random walks long enough for `frames` frames beyond `points` samples."""
    count = points + NEW_PER_FRAME * (frames + 1)
    steps = np.random.default_rng(2026).normal(size=(CHARTS, count))
    return Feed(time=START_NS + np.arange(count) * STEP_NS, value=steps.cumsum(axis=1))


class Ours:
    """64 TrendViews over pyramids, axes on; bands and limits drawn as well."""

    def __init__(self, feed: Feed, points: int) -> None:
        self._feed, self._points = feed, points
        theme = load_theme()
        self.window, grid = QWidget(), QGridLayout()
        grid.setSpacing(0)
        grid.setContentsMargins(0, 0, 0, 0)
        self._pyramids = [MinMaxPyramid(points) for _ in range(CHARTS)]
        self._spikes: list[tuple[float, float]] = []
        self._views = [TrendView(theme, has_axes=True) for _ in range(CHARTS)]
        bands = (TrendBand(low=300.0, high=np.inf, severity=Severity.YELLOW),)
        for index, (view, pyramid) in enumerate(zip(self._views, self._pyramids, strict=True)):
            pyramid.append(feed.time[:points], feed.value[index, :points])
            series = (TrendSeries(key="s", name="s", source=pyramid),)
            view.show_record(TrendRecord(title=f"chart {index}", series=series, bands=bands))
            grid.addWidget(view, index // SIDE, index % SIDE)
        self.window.setLayout(grid)

    def feed(self, frame: int) -> None:
        """Append this frame's samples and move the windows."""
        start = self._points + frame * NEW_PER_FRAME
        stop = start + NEW_PER_FRAME
        time_ns = self._feed.time[start:stop]
        t0, t1 = int(self._feed.time[stop - self._points]), int(time_ns[-1])
        for index, (view, pyramid) in enumerate(zip(self._views, self._pyramids, strict=True)):
            pyramid.append(time_ns, self._feed.value[index, start:stop])
            view.set_window(t0, t1)

    def painted(self) -> int:
        """Return how many whole frames have been painted: the chart painted least often counts."""
        return min(view.paint_count for view in self._views)

    def spike(self, frame: int) -> None:
        """Append one sample to each chart, far above all it shows, right at the end of the window."""
        at = int(self._feed.time[self._points + frame * NEW_PER_FRAME])
        t0 = int(self._feed.time[frame * NEW_PER_FRAME])
        self._spikes = []
        for view, pyramid in zip(self._views, self._pyramids, strict=True):
            low, high = _lowest_and_highest(pyramid, t0, at)
            self._spikes.append((high, high + (high - low) * SPIKE))
            pyramid.append(np.array([at]), np.array([self._spikes[-1][1]]))
            view.set_window(t0, at)

    def spikes_seen(self) -> int:
        """Return in how many charts the line reaches to the newest sample in the last pixel columns of the plot."""
        return sum(_shows_spike(view, *spike) for view, spike in zip(self._views, self._spikes, strict=True))


def _lowest_and_highest(pyramid: MinMaxPyramid, t0_ns: int, t1_ns: int) -> tuple[float, float]:
    columns = pyramid.columns(t0_ns, t1_ns, 1)
    return float(np.fmin.reduce(columns.low)), float(np.fmax.reduce(columns.high))


def _shows_spike(view: TrendView, low: float, high: float) -> bool:
    """Look at the picture: there is ink of the line all the way between these values at the right edge of the plot."""
    image = view.grab().toImage()
    frame, ink = view._frame, view.theme.colour(Colour.TRACE).rgb()
    assert frame is not None
    right, rows = int(frame.plot.right()) - 1, range(round(frame.y(high)), round(frame.y(low)))
    return len(rows) > 1 and all(any(image.pixel(x, y) == ink for x in (right - 1, right)) for y in rows[1:])


class _CountingLayout(pg.GraphicsLayoutWidget):  # type: ignore[misc]
    paint_count = 0

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint_count += 1
        super().paintEvent(event)


class Pyqtgraph:
    """64 PlotItems with their default axes in one GraphicsLayoutWidget, fed by setData of the whole array.

    `thins` switches on pyqtgraph's own peak downsampling and clipping: not the peer of the goal, but a fair question.
    """

    def __init__(self, feed: Feed, points: int, *, thins: bool = False) -> None:
        self._feed, self._points = feed, points
        self._seconds = (feed.time - START_NS) / 1e9
        self.window = _CountingLayout()
        self._curves = []
        for index in range(CHARTS):
            plot = self.window.addPlot(index // SIDE, index % SIDE, title=f"chart {index}")
            if thins:
                plot.setDownsampling(auto=True, mode="peak")
                plot.setClipToView(clip=True)
            self._curves.append(plot.plot(pen=pg.mkPen((143, 176, 191))))

    def feed(self, frame: int) -> None:
        """Set the whole array of every curve; slices of one buffer, so nothing is copied on our account."""
        stop = self._points + (frame + 1) * NEW_PER_FRAME
        span = slice(stop - self._points, stop)
        for index, curve in enumerate(self._curves):
            curve.setData(self._seconds[span], self._feed.value[index, span])

    def painted(self) -> int:
        """Return how many times the viewport was painted."""
        return int(self.window.paint_count)


Side = Ours | Pyqtgraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one frame cost, in seconds: until its first paint, in CPU time of this thread until then, until its last."""

    first: float
    cpu: float
    last: float


def one_frame(app: QApplication, side: Side, frame: int) -> Cost:
    """Feed one frame and let it be painted.

    pyqtgraph paints again when its axes have moved. The goal is judged by the first paint, in its favour; the frame is
    not finished before the last.

    Raises:
        RuntimeError: the frame was not painted: the figure would mean nothing.
    """
    before, start, cpu = side.painted(), time.perf_counter(), time.thread_time()
    side.feed(frame)
    while side.painted() == before and time.perf_counter() < start + 60:
        app.processEvents()
    first, spent = time.perf_counter() - start, time.thread_time() - cpu
    if side.painted() == before:
        raise RuntimeError(f"{type(side).__name__}: frame {frame} was not painted within 60 s")
    return Cost(first=first, cpu=spent, last=max(first, _settle(app, side) - start))


def _settle(app: QApplication, side: Side) -> float:
    """Let repaints that are still queued happen; return when the last one ended, 0 when there was none."""
    quiet, last = 0, 0.0
    while quiet < 3:
        before = side.painted()
        app.processEvents()
        quiet += 1
        if side.painted() != before:
            quiet, last = 0, time.perf_counter()
    return last


def open_window(app: QApplication, side: Side) -> None:
    """Show a side's window and wait until it is exposed and painted."""
    side.window.resize(*SIZE_PX)
    side.window.show()
    deadline = time.perf_counter() + 60
    while (not side.window.windowHandle().isExposed() or side.painted() == 0) and time.perf_counter() < deadline:
        app.processEvents()
    _settle(app, side)


def measure(app: QApplication, sides: dict[str, Side], rounds: int, frames: int) -> dict[str, list[Cost]]:
    """Return the mean costs of each round; the sides take turns within every round."""
    figures: dict[str, list[Cost]] = {name: [] for name in sides}
    for side in sides.values():
        open_window(app, side)
        one_frame(app, side, 0)
    for turn in range(rounds):
        for name, side in sides.items():
            taken = [one_frame(app, side, 1 + turn * frames + frame) for frame in range(frames)]
            figures[name].append(_mean(taken))
    return figures


def _mean(costs: list[Cost]) -> Cost:
    """Return the mean of a round: frames that only draw on are cheap, now and then one is not, and all count."""
    return Cost(
        first=statistics.fmean(cost.first for cost in costs),
        cpu=statistics.fmean(cost.cpu for cost in costs),
        last=statistics.fmean(cost.last for cost in costs),
    )


def compare(app: QApplication, points: int, rounds: int, frames: int) -> dict[str, float]:
    """Measure all sides at one number of points, print, and return the median seconds per frame."""
    feed = make_feed(points, rounds * frames + 1)
    sides: dict[str, Side] = {
        "ours": Ours(feed, points),
        "pyqtgraph": Pyqtgraph(feed, points),
        "pyqtgraph, thinning": Pyqtgraph(feed, points, thins=True),
    }
    figures = measure(app, sides, rounds, frames)
    for side in sides.values():
        side.window.close()
    print(f"{CHARTS} charts x {points} points, axes on, {SIZE_PX[0]}x{SIZE_PX[1]}, {rounds} rounds of {frames} frames")
    for name, costs in figures.items():
        first, last = spread([c.first for c in costs], factor=1e3), spread([c.last for c in costs], factor=1e3)
        print(f"  {name:22s}{first:>26s} ms to the first paint of a frame, {last} to its last")
    ours, theirs = figures["ours"], figures["pyqtgraph"]
    gain = ratios([c.first for c in theirs], [c.first for c in ours])
    print(f"  pyqtgraph / ours, round by round: {spread(gain)} to the first paint,", end=" ")
    print(f"{spread(ratios([c.cpu for c in theirs], [c.cpu for c in ours]))} in CPU time,", end=" ")
    print(f"{spread(ratios([c.last for c in theirs], [c.last for c in ours]))} to the last paint")
    medians = {name: statistics.median(cost.first for cost in costs) for name, costs in figures.items()}
    return medians | {"ratio": statistics.median(gain)}


def main(rounds: int = 5, frames: int = 5) -> int:
    """Print the figures; return 0 when both goals are reached, 1 otherwise."""
    made = QApplication.instance()
    app = made if isinstance(made, QApplication) else QApplication([])
    apply_theme(app, load_theme())
    base = compare(app, 100_000, rounds, frames)
    small = compare(app, 10_000, rounds, frames)
    print(f"10 x the points cost pyqtgraph x{base['pyqtgraph'] / small['pyqtgraph']:.2f}")
    growth, seen = grown(app, rounds, 2 * frames)
    print(f"a spike in the newest sample is seen by its pixels in {seen} of {len(GROWN) * CHARTS} charts")
    reached = base["ratio"] >= GOAL_RATIO and growth <= GOAL_GROWTH and seen == len(GROWN) * CHARTS
    print(f"goal: ratio >= {GOAL_RATIO:g}, growth <= {GOAL_GROWTH:g}, all seen: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


def grown(app: QApplication, rounds: int, frames: int) -> tuple[float, int]:
    """Feed ours alone with more and more points, interleaved; return the worst growth, and how many spikes are seen."""
    feed = make_feed(max(GROWN), rounds * frames + 2)
    sides: dict[str, Side] = {f"{points:,} points": Ours(feed, points) for points in GROWN}
    figures = measure(app, sides, rounds, frames)
    for name, costs in figures.items():
        print(f"  ours, {name:18s}{spread([cost.first for cost in costs], factor=1e3)} ms a frame")
    costs = list(figures.values())
    steps = [ratios([c.first for c in more], [c.first for c in less]) for less, more in pairwise(costs)]
    for (less, more), step in zip(pairwise(GROWN), steps, strict=True):
        print(f"  from {less:,} to {more:,} points: x{spread(step, '.2f')}")
    seen = 0
    for side in sides.values():
        assert isinstance(side, Ours)
        side.spike(rounds * frames + 1)
        _settle(app, side)
        seen += side.spikes_seen()
        side.window.close()
    return max(statistics.median(step) for step in steps), seen


if __name__ == "__main__":
    sys.exit(main())

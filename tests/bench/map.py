"""F5 as it is painted over 1 and 22 million devices: density, clusters and single devices, beside datashader.

A view of devices alone, asked and made anew, is compared: ours asked of the survey, packed, unpacked, shaded and drawn;
datashader counts the same devices into as many cells, shades the counts and lays the colours of the gravest over them.
The whole map with boundaries, rivers, 65 000 risk points in clusters, marks and names is told beside it. A pan and a
zoom: how long the window works for each frame; ours moves the picture there is and has the sharp one a moment later,
datashader makes each anew. At the end 65 000 risk points and what of them lies within an area (`within`).
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from chengyun_core.ingest.ground import SCALE
from chengyun_core.model.device import DeviceState
from chengyun_resources.reference.estate import DEVICES
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.mapping.base import MARGIN_PX
from chengyun_widgets.mapping.view import MapView, Screen
from chengyun_widgets.theme import apply_theme, load_theme
from tests.bench import map_devices, within
from tests.bench.density import MIDDLE
from tests.bench.figures import interleaved, ratios, resident_mb, spread
from tests.bench.map_devices import Devices, DevicesMap
from tests.widgets.mapping import city, frames

SIZES = (1_000_000, DEVICES)
WIDE, HIGH = 1920, 1080
ASKED_PX, CELL_PX = 4, 8
"""Side of the cells the console asks for, and of those it gets at a whole zoom: quad cells, the next coarser ones."""
ROUNDS = 5
VIEWS = {"city": 10.0, "district": 12.0, "town": 14.0, "street": 16.0, "house": 18.0}
"""Zoom of the map, a whole world of 256 px being zoom 0."""
GOAL_RATIO = 5.0
"""At 22 million: a million is as quick to look at as to count."""
GOAL_FRAME_MS, GOAL_TURN_MS = 16.7, 100.0


def main() -> int:
    """Print the figures; return 0 when every goal is reached."""
    app = QApplication(sys.argv[:1])
    apply_theme(app, load_theme())
    fine = True
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            fine &= _measured(size, Path(folder))
    return 0 if fine & within.measured() else 1


def _measured(size: int, folder: Path) -> bool:
    begun = time.perf_counter()
    devices = map_devices.devices(size, folder)
    print(f"{size:,} devices, a map of {WIDE} × {HIGH}; the survey is ready after {time.perf_counter() - begun:.1f} s")
    canvas = DevicesMap(load_theme(), devices)
    canvas.resize(WIDE, HIGH)
    canvas.show()
    peer = _datashader(devices) if find_spec("datashader") else None
    if peer is None:
        print("  datashader is not installed: ./dev bench installs it")
    fine = True
    for name, zoom in VIEWS.items():
        fine &= _view(name, _middle(zoom), canvas, peer)
    fine &= _gestures(canvas, peer)
    print(f"  resident {resident_mb():.0f} MB, survey and both sides in one process", flush=True)
    canvas.close()
    return fine


def _view(name: str, view: MapView, canvas: DevicesMap, peer: "Callable[[Screen], QImage] | None") -> bool:
    """One view from nothing, each side in turn."""
    screen = Screen(view, WIDE, HIGH).grown(MARGIN_PX)
    question = screen.bounds, round(screen.width / ASKED_PX), round(screen.height / ASKED_PX)
    sides: dict[str, Callable[[], object]] = {
        "ours": lambda: canvas.raster(question, screen), "map": lambda: canvas.paint_anew(view)
    }  # fmt: skip
    if peer is not None:
        sides["datashader"] = lambda: peer(screen)
    taken = interleaved(sides, rounds=ROUNDS, repeats=1)
    print(f"  {name}: devices {_ms(taken['ours'])}, the whole map {_ms(taken['map'])}; {canvas.told()}", flush=True)
    if peer is None:
        return True
    times = ratios(taken["datashader"], taken["ours"])
    goal = f", goal {GOAL_RATIO:.0f}" if canvas.size == DEVICES else ""
    print(f"    datashader {_ms(taken['datashader'])}, ratio to our devices {spread(times)}{goal}", flush=True)
    return canvas.size < DEVICES or median(times) >= GOAL_RATIO


def _ms(seconds: list[float]) -> str:
    return f"{spread(seconds, factor=1000)} ms"


def _gestures(canvas: DevicesMap, peer: "Callable[[Screen], QImage] | None") -> bool:
    """A pan across the town and a zoom in and out, both sides in turn; frames of ours, then of theirs."""
    fine = True
    for name, zoom, gesture in (("pan", 12.0, frames.panned), ("zoom", 12.0, frames.zoomed)):
        ours: list[float] = []
        turns: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):
            canvas.paint_anew(_middle(zoom))
            canvas.given_ms.clear()
            done = gesture(canvas)
            ours += done.paint_ms.tolist()
            turns.append(max([*done.slice_ms.tolist(), *canvas.given_ms], default=0.0))
            theirs += [] if peer is None else _theirs(peer, name, zoom)
        print(f"  {name}: {len(ours)} frames of ours {spread(ours)} ms, goal {GOAL_FRAME_MS}")
        print(f"    the longest turn of the window between frames {spread(turns)} ms, goal {GOAL_TURN_MS:.0f}")
        if theirs:
            print(f"    {len(theirs)} frames of datashader {spread(theirs)} ms", flush=True)
        fine &= median(ours) <= GOAL_FRAME_MS and median(turns) <= GOAL_TURN_MS
    return fine


def _theirs(peer: Callable[[Screen], QImage], gesture: str, zoom: float) -> list[float]:
    """Return how long each frame of datashader took, ms: a few of the same way, each made anew."""
    screen = Screen(_middle(zoom), WIDE, HIGH)
    steps = range(4)
    if gesture == "pan":
        shown = [Screen(screen.moved(frames.PAN_PX * step, 0.0), WIDE, HIGH) for step in steps]
    else:
        at = QPointF(WIDE * 0.4, HIGH * 0.6)
        shown = [Screen(screen.zoomed(0.5 * step, at), WIDE, HIGH) for step in steps]
    times = [time.perf_counter()]
    for one in shown:
        peer(one)
        times.append(time.perf_counter())
    return [1000 * (end - begin) for begin, end in pairwise(times)]


def _datashader(devices: Devices) -> "Callable[[Screen], QImage]":
    import datashader as ds
    import datashader.transfer_functions as tf
    import pandas as pd

    theme = load_theme()
    points = pd.DataFrame({"x": devices.x / SCALE, "y": devices.y / SCALE, "state": devices.state}, copy=False)
    greys = [theme.colour(Colour.MAP_GROUND).name(), theme.colour(Colour.MAP_DENSE).name()]
    key = [theme.fill(level).name() for level in range(1, 5)]

    def view(screen: Screen) -> QImage:
        west, north, east, south = screen.bounds
        wide, high = round(screen.width / CELL_PX), round(screen.height / CELL_PX)
        canvas = ds.Canvas(plot_width=wide, plot_height=high, x_range=(west, east), y_range=(north, south))
        counts = tf.shade(canvas.points(points, "x", "y", ds.count()), cmap=greys, how="log")
        worst = canvas.points(points, "x", "y", ds.max("state"))
        grave = worst.where(worst >= int(DeviceState.BLUE))
        shaded = tf.stack(counts, tf.shade(grave, cmap=key, how="linear", span=(int(DeviceState.BLUE), 6)))
        return _drawn(shaded, screen)

    return view


def _drawn(shaded: Any, screen: Screen) -> QImage:
    """Return datashader's picture as large as the window."""
    data = np.ascontiguousarray(shaded.to_numpy())
    small = QImage(data.data, data.shape[1], data.shape[0], QImage.Format.Format_RGBA8888)
    whole = QImage(round(screen.width), round(screen.height), QImage.Format.Format_RGB32)
    painter = QPainter(whole)
    painter.drawImage(whole.rect(), small)
    painter.end()
    return whole


def _middle(zoom: float) -> MapView:
    (x, y) = city.world(*MIDDLE)
    return MapView(x, y, zoom)


if __name__ == "__main__":
    sys.exit(main())

"""Devices counted by cells of the map, 1 and 22 million: each step of a pan and a zoom, beside datashader's points.

Ours is measured with the cells prepared once (they are, in the survey) and from nothing; datashader has no preparation
that helps a view of other bounds, so it counts from its columns each time. Both count the same devices into as many
cells; that they find the same number is checked. A second of changes (1 % of the devices) is measured, too.
"""

import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from chengyun_core.ingest.density import Density
from chengyun_core.ingest.ground import FINEST, SCALE, Fractions, Ground, fractions
from chengyun_core.model.device import DeviceState
from chengyun_resources.reference import device_places
from chengyun_resources.reference.estate import DEVICES
from tests.bench.figures import interleaved, ratios, resident_mb, spread

SIZES = (1_000_000, DEVICES)
WIDE, HIGH = 480, 270
"""Cells of a map of 1920 × 1080, four pixels wide each."""
ROUNDS = 7
CHANGED = 0.01
GOAL_CHANGE_MS = 20.0
GOAL_RATIO = 5.0
"""At 22 million: a million is as quick to look at as to count."""
SEED = 7
VIEWS = {"whole city": 12, "district": 14, "town": 16, "street": 18}
"""Zoom of the cells."""
MIDDLE = (106.55, 29.56)


def main() -> int:
    """Print the figures; return 0 when every goal is reached."""
    fine = True
    for size in SIZES:
        x, y = _places(size)
        state = np.random.default_rng(SEED).choice(len(DeviceState), size, p=_shares()).astype(np.uint8)
        fine &= _measured(size, x, y, state)
    return 0 if fine else 1


def _measured(size: int, x: Fractions, y: Fractions, state: Any) -> bool:
    print(f"{size:,} devices, {WIDE} × {HIGH} cells", flush=True)
    begun = time.perf_counter()
    density = Density(Ground(x, y, np.arange(size, dtype=np.uint32), size))
    density.take(state)
    print(f"  prepared in {time.perf_counter() - begun:.1f} s, {density.size_bytes() / 2**20:.0f} MB of columns")
    fine = _changes(density)
    peer = _datashader(x, y, density.state) if find_spec("datashader") else None
    if peer is None:
        print("  datashader is not installed: ./dev bench installs it")
    for name, zoom in VIEWS.items():
        fine &= _view(name, zoom, density, peer)
    fine &= _walk(density, peer)
    print(f"  resident {resident_mb():.0f} MB (places in columns of the benchmark among it)", flush=True)
    return fine


def _changes(density: Density) -> bool:
    dice = np.random.default_rng(SEED)
    size = density.ground.size
    taken, worked = [], []
    for _ in range(ROUNDS):
        slots = np.sort(dice.choice(size, int(size * CHANGED), replace=False)).astype(np.uint32)
        after = dice.integers(0, len(DeviceState), slots.size, dtype=np.uint8)
        begun, processor = time.perf_counter(), time.thread_time()
        density.change(slots, after)
        taken.append(time.perf_counter() - begun)
        worked.append(time.thread_time() - processor)
    told = f"{spread(taken, factor=1000)} ms by the wall, {spread(worked, factor=1000)} of the processor"
    print(f"  {CHANGED:.0%} of them change: {told}, goal {GOAL_CHANGE_MS:.0f}")
    return min(taken) * 1000 <= GOAL_CHANGE_MS


def _view(name: str, zoom: int, density: Density, peer: "Callable[[Any], Any] | None") -> bool:
    cells = _cells(zoom)
    if not density.is_affordable(zoom, *cells):
        zoom, cells = FINEST, (*(one >> (zoom - FINEST) for one in cells),)
        name = f"{name} (in the finest cells that are kept)"
    sides: dict[str, Callable[[], object]] = {"ours": lambda: density.view(zoom, *cells, "all")}
    if peer is not None:
        sides["datashader"] = lambda: peer((zoom, *cells))
        ours, theirs = int(density.view(zoom, *cells, "all")[0].sum()), int(peer((zoom, *cells))[0].sum())
        # A device on an edge may fall into the one or the other cell: datashader works in floating point.
        assert abs(ours - theirs) <= max(2, ours * 1e-3), f"{name}: {ours} and {theirs} devices"
    taken = interleaved(sides, rounds=ROUNDS, repeats=1)
    told = f"  {name}: {spread(taken['ours'], factor=1000)} ms"
    if peer is None:
        print(told)
        return True
    times = ratios(taken["datashader"], taken["ours"])
    against = spread(taken["datashader"], factor=1000)
    print(f"{told}; datashader {against} ms; ratio {spread(times)}, goal {GOAL_RATIO:.0f}")
    return density.ground.size < DEVICES or max(times) >= GOAL_RATIO


def _walk(density: Density, peer: "Callable[[Any], Any] | None") -> bool:
    """Pan across the city in ten steps, then zoom in from all of it to a street: every frame of each side."""
    frames = [(14, *_cells(14, step * WIDE // 5)) for step in range(-5, 5)]
    frames += [(zoom, *_cells(zoom)) for zoom in range(11, 21)]
    frames = [
        frame if density.is_affordable(*frame) else (FINEST, *(one >> (frame[0] - FINEST) for one in frame[1:]))
        for frame in frames
    ]
    for name, see in (("ours", lambda frame: density.view(*frame, "all")), ("datashader", peer)):
        if see is None:
            continue
        taken = []
        for frame in frames:
            begun = time.perf_counter()
            see(frame)
            taken.append(time.perf_counter() - begun)
        print(f"  pan and zoom, {len(frames)} frames, {name}: {spread(taken, factor=1000)} ms a frame")
    return True


def _datashader(x: Fractions, y: Fractions, state: Any) -> "Callable[[Any], Any]":
    import datashader as ds
    import pandas as pd

    points = pd.DataFrame({"x": x / SCALE, "y": y / SCALE, "state": state}, copy=False)

    def view(frame: Any) -> Any:
        zoom, column, row, width, height = frame
        scale = 2.0**zoom
        canvas = ds.Canvas(
            plot_width=width, plot_height=height, x_range=(column / scale, (column + width) / scale),
            y_range=(row / scale, (row + height) / scale),
        )  # fmt: skip
        counts = canvas.points(points, "x", "y", ds.count())
        return counts.values, canvas.points(points, "x", "y", ds.max("state")).values

    return view


def _cells(zoom: int, aside: int = 0) -> tuple[int, int, int, int]:
    x, y = fractions(np.array([MIDDLE[0]]), np.array([MIDDLE[1]]))
    column, row = int(x[0]) >> (32 - zoom), int(y[0]) >> (32 - zoom)
    return max(0, column - WIDE // 2 + aside), max(0, row - HIGH // 2), WIDE, HIGH


def _places(size: int) -> tuple[Fractions, Fractions]:
    """Return devices scattered round the towns of the reference city."""
    recipe = [one for code, one in sorted(device_places.recipes().items()) if len(code) == 9]
    points = np.array([one.points[0] for one in recipe])
    dice = np.random.default_rng(SEED)
    town = dice.integers(0, len(points), size)
    away = dice.standard_normal((2, size), np.float32) * 0.02
    return fractions(points[town, 0] + away[0], points[town, 1] + away[1])


def _shares() -> list[float]:
    return [0.30, 0.66, 0.02, 0.01, 0.006, 0.003, 0.001]


if __name__ == "__main__":
    sys.exit(main())

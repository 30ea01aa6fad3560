"""What tests of the map share: a small made-up country and a canvas that shows it."""

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.layers import Mark, PlaceLabel, PointLayer, ShapeLayer, ShapePaths
from chengyun_widgets.mapping.styles import STYLES
from chengyun_widgets.mapping.view import Bounds, MapView
from chengyun_widgets.theme import Theme
from tests.widgets.mapping import scenes
from tests.widgets.mapping.city import paths

MIDDLE = MapView(0.795, 0.415, 10.0)
PX = 1.0 / MIDDLE.scale


def near(dx: float, dy: float) -> tuple[float, float]:
    """Return the place so many px of zoom 10 from the middle."""
    return MIDDLE.x + dx * PX, MIDDLE.y + dy * PX


def square(dx: float, dy: float, side: float) -> np.ndarray:
    """Return a square of px of zoom 10 with its corner at dx, dy, as a ring."""
    return np.array([near(dx, dy), near(dx + side, dy), near(dx + side, dy + side), near(dx, dy + side)])


def squares(**more: object) -> ShapeLayer:
    """Return two districts side by side, A and B, 200 px wide."""
    drawn: ShapePaths = paths(("A", "B"), [(0, True, square(-200, -100, 200)), (1, True, square(0, -100, 200))])
    labels = (
        PlaceLabel(id="A", text="甲区", x=near(-100, 0)[0], y=near(-100, 0)[1]),
        PlaceLabel(id="B", text="乙区", x=near(100, 0)[0], y=near(100, 0)[1]),
    )
    return ShapeLayer(code="squares", paths=drawn, style=STYLES["district"], labels=labels, **more)  # type: ignore[arg-type]


def marks(*points: tuple[float, float, int], code: str = "marks", **more: object) -> PointLayer:
    """Return risk points at px of zoom 10 from the middle: dx, dy, severity."""
    places = np.array([near(dx, dy) for dx, dy, _ in points], np.float64).reshape(-1, 2)
    ids = tuple(f"{code}{at}" for at in range(len(points)))
    more.setdefault("mark", Mark.RISK_POINT)
    return PointLayer(
        code=code, x=places[:, 0].copy(), y=places[:, 1].copy(), names=tuple(f"点{at}" for at in range(len(points))),
        severity=np.array([one[2] for one in points], np.uint8), ids=ids, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def bounds(half: float = 200) -> Bounds:
    """Return a rectangle round the middle, in px of zoom 10."""
    return Bounds(*near(-half, -half), *near(half, half))


@pytest.fixture
def made(theme: Theme, qtbot: QtBot) -> Callable[..., MapCanvas]:
    """Return what makes a shown canvas of a size, looking at the middle."""

    def make(*layers: object, width: int = 600, height: int = 400) -> MapCanvas:
        canvas = scenes.canvas(theme, width, height)
        qtbot.addWidget(canvas)
        canvas.show_layers(layers)  # type: ignore[arg-type]
        canvas.look_at(MIDDLE)
        canvas.show()
        canvas.settle()
        return canvas

    return make

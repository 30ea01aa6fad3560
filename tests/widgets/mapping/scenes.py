"""Whole canvases as they are looked at and compared: the command view, the city, a drawing, density."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from chengyun_core.geo.projection import to_world
from chengyun_widgets.mapping.canvas import MapCanvas
from chengyun_widgets.mapping.furniture import MapTexts
from chengyun_widgets.mapping.layers import DensityLayer, DensityPicture, MapItem, Mark
from chengyun_widgets.mapping.legend import DensitySample, LegendRow, MapLegend, MarkSample, RingSample, ShapeSample
from chengyun_widgets.mapping.styles import STYLES
from chengyun_widgets.mapping.tools import Tool
from chengyun_widgets.mapping.view import Bounds
from chengyun_widgets.theme import Theme
from tests.widgets.mapping import city

TEXTS = MapTexts(
    name="一张图", locked="视图已锁定", north="北", point="{name} {severity}", cluster="{count} 个 {severity}",
    severities=("正常", "蓝", "黄", "橙", "红"),
)  # fmt: skip
ATTRIBUTION = "示意图 · 无审图号 · 边界 echarts 4.9.0 · 河流 GSHHG · CGCS2000"


class MadeUpDensity:
    """Answers at once with a cloud about the city, some of it abnormal."""

    def __init__(self, canvas: MapCanvas) -> None:
        self.canvas = canvas
        rng = np.random.default_rng(2)
        count = 400_000
        lon = np.concatenate([rng.normal(106.55, 0.18, count // 2), rng.normal(107.4, 0.9, count // 2)])
        lat = np.concatenate([rng.normal(29.57, 0.15, count // 2), rng.normal(30.0, 0.6, count // 2)])
        self.x, self.y = to_world(lon, lat)
        self.worst = np.where(rng.random(count) < 3e-4, rng.integers(1, 5, count), 0).astype(np.uint8)

    def ask(self, bounds: Bounds, width: int, height: int) -> None:
        """Count what is in each cell."""
        column = np.floor((self.x - bounds.west) / (bounds.east - bounds.west) * width).astype(np.int64)
        row = np.floor((self.y - bounds.north) / (bounds.south - bounds.north) * height).astype(np.int64)
        here = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        cell = (row * width + column)[here]
        counts = np.bincount(cell, minlength=width * height).astype(np.uint32).reshape(height, width)
        worst = np.zeros(width * height, np.uint8)
        np.maximum.at(worst, cell, self.worst[here])
        self.canvas.give_density("density", DensityPicture(bounds, counts, worst.reshape(height, width)))


def canvas(theme: Theme, width: int, height: int, kind: type[MapCanvas] = MapCanvas) -> MapCanvas:
    """Return a canvas with words, of a size."""
    made = kind(theme)
    made.set_texts(TEXTS)
    made.set_attribution(ATTRIBUTION)
    made.resize(QSize(width, height))
    return made


def command(theme: Theme, width: int, height: int) -> MapCanvas:
    """The command view: the centre of the city, the event, what is near it."""
    made = canvas(theme, width, height)
    made.show_layers(city.everything())
    made.fit(city.command_bounds())
    made.choose(MapItem("events", "events-0"))
    return made


def whole(theme: Theme, width: int, height: int) -> MapCanvas:
    """The whole city, locked."""
    made = canvas(theme, width, height)
    made.show_layers(city.everything())
    made.fit(city.city_bounds())
    made.lock_view(True)
    return made


def drawn(theme: Theme, width: int, height: int) -> MapCanvas:
    """Near the event, with what officers drew, and a surface being measured."""
    made = canvas(theme, width, height)
    made.show_layers((*city.everything(), city.warning(), city.sketches()))
    west, south = city.world(106.50, 29.55)
    east, north = city.world(106.72, 29.69)
    made.fit(Bounds(west, north, east, south))
    made.begin_drawing(Tool.SURFACE)
    assert made.pencil is not None
    for place in ((106.66, 29.57), (106.70, 29.575), (106.705, 29.60)):
        made.pencil.put(city.world(*place))
    made.pencil.cursor = city.world(106.67, 29.61)
    return made


def dense(theme: Theme, width: int, height: int) -> MapCanvas:
    """Four hundred thousand devices as a density."""
    made = canvas(theme, width, height)
    made.show_layers(
        (city.districts(), city.rivers(), DensityLayer(code="density", source=MadeUpDensity(made)), city.warning())
    )
    made.fit(city.command_bounds())
    made.settle()
    return made


def works(theme: Theme, width: int, height: int) -> MapCanvas:
    """Streets and pipes near the ground, every kind of mark in every severity, with their legend on the map."""
    made = canvas(theme, width, height)
    made.show_layers((city.districts(), *city.networks(), *city.every_mark()))
    made.fit(city.works_bounds())
    legend = MapLegend(theme)
    legend.show_rows(_LEGEND)
    made.show_card(legend, *city.world(*city.WORKS))
    return made


_LEGEND = (
    *(LegendRow(sample=ShapeSample(style=style), text=key) for key, style in STYLES.items()),
    *(LegendRow(sample=MarkSample(mark=mark), text=str(mark)) for mark in Mark),
    LegendRow(sample=MarkSample(mark=Mark.RISK_POINT, severity=4), text="红", detail="特别重大"),
    LegendRow(sample=RingSample(), text="到达圈", detail="直线距离"),
    LegendRow(sample=DensitySample(), text="感知设备密度", detail="每格 1 … 512 台"),
)


def taken(made: MapCanvas) -> QImage:
    """Return a canvas' picture with everything painted."""
    return made.picture()


SCENES: dict[str, Callable[[Theme, int, int], MapCanvas]] = {
    "command": command, "city": whole, "works": works, "drawn": drawn, "density": dense,
}  # fmt: skip

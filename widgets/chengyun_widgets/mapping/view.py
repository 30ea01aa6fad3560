"""Where the map looks: a place of the world and a zoom, and how that falls on a window's pixels."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

WORLD_PX = 256.0
"""How wide the whole world is at zoom 0, as maps of the web count."""
LEAST_ZOOM = 3.0
MOST_ZOOM = 22.0
_FIT_SHARE = 0.9
"""What is fitted leaves a twentieth of the window free on each side."""
_LEAST_SPAN = 1e-9

Floats = NDArray[np.float64]


class Bounds(NamedTuple):
    """A rectangle of the world: web Mercator in the unit square, x to the east, y to the south."""

    west: float
    north: float
    east: float
    south: float

    def grown(self, by: float) -> "Bounds":
        """Return the rectangle with `by` more on every side."""
        return Bounds(self.west - by, self.north - by, self.east + by, self.south + by)

    def holds(self, other: "Bounds") -> bool:
        """Return whether another rectangle lies inside."""
        return (
            self.west <= other.west
            and self.north <= other.north
            and self.east >= other.east
            and self.south >= other.south
        )


@dataclass(frozen=True, slots=True)
class MapView:
    """The middle of the window in world coordinates and the zoom: at zoom z the world is 256 · 2^z px wide."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 4.0

    def kept_in(self) -> "MapView":
        """Return the view with its middle in the world and a zoom that exists."""
        zoom = min(MOST_ZOOM, max(LEAST_ZOOM, self.zoom))
        return MapView(min(1.0, max(0.0, self.x)), min(1.0, max(0.0, self.y)), zoom)

    @property
    def scale(self) -> float:
        """How many px the whole world is wide."""
        return WORLD_PX * math.pow(2.0, self.zoom)


@dataclass(frozen=True, slots=True)
class Screen:
    """A view on a window of `width` × `height` px."""

    view: MapView
    width: float
    height: float

    @property
    def bounds(self) -> Bounds:
        """What of the world is in the window."""
        half_x, half_y = self.width / 2 / self.view.scale, self.height / 2 / self.view.scale
        return Bounds(self.view.x - half_x, self.view.y - half_y, self.view.x + half_x, self.view.y + half_y)

    def px(self, x: float, y: float) -> QPointF:
        """Return where a place of the world is in the window."""
        scale = self.view.scale
        return QPointF((x - self.view.x) * scale + self.width / 2, (y - self.view.y) * scale + self.height / 2)

    def px_of(self, points: Floats) -> Floats:
        """Return where places are in the window: float64[n, 2] in world coordinates and in px."""
        scale, corner = self.view.scale, self.bounds
        found: Floats = (points - np.array([corner.west, corner.north])) * scale
        return found

    def world(self, at: QPointF) -> tuple[float, float]:
        """Return which place of the world is at a point of the window."""
        scale = self.view.scale
        return (
            self.view.x + (at.x() - self.width / 2) / scale,
            self.view.y + (at.y() - self.height / 2) / scale,
        )

    def grown(self, by_px: float) -> "Screen":
        """Return the same view on a window larger by `by_px` on every side."""
        return replace(self, width=self.width + 2 * by_px, height=self.height + 2 * by_px)

    def moved(self, dx: float, dy: float) -> MapView:
        """Return the view after the window went `dx`, `dy` px over the map."""
        scale = self.view.scale
        return MapView(self.view.x + dx / scale, self.view.y + dy / scale, self.view.zoom).kept_in()

    def zoomed(self, by: float, at: QPointF) -> MapView:
        """Return the view `by` steps nearer; the place under `at` stays where it is."""
        x, y = self.world(at)
        zoom = MapView(x, y, self.view.zoom + by).kept_in().zoom
        scale = MapView(x, y, zoom).scale
        left, top = (at.x() - self.width / 2) / scale, (at.y() - self.height / 2) / scale
        return MapView(x - left, y - top, zoom).kept_in()


def fitting(bounds: Bounds, width: float, height: float, most_zoom: float = MOST_ZOOM) -> MapView:
    """Return the view that shows a rectangle of the world as large as a window of `width` × `height` px lets it be."""
    across = max(_LEAST_SPAN, bounds.east - bounds.west) / _FIT_SHARE
    down = max(_LEAST_SPAN, bounds.south - bounds.north) / _FIT_SHARE
    zoom = math.log2(max(1.0, min(width / across, height / down)) / WORLD_PX)
    middle_x, middle_y = (bounds.west + bounds.east) / 2, (bounds.north + bounds.south) / 2
    return MapView(middle_x, middle_y, min(zoom, most_zoom)).kept_in()

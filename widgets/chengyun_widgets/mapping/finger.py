"""What is under a finger or the mouse, and in which order the keyboard walks over what is in the window."""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from chengyun_widgets.mapping.layers import AreaLayer, Layer, MapItem, PointLayer, ShapeLayer
from chengyun_widgets.mapping.pixel_painting import quiet_points
from chengyun_widgets.mapping.scene import Scene, shown_at, symbol_rect
from chengyun_widgets.mapping.shape_painting import ShapePainting
from chengyun_widgets.mapping.symbols import Symbol
from chengyun_widgets.mapping.view import Bounds, Floats, Screen
from chengyun_widgets.theme import Theme

REACH_PX = 14.0
"""A target is 28 px wide, however small its mark."""
_DOT_REACH_PX = 9.0
_LINE_REACH_PX = 7.0
_LINE, _LEAST_SIZE = 0.0, 1e-30
"""An outline that crosses itself may have no size, and still is no line."""
_Sized = tuple[float, int, MapItem]
"""Size of the outline in square units of the world (`_LINE`: none), minus the severity, and whose it is."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under a point beneath all marks: lines, the topmost first; areas, the smallest first, then the gravest.

    Of equal ones the topmost comes first.
    """

    lines: tuple[MapItem, ...]
    areas: tuple[MapItem, ...]


def symbols_at(scene: Scene, screen: Screen, theme: Theme, at: QPointF) -> list[Symbol]:
    """Return marks and clusters under a point: what the point is inside of before what is only near, gravest first."""
    if not len(scene.places):
        return []
    near = np.abs(screen.px_of(scene.places) - np.array([at.x(), at.y()])).max(axis=1)
    found = []
    for one in np.flatnonzero(near <= 2 * REACH_PX):
        symbol = scene.symbols[one]
        rect = symbol_rect(symbol, screen, theme)
        if symbol.item.id and _reached(rect, at):
            found.append((not rect.contains(at), -symbol.severity, near[one], -int(one), symbol))
    return [entry[-1] for entry in sorted(found, key=lambda entry: entry[:-1])]


def dots_at(layers: tuple[Layer, ...], screen: Screen, at: QPointF) -> Iterator[MapItem]:
    """Yield the device dots under a point, nearest first."""
    x, y = screen.world(at)
    reach = _DOT_REACH_PX / screen.view.scale
    for layer in shown_at(layers, screen.view.zoom):
        if isinstance(layer, PointLayer) and layer.is_quiet:
            away = np.maximum(np.abs(layer.x - x), np.abs(layer.y - y))
            near = np.flatnonzero(quiet_points(layer) & (away <= reach))
            yield from (MapItem(layer.code, layer.ids[one]) for one in near[np.argsort(away[near])])


def ground_at(
    layers: tuple[Layer, ...], shapes: ShapePainting, screen: Screen, at: QPointF, *, is_drawn_told: bool
) -> Ground:
    """Return the lines and areas under a point of the layers that can be chosen.

    `is_drawn_told`: areas drawn over the map are among them.
    """
    found: list[_Sized] = []
    for layer in reversed(shown_at(layers, screen.view.zoom)):
        if isinstance(layer, ShapeLayer) and layer.is_pickable:
            found += _features_at(layer, shapes, screen, at)
        elif isinstance(layer, AreaLayer) and layer.is_pickable and is_drawn_told:
            found += _areas_at(layer, *screen.world(at))
    lines = dict.fromkeys(item for size, _severity, item in found if size == _LINE)
    areas = dict.fromkeys(item for size, _severity, item in sorted(found, key=itemgetter(0, 1)) if size > _LINE)
    return Ground(tuple(lines), tuple(areas))


def walk(scene: Scene, layers: tuple[Layer, ...], screen: Screen) -> list[MapItem]:
    """Return what the Tab key reaches in the window: gravest first, events before others, then from the north down."""
    bounds = screen.bounds
    marks = [
        (-one.severity, -at, one.y, one.item)
        for at, one in enumerate(scene.symbols)
        if one.item.id and _inside(bounds, one.x, one.y)
    ]
    return [*(entry[-1] for entry in sorted(marks)), *_dots(layers, screen)]


def _dots(layers: tuple[Layer, ...], screen: Screen) -> Iterator[MapItem]:
    bounds = screen.bounds
    for layer in shown_at(layers, screen.view.zoom):
        if isinstance(layer, PointLayer) and layer.is_quiet:
            here = quiet_points(layer) & (layer.x >= bounds.west) & (layer.x <= bounds.east)
            here &= (layer.y >= bounds.north) & (layer.y <= bounds.south)
            rows = np.flatnonzero(here)
            yield from (MapItem(layer.code, layer.ids[one]) for one in rows[np.argsort(layer.y[rows], kind="stable")])


def _reached(rect: QRectF, at: QPointF) -> bool:
    more_x, more_y = max(0.0, REACH_PX - rect.width() / 2), max(0.0, REACH_PX - rect.height() / 2)
    return rect.adjusted(-more_x, -more_y, more_x, more_y).contains(at)


def _inside(bounds: Bounds, x: float, y: float) -> bool:
    return bounds.west <= x <= bounds.east and bounds.north <= y <= bounds.south


def _features_at(layer: ShapeLayer, shapes: ShapePainting, screen: Screen, at: QPointF) -> Iterator[_Sized]:
    step = layer.paths.step_at(screen.view.zoom)
    if step is None:
        return
    x, y = screen.world(at)
    reach = _LINE_REACH_PX / screen.view.scale
    held: dict[int, list[float]] = {}
    for part in shapes.extent_of(step).seen(Bounds(x, y, x, y).grown(reach)):
        points, feature = step.points[step.starts[part] : step.starts[part + 1]], int(step.feature[part])
        if not step.closed[part]:
            if _distance(points, x, y) <= reach:
                held[feature] = [_LINE]
        elif _ring_holds(points, x, y):
            held.setdefault(feature, []).append(_size(points))
    tints, codes = layer.tints, layer.paths.codes
    for feature, sizes in held.items():
        if _is_inside(sizes):
            yield max(sizes), -tints.get(codes[feature], 0), MapItem(layer.code, codes[feature])


def _areas_at(layer: AreaLayer, x: float, y: float) -> Iterator[_Sized]:
    for area in reversed(layer.areas):
        rings = (np.array(ring, np.float64) for ring in area.rings if len(ring) > 2)
        sizes = [_size(ring) for ring in rings if _ring_holds(ring, x, y)]
        if _is_inside(sizes):
            yield max(sizes), -area.severity, MapItem(layer.code, area.id)


def _is_inside(sizes: list[float]) -> bool:
    """Return whether a place is in an area, given the rings around it: odd-even, in a hole is outside."""
    return len(sizes) % 2 == 1


def _size(ring: Floats) -> float:
    following = np.roll(ring, -1, axis=0)
    twice = (ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]).sum()
    return max(_LEAST_SIZE, float(abs(twice)) / 2.0)


def _ring_holds(ring: Floats, x: float, y: float) -> bool:
    """Return whether a place is inside a ring, by the sides a ray to the east crosses."""
    following = np.roll(ring, -1, axis=0)
    spans = (ring[:, 1] > y) != (following[:, 1] > y)
    begin, end = ring[spans], following[spans]
    crossing = begin[:, 0] + (y - begin[:, 1]) / (end[:, 1] - begin[:, 1]) * (end[:, 0] - begin[:, 0])
    return bool(np.count_nonzero(crossing > x) % 2)


def _distance(line: Floats, x: float, y: float) -> float:
    """Return how far a place is from a line, in units of the world."""
    begin, along = line[:-1], np.diff(line, axis=0)
    to = np.array([x, y]) - begin
    length = np.maximum((along**2).sum(axis=1), 1e-30)
    share = np.clip((to * along).sum(axis=1) / length, 0.0, 1.0)
    return float(np.sqrt(((to - along * share[:, None]) ** 2).sum(axis=1).min(initial=np.inf)))

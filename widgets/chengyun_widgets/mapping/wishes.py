"""Which names the layers of a map would like to have written."""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

from chengyun_resources.theme.tokens import Colour, Severity, TypeSize
from chengyun_widgets.mapping.labels import ABOVE, BELOW, LEFT, MIDDLE, RIGHT, Side, Wish
from chengyun_widgets.mapping.layers import (
    Area,
    AreaLayer,
    Mark,
    RingLayer,
    ShapeLayer,
    Sketch,
    SketchKind,
    SketchLayer,
)
from chengyun_widgets.mapping.measure import circle
from chengyun_widgets.mapping.sprites import mark_px
from chengyun_widgets.mapping.symbols import Symbol
from chengyun_widgets.mapping.view import Bounds, Screen

_EVENT_GRAVITY = 6
_EVENT_GAP_PX, _MARK_GAP_PX = 5.0, 1.0
"""An event is chosen most of the time: its name is beside the ring of choice."""
_RING_GRAVITY = 5
_FORCE_RANK, _POINT_RANK, _PLACE_RANK = -20, -10, 0
_NUDGED: tuple[Side, ...] = (MIDDLE, (-0.5, -1.3), (-0.5, 0.3), (-0.25, -0.5), (-0.75, -0.5))
"""A district's name may give way a little to a mark in the middle of it."""
_RING_PLACES = ((0, RIGHT), (90, LEFT), (45, BELOW), (135, ABOVE))
"""Of 180 points of a circle from the east clockwise: where a ring's label may stand, best first."""


def of_shapes(layer: ShapeLayer, screen: Screen) -> Iterator[Wish]:
    """Yield the names of a layer's features whose time has come at this zoom."""
    bounds, zoom = screen.bounds, screen.view.zoom
    for label in layer.labels:
        if label.min_zoom <= zoom < label.max_zoom and _holds(bounds, label.x, label.y):
            is_focus, is_tinted = label.id in layer.focus, bool(layer.tints.get(label.id))
            yield Wish(
                key=(layer.code, label.id), text=label.text, x=label.x, y=label.y, sides=_NUDGED,
                rank=_PLACE_RANK + label.rank, size=TypeSize.BODY,
                colour=Colour.MAP_TEXT if is_focus or is_tinted else layer.style.text, is_bold=is_focus,
                gravity=1 if is_focus or is_tinted else 0,
            )  # fmt: skip


class Need(Enum):
    """How much an officer needs a name: before everything normal, before clusters, or where there is room."""

    FOREMOST = 0
    NEEDED = 1
    USEFUL = 2


def need_of(wish: Wish) -> Need:
    """Return how much a name is needed: an event's most, then what is grave, what was drawn, and the forces."""
    if wish.gravity >= _EVENT_GRAVITY:
        return Need.FOREMOST
    return Need.NEEDED if wish.gravity > 0 or wish.rank <= _FORCE_RANK else Need.USEFUL


def of_symbol(symbol: Symbol) -> Wish | None:
    """Return the name of a mark, None when it has none or is written only nearer."""
    if not symbol.name or not symbol.is_named:
        return None
    is_event, is_force = symbol.mark is Mark.EVENT, symbol.mark is Mark.FORCE
    half, gap = mark_px(symbol.mark, symbol.severity) / 2, _EVENT_GAP_PX if is_event else _MARK_GAP_PX
    return Wish(
        key=symbol.item, text=symbol.name, x=symbol.x, y=symbol.y, away_px=half + gap,
        gravity=_EVENT_GRAVITY if is_event else symbol.severity, rank=_FORCE_RANK if is_force else _POINT_RANK,
        colour=_colour_of(symbol), is_bold=is_event,
    )  # fmt: skip


def of_rings(layer: RingLayer) -> Iterator[Wish]:
    """Yield a ring's label: at its east, else at its west, south or north."""
    for radius, label in zip(layer.radii_m, layer.labels, strict=True):
        points = circle(layer.centre, radius)
        places = [
            Wish(
                key=(layer.code, radius), text=label, x=float(points[at, 0]), y=float(points[at, 1]), sides=(side,),
                away_px=2.0, gravity=_RING_GRAVITY, colour=Colour.MAP_ACCENT,
            )
            for at, side in _RING_PLACES
        ]  # fmt: skip
        yield replace(places[0], elsewhere=tuple(places[1:]))


def of_areas(layer: AreaLayer) -> Iterator[Wish]:
    """Yield the labels of areas, in the middle of the longest ring."""
    yield from (_area_wish(layer.code, area) for area in layer.areas if area.label and area.rings)


def of_sketches(layer: SketchLayer) -> Iterator[Wish]:
    """Yield the words of drawings: a note's beside it, an arrow's at its tail, others' in their middle."""
    yield from (_sketch_wish(layer.code, sketch) for sketch in layer.sketches if sketch.text and sketch.points)


def _area_wish(code: str, area: Area) -> Wish:
    ring = max(area.rings, key=len)
    x, y = (sum(point[axis] for point in ring) / max(1, len(ring)) for axis in (0, 1))
    return Wish(key=(code, area.id), text=area.label, x=x, y=y, sides=_NUDGED, gravity=area.severity,
                colour=Colour.MAP_TEXT)  # fmt: skip


def _sketch_wish(code: str, sketch: Sketch) -> Wish:
    is_point = sketch.kind in (SketchKind.NOTE, SketchKind.ARROW)
    if is_point:
        x, y = sketch.points[0]
    else:
        x, y = (sum(point[axis] for point in sketch.points) / len(sketch.points) for axis in (0, 1))
    return Wish(
        key=(code, sketch.id), text=sketch.text, x=x, y=y, away_px=6.0 if is_point else 0.0,
        sides=(RIGHT, LEFT, BELOW, ABOVE) if is_point else _NUDGED, gravity=_RING_GRAVITY, rank=1,
        colour=Colour.MAP_TEXT if sketch.severity else Colour.MAP_ACCENT,
    )  # fmt: skip


def _colour_of(symbol: Symbol) -> Colour:
    if symbol.severity > Severity.NONE or symbol.mark is Mark.EVENT:
        return Colour.MAP_TEXT
    return Colour.MAP_ACCENT if symbol.mark is Mark.FORCE else Colour.MAP_TEXT_SECOND


def _holds(bounds: Bounds, x: float, y: float) -> bool:
    return bounds.west <= x <= bounds.east and bounds.north <= y <= bounds.south

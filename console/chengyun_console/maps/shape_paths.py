"""Makes what the canvas draws out of a layer's packed bytes: paths, names at their places, points. Pure, and slow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from chengyun_core.geo.projection import to_world
from chengyun_core.geo.shapes import AREA, POINT, Shapes, unpack
from chengyun_core.model.map_layer import MapLayer
from chengyun_widgets.mapping.layers import PlaceLabel, ShapePaths, ShapeStep, World
from chengyun_widgets.mapping.view import WORLD_PX, Bounds

Floats = npt.NDArray[np.float64]
NAME_PX = 52.0
"""How wide a feature has to be on the screen before its name is written."""
_POINT_BOUNDS = 2.0e-5
"""Half the side of what is shown when one goes to a point: some 700 m."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayerShapes:
    """A layer of the centre as far as it has come; two are the same only if they are one object."""

    layer: MapLayer
    paths: ShapePaths
    labels: tuple[PlaceLabel, ...]
    x: Floats
    y: Floats
    """float64[k], world: the features that are points …"""
    point_codes: tuple[str, ...]
    point_names: tuple[str, ...]
    names: Mapping[str, str]
    """Code → name of every feature."""
    places: Mapping[str, World]
    """Code → a place inside it, or on it."""
    bounds: Mapping[str, Bounds]
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Code → attribute → value, of what has any; empty until the finest level came."""
    is_whole: bool = False
    """The finest level is there."""


def shapes_of(
    layer: MapLayer, contents: Sequence[tuple[int, bytes]], *, is_whole: bool, endings: tuple[str, ...] = ()
) -> LayerShapes:  # fmt: skip
    """Return a layer made of its levels (from_zoom, packed bytes), coarsest first.

    endings: words that places share, left out of names on the map (as in rows of the lists), longest first.

    Raises:
        Refused: `map.shapes_faulty`: the bytes are none.
    """
    levels = [(zoom, unpack(data)) for zoom, data in contents]
    finest = levels[-1][1]
    numbers = {code: number for number, code in enumerate(finest.codes)}
    steps = tuple(_step(zoom, shapes, numbers) for zoom, shapes in levels)
    x, y = to_world(finest.coords[:, 0], finest.coords[:, 1])
    rings = _rings(finest)
    found = {code: _place(finest, number, x, y, rings) for code, number in numbers.items()}
    points = np.flatnonzero(finest.kinds == POINT)
    first = finest.points[finest.rings[finest.parts[points]]] if len(points) else np.zeros(0, np.int64)
    shorts = tuple(_short(name, endings) for name in finest.names)
    return LayerShapes(
        layer=layer, paths=ShapePaths(finest.codes, steps), labels=_labels(finest, found, shorts),
        x=x[first], y=y[first], point_codes=tuple(finest.codes[at] for at in points),
        point_names=tuple(finest.names[at] for at in points),
        names=dict(zip(finest.codes, finest.names, strict=True)),
        places={code: place for code, (place, _bounds) in found.items()},
        bounds={code: bounds for code, (_place, bounds) in found.items()},
        attributes=_attributes(finest) if is_whole else {}, is_whole=is_whole,
    )  # fmt: skip


def _step(zoom: int, shapes: Shapes, numbers: Mapping[str, int]) -> ShapeStep:
    """Return lines and areas of a level; points are drawn as marks."""
    each = np.diff(shapes.rings[shapes.parts]) if len(shapes) else np.zeros(0, np.int64)
    feature = np.repeat(np.arange(len(shapes)), each)
    kept = shapes.kinds[feature] != POINT
    lengths = np.diff(shapes.points)
    inside = np.repeat(kept, lengths)
    x, y = to_world(shapes.coords[inside, 0], shapes.coords[inside, 1])
    own = np.array([numbers.get(code, -1) for code in shapes.codes], np.int32)
    return ShapeStep(
        min_zoom=float(zoom), points=np.stack([x, y], axis=1),
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths[kept], dtype=np.int64)]),
        feature=own[feature[kept]], closed=shapes.kinds[feature[kept]] == AREA,
    )  # fmt: skip


def _rings(shapes: Shapes) -> list[tuple[int, int]]:
    """Return first and last ring of every feature."""
    first, last = shapes.rings[shapes.parts[:-1]], shapes.rings[shapes.parts[1:]]
    return list(zip(first.tolist(), last.tolist(), strict=True))


def _place(
    shapes: Shapes, number: int, x: Floats, y: Floats, rings: Sequence[tuple[int, int]]
) -> tuple[World, Bounds]:  # fmt: skip
    first, last = rings[number]
    begin, end = int(shapes.points[first]), int(shapes.points[last])
    own_x, own_y = x[begin:end], y[begin:end]
    bounds = Bounds(float(own_x.min()), float(own_y.min()), float(own_x.max()), float(own_y.max()))
    if shapes.kinds[number] == POINT:
        return (float(own_x[0]), float(own_y[0])), bounds.grown(_POINT_BOUNDS)
    sizes = np.diff(shapes.points[first : last + 1])
    longest = first + int(sizes.argmax())
    part = slice(int(shapes.points[longest]), int(shapes.points[longest + 1]))
    if shapes.kinds[number] == AREA:
        return inner_place(x[part], y[part]), bounds
    middle = (part.start + part.stop) // 2
    return (float(x[middle]), float(y[middle])), bounds


def inner_place(x: Floats, y: Floats) -> World:
    """Return a place inside a ring (float64[k], world): the middle of its widest stretch at the height of its middle.

    A centre of gravity may lie outside of a ring that bends; this never does.
    """
    height = float((y.min() + y.max()) / 2)
    to_x, to_y = np.roll(x, -1), np.roll(y, -1)
    crossing = (y <= height) != (to_y <= height)
    if not crossing.any():
        return float(x.mean()), height
    share = (height - y[crossing]) / (to_y[crossing] - y[crossing])
    at = np.sort(x[crossing] + share * (to_x[crossing] - x[crossing]))
    begins, ends = at[0::2], at[1::2]
    widest = int((ends - begins[: len(ends)]).argmax())
    return float((begins[widest] + ends[widest]) / 2), height


def area_at(shapes: LayerShapes, at: World) -> str:
    """Return the code of the area a place is in, by the odd-even rule over all its rings; empty for none."""
    step = shapes.paths.steps[-1]
    inside: dict[int, bool] = {}
    for part in np.flatnonzero(step.closed):
        ring = step.points[step.starts[part] : step.starts[part + 1]]
        after = np.roll(ring, -1, axis=0)
        spans = (ring[:, 1] > at[1]) != (after[:, 1] > at[1])
        begin, end = ring[spans], after[spans]
        crossing = begin[:, 0] + (at[1] - begin[:, 1]) / (end[:, 1] - begin[:, 1]) * (end[:, 0] - begin[:, 0])
        feature = int(step.feature[part])
        inside[feature] = inside.get(feature, False) ^ bool(np.count_nonzero(crossing > at[0]) % 2)
    return next((shapes.paths.codes[feature] for feature, is_in in inside.items() if is_in), "")


def _labels(
    shapes: Shapes, found: Mapping[str, tuple[World, Bounds]], shorts: Sequence[str]
) -> tuple[PlaceLabel, ...]:  # fmt: skip
    """Return the names of lines and areas, the largest first; each from the zoom at which it is as wide as its name."""
    wanted = [at for at in range(len(shapes)) if shorts[at] and shapes.kinds[at] != POINT]
    spans = {at: _span(found[shapes.codes[at]][1]) for at in wanted}
    ordered = sorted(wanted, key=spans.__getitem__, reverse=True)
    return tuple(
        PlaceLabel(
            id=shapes.codes[at], text=shorts[at], x=found[shapes.codes[at]][0][0], y=found[shapes.codes[at]][0][1],
            rank=rank, min_zoom=math.log2(max(1.0, NAME_PX / max(1e-9, spans[at])) / WORLD_PX),
        )
        for rank, at in enumerate(ordered)
    )  # fmt: skip


def _span(bounds: Bounds) -> float:
    return max(bounds.east - bounds.west, bounds.south - bounds.north)


def _short(name: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


def _attributes(shapes: Shapes) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, column in shapes.attributes.items():
        for code, value in zip(shapes.codes, column, strict=True):
            if value:
                found.setdefault(code, {})[name] = value
    return found

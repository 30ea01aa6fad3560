"""What stands upright on the map in one view: marks, clusters and names, worked out once and put down every frame."""

from collections.abc import Generator, Hashable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from chengyun_widgets.lettering import text_width
from chengyun_widgets.mapping import wishes
from chengyun_widgets.mapping.labels import Occupied, Placed, Side, Wish, place
from chengyun_widgets.mapping.layers import AreaLayer, Layer, Mark, PointLayer, RingLayer, ShapeLayer, SketchLayer
from chengyun_widgets.mapping.sprites import PILL_PX, Sprites, mark_px, pill_width
from chengyun_widgets.mapping.symbols import Symbol, SymbolBook
from chengyun_widgets.mapping.view import Floats, Screen
from chengyun_widgets.mapping.wishes import Need
from chengyun_widgets.theme import Theme

_Made = TypeVar("_Made")
Slices = Generator[None, None, _Made]
"""Work in slices of about a millisecond; what it comes to is returned at the end."""

_HALO_PX = 6.0
_MARKS_A_SLICE, _NAMES_A_SLICE, _PICTURES_A_SLICE = 100, 16, 2
_PAINT_ORDER = {Mark.DEVICE: 0, Mark.CAMERA: 1, Mark.VALVE: 1, Mark.SHELTER: 2, Mark.RISK_POINT: 3, Mark.FORCE: 4}
_EVENT_ORDER = 9
_SAME_ZOOM = 1e-6
_NUDGES = (
    (0.0, 0.0), (0.0, 24.0), (0.0, -24.0), (34.0, 0.0), (-34.0, 0.0), (34.0, 24.0), (-34.0, 24.0), (34.0, -24.0),
    (-34.0, -24.0), (0.0, 46.0), (0.0, -46.0), (60.0, 0.0), (-60.0, 0.0),
)  # fmt: skip
"""A cluster stands for a neighbourhood and may give way by some px; a mark stands for a place."""


@dataclass(frozen=True, eq=False)
class Scene:
    """`symbols` in the order they are painted, graver ones later; `places` float64[n, 2] theirs in the world."""

    zoom: float
    symbols: tuple[Symbol, ...]
    places: Floats
    labels: tuple[Placed, ...]
    label_places: Floats

    @property
    def sides(self) -> dict[Hashable, Side]:
        """Which side each name stands on: names keep it while the map is panned."""
        return {placed.wish.key: placed.side for placed in self.labels}


EMPTY = Scene(0.0, (), np.zeros((0, 2)), (), np.zeros((0, 2)))


def shown_at(layers: tuple[Layer, ...], zoom: float) -> tuple[Layer, ...]:
    """Return the layers whose range of scales holds a zoom."""
    return tuple(
        layer for layer in layers if getattr(layer, "min_zoom", 0.0) <= zoom <= getattr(layer, "max_zoom", 99.0)
    )


def composing(
    layers: tuple[Layer, ...], screen: Screen, book: SymbolBook, theme: Theme, before: Scene
) -> Slices[Scene]:
    """Return the scene of a region: marks, then the names an officer must read, then clusters, then the other names.

    Thousands of marks and names take far longer than a frame may wait: control is given back after every few of them.
    Events' names come before everything that is normal: they may lie over a camera, never over another grave mark.
    """
    symbols = yield from _symbols(layers, screen, book)
    wanted = yield from _wanted(layers, symbols, screen)
    occupied = Occupied()
    sides = before.sides if abs(before.zoom - screen.view.zoom) < _SAME_ZOOM else {}

    def width_of(wish: Wish) -> float:
        return text_width(theme.font(wish.size, bold=wish.is_bold), wish.text) + _HALO_PX

    def placed(need: Need) -> Slices[list[Placed]]:
        names = yield from _paced(place(wanted[need], screen, occupied, width_of, sides), _NAMES_A_SLICE)
        return [name for name in names if name is not None]

    yield from _take(symbols, screen, theme, occupied, is_grave=True)
    foremost = yield from placed(Need.FOREMOST)
    yield from _take(symbols, screen, theme, occupied, is_grave=False)
    needed = yield from placed(Need.NEEDED)
    symbols = yield from _standing(symbols, screen, theme, occupied)
    useful = yield from placed(Need.USEFUL)
    labels = (*foremost, *needed, *useful)
    return Scene(
        screen.view.zoom, tuple(symbols), _places([(one.x, one.y) for one in symbols]), labels,
        _places([(one.wish.x, one.wish.y) for one in labels]),
    )  # fmt: skip


def preparing(scene: Scene, sprites: Sprites) -> Slices[None]:
    """Make every picture a scene puts down, a few at a time: a name takes most of a millisecond, once."""
    pictures = (sprite_of(symbol, sprites) for symbol in scene.symbols)
    yield from _paced(pictures, _PICTURES_A_SLICE)
    yield from _paced((_words_of(placed.wish, sprites) for placed in scene.labels), _PICTURES_A_SLICE)


def _paced(made: Iterator[_Made], every: int) -> Slices[list[_Made]]:
    """Return what is made one by one, giving control back after every few."""
    found: list[_Made] = []
    for one in made:
        found.append(one)
        if len(found) % every == 0:
            yield
    return found


def _symbols(layers: tuple[Layer, ...], screen: Screen, book: SymbolBook) -> Slices[list[Symbol]]:
    """Return the marks and clusters of all layers in the order they are painted: events and grave ones on top."""
    found: list[Symbol] = []
    for layer in layers:
        if isinstance(layer, PointLayer):
            found += yield from _paced(book.symbols(layer, screen), _MARKS_A_SLICE)
            yield
    return sorted(found, key=_paint_key)


def _wanted(layers: tuple[Layer, ...], symbols: list[Symbol], screen: Screen) -> Slices[dict[Need, list[Wish]]]:
    """Return the names that would like to be written, by how much they are needed."""
    of_layers = yield from _paced(_wishes(layers, screen), _MARKS_A_SLICE)
    of_marks = yield from _paced((wishes.of_symbol(symbol) for symbol in symbols), _MARKS_A_SLICE)
    found: dict[Need, list[Wish]] = {need: [] for need in Need}
    for wish in (*of_layers, *of_marks):
        if wish is not None:
            found[wishes.need_of(wish)].append(wish)
    yield
    return found


def _take(symbols: list[Symbol], screen: Screen, theme: Theme, occupied: Occupied, *, is_grave: bool) -> Slices[None]:
    """Take the room of single marks, grave ones or the others; a device's dot takes none."""
    for at, symbol in enumerate(symbols, 1):
        is_dot = not symbol.severity and symbol.mark is Mark.DEVICE
        if bool(symbol.severity) is is_grave and not symbol.is_cluster and not is_dot:
            occupied.take(symbol_rect(symbol, screen, theme))
        if at % _MARKS_A_SLICE == 0:
            yield


def symbol_rect(symbol: Symbol, screen: Screen, theme: Theme) -> QRectF:
    """Return where a mark or a cluster is in a window."""
    at = screen.px(symbol.x, symbol.y)
    if symbol.is_cluster:
        width, height = pill_width(theme, symbol.count), float(PILL_PX)
    else:
        width = height = float(mark_px(symbol.mark, symbol.severity))
    return QRectF(at.x() - width / 2, at.y() - height / 2, width, height)


def paint_scene(painter: QPainter, scene: Scene, screen: Screen, sprites: Sprites) -> None:
    """Put marks down, then names, on whole pixels of the device: nothing shivers while the map moves."""
    ratio, margin = sprites.ratio, 64.0
    for symbol, (x, y) in zip(scene.symbols, screen.px_of(scene.places), strict=True):
        if -margin < x < screen.width + margin and -margin < y < screen.height + margin:
            picture = sprite_of(symbol, sprites)
            half_x, half_y = picture.width() / ratio / 2, picture.height() / ratio / 2
            painter.drawPixmap(QPointF(_whole(x - half_x, ratio), _whole(y - half_y, ratio)), picture)
    for placed, (x, y) in zip(scene.labels, screen.px_of(scene.label_places), strict=True):
        wish = placed.wish
        at = QPointF(_whole(x + placed.dx, ratio), _whole(y + placed.dy, ratio))
        if -screen.width < at.x() < screen.width and -margin < at.y() < screen.height:
            painter.drawPixmap(at, _words_of(wish, sprites))


def sprite_of(symbol: Symbol, sprites: Sprites) -> QPixmap:
    """Return the picture of a mark or a cluster."""
    if symbol.is_cluster:
        return sprites.pill(symbol.mark, symbol.severity, symbol.count)
    return sprites.mark(symbol.mark, symbol.severity, is_stale=symbol.is_stale)


def _words_of(wish: Wish, sprites: Sprites) -> QPixmap:
    return sprites.words(wish.text, wish.size, wish.colour, is_bold=wish.is_bold)


def _whole(px: float, ratio: float) -> float:
    return round(px * ratio) / ratio


def _paint_key(symbol: Symbol) -> tuple[int, int]:
    return symbol.severity, _PAINT_ORDER.get(symbol.mark, _EVENT_ORDER)


def _places(places: list[tuple[float, float]]) -> Floats:
    return np.array(places, dtype=np.float64).reshape(-1, 2)


def _standing(symbols: list[Symbol], screen: Screen, theme: Theme, occupied: Occupied) -> Slices[list[Symbol]]:
    """Return the symbols with clusters beside what is there already; a single mark stays where it is true."""
    stands = list(symbols)
    for at in reversed(range(len(stands))):
        if stands[at].is_cluster:
            stands[at] = _beside(stands[at], screen, theme, occupied)
            occupied.take(symbol_rect(stands[at], screen, theme))
        if at % _NAMES_A_SLICE == 0:
            yield
    return stands


def _beside(symbol: Symbol, screen: Screen, theme: Theme, occupied: Occupied) -> Symbol:
    """Return a cluster where it covers nothing; where there is no such place, where it was."""
    for dx, dy in _NUDGES:
        moved = replace(symbol, x=symbol.x + dx / screen.view.scale, y=symbol.y + dy / screen.view.scale)
        if occupied.is_free(symbol_rect(moved, screen, theme)):
            return moved
    return symbol


def _wishes(layers: tuple[Layer, ...], screen: Screen) -> Iterator[Wish]:
    for layer in layers:
        match layer:
            case ShapeLayer():
                yield from wishes.of_shapes(layer, screen)
            case RingLayer():
                yield from wishes.of_rings(layer)
            case AreaLayer():
                yield from wishes.of_areas(layer)
            case SketchLayer():
                yield from wishes.of_sketches(layer)
            case _:
                continue

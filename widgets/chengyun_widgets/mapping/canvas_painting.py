"""Paints the map: the base picture under, marks and names above, then what is chosen, drawn and furnished."""

import time
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, Colour
from chengyun_widgets.mapping import over_painting, pixel_painting
from chengyun_widgets.mapping.base import MARGIN_PX, BasePicture, Pixels
from chengyun_widgets.mapping.density import DensityBook
from chengyun_widgets.mapping.furniture import MapTexts, paint_furniture
from chengyun_widgets.mapping.layers import (
    Area,
    AreaLayer,
    DensityLayer,
    DensityPicture,
    Layer,
    LinkLayer,
    MapItem,
    PointLayer,
    RingLayer,
    ShapeLayer,
    SketchLayer,
    TileLayer,
    World,
)
from chengyun_widgets.mapping.pencil import Pencil
from chengyun_widgets.mapping.pencil_painting import paint_pencil
from chengyun_widgets.mapping.scene import (
    EMPTY,
    Scene,
    Slices,
    composing,
    paint_scene,
    preparing,
    shown_at,
    symbol_rect,
)
from chengyun_widgets.mapping.shape_painting import ShapePainting
from chengyun_widgets.mapping.sprites import Sprites
from chengyun_widgets.mapping.symbols import Symbol, SymbolBook
from chengyun_widgets.mapping.view import MapView, Screen
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

REST_MS = 80
SLICE_S = 0.005
FIRST_S = 0.03
_RING_GAP_PX = 4.0
_SETTLED_S = 3600.0


class MapPainting(Painted):
    """A function of layers, view and what is chosen. `base.made` and `paint_count` count what was painted.

    The base picture and what stands on it are made in slices of a few ms between frames, so that no frame waits for
    them: at once when layers change, 80 ms after the view began to change. `settle` makes what is missing now: call it
    before a grab (pictures, print-outs, tests).
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.layers: tuple[Layer, ...] = ()
        self.view = MapView()
        self.texts = MapTexts()
        self.base = BasePicture()
        self.scene: Scene = EMPTY
        self.chosen: MapItem | None = None
        self.touched: World | None = None
        """Where what is chosen was clicked on; None: a key or a program chose it."""
        self.hovered: MapItem | None = None
        self.pencil: Pencil | None = None
        self.pencil_severity = 0
        self.is_locked = False
        self._attribution = ""
        self._is_stale = False
        self._sought: dict[MapItem, tuple[Symbol | None, World | None]] = {}
        self._shapes, self._book, self._density = ShapePainting(), SymbolBook(), DensityBook(theme)
        self._sprites = Sprites(theme, 1.0)
        self._composing: Slices[None] | None = None
        self._rest, self._slice = QTimer(self), QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._begin_base)
        self._slice.timeout.connect(self._advance)

    @property
    def screen_now(self) -> Screen:
        """The view on this window."""
        return Screen(self.view, self.width(), self.height())

    @property
    def has_room(self) -> bool:
        """Whether there is a window to paint in."""
        return self.width() > 0 and self.height() > 0

    def show_layers(self, layers: tuple[Layer, ...]) -> None:
        """Show layers, the first at the bottom; equal ones cost nothing. No two may share a code."""
        if layers == self.layers:
            return
        # An equal layer stays the object it was: what was worked out for it is kept by its identity.
        before = {layer.code: layer for layer in self.layers}
        self.layers = layers = tuple(before[one.code] if one == before.get(one.code) else one for one in layers)
        self._sought.clear()
        self._shapes.keep_only(tuple(one for one in layers if isinstance(one, ShapeLayer)))
        self._book.keep_only(tuple(one for one in layers if isinstance(one, PointLayer)))
        self._density.keep_only(tuple(one for one in layers if isinstance(one, DensityLayer)))
        self.refresh()

    def give_density(self, code: str, picture: DensityPicture) -> None:
        """Take the answer to a density layer's question; it is shown where its bounds are, whatever was asked since."""
        self._density.give(code, picture)
        self.refresh()

    def tiles_did_come(self, code: str) -> None:
        """Paint the base anew: tiles that were missing are there now."""
        if any(isinstance(layer, TileLayer) and layer.code == code for layer in self.layers):
            self.refresh()

    def set_texts(self, texts: MapTexts) -> None:
        """Take the words of the canvas."""
        self.texts = texts
        self.setAccessibleName(texts.name)
        self.update()

    def set_attribution(self, text: str) -> None:
        """Say where the map comes from, its review number or that it has none, and its datum; in one line."""
        if text != self._attribution:
            self._attribution = text
            self.update()

    def refresh(self) -> None:
        """Make the base picture anew; the one there is stays until then."""
        self._is_stale = True
        if not self._slice.isActive():
            self._begin_base()

    def settle(self) -> None:
        """Make whatever is missing now, however long it takes."""
        if not self.has_room:
            return
        self._stop_work()
        if self._is_stale or not self._is_covered():
            self._start_picture()
            self.base.advance(_SETTLED_S)
            self._compose_for(_SETTLED_S)
        self.update()

    def picture(self) -> QImage:
        """Return the map as it is seen now, everything painted; an empty picture for a window without room."""
        self.settle()
        return self.grab().toImage() if self.has_room else QImage()

    @override
    def theme_did_change(self) -> None:
        self._sprites = Sprites(self.theme, self.devicePixelRatioF())
        self._density.set_theme(self.theme)
        self._slice.stop()
        self._composing = None
        self.base.forget()
        self.refresh()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, 90)

    @override
    def paint(self, painter: QPainter) -> None:
        if not self.has_room:
            return
        if self.base.front is None and not self._slice.isActive():
            self._make_first()
        self._see_to_base()
        screen = self.screen_now
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.base.paint(painter, screen, self.theme.colour(Colour.MAP_GROUND))
        paint_scene(painter, self.scene, screen, self._sprites_here())
        self._paint_chosen(painter, screen)
        if self.pencil is not None:
            paint_pencil(painter, self.theme, self.pencil, screen, self.pencil_severity, self.held_handle())
        paint_furniture(painter, self.theme, screen, self.texts, self._attribution, is_locked=self.is_locked)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._see_to_base()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing for a map nobody sees."""
        self._stop_work()
        super().hideEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.refresh()

    def held_handle(self) -> int | None:
        """Return which handle of a drawing the keys move, None while none is edited."""
        return None

    def rect_of(self, item: MapItem) -> QRectF | None:
        """Return where an item's mark is in the window, a cluster's if it is in one; None when it has none."""
        if item not in self._sought:
            self._sought[item] = self._seek(item)
        symbol, place = self._sought[item]
        if symbol is not None:
            return symbol_rect(symbol, self.screen_now, self.theme)
        if place is None:
            return None
        at, half = self.screen_now.px(*place), pixel_painting.DOT_PX
        return QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)

    def place_of(self, item: MapItem) -> World | None:
        """Return where a point is; of a line or area that is chosen where it was clicked on; None for what is none."""
        found = self.row_of(item)
        if found is None:
            return self.touched if item == self.chosen else None
        return float(found[0].x[found[1]]), float(found[0].y[found[1]])

    def area_of(self, item: MapItem | None) -> Area | None:
        """Return an area drawn over the map that can be chosen, of several outlines the one with its name; or None."""
        layers = (one for one in self.layers if isinstance(one, AreaLayer) and one.is_pickable)
        found = [area for one in layers for area in one.areas if item == (one.code, area.id)]
        return max(found, key=lambda area: bool(area.label), default=None)

    def row_of(self, item: MapItem) -> tuple[PointLayer, int] | None:
        """Return a point's layer and its row there, None for what is no point of a layer that is shown."""
        for layer in self.layers:
            if isinstance(layer, PointLayer) and layer.code == item.layer and item.id in layer.ids:
                return layer, layer.ids.index(item.id)
        return None

    def _seek(self, item: MapItem) -> tuple[Symbol | None, World | None]:
        found = self.row_of(item)
        if found is None:
            return None, None
        layer, row = found
        of_layer = (one for one in self.scene.symbols if one.layer is layer)
        return next((one for one in of_layer if row in one.members), None), self.place_of(item)

    def _see_to_base(self) -> None:
        """Have a sharp picture soon if the one there is is not."""
        if self.has_room and not self._is_covered() and not self._slice.isActive() and not self._rest.isActive():
            self._rest.start()

    def _is_covered(self) -> bool:
        return self.base.covers(self.screen_now, self.devicePixelRatioF())

    def _begin_base(self) -> None:
        if not self.has_room or not self.isVisible():
            return
        if self._is_stale or not self._is_covered():
            self._rest.stop()
            self._start_picture()
            self._slice.start(0)

    def _start_picture(self) -> None:
        self._is_stale = False
        ratio, screen = self.devicePixelRatioF(), self.screen_now
        self._density.ask(shown_at(self.layers, self.view.zoom), screen.grown(MARGIN_PX))
        self.base.begin(screen, ratio, self.theme.colour(Colour.MAP_GROUND), self._paint_base)

    def _make_first(self) -> None:
        """Make the very first picture at once if that is a matter of a moment: a map that flashes empty is a fright."""
        self._start_picture()
        if not (self.base.advance(FIRST_S) and self._compose_for(FIRST_S)):
            self._slice.start(0)

    def _advance(self) -> None:
        if self.base.is_at_work and not self.base.advance(SLICE_S):
            return
        if not self._compose_for(SLICE_S):
            return
        self._slice.stop()
        self.update()
        if self._is_stale:
            self._begin_base()

    def _stop_work(self) -> None:
        self._rest.stop()
        self._slice.stop()
        if self.base.is_at_work or self._composing is not None:
            self._is_stale = True
        self._composing = None
        self.base.give_up()

    def _compose_for(self, budget_s: float) -> bool:
        """Work for about so long on what stands on the base picture; return whether it is whole and shown."""
        until = time.monotonic() + budget_s
        self._composing = self._composing or self._compose()
        for _slice in self._composing:
            if time.monotonic() >= until:
                return False
        self._composing = None
        return True

    def _compose(self) -> Slices[None]:
        """Work out marks and names for the region the base picture has, and have their pictures ready."""
        front = self.base.front
        if front is None:
            return
        layers = (*shown_at(self.layers, front.screen.view.zoom), *self._density.grave(self.layers, front.screen))
        scene = yield from composing(layers, front.screen, self._book, self.theme, self.scene)
        # What stands for grave cells of a density lives for one picture only.
        self._book.keep_only(tuple(one for one in self.layers if isinstance(one, PointLayer)))
        yield from preparing(scene, self._sprites_here())
        self._sought.clear()
        self.scene = scene

    def _sprites_here(self) -> Sprites:
        """Return the pictures for the screen the window is on."""
        ratio = self.devicePixelRatioF()
        if self._sprites.ratio != ratio:
            self._sprites = Sprites(self.theme, ratio)
        return self._sprites

    def _paint_base(self, painter: QPainter, pixels: Pixels, screen: Screen, ratio: float) -> Iterator[None]:
        for layer in shown_at(self.layers, screen.view.zoom):
            yield from self._paint_layer(painter, layer, pixels, screen, ratio)

    def _paint_layer(
        self, painter: QPainter, layer: Layer, pixels: Pixels, screen: Screen, ratio: float
    ) -> Iterator[None]:
        match layer:
            case TileLayer():
                yield from pixel_painting.paint_tiles(painter, layer, screen)
            case ShapeLayer():
                yield from self._shapes.paint(painter, self.theme, layer, screen)
            case DensityLayer():
                self._density.paint(painter, layer, screen)
                yield
            case PointLayer():
                pixel_painting.stamp_dots(pixels, self.theme, layer, screen, ratio)
                yield
            case RingLayer():
                yield from over_painting.paint_rings(painter, self.theme, layer, screen)
            case AreaLayer():
                chosen = self.chosen.id if self.chosen is not None and self.chosen.layer == layer.code else ""
                yield from over_painting.paint_areas(painter, self.theme, layer, screen, chosen)
            case LinkLayer():
                yield from over_painting.paint_links(painter, self.theme, layer, screen)
            case SketchLayer():
                yield from over_painting.paint_sketches(painter, self.theme, layer, screen)

    def _paint_chosen(self, painter: QPainter, screen: Screen) -> None:
        """Put a ring of teal round what is chosen, a thin one round what the mouse is on."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for item, width in ((self.hovered, 1.2), (self.chosen, 2.0)):
            rect = self.rect_of(item) if item is not None else None
            if rect is None or not rect.intersects(QRectF(0, 0, screen.width, screen.height)):
                continue
            painter.setPen(QPen(self.theme.colour(Colour.ACCENT), width))
            ring = rect.adjusted(-_RING_GAP_PX, -_RING_GAP_PX, _RING_GAP_PX, _RING_GAP_PX)
            painter.drawRoundedRect(ring, RADIUS_PX, RADIUS_PX)

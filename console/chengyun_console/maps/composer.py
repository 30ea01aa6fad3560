"""Puts the layers of one map together in painting order; each part is made anew only when what it shows changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chengyun_console.desk import Desk
from chengyun_console.maps import areas, marks
from chengyun_console.maps.desk import MapDesk
from chengyun_console.maps.force_book import ForceBook
from chengyun_console.maps.near_devices import Near, density_of
from chengyun_console.maps.place_book import Stand
from chengyun_console.maps.presets import Show
from chengyun_console.maps.scene import Scene
from chengyun_console.maps.shape_paths import LayerShapes
from chengyun_console.maps.tiles import TileKeeper
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.mirror.scope import ScopeKind
from chengyun_core.model.event import Event
from chengyun_core.model.map_layer import LayerKind, MapLayer
from chengyun_core.wire.map_asks import Trace
from chengyun_widgets.mapping.layers import (
    DensitySource,
    Layer,
    MapItem,
    Mark,
    PointLayer,
    ShapeLayer,
    SketchLayer,
    TileLayer,
)
from chengyun_widgets.mapping.styles import style_of
from chengyun_widgets.mapping.view import MOST_ZOOM

_ORDER = (
    LayerKind.TILES, LayerKind.BOUNDARY, LayerKind.WATER, LayerKind.AREA, LayerKind.ROAD, LayerKind.PIPELINE,
    LayerKind.PLACE,
)  # fmt: skip
_STYLE = {
    LayerKind.BOUNDARY: "district", LayerKind.WATER: "river", LayerKind.AREA: "zone", LayerKind.ROAD: "road",
    LayerKind.PIPELINE: "pipe_supply",
}  # fmt: skip
_GROUNDS = frozenset({LayerKind.TILES, LayerKind.BOUNDARY})
"""Lie under everything, the density of devices too."""
_PICKABLE = frozenset({LayerKind.PIPELINE, LayerKind.AREA})
"""Kinds whose lines and areas can be chosen; a boundary would be chosen wherever one clicks."""
_POINT_NAMES_FROM = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one map is to show."""

    shows: frozenset[Show] = frozenset()
    layers: frozenset[str] = frozenset()
    focus: int | None = None
    """Number of the event in focus, whose rings, forces and drawings are shown."""
    edited: str = ""
    """Id of the drawing in the hand: left out meanwhile."""
    trace: tuple[str, Trace] | None = None
    """Code of a layer and what was traced on it."""
    above: tuple[Layer, ...] = ()
    """The question, how far one comes, what was found: over all else but marks."""
    near: Near | None = None
    """Single devices, where the map looks near enough."""
    day: str = ""


class Composer:
    """One per map; owned by the GUI thread."""

    def __init__(self, desk: Desk, maps: MapDesk, density: DensitySource, tiles: TileKeeper) -> None:
        self._desk, self._maps, self._density, self._tiles = desk, maps, density, tiles
        self._points: dict[str, tuple[LayerShapes, PointLayer]] = {}
        self._force_book = ForceBook()

    def layers(self, wanted: Wanted, scene: Scene) -> tuple[Layer, ...]:
        """Return the layers, the lowest first."""
        self._forget_gone()
        found: list[Layer] = [*self._base(wanted, scene)]
        if wanted.near is not None and self._has_devices(wanted, scene):
            found.append(wanted.near.points)
        if Show.WARNINGS in wanted.shows:
            found.append(self._warnings(scene))
        found += wanted.above
        focus = scene.events.get(wanted.focus) if wanted.focus is not None else None
        forces = self._forces(scene)
        if focus is not None and Show.RINGS in wanted.shows:
            found += self._focus(focus, scene)
        if Show.CAMERAS in wanted.shows:
            found.append(self._maps.cameras())
        if Show.RISK_POINTS in wanted.shows:
            found.append(self._maps.risk_points())
        if Show.FORCES in wanted.shows:
            found.append(forces)
        found += self._happening(wanted, scene)
        if Show.DRAWINGS in wanted.shows:
            found.append(self._drawings(wanted, scene))
        return tuple(found)

    def _has_devices(self, wanted: Wanted, scene: Scene) -> bool:
        return Show.DEVICES in wanted.shows and scene.at_ns is None

    def points(self, show: Show, scene: Scene) -> PointLayer | None:
        """Return the points of one kind; None for a kind that has none."""
        match show:
            case Show.RISK_POINTS:
                return self._maps.risk_points()
            case Show.CAMERAS:
                return self._maps.cameras()
            case Show.FORCES:
                return self._forces(scene)
        return None

    def happening(self, shows: frozenset[Show], scene: Scene) -> list[tuple[tuple[int, int, int], Stand, MapItem]]:
        """Return (rank, where, what) of every alarm and event that is on, the gravest first, events before alarms."""
        book, lets = self._maps.book(), self._desk.scope.lets
        found = []
        if Show.EVENTS in shows:
            stands = ((one, book.of_event(one)) for one in scene.events.values())
            found += [
                ((-int(one.grade or 0), 0, -one.number), stand, MapItem(Show.EVENTS, f"event:{one.number}"))
                for one, stand in stands if stand is not None
            ]  # fmt: skip
        if Show.ALARMS in shows:
            placed = ((one, book.of_vital(one.vital)) for one in scene.alarms.values() if lets(one.vital))
            found += [
                ((-marks.gravity(one), 1, -one.number), stand, MapItem(Show.ALARMS, f"alarm:{one.number}"))
                for one, stand in placed if stand is not None
            ]  # fmt: skip
        return sorted(found, key=lambda row: row[0])

    def tints(self, scene: Scene) -> dict[str, int]:
        """Return code of an area → severity of what alarms in it."""
        return marks.area_tints(scene, self._maps.book(), self._desk.scope.lets)

    def stand_of(self, event: Event) -> Stand | None:
        """Return where an event is."""
        return self._maps.book().of_event(event)

    def _happening(self, wanted: Wanted, scene: Scene) -> Iterable[Layer]:
        book, scope = self._maps.book(), self._desk.scope
        if Show.ALARMS in wanted.shows:
            yield marks.alarm_marks(scene, book, self._desk.words.name, scope.lets)
        if Show.EVENTS in wanted.shows:
            yield marks.event_marks(scene.events.values(), book)

    def _base(self, wanted: Wanted, scene: Scene) -> Iterable[Layer]:
        chosen = [layer for layer in self._maps.layers_on(wanted.day) if layer.code in wanted.layers]
        ordered = sorted(chosen, key=lambda one: (_ORDER.index(one.kind), one.code))
        grounds = [one for one in ordered if one.kind in _GROUNDS]
        for layer in grounds:
            yield from self._layer(layer, wanted)
        if self._has_devices(wanted, scene):
            # Millions of devices are a fog over the land: borders, tints, rivers and roads lie above it.
            yield density_of(self._density, wanted.near)
        for layer in grounds:
            if layer.kind is LayerKind.BOUNDARY and layer.code in self._maps.store.shapes:
                yield self._border_layer(self._maps.store.shapes[layer.code], scene, wanted)
        for layer in ordered[len(grounds) :]:
            yield from self._layer(layer, wanted)

    def _layer(self, layer: MapLayer, wanted: Wanted) -> Iterable[Layer]:
        if layer.kind is LayerKind.TILES:
            yield self._tile_layer(layer)
            return
        shapes = self._maps.store.shapes.get(layer.code)
        if shapes is not None:
            yield self._shape_layer(shapes, wanted)
            if shapes.point_codes:
                yield self._points_of(shapes)

    def _points_of(self, shapes: LayerShapes) -> PointLayer:
        held = self._points.get(shapes.layer.code)
        if held is None:
            held = self._points[shapes.layer.code] = shapes, _points(shapes)
        return held[1]

    def _forget_gone(self) -> None:
        """Let go of points whose layer went or came anew: layers change for as long as the console runs."""
        living = self._maps.store.shapes
        self._points = {code: held for code, held in self._points.items() if living.get(code) is held[0]}

    def _tile_layer(self, layer: MapLayer) -> TileLayer:
        return TileLayer(
            code=f"layer:{layer.code}", source=self._tiles.source(layer.code, layer.sha256),
            least_tile_zoom=layer.min_zoom, most_tile_zoom=min(layer.max_zoom, int(MOST_ZOOM)),
        )  # fmt: skip

    def _shape_layer(self, shapes: LayerShapes, wanted: Wanted) -> ShapeLayer:
        layer = shapes.layer
        is_area = layer.kind is LayerKind.BOUNDARY
        traced = wanted.trace[1] if wanted.trace is not None and wanted.trace[0] == layer.code else None
        return ShapeLayer(
            code=f"layer:{layer.code}", paths=shapes.paths, style=style_of(layer.style or _STYLE.get(layer.kind, "")),
            labels=() if is_area else shapes.labels, min_zoom=float(layer.min_zoom),
            max_zoom=float(layer.max_zoom) + 1.0,
            focus=frozenset((*traced.up, *traced.down)) if traced is not None else frozenset(),
            hatched=frozenset(traced.cut_off) if traced is not None else frozenset(),
            is_pickable=layer.kind in _PICKABLE,
        )  # fmt: skip

    def _border_layer(self, shapes: LayerShapes, scene: Scene, wanted: Wanted) -> ShapeLayer:
        """Return borders, names and tints of divisions, without their ground."""
        layer = shapes.layer
        style = replace(style_of(layer.style or _STYLE[LayerKind.BOUNDARY]), fill=None, is_land=True)
        return ShapeLayer(
            code=f"border:{layer.code}", paths=shapes.paths, style=style, labels=shapes.labels,
            min_zoom=float(layer.min_zoom), max_zoom=float(layer.max_zoom) + 1.0,
            tints=self.tints(scene) if Show.ALARMS in wanted.shows else {}, focus=self._scope(),
        )  # fmt: skip

    def _scope(self) -> frozenset[str]:
        """Return the area the focus filter is narrowed to (C9)."""
        scope = self._desk.scope.scope
        if scope is None or scope.kind is not ScopeKind.CENTRE:
            return frozenset()
        area = self._maps.book().area_of(scope.code)
        return frozenset({area} if area else ())

    def _forces(self, scene: Scene) -> PointLayer:
        names = self._desk.names
        units = names.view.catalogue.units if names is not None else ()
        return self._force_book.layer(units, scene.units)

    def _warnings(self, scene: Scene) -> Layer:
        words = WarningWords(self._desk)
        titles = {number: words.title(one) for number, one in scene.warnings.items()}
        return areas.warning_areas(scene.warnings.values(), titles)

    def _focus(self, event: Event, scene: Scene) -> Iterable[Layer]:
        """Yield rings round an event and links to who was sent; the forces have been laid out by then."""
        stand = self.stand_of(event)
        if stand is None:
            return
        yield areas.focus_rings(stand.at, [self._distance(metres) for metres in areas.RADII_M])
        sent = dict.fromkeys(one.recipient for one in scene.receipts.values() if one.event == event.number)
        places = (self._force_book.place(code) for code in sent)
        yield areas.links(stand.at, [place for place in places if place is not None])

    def _distance(self, metres: float) -> str:
        return self._desk.figures.with_unit(metres / 1000.0, 0, "km")

    def _drawings(self, wanted: Wanted, scene: Scene) -> SketchLayer:
        say = self._desk.say
        shown = [
            one for one in scene.drawings.values()
            if one.event in scene.events and f"drawing:{one.number}" != wanted.edited
        ]  # fmt: skip
        texts = {
            one.number: say("maps.sketch", meaning=say(f"drawing.meaning.{one.meaning.value}"), text=one.text)
            if one.text else say(f"drawing.meaning.{one.meaning.value}")
            for one in shown
        }  # fmt: skip
        return areas.sketches(shown, texts)


def _points(shapes: LayerShapes) -> PointLayer:
    mark = Mark.SHELTER if shapes.layer.kind is LayerKind.PLACE else Mark.VALVE
    return PointLayer(
        code=f"points:{shapes.layer.code}", x=shapes.x, y=shapes.y, severity=marks.no_severity(len(shapes.x)),
        mark=mark, names=shapes.point_names, ids=shapes.point_codes, is_clustered=True,
        min_zoom=float(shapes.layer.min_zoom), max_zoom=float(shapes.layer.max_zoom) + 1.0,
        name_zoom=_POINT_NAMES_FROM,
    )  # fmt: skip

"""Looks for places by name, pinyin or initials: centres, risk points, units, cameras, events, features of layers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice

from PySide6.QtCore import QObject, QRect

from chengyun_console.desk import Desk
from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.place_book import Stand
from chengyun_console.maps.place_index import PlaceIndex, PlaceSources, written
from chengyun_console.maps.presets import Show
from chengyun_console.session.background import Background
from chengyun_resources.theme.tokens import SPACE_PX, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.mapping.layers import PointLayer, World
from chengyun_widgets.mapping.view import Bounds

MOST_FOUND, LEAST_TYPED = 40, 1
_LIST_PX = 360
_SHOWS = {
    "alarm": Show.ALARMS, "event": Show.EVENTS, "unit": Show.FORCES, "risk_point": Show.RISK_POINTS,
    "camera": Show.CAMERAS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One place: its key, name, what it is, and where."""

    key: str
    name: str
    kind: str
    at: World
    area: Bounds | None = None


class PlaceFinder(QObject):
    """Made by the page of the map. What is typed is looked for on the next frame: at most once a frame."""

    def __init__(self, desk: Desk, map_panel: MapPanel, field: SearchField) -> None:
        super().__init__(map_panel)
        self._desk, self._map, self._field = desk, map_panel, field
        self.list = FactList(desk.theme, map_panel)
        self.list.hide()
        self._wanted: str | None = None
        self._index: PlaceIndex | None = None
        self._spelling: PlaceSources | None = None
        """What is being spelled, or was last."""
        self._background = Background(self)
        self._found: dict[str, Found] = {}
        field.search_did_change.connect(self._on_typed)
        field.was_submitted.connect(self._on_submitted)
        field.was_left.connect(self._on_left)
        field.row_was_asked.connect(self._on_row)
        self.list.row_was_opened.connect(self.go_to)

    def refresh(self) -> None:
        """Look for what was typed since the last frame."""
        if self._wanted is None:
            return
        text, self._wanted = self._wanted, None
        if len(text) < LEAST_TYPED:
            self.list.hide()
            return
        self._found = {one.key: one for one in self._places(text.casefold())}
        rows = [
            FactRow(key=one.key, severity=Severity.NONE, title=one.name, detail=one.kind)
            for one in self._found.values()
        ] or [FactRow(key="none", severity=Severity.NONE, title=self._desk.say("maps.find.none", text=text))]
        self.list.set_rows(rows)
        if self._found:
            self.list.select(next(iter(self._found)))
        height = min(_LIST_PX, self.list.content_px())
        width = min(_LIST_PX, self._map.width() // 2)
        # At the map's right edge: the field stands beside it, and the layers beneath that stay in sight.
        self.list.setGeometry(QRect(self._map.width() - width - SPACE_PX * 2, SPACE_PX * 2, width, height))
        self.list.show()
        self.list.raise_()

    def close_over(self) -> bool:
        """Close the list; return whether it was open."""
        was_open = self.list.isVisible()
        self.list.hide()
        return was_open

    def go_to(self, key: str) -> None:
        """Go to a place that was found, or to a thing by its key."""
        kind, _, code = key.partition(":")
        found = self._found.get(key)
        self.list.hide()
        if found is not None and found.area is not None:
            self._map.show_bounds(found.area)
            self._map.canvas.setFocus()
        elif kind in _SHOWS:
            self._map.show_stand(_SHOWS[kind], key, self._stand(kind, code, found), self._area(kind, code))
        elif found is not None:
            self._map.look_at(found.at)
            self._map.canvas.setFocus()

    def _stand(self, kind: str, code: str, found: Found | None) -> Stand | None:
        maps, facts = self._map.maps, self._desk.session.facts
        if kind == "alarm":
            alarm = facts.alarms.get(int(code))
            return maps.book().of_vital(alarm.vital) if alarm is not None else None
        if kind == "event":
            event = facts.events.get(int(code))
            return maps.book().of_event(event) if event is not None else None
        if found is not None:
            return Stand(found.at, is_exact=True)
        at = self._map.place_of(_SHOWS[kind], f"{kind}:{code}")
        return Stand(at, is_exact=True) if at is not None else None

    def _area(self, kind: str, code: str) -> Bounds | None:
        event = self._desk.session.facts.events.get(int(code)) if kind == "event" else None
        return self._map.maps.bounds_of(event.centre) if event is not None else None

    def _places(self, text: str) -> Iterator[Found]:
        """Yield at most so many places that match, events first: what happens is looked for most."""
        yield from islice(chain(self._events(text), self._spelled(text)), MOST_FOUND)

    def _events(self, text: str) -> Iterator[Found]:
        for event in self._desk.session.facts.events.values():
            if text in event.title.casefold() or text in event.code.casefold():
                stand = self._map.maps.book().of_event(event)
                if stand is not None:
                    yield Found(f"event:{event.number}", event.title, event.code, stand.at)

    def _spelled(self, text: str) -> Iterator[Found]:
        """Yield what the index finds; until names are spelled, what is written so."""
        index, sources = self._index, self._sources()
        if index is None or not index.sources.is_of(sources):
            self._spell(sources)
        keys = index.find(text) if index is not None else written(sources, text)
        places = _Places(self._desk, self._map)
        return (found for key in keys if (found := places.found(key)) is not None)

    def _sources(self) -> PlaceSources:
        names, maps = self._desk.names, self._map.maps
        view = names.view if names is not None else None
        return PlaceSources(view=view, shapes=tuple(maps.store.shapes.values()), risks=maps.risks.places)

    def _spell(self, sources: PlaceSources) -> None:
        """Have the names of the map spelled, once for each time they are others."""
        if self._spelling is None or not self._spelling.is_of(sources):
            self._spelling = sources
            self._background.run("spell", partial(PlaceIndex, sources), self._take_index)

    def _take_index(self, made: object) -> None:
        assert isinstance(made, PlaceIndex)
        self._index = made
        if self.list.isVisible() and self._field.text():
            self._wanted = self._field.text()

    def _on_typed(self, text: str) -> None:
        self._wanted = text

    def _on_submitted(self, _text: str) -> None:
        self.refresh()
        if self.list.isVisible() and self.list.current_key() in self._found:
            self.go_to(self.list.current_key())

    def _on_left(self) -> None:
        self.close_over()
        self._map.canvas.setFocus()

    def _on_row(self, by: int) -> None:
        keys = list(self._found)
        current = self.list.current_key()
        if keys:
            at = keys.index(current) + by if current in keys else 0
            self.list.select(keys[min(len(keys) - 1, max(0, at))])


class _Places:
    """Where the places of an index stand now: points are looked through once for one search."""

    def __init__(self, desk: Desk, map_panel: MapPanel) -> None:
        self._desk, self._map = desk, map_panel
        self._points: dict[Show, tuple[PointLayer, dict[str, int]]] = {}

    def found(self, key: str) -> Found | None:
        """Return a place by its key, None where nobody knows where it is."""
        kind, _, code = key.partition(":")
        match kind:
            case "centre":
                return self._centre(code)
            case "feature":
                return self._feature(*code.split("/", 1))
            case "risk_point":
                return self._risk_point(code)
        return self._point(Show.FORCES if kind == "unit" else Show.CAMERAS, key, kind)

    def _centre(self, code: str) -> Found | None:
        maps, names = self._map.maps, self._desk.names
        centre = names.view.centre(code) if names is not None else None
        area, stand = maps.bounds_of(code), maps.book().of_centre(code)
        if centre is None or area is None or stand is None:
            return None
        return Found(f"centre:{code}", centre.name, self._desk.say("maps.kind.centre"), stand.at, area)

    def _feature(self, layer: str, code: str) -> Found | None:
        shapes = self._map.maps.store.shapes.get(layer)
        if shapes is None or code not in shapes.names:
            return None
        key, name = f"feature:{layer}/{code}", shapes.names[code]
        return Found(key, name, shapes.layer.name, shapes.places[code], shapes.bounds[code])

    def _risk_point(self, code: str) -> Found | None:
        risks = self._map.maps.risks.places
        at, row = risks.at(code), (risks.numbers or {}).get(code)
        if at is None or row is None:
            return None
        return Found(f"risk_point:{code}", risks.names[row], self._desk.say("maps.kind.risk_point"), at)

    def _point(self, show: Show, key: str, kind: str) -> Found | None:
        if show not in self._points:
            points = self._map.points(show)
            if points is None:
                return None
            self._points[show] = points, {name: row for row, name in enumerate(points.ids)}
        layer, rows = self._points[show]
        row = rows.get(key)
        if row is None:
            return None
        place = float(layer.x[row]), float(layer.y[row])
        return Found(key, layer.names[row], self._desk.say(f"maps.kind.{kind}"), place)

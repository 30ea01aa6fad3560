"""Looks for places on the map by what is typed: centres, risk points, units, cameras, events, features of layers."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect

from chengyun_console.desk import Desk
from chengyun_console.maps.panel import MapPanel
from chengyun_console.maps.place_book import Stand
from chengyun_console.maps.presets import Show
from chengyun_resources.theme.tokens import SPACE_PX, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.mapping.layers import World
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
        self.list.setGeometry(QRect(SPACE_PX * 2, SPACE_PX * 10, min(_LIST_PX, self._map.width() // 2), height))
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
        """Yield at most so many places whose name or code holds the text, areas before the rest."""
        left = MOST_FOUND
        for one in self._all(text):
            yield one
            left -= 1
            if left == 0:
                return

    def _all(self, text: str) -> Iterator[Found]:
        say, maps = self._desk.say, self._map.maps
        yield from self._centres(text)
        for layer in maps.store.shapes.values():
            for code in (code for code, name in layer.names.items() if text in name.casefold()):
                key = f"feature:{layer.layer.code}/{code}"
                yield Found(key, layer.names[code], layer.layer.name, layer.places[code], layer.bounds[code])
        for event in self._desk.session.facts.events.values():
            stand = maps.book().of_event(event)
            if stand is not None and (text in event.title.casefold() or text in event.code.casefold()):
                yield Found(f"event:{event.number}", event.title, event.code, stand.at)
        places = maps.risks.places
        for at, name in enumerate(places.names):
            if text in name.casefold() or text == places.codes[at].casefold():
                place = float(places.x[at]), float(places.y[at])
                yield Found(f"risk_point:{places.codes[at]}", name, say("maps.kind.risk_point"), place)
        for show, kind in ((Show.FORCES, "unit"), (Show.CAMERAS, "camera")):
            points = self._map.points(show)
            for at, name in enumerate(points.names if points is not None else ()):
                if points is not None and text in name.casefold():
                    place = float(points.x[at]), float(points.y[at])
                    yield Found(points.ids[at], name, say(f"maps.kind.{kind}"), place)

    def _centres(self, text: str) -> Iterator[Found]:
        """Yield centres by name, initials or code, as the search of the window finds them."""
        names = self._desk.names
        for centre in names.view.catalogue.centres if names is not None else ():
            if text in centre.name.casefold() or text == centre.code:
                area = self._map.maps.bounds_of(centre.code)
                stand = self._map.maps.book().of_centre(centre.code)
                if area is not None and stand is not None:
                    kind = self._desk.say("maps.kind.centre")
                    yield Found(f"centre:{centre.code}", centre.name, kind, stand.at, area)

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

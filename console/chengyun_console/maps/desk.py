"""What all maps of a desk share: layers of the centre, risk points, where things are, what stood at another time."""

from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps.layer_store import LayerStore
from chengyun_console.maps.marks import camera_marks, risk_marks
from chengyun_console.maps.place_book import PlaceBook
from chengyun_console.maps.risk_places import RiskPlaceStore
from chengyun_console.maps.shape_paths import LayerShapes, area_at
from chengyun_console.maps.warned import around
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.map_layer import LayerKind, MapLayer, holds_on
from chengyun_widgets.mapping.layers import PointLayer, World
from chengyun_widgets.mapping.view import Bounds


class MapDesk(QObject):
    """Made when the first map is (`Desk.maps`); owned by the GUI thread. Maps read it on their frame."""

    did_change = Signal()
    """Layers, risk points or the catalogue: everything is to be looked at anew."""

    deed_was_made = Signal(object, str)
    """A command of model.command and what it is called: whoever has the window's deeds sends it."""
    item_was_opened = Signal(str, str)
    """Kind and key of what was opened on a map: an alarm, an event, a risk point, a camera, a warning."""
    place_was_sought = Signal(float, float)
    """World coordinates somebody wants to see on the page of the map."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.store, self.risks = LayerStore(desk, self), RiskPlaceStore(desk, self)
        self._book: tuple[str, PlaceBook] | None = None
        """Made on an ISO day: the boundaries of the next one may be others."""
        self._cameras: tuple[int, PointLayer] | None = None
        self._risk_layer: tuple[object, PointLayer] | None = None
        self.store.did_change.connect(self._mark_stale)
        self.risks.did_change.connect(self._mark_stale)
        desk.session.catalogue_came.connect(self._mark_stale)
        desk.session.facts_came.connect(self._take_facts)
        desk.session.sign_on_ended.connect(self._on_seat)
        if desk.session.signed_on is not None:
            self.begin()

    def begin(self) -> None:
        """Fetch what maps need and no screen holds by itself."""
        self.store.begin()
        self.risks.begin()

    def layers_on(self, day: str) -> tuple[MapLayer, ...]:
        """Return the layers that hold on an ISO day: boundaries are dated (a district that was formed, one that left).

        Of several that are one another's successors only the one of that day is among them.
        """
        return tuple(layer for layer in self.store.known.values() if holds_on(layer, day))

    def day(self, at_ns: int) -> str:
        """Return the ISO day of a profile time, in the local time of this desk."""
        return f"{self._desk.figures.moment(at_ns):%Y-%m-%d}"

    def book(self) -> PlaceBook:
        """Return where things are today."""
        today = self.day(self._desk.now_ns())
        if self._book is None or self._book[0] != today:
            names = self._desk.names
            view = names.view if names is not None else None
            self._book = today, PlaceBook(view, self.risks.places, *self._areas())
        return self._book[1]

    def cameras(self) -> PointLayer:
        """Return the cameras of the catalogue as points; made once per version."""
        catalogue = self._desk.session.catalogue
        version = catalogue.version if catalogue is not None else -1
        if self._cameras is None or self._cameras[0] != version:
            rows = catalogue.catalogue.cameras if catalogue is not None else ()
            self._cameras = version, camera_marks(rows)
        return self._cameras[1]

    def risk_points(self) -> PointLayer:
        """Return the risk points as points; made once per state of the library."""
        places = self.risks.places
        if self._risk_layer is None or self._risk_layer[0] is not places:
            self._risk_layer = places, risk_marks(places)
        return self._risk_layer[1]

    def whole(self) -> Bounds | None:
        """Return what of the world the boundaries cover, None while none stands."""
        found = [bounds for shapes in self._boundaries() for bounds in shapes.bounds.values()]
        return around(found)

    def bounds_of(self, centre: str) -> Bounds | None:
        """Return the rectangle round a centre's area, None for one without an area."""
        area = self.book().area_of(centre)
        return next((shapes.bounds[area] for shapes in self._boundaries() if area in shapes.bounds), None)

    def _areas(self) -> tuple[dict[str, World], dict[str, str]]:
        """Return a place inside each area, those of other days among them, and what these lie in today."""
        today = self._boundaries()
        now = {code: at for shapes in today for code, at in shapes.places.items()}
        others = [one for one in self.store.shapes.values() if one.layer.kind is LayerKind.BOUNDARY]
        then = {code: at for shapes in others for code, at in shapes.places.items() if code not in now}
        found = {code: next((area for one in today if (area := area_at(one, at))), "") for code, at in then.items()}
        return {**then, **now}, {code: area for code, area in found.items() if area}

    def _boundaries(self) -> list[LayerShapes]:
        shapes = [one for one in self.store.shapes.values() if one.layer.kind is LayerKind.BOUNDARY]
        return [one for one in shapes if holds_on(one.layer, self.day(self._desk.now_ns()))]

    def _mark_stale(self, _news: object = None) -> None:
        self._book = None
        self.did_change.emit()

    def _take_facts(self, news: FactNews) -> None:
        self.store.take_facts(news)
        if any(change.kind == "plan_library" or change.kind == "risk_point" for change in news.changes):
            self.risks.begin()

    def _on_seat(self, _ended: object) -> None:
        if self._desk.session.signed_on is not None:
            self.begin()

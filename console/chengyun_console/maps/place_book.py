"""Where things are in the world: vitals by their device or risk point, centres by their area. Made once per version."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun_console.maps.risk_places import RiskPlaces
from chengyun_core.geo.projection import to_world
from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.event import Event
from chengyun_core.model.failure import Refused
from chengyun_core.model.formula import parse, reference
from chengyun_widgets.mapping.layers import World

MOST_CHANNELS = 64
"""Channels of a formula that are looked at for a place."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A place and how it is known."""

    at: World
    is_exact: bool
    """False: only the area of its centre is known, and `at` is somewhere inside."""


class PlaceBook:
    """Looks up lazily and remembers; owned by the GUI thread."""

    def __init__(
        self, view: CatalogueView | None, points: RiskPlaces, areas: Mapping[str, World],
        became: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """`areas`: code of a centre → a place inside its area. `became`: of centres whose area is none any more, the
        code of the one it lies in now: districts are merged while their towns keep their codes.
        """
        self._view, self._points, self._areas, self._became = view, points, areas, became or {}
        self._stands: dict[int, Stand | None] = {}

    def of_vital(self, number: int) -> Stand | None:
        """Return where a vital is measured: its device, the risk point it watches, else somewhere in its centre."""
        if number not in self._stands:
            self._stands[number] = self._of_vital(number)
        return self._stands[number]

    def of_event(self, event: Event) -> Stand | None:
        """Return where an event is: its own place, that of its risk point, else somewhere in its centre."""
        if event.longitude is not None and event.latitude is not None:
            return Stand(world(event.longitude, event.latitude), is_exact=True)
        return self._of_point(event.risk_point) or self.of_centre(event.centre)

    def of_centre(self, code: str) -> Stand | None:
        """Return a place inside the area of a centre or, where it has none, of the one above it."""
        area = self._known(code)
        return Stand(self._areas[area], is_exact=False) if area else None

    def area_of(self, code: str) -> str:
        """Return the code of the area of today a centre lies in: its own, or the nearest above; empty for none."""
        known = self._known(code)
        return self._became.get(known, known)

    def _known(self, code: str) -> str:
        seen: set[str] = set()
        while code and code not in self._areas and code not in seen:
            seen.add(code)
            row = self._view.centre(code) if self._view is not None else None
            code = (row.parent or "") if row is not None else ""
        return code if code in self._areas else ""

    def centre_of(self, vital: int) -> str:
        """Return the code of a vital's centre, empty for an unknown one."""
        try:
            return self._view.vital(vital).centre if self._view is not None else ""
        except KeyError:
            return ""

    def area_of_vital(self, number: int) -> str:
        """Return the code of the area a vital's centre lies in, empty for none."""
        return self.area_of(self.centre_of(number))

    def _of_vital(self, number: int) -> Stand | None:
        if self._view is None:
            return None
        try:
            vital = self._view.vital(number)
        except KeyError:
            return None
        watched = (self._points.watched or {}).get(vital.code, "")
        return self._of_devices(vital.formula) or self._of_point(watched) or self.of_centre(vital.centre)

    def _of_point(self, code: str) -> Stand | None:
        at = self._points.at(code) if code else None
        return None if at is None else Stand(at, is_exact=True)

    def _of_devices(self, formula: str) -> Stand | None:
        """Return the place of the first single device of a formula that has one."""
        assert self._view is not None
        try:
            channels = parse(formula).channels
        except Refused:
            # A retired vital has no formula.
            return None
        for channel in channels[:MOST_CHANNELS]:
            device = self._view.device(reference(channel).device)
            if device is not None and device.count == 1 and device.longitude is not None:
                assert device.latitude is not None
                return Stand(world(device.longitude, device.latitude), is_exact=True)
        return None


def world(longitude: float, latitude: float) -> World:
    """Return the world coordinates of a place in degrees."""
    x, y = to_world(longitude, latitude)
    return float(x), float(y)

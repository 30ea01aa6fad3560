"""Where the map of F6 looks while no event is commanded: at the scope of 急时, and at the seat's own area in peace."""

from chengyun_console.desk import Desk
from chengyun_console.maps.panel import MapPanel
from chengyun_console.mode.standing import mode_here, seat_place


class ScopeView:
    """Moves the map when another scope holds here, once: an officer looks where he will."""

    def __init__(self, desk: Desk, shown: MapPanel) -> None:
        self._desk, self._map = desk, shown
        self._scope = ""
        """Code of the centre that is looked at; empty: peace."""

    def follow(self) -> None:
        """Look at the scope that holds now; called on each frame. An event in focus is followed by the map itself."""
        here = mode_here(self._desk)
        scope = here.held[-1].scope.centre if here.is_emergency else ""
        if scope == self._scope or self._desk.event_focus.number is not None:
            return
        maps = self._map.maps
        area = maps.bounds_of(scope or seat_place(self._desk)) or maps.whole()
        if area is not None:
            self._scope = scope
            self._map.show_bounds(area)

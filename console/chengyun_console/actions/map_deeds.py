"""Actions on the map: what is on it, where it looks, what is asked, measured and drawn, and at which time."""

from chengyun_console.actions.action import Action, Where
from chengyun_core.model.drawing_commands import EraseDrawing, PutDrawing
from chengyun_core.model.map_commands import ImportLayer


def _way(name: str, *keys: str) -> Action:
    return Action(id=f"map.{name}", title=f"maps.action.{name}", keys=keys, where=Where.MAP)


def _drawing(name: str, key: str, record: type) -> Action:
    return Action(id=f"map.{name}", title=f"maps.action.{name}", keys=(key,), where=Where.MAP, record=record)


MAP_ACTIONS: tuple[Action, ...] = (
    Action(id="alarm.map", title="maps.action.alarm", keys=("M",), where=Where.ALARM),
    _way("find", "N"),
    _way("around", "Q"),
    _way("polygon", "P"),
    _way("wider", "]"),
    _way("narrower", "["),
    _way("reach", "E"),
    _way("trace", "O"),
    _drawing("area", "A", PutDrawing),
    _drawing("closure", "B", PutDrawing),
    _drawing("arrow", "R", PutDrawing),
    _drawing("note", "T", PutDrawing),
    _drawing("change", "C", PutDrawing),
    _drawing("erase", "X", EraseDrawing),
    _way("length", "G"),
    _way("surface", "U"),
    _way("lock", "L"),
    _way("back", "Z"),
    _way("whole", "K"),
    Action(id="map.import", title="layers.action", keys=("I",), where=Where.MAP, record=ImportLayer),
    _way("time", "S"),
    _way("range", "Shift+S"),
    _way("list", "Y"),
    _way("walk", "PgDown", "PgUp"),
    _way("by_mode", "0"),
    *(_way(f"toggle_{at}", str(at)) for at in range(1, 10)),
)
"""Where.MAP: the page of the map is in front, and no text field has the keyboard."""

ABOUT_MAP = "about_map"
"""Property of a map on a page about something else: while it has the keyboard, letters that mean something there do."""

MAP_KEYS = ("map.by_mode", *(f"map.toggle_{at}" for at in range(1, 10)))
"""Bound by the page itself: digits answer questions everywhere else."""
CANVAS_KEYS = ("map.walk",)
"""Handled by the map itself while it has the keyboard."""

ON_THE_PAGE = (
    "map.around", "map.polygon", "map.reach", "map.trace", "map.area", "map.closure", "map.arrow", "map.note",
    "map.change", "map.erase", "map.length", "map.surface", "map.lock", "map.back", "map.whole", "map.time",
    "map.import",
)  # fmt: skip
"""Printed at the foot of the page, in this order."""

"""Commands and asks about the map with what carries them out; merged into `handlers`."""

from collections.abc import Callable

from chengyun_core.centre import map_answers, map_layers, map_within
from chengyun_core.centre.handler import Handler

MAP_HANDLERS: dict[str, Handler] = {
    "map.import": Handler(
        handle=map_layers.take, subjects=map_layers.subjects, prepare=map_layers.prepare, lane="imports"
    ),
    "map.retire": Handler(handle=map_layers.retire, subjects=map_layers.subjects),
}
"""Command kind → handler. Alphabetical."""

MAP_ANSWERS: dict[str, Callable[..., bytes]] = {
    "map.held": map_layers.held,
    "map.layers": map_answers.layers,
    "map.part": map_layers.part,
    "map.reach": map_answers.reach,
    "map.shapes": map_answers.part,
    "map.tile": map_answers.tiles,
    "map.trace": map_answers.trace,
    "map.within": map_within.within,
}
"""Ask → what answers it: (desk, connection, body) -> bytes. Alphabetical."""

MAP_ASIDE = frozenset({"map.reach", "map.tile", "map.trace", "map.within"})
"""Those a worker answers: they read files of others, or reckon."""

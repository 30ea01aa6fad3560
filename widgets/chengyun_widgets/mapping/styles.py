"""How kinds of layers look, by the style key a layer carries; pipelines differ by their dashes, never by a colour."""

from collections.abc import Mapping

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.mapping.layers import ShapeStyle

_PIPE_PX, _PIPE_WIDE_PX = 1.2, 3.0


def _pipe(*dash: float) -> ShapeStyle:
    return ShapeStyle(line=Colour.MAP_PIPE, line_px=_PIPE_PX, wide_px=_PIPE_WIDE_PX, dash=dash)


STYLES: Mapping[str, ShapeStyle] = {
    "boundary": ShapeStyle(line=Colour.MAP_EDGE, line_px=1.6, wide_px=2.0),
    "district": ShapeStyle(fill=Colour.MAP_LAND, line=Colour.MAP_BOUNDARY),
    "town": ShapeStyle(line=Colour.MAP_BOUNDARY, line_px=0.8, wide_px=1.0, dash=(4.0, 3.0)),
    "river": ShapeStyle(line=Colour.MAP_WATER, line_px=1.8, wide_px=14.0),
    "water": ShapeStyle(fill=Colour.MAP_WATER),
    "road": ShapeStyle(line=Colour.MAP_ROAD, line_px=1.2, wide_px=6.0),
    "rail": ShapeStyle(line=Colour.MAP_ROAD, line_px=1.2, wide_px=3.0, dash=(6.0, 3.0)),
    "pipe_supply": _pipe(),
    "pipe_drain": _pipe(8.0, 3.0),
    "pipe_gas": _pipe(8.0, 3.0, 1.0, 3.0),
    "pipe_heat": _pipe(2.0, 2.0),
    "pipe_power": _pipe(12.0, 3.0, 1.0, 3.0, 1.0, 3.0),
    "pipe_telecom": _pipe(1.0, 3.0),
    "zone": ShapeStyle(line=Colour.MAP_ACCENT, line_px=1.4, wide_px=2.0, text=Colour.MAP_ACCENT),
}
PLAIN = STYLES["town"]
"""For a key nobody knows: a layer is shown, if without a dress of its own."""


def style_of(key: str) -> ShapeStyle:
    """Return the style of a key; one that is not known is a thin dashed line."""
    return STYLES.get(key, PLAIN)

"""Reads a theme's tokens: named colours, opacities, type sizes, spacing."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from importlib import resources
from pathlib import Path
from typing import Any


class Colour(StrEnum):
    """Every colour the console may use, by what it means. The values are in night.toml and day.toml."""

    GROUND = "ground"
    BAR = "bar"
    PANEL = "panel"
    RAISED = "raised"
    SUNKEN = "sunken"
    LINE = "line"
    OUTLINE = "outline"
    CELL = "cell"
    TEXT = "text"
    TEXT_SECOND = "text_second"
    TEXT_THIRD = "text_third"
    FIGURE = "figure"
    ORNAMENT = "ornament"
    ACCENT = "accent"
    ACCENT_FILL = "accent_fill"
    ACCENT_WASH = "accent_wash"
    ON_ACCENT = "on_accent"
    DONE = "done"
    LAMP_OK = "lamp_ok"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"
    RED_TEXT = "red_text"
    ORANGE_TEXT = "orange_text"
    YELLOW_TEXT = "yellow_text"
    BLUE_TEXT = "blue_text"
    ON_SEVERITY = "on_severity"
    MODE_PEACE = "mode_peace"
    MODE_PEACE_TEXT = "mode_peace_text"
    MODE_EMERGENCY = "mode_emergency"
    MODE_EMERGENCY_TEXT = "mode_emergency_text"
    MODE_DRILL = "mode_drill"
    MODE_DRILL_HATCH = "mode_drill_hatch"
    MODE_DRILL_TEXT = "mode_drill_text"
    TROUBLE = "trouble"
    TROUBLE_TEXT = "trouble_text"
    VIDEO_GROUND = "video_ground"
    VIDEO_TEXT = "video_text"
    VIDEO_TEXT_SECOND = "video_text_second"
    TRACE = "trace"
    TRACE_2 = "trace_2"
    TRACE_3 = "trace_3"
    TRACE_4 = "trace_4"
    TRACE_5 = "trace_5"
    TRACE_6 = "trace_6"
    MAP_GROUND = "map_ground"
    MAP_LAND = "map_land"
    MAP_BOUNDARY = "map_boundary"
    MAP_EDGE = "map_edge"
    MAP_WATER = "map_water"
    MAP_ROAD = "map_road"
    MAP_PIPE = "map_pipe"
    MAP_TEXT = "map_text"
    MAP_TEXT_SECOND = "map_text_second"
    MAP_DEVICE = "map_device"
    MAP_MARK = "map_mark"
    MAP_DENSE = "map_dense"
    MAP_ACCENT = "map_accent"


class Opacity(StrEnum):
    """How strongly a colour is laid over what is under it."""

    BAND = "band"
    BAND_LIMIT = "band_limit"
    WATERMARK = "watermark"
    VIDEO_PLATE = "video_plate"
    VIDEO_VEIL = "video_veil"
    WASH = "wash"
    WASH_FLASH = "wash_flash"
    MAP_TINT = "map_tint"
    MAP_HALO = "map_halo"
    MAP_RING = "map_ring"
    MAP_LINK = "map_link"
    MAP_HATCH = "map_hatch"
    MAP_PLATE = "map_plate"


class Severity(IntEnum):
    """The four legal colours, gravest highest, so that numpy can sort them. NONE is normal: grey, no shape."""

    NONE = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4


class TypeSize(IntEnum):
    """The only type sizes there are, in px."""

    SMALL = 12
    BODY = 13
    LEAD = 14
    TITLE = 17
    FIGURE = 22
    HERO = 34


SPACE_PX = 4
RADIUS_PX = 4
TARGET_PX = 28
FONT_FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
TRACES = (Colour.TRACE, Colour.TRACE_2, Colour.TRACE_3, Colour.TRACE_4, Colour.TRACE_5, Colour.TRACE_6)

SEVERITY_FILL: Mapping[Severity, Colour] = {
    Severity.NONE: Colour.ORNAMENT,
    Severity.BLUE: Colour.BLUE,
    Severity.YELLOW: Colour.YELLOW,
    Severity.ORANGE: Colour.ORANGE,
    Severity.RED: Colour.RED,
}
SEVERITY_TEXT: Mapping[Severity, Colour] = {
    Severity.NONE: Colour.FIGURE,
    Severity.BLUE: Colour.BLUE_TEXT,
    Severity.YELLOW: Colour.YELLOW_TEXT,
    Severity.ORANGE: Colour.ORANGE_TEXT,
    Severity.RED: Colour.RED_TEXT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One theme. `colours` maps every Colour to `#RRGGBB`, `opacities` every Opacity to 0..1."""

    name: str
    is_dark: bool
    colours: Mapping[Colour, str]
    opacities: Mapping[Opacity, float]


def load_tokens(name: str) -> Tokens:
    """Return the theme called `name` ("night" or "day").

    Raises:
        ValueError: the file misses a token or holds one nobody knows; says which.
    """
    text = resources.files("chengyun_resources.theme").joinpath(f"{name}.toml").read_text("utf-8")
    return _tokens_from(name, tomllib.loads(text))


def tick_file() -> str:
    """Return the file of the tick in a ticked box, as a style sheet names it; beside it lies one of twice its size."""
    return Path(str(resources.files("chengyun_resources.theme").joinpath("tick.png"))).as_posix()


def load_style_sheet() -> str:
    """Return the style sheet template; `$token` stands for a colour of Colour, `$tick` for `tick_file`."""
    return resources.files("chengyun_resources.theme").joinpath("style.qss").read_text("utf-8")


def _tokens_from(name: str, data: Mapping[str, Any]) -> Tokens:
    for part, kind in (("colour", Colour), ("opacity", Opacity)):
        known, given = {str(token) for token in kind}, set(data[part])
        if known != given:
            raise ValueError(f"{name}.toml [{part}]: missing {sorted(known - given)}, unknown {sorted(given - known)}")
    return Tokens(
        name=data["name"],
        is_dark=data["is_dark"],
        colours={token: data["colour"][token] for token in Colour},
        opacities={token: float(data["opacity"][token]) for token in Opacity},
    )

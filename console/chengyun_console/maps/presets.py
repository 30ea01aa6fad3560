"""Which layers are shown in which mode: one table, and what the words of a preset of 急时 mean on the map (M1, H1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chengyun_core.model.map_layer import LayerKind, MapLayer


class Show(StrEnum):
    """What a map of this console shows besides the layers of the centre; the order is that of the list."""

    ALARMS = "alarms"
    EVENTS = "events"
    FORCES = "forces"
    RISK_POINTS = "risk_points"
    CAMERAS = "cameras"
    DEVICES = "devices"
    WARNINGS = "warnings"
    DRAWINGS = "drawings"
    RINGS = "rings"


BASE = frozenset({LayerKind.BOUNDARY, LayerKind.WATER, LayerKind.TILES})
"""Kinds of layers a map always begins with."""
PEACETIME = frozenset({Show.ALARMS, Show.EVENTS, Show.RISK_POINTS, Show.DEVICES, Show.WARNINGS, Show.DRAWINGS})
EMERGENCY = PEACETIME | {Show.FORCES, Show.RINGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a word of a preset brings up: what is this console's own, and layers of the centre by kind and style."""

    shows: frozenset[Show] = frozenset()
    kinds: frozenset[LayerKind] = frozenset()
    styles: tuple[str, ...] = ()
    """What a layer's style or code begins with; empty: every layer of these kinds."""


_PIPES, _PLACES, _ROADS = (frozenset({kind}) for kind in (LayerKind.PIPELINE, LayerKind.PLACE, LayerKind.ROAD))
_WATER, _AREAS = frozenset({LayerKind.WATER}), frozenset({LayerKind.AREA})

WORDS: Mapping[str, Meant] = {
    "crowds": Meant(shows=frozenset({Show.CAMERAS})),
    "evacuation": Meant(shows=frozenset({Show.DRAWINGS}), kinds=_ROADS),
    "grid": Meant(kinds=_PIPES, styles=("pipe_power", "grid")),
    "hospitals": Meant(kinds=_PLACES, styles=("hospital",)),
    "hydrants": Meant(kinds=_PLACES, styles=("hydrant",)),
    "lifts": Meant(kinds=_PLACES, styles=("lift",)),
    "mains": Meant(kinds=_PIPES, styles=("pipe_supply", "pipe")),
    "metro": Meant(kinds=_ROADS, styles=("rail", "metro")),
    "rain": Meant(shows=frozenset({Show.WARNINGS})),
    "reservoirs": Meant(kinds=_WATER | _PLACES, styles=("reservoir",)),
    "river": Meant(kinds=_WATER),
    "rivers": Meant(kinds=_WATER),
    "shelters": Meant(kinds=_PLACES, styles=("shelter",)),
    "traffic": Meant(shows=frozenset({Show.CAMERAS}), kinds=_ROADS),
    "waterlogging": Meant(kinds=_AREAS | _PLACES, styles=("waterlogging", "flood")),
    "waterworks": Meant(kinds=_PLACES, styles=("waterworks",)),
}
"""Word of `model.mode.Preset.layers` → what it brings up. Alphabetical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is on, and which words of the preset nothing on this machine answers to: that is said."""

    shows: frozenset[Show]
    layers: frozenset[str]
    missing: tuple[str, ...] = ()


def choice_of(words: Iterable[str], layers: Iterable[MapLayer], *, is_emergency: bool) -> Choice:
    """Return what a mode shows. `words`: of the preset in effect, none in 平时."""
    known = tuple(layers)
    shows = set(EMERGENCY if is_emergency else PEACETIME)
    chosen = {layer.code for layer in known if layer.kind in BASE}
    missing = []
    for word in words:
        meant = WORDS.get(word, Meant())
        found = {layer.code for layer in known if _is_meant(layer, meant)}
        if not found and not meant.shows:
            missing.append(word)
        shows |= meant.shows
        chosen |= found
    return Choice(shows=frozenset(shows), layers=frozenset(chosen), missing=tuple(missing))


def _is_meant(layer: MapLayer, meant: Meant) -> bool:
    named = (layer.style, layer.code)
    return layer.kind in meant.kinds and (not meant.styles or any(name.startswith(meant.styles) for name in named))

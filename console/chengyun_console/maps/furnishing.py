"""The words at the edges of a map: where it comes from, what is in the window, what it lacks."""

import numpy as np

from chengyun_console.desk import Desk
from chengyun_console.maps.density import DensityAsker
from chengyun_console.maps.desk import MapDesk
from chengyun_console.maps.presets import Show
from chengyun_console.maps.toggles import Toggles
from chengyun_console.mode.standing import seat_place
from chengyun_core.model.map_layer import LayerKind, MapLayer
from chengyun_core.wire.survey_asks import DensityView
from chengyun_widgets.mapping.furniture import MapTexts
from chengyun_widgets.mapping.layers import Layer, PointLayer
from chengyun_widgets.mapping.view import Bounds

_SEVERITIES = ("none", "blue", "yellow", "orange", "red")
_COUNTED = (Show.RISK_POINTS, Show.FORCES, Show.CAMERAS)


class Furnishing:
    """Pure sentences over what is shown."""

    def __init__(self, desk: Desk, maps: MapDesk) -> None:
        self._desk, self._maps = desk, maps

    def texts(self) -> MapTexts:
        """Return the canvas's words."""
        say = self._desk.say
        return MapTexts(
            name=say("maps.title"), locked=say("maps.locked_mark"), north=say("maps.north"),
            point=say("maps.spoken.point", name="{name}", severity="{severity}"),
            cluster=say("maps.spoken.cluster", count="{count}", severity="{severity}"),
            severities=tuple(say(f"maps.severity.{name}") for name in _SEVERITIES),
        )  # fmt: skip

    def attribution(self, layers: tuple[MapLayer, ...]) -> str:
        """Return where the base comes from, its review number or that it has none, and the datum (UI.md)."""
        say = self._desk.say
        base = [layer for layer in layers if layer.kind in (LayerKind.BOUNDARY, LayerKind.TILES)]
        if not base:
            return say("maps.no_base")
        origins = dict.fromkeys(layer.origin for layer in base if layer.origin)
        numbers = dict.fromkeys(layer.approval_number for layer in base if layer.approval_number)
        approval = "  ".join(numbers) or say("maps.no_approval")
        kind = say("maps.schematic") if any(layer.schematic for layer in base) else ""
        return "  ".join(filter(None, (kind, approval, "  ".join(origins), say("maps.datum"))))

    def counts(self, layers: tuple[Layer, ...], bounds: Bounds, devices: DensityView | None) -> str:
        """Return how much of each kind is in the window, as the drawing's head has it."""
        say, count = self._desk.say, self._desk.figures.count
        found = []
        shown = {layer.code for layer in layers}
        if Show.DEVICES in shown and devices is not None:
            code = "maps.count.devices" if devices.placed or not devices.registered else "maps.count.devices_unplaced"
            found.append(say(code, count=count(devices.counted)))
        for layer in layers:
            if isinstance(layer, PointLayer) and layer.code in _COUNTED:
                inside = (layer.x >= bounds.west) & (layer.x <= bounds.east)
                inside &= (layer.y >= bounds.north) & (layer.y <= bounds.south)
                found.append(say(f"maps.count.{layer.code}", count=count(int(np.count_nonzero(inside)))))
        return "   ".join((*found, say("maps.datum")))

    def warning(self, toggles: Toggles) -> str:
        """Return what the map of now lacks: words of the preset nothing answers to; empty when it lacks nothing."""
        if not toggles.missing or toggles.is_own:
            return ""
        say = self._desk.say
        words = [say(f"mode.version.layers.{word}") for word in toggles.missing]
        return say("maps.preset_lacks", layers=say("maps.comma").join(words))

    def devices(self, toggles: Toggles, density: DensityAsker) -> str:
        """Return that the devices shown are not those of now, and why; empty while they are, or are not shown."""
        if Show.DEVICES not in toggles.shows or density.fault is None:
            return ""
        say, reason = self._desk.say, self._desk.refusal(density.fault)
        if not density.answered_ns:
            return say("maps.density_none", reason=reason)
        return say("maps.density_old", at=self._desk.figures.clock(density.answered_ns), reason=reason)

    def first_bounds(self) -> Bounds | None:
        """Return where this seat's own area is; None for the whole city."""
        return self._maps.bounds_of(seat_place(self._desk))

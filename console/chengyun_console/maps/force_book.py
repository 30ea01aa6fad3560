"""Forces as points: their bases laid out once per catalogue, and only those that told where they are put elsewhere."""

from collections.abc import Mapping

import numpy as np

from chengyun_console.maps.marks import NAMES_FROM, no_severity
from chengyun_console.maps.presets import Show
from chengyun_core.geo.projection import to_world
from chengyun_core.model.dispatch import Unit, UnitRecord
from chengyun_widgets.mapping.layers import Mark, PointLayer, World
from chengyun_widgets.mapping.view import Floats

_NOWHERE = float("nan")


class ForceBook:
    """Thousands of units, of which few move: the same layer is given until one of them does."""

    def __init__(self) -> None:
        self._units: tuple[Unit, ...] = ()
        self._rows: dict[str, int] = {}
        self._x: Floats = np.zeros(0)
        self._y: Floats = np.zeros(0)
        self._told: dict[str, tuple[float, float]] = {}
        self._layer = _layer((), self._x, self._y, self._told)
        self._places: dict[str, World] | None = None

    def layer(self, units: tuple[Unit, ...], records: Mapping[str, UnitRecord]) -> PointLayer:
        """Return the units where they told they are, else at their base; one that never told is drawn hollow."""
        told = {
            code: (one.longitude, one.latitude)
            for code, one in records.items()
            if one.longitude is not None and one.latitude is not None
        }
        if units is not self._units:
            self._take(units)
        elif told == self._told:
            return self._layer
        self._told, self._places = told, None
        self._layer = _layer(units, *self._now(), told)
        return self._layer

    def place(self, unit: str) -> World | None:
        """Return where a unit stands in the layer that was given last, None for one without a place."""
        if self._places is None:
            layer = self._layer
            self._places = dict(zip(layer.ids, zip(layer.x.tolist(), layer.y.tolist(), strict=True), strict=True))
        return self._places.get(f"unit:{unit}")

    def _take(self, units: tuple[Unit, ...]) -> None:
        """Lay out the bases of another catalogue."""
        self._units = units
        self._rows = {unit.code: row for row, unit in enumerate(units)}
        degrees = np.array([_base(unit) for unit in units], np.float64).reshape(len(units), 2)
        self._x, self._y = to_world(degrees[:, 0], degrees[:, 1])

    def _now(self) -> tuple[Floats, Floats]:
        """Return x and y of every unit, those that told where they are there."""
        x, y = self._x.copy(), self._y.copy()
        moved = [(self._rows[code], *at) for code, at in self._told.items() if code in self._rows]
        if moved:
            row, longitude, latitude = np.array(moved, np.float64).T
            x[row.astype(np.int64)], y[row.astype(np.int64)] = to_world(longitude, latitude)
        return x, y


def _base(unit: Unit) -> tuple[float, float]:
    if unit.longitude is None or unit.latitude is None:
        return _NOWHERE, _NOWHERE
    return unit.longitude, unit.latitude


def _layer(units: tuple[Unit, ...], x: Floats, y: Floats, told: Mapping[str, object]) -> PointLayer:
    here = np.isfinite(x)
    placed = [unit for unit, is_placed in zip(units, here.tolist(), strict=True) if is_placed]
    return PointLayer(
        code=Show.FORCES, x=x[here], y=y[here], severity=no_severity(len(placed)), mark=Mark.FORCE,
        names=tuple(unit.name for unit in placed), ids=tuple(f"unit:{unit.code}" for unit in placed),
        stale=np.array([unit.code not in told for unit in placed], bool), is_clustered=True,
        name_zoom=NAMES_FROM[Show.FORCES],
    )  # fmt: skip

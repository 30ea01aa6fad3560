"""Devices one by one where the map looks so near that the window holds few of them; of many only the abnormal ones."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps.density import AGAIN_S, BELOW_BANDS
from chengyun_console.maps.presets import Show
from chengyun_core.model.device import DeviceState
from chengyun_core.wire.survey_asks import AskDevices, Devices
from chengyun_widgets.mapping.layers import DensityLayer, DensitySource, Mark, PointLayer
from chengyun_widgets.mapping.view import MOST_ZOOM, Bounds

ASK = "density.devices"
FROM_ZOOM = 15.0
"""From here on single ones are asked for."""
MOST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Single devices of a window."""

    points: PointLayer
    is_whole: bool
    """All there are; else the abnormal ones, and a density tells of the rest."""


class NearDevices(QObject):
    """One per map; asks anew when the window looks elsewhere, and now and then for how they stand."""

    did_change = Signal()

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._slot = desk, f"{ASK}.{name}"
        self.near: Near | None = None
        self._bounds: Bounds | None = None
        self._asked_s = 0.0

    def look(self, bounds: Bounds, zoom: float, now_s: float) -> None:
        """Ask for what is in the window when it is near enough; called on each frame."""
        if zoom < FROM_ZOOM:
            self._bounds = None
            self._take(None)
            return
        if bounds == self._bounds and now_s - self._asked_s < AGAIN_S:
            return
        if now_s - self._asked_s < AGAIN_S / 4:
            # While the map is being moved: at most so often.
            return
        self._bounds, self._asked_s = bounds, now_s
        ask = AskDevices(left=bounds.west, top=bounds.north, right=bounds.east, bottom=bounds.south, limit=MOST)
        self._desk.session.ask(ASK, ask, self._on_devices, slot=self._slot)

    def _on_devices(self, told: object) -> None:
        # An answer that comes after the map went farther off again is of no use.
        self._take(near_of(told) if isinstance(told, Devices) and self._bounds is not None else None)

    def _take(self, near: Near | None) -> None:
        if near != self.near:
            self.near = near
            self.did_change.emit()


def density_of(source: DensitySource, near: Near | None) -> DensityLayer:
    """Return the density: until single devices are all there are, with shapes until the abnormal ones are there."""
    is_whole = near is not None and near.is_whole
    return DensityLayer(
        code=Show.DEVICES, source=source, max_zoom=FROM_ZOOM if is_whole else MOST_ZOOM,
        marked_to=MOST_ZOOM if near is None else FROM_ZOOM,
    )  # fmt: skip


def near_of(told: Devices) -> Near | None:
    """Return the devices as points; silent ones are hollow.

    None for columns that do not match, and when not even all abnormal ones were told: clusters of some would tell wrong
    numbers.
    """
    x, y = np.frombuffer(told.x, "<f8"), np.frombuffer(told.y, "<f8")
    state, member = np.frombuffer(told.state, np.uint8), np.frombuffer(told.member, "<u4")
    if not len(told.codes) == len(x) == len(y) == len(state) == len(member):
        return None
    severity = np.where(state > BELOW_BANDS, state - np.uint8(BELOW_BANDS), np.uint8(0)).astype(np.uint8)
    is_whole = told.total <= len(told.codes)
    if not is_whole and severity.all():
        return None
    names = tuple(f"{code}#{at}" if at else code for code, at in zip(told.codes, member.tolist(), strict=True))
    shown = np.flatnonzero(severity) if not is_whole else np.arange(len(names))
    chosen = tuple(names[one] for one in shown.tolist())
    points = PointLayer(
        code="near_devices", x=x[shown], y=y[shown], severity=severity[shown], mark=Mark.DEVICE, names=chosen,
        ids=tuple(f"device:{name}" for name in chosen), stale=(state == int(DeviceState.SILENT))[shown],
        is_clustered=True, min_zoom=FROM_ZOOM, name_zoom=17.0,
    )  # fmt: skip
    return Near(points=points, is_whole=is_whole)

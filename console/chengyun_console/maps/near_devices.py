"""Devices one by one where the map looks so near that a cell of the density would hold few of them."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.maps.density import AGAIN_S, BELOW_BANDS
from chengyun_core.model.device import DeviceState
from chengyun_core.wire.survey_asks import AskDevices, Devices
from chengyun_widgets.mapping.layers import Mark, PointLayer
from chengyun_widgets.mapping.view import Bounds

ASK = "density.devices"
FROM_ZOOM = 15.0
"""From here on points, before it cells."""
MOST = 2000


class NearDevices(QObject):
    """One per map; asks anew when the window looks elsewhere, and now and then for how they stand."""

    did_change = Signal()

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._slot = desk, f"{ASK}.{name}"
        self.layer: PointLayer | None = None
        self._bounds: Bounds | None = None
        self._asked_s = 0.0

    def look(self, bounds: Bounds, zoom: float, now_s: float) -> None:
        """Ask for what is in the window when it is near enough; called on each frame."""
        if zoom < FROM_ZOOM:
            self._bounds = None
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
        made = points_of(told) if isinstance(told, Devices) else None
        if made != self.layer:
            self.layer = made
            self.did_change.emit()


def points_of(told: Devices) -> PointLayer | None:
    """Return the devices as points, None for columns that do not match; silent ones are hollow."""
    x, y = np.frombuffer(told.x, "<f8"), np.frombuffer(told.y, "<f8")
    state, member = np.frombuffer(told.state, np.uint8), np.frombuffer(told.member, "<u4")
    if not len(told.codes) == len(x) == len(y) == len(state) == len(member):
        return None
    severity = np.where(state > BELOW_BANDS, state - np.uint8(BELOW_BANDS), np.uint8(0)).astype(np.uint8)
    names = tuple(f"{code}#{at}" if at else code for code, at in zip(told.codes, member.tolist(), strict=True))
    return PointLayer(
        code="near_devices", x=x, y=y, severity=severity, mark=Mark.DEVICE, names=names,
        ids=tuple(f"device:{name}" for name in names), stale=state == int(DeviceState.SILENT), is_clustered=True,
        min_zoom=FROM_ZOOM, name_zoom=17.0,
    )  # fmt: skip

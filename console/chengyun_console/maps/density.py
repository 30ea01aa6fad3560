"""Asks the survey how many devices stand where, for one map; the answers are unpacked beside the GUI thread."""

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from chengyun_console.desk import Desk
from chengyun_console.session.background import Background
from chengyun_core.model.device import DeviceState
from chengyun_core.model.failure import Reason
from chengyun_core.wire.codec import BadMessage
from chengyun_core.wire.survey_asks import AskDensity, DensityView
from chengyun_core.wire.survey_cells import unpacked
from chengyun_widgets.mapping.layers import DensityPicture
from chengyun_widgets.mapping.view import Bounds

ASK = "density.view"
AGAIN_S = 2.0
"""How often a picture that is in sight is asked for anew: an equal one comes without cells."""
BELOW_BANDS = int(DeviceState.BLUE) - 1
"""States up to here are no severity: never heard, online, silent."""


class DensityAsker(QObject):
    """What the canvas asks for (`mapping.layers.DensitySource`); one per map."""

    picture_came = Signal(object)
    """DensityPicture."""
    counts_came = Signal(object)
    """DensityView without its cells: how many devices there are and how many have a place."""

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._slot = desk, f"{ASK}.{name}"
        self._background = Background(self)
        self._wanted: AskDensity | None = None
        self._known, self._asked_s, self._is_asked = 0, 0.0, False
        self.what = "all"
        self.fault: Reason | None = None
        """Why what is shown is not that of now; None while answers come."""
        self.answered_ns = 0
        """When the newest answer came, profile ns; 0: none came yet."""

    def ask(self, bounds: Bounds, width: int, height: int) -> None:
        """Ask for counts over a rectangle of the world in `height` rows of `width` cells."""
        self._known = 0
        self._wanted = AskDensity(
            left=max(0.0, bounds.west), top=max(0.0, bounds.north), right=min(1.0, bounds.east),
            bottom=min(1.0, bounds.south), width=max(1, width), height=max(1, height), what=self.what,
        )  # fmt: skip
        self._send()

    def tick(self, now_s: float) -> None:
        """Ask anew for what is in sight; called on each frame while the layer is shown.

        Not while an answer is awaited: a newer ask would take its place, and that nobody answers would never be told.
        """
        if not self._is_asked and now_s - self._asked_s >= AGAIN_S:
            self._asked_s = now_s
            self._send()

    def _send(self) -> None:
        if self._wanted is not None:
            self._is_asked = True
            self._desk.session.ask(ASK, _knowing(self._wanted, self._known), self._on_view, slot=self._slot)

    def _on_view(self, told: object) -> None:
        self._is_asked = False
        if isinstance(told, Reason):
            self.fault = told
        elif isinstance(told, DensityView):
            self.fault, self.answered_ns = None, self._desk.now_ns()
            # An answer «as known» counts nothing: what was counted before still holds.
            if told.cells or not told.width:
                self.counts_came.emit(told)
            if told.cells:
                self._known = told.mark
                self._background.run("unpack", partial(picture_of, told), self._on_picture)

    def _on_picture(self, picture: object) -> None:
        if isinstance(picture, DensityPicture):
            self.picture_came.emit(picture)
        elif isinstance(picture, Reason):
            # Not known after all: «as before» would be answered for a picture nobody has.
            self._known, self.fault = 0, picture


def picture_of(view: DensityView) -> DensityPicture | Reason:
    """Return what the canvas paints, or the reason why the answer cannot be read."""
    try:
        counts, worst = unpacked(view)
    except BadMessage as fault:
        return fault.reason
    side = 2.0**-view.zoom
    bounds = Bounds(
        view.column * side, view.row * side, (view.column + view.width) * side, (view.row + view.height) * side
    )
    severity = np.where(worst > BELOW_BANDS, worst - np.uint8(BELOW_BANDS), np.uint8(0)).astype(np.uint8)
    return DensityPicture(bounds, counts.astype(np.uint32), severity)


def _knowing(ask: AskDensity, known: int) -> AskDensity:
    return AskDensity(
        left=ask.left, top=ask.top, right=ask.right, bottom=ask.bottom, width=ask.width, height=ask.height,
        what=ask.what, kind=ask.kind, known=known,
    )  # fmt: skip

"""The picture of the heat grid's cells: one look-up table over one map of pixels, made only when something changed."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from chengyun_resources.theme.tokens import Colour, Severity
from chengyun_widgets.heat_layout import BODY, DASH, CellMap
from chengyun_widgets.theme import Theme

NO_DATA = len(Severity)
GROUND = NO_DATA + 1
_CODES = GROUND + 1
DIMMED = _CODES
"""Added to a code: the cell does not match what is searched for."""
_DIM_SHARE = 0.25


class HeatPicture:
    """Holds the pixels it made: the image shares them, so they live as long as the next one."""

    def __init__(self, theme: Theme) -> None:
        self._flat = np.zeros((1, 1), dtype=np.int32)
        self._pixels = np.zeros((1, 1), dtype=np.uint32)
        self._table = np.zeros((2 * _CODES, 4), dtype=np.uint32)
        self._image: QImage | None = None
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of another theme: severities are filled, no data is dashed, ground is transparent."""
        ground = theme.colour(Colour.PANEL)
        for severity in Severity:
            own = theme.fill(severity) if severity else theme.colour(Colour.CELL)
            self._table[severity, BODY:] = own.rgba()
            self._table[severity + DIMMED, BODY:] = _dimmed(own, ground).rgba()
        dash = theme.colour(Colour.ORNAMENT)
        self._table[NO_DATA, DASH] = dash.rgba()
        self._table[NO_DATA + DIMMED, DASH] = _dimmed(dash, ground).rgba()
        self._image = None

    def set_map(self, cells: CellMap) -> None:
        """Take another layout."""
        # One index per pixel instead of two: a picture of 4k costs one look-up of a flat array.
        self._flat = cells.slot * np.int32(4) + cells.part
        self._image = None

    def forget(self) -> None:
        """Make the picture anew: states, order or search changed."""
        self._image = None

    def image(self, codes: NDArray[np.uint8], ratio: float) -> QImage:
        """Return the picture; `codes` uint8[slots + 1] say what each slot shows, slot 0 is the ground between cells."""
        if self._image is None:
            self._pixels = np.take(self._table[codes].reshape(-1), self._flat, mode="clip")
            height, width = self._pixels.shape
            form = QImage.Format.Format_ARGB32_Premultiplied
            self._image = QImage(self._pixels.data, width, height, width * 4, form)
            self._image.setDevicePixelRatio(ratio)
        return self._image


def _dimmed(colour: QColor, ground: QColor) -> QColor:
    share = _DIM_SHARE
    parts = (
        round(a * share + b * (1 - share))
        for a, b in zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*parts)

"""Paints a grid of dark and light modules, as a camera reads it: always dark on light, whatever the theme."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

QUIET = 4
"""Light modules around it; without them no camera finds it (ISO/IEC 18004, 6.3.8)."""
_MODULE_PX = 5


class CodePicture(Painted):
    """Empty until it is shown a grid; whole pixels per module, so that no edge is blurred."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._grid: tuple[tuple[bool, ...], ...] = ()

    def show_grid(self, grid: tuple[tuple[bool, ...], ...]) -> None:
        """Show rows of modules, True: dark; none takes it away."""
        self._grid = grid
        side = (len(grid) + 2 * QUIET) * _MODULE_PX if grid else 0
        self.setFixedSize(max(1, side), max(1, side))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSize()

    @override
    def paint(self, painter: QPainter) -> None:
        if not self._grid:
            return
        # Of the theme's paper and ink whichever is the lighter lies under the other.
        both = (self.theme.colour(Colour.PANEL), self.theme.colour(Colour.TEXT))
        dark, light = sorted(both, key=lambda colour: colour.lightnessF())
        painter.fillRect(self.rect(), light)
        for y, row in enumerate(self._grid, QUIET):
            for x, is_dark in enumerate(row, QUIET):
                if is_dark:
                    painter.fillRect(QRect(x * _MODULE_PX, y * _MODULE_PX, _MODULE_PX, _MODULE_PX), dark)

"""Paints a grid of dark and light modules, as a camera reads it: always dark on light, whatever the theme."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

QUIET = 4
"""Light modules around it; without them no camera finds it (ISO/IEC 18004, 6.3.8)."""
SIDE_PX = 325
"""Kept whether a code is shown or not: nothing beside it moves when one comes."""


class CodePicture(Painted):
    """Empty until it is shown a grid; whole pixels per module, so that no edge is blurred."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._grid: tuple[tuple[bool, ...], ...] = ()
        self.setFixedSize(SIDE_PX, SIDE_PX)

    def show_grid(self, grid: tuple[tuple[bool, ...], ...]) -> None:
        """Show rows of modules, True: dark; none takes it away."""
        self._grid = grid
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE_PX, SIDE_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        if not self._grid:
            return
        # Of the theme's paper and ink whichever is the lighter lies under the other.
        both = (self.theme.colour(Colour.PANEL), self.theme.colour(Colour.TEXT))
        dark, light = sorted(both, key=lambda colour: colour.lightnessF())
        painter.fillRect(self.rect(), light)
        module = SIDE_PX // (len(self._grid) + 2 * QUIET)
        edge = (SIDE_PX - module * len(self._grid)) // 2
        for y, row in enumerate(self._grid):
            for x, is_dark in enumerate(row):
                if is_dark:
                    painter.fillRect(QRect(edge + x * module, edge + y * module, module, module), dark)

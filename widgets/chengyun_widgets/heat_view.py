"""Which part of the heat grid is seen: how far it is zoomed in and where; numbers only, no painting."""

from PySide6.QtCore import QPointF, QRectF

ZOOMS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
"""Steps of the wheel and of + and -. At six times even a city of 20 000 vitals has cells a finger can hit."""
_EDGE_PX = 12.0


class HeatView:
    """A window of `size` px onto a canvas `zoom` times as large; `corner` is the canvas point at its top left."""

    def __init__(self) -> None:
        self.zoom = 1.0
        self.corner = QPointF(0, 0)
        self._width, self._height = 1, 1

    def canvas(self, width: int, height: int) -> tuple[int, int]:
        """Return the size of the whole canvas in px for a window of this size."""
        self._width, self._height = width, height
        self._hold()
        return round(width * self.zoom), round(height * self.zoom)

    def step(self, steps: int) -> bool:
        """Zoom in (+) or out (-) by steps; returns whether anything changed."""
        at = min(len(ZOOMS) - 1, max(0, ZOOMS.index(self.zoom) + steps))
        before, self.zoom = self.zoom, ZOOMS[at]
        self._hold()
        return self.zoom != before

    def reset(self) -> bool:
        """Show everything again; returns whether anything changed."""
        changed = self.zoom != 1.0
        self.zoom, self.corner = 1.0, QPointF(0, 0)
        return changed

    def pan(self, dx: float, dy: float) -> bool:
        """Move the window over the canvas; returns whether it moved."""
        before = QPointF(self.corner)
        self.corner = QPointF(before.x() + dx, before.y() + dy)
        self._hold()
        return self.corner != before

    def put(self, point: QPointF, under: QPointF) -> None:
        """Bring a canvas point under a point of the window, as far as the canvas reaches."""
        self.corner = point - under
        self._hold()

    def reveal(self, rect: QRectF) -> bool:
        """Bring a rectangle of the window's coordinates into view; returns whether the window moved."""
        dx = min(0.0, rect.left() - _EDGE_PX) + max(0.0, rect.right() + _EDGE_PX - self._width)
        dy = min(0.0, rect.top() - _EDGE_PX) + max(0.0, rect.bottom() + _EDGE_PX - self._height)
        return self.pan(dx, dy) if self.zoom > 1.0 and (dx or dy) else False

    def _hold(self) -> None:
        most_x, most_y = self._width * (self.zoom - 1), self._height * (self.zoom - 1)
        x, y = min(max(0.0, self.corner.x()), most_x), min(max(0.0, self.corner.y()), most_y)
        # Whole pixels: a cell's edge between two of them would be smeared over both.
        self.corner = QPointF(round(x), round(y))

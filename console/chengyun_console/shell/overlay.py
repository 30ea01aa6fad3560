"""A panel that floats above the page without being modal: the page behind goes on living."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from chengyun_resources.theme.tokens import SPACE_PX, Colour
from chengyun_widgets.panel import HEADER_PX, Panel
from chengyun_widgets.theme import Theme


class Overlay(Panel):
    """Hidden until opened; gives the keyboard back to where it was."""

    edge = Colour.TEXT_THIRD
    """It lies on panels of its own colour: without an edge that stands out it reads as one of them."""

    def __init__(self, theme: Theme, title: str, note: str, parent: QWidget) -> None:
        super().__init__(theme, title, note, parent)
        self._before: QWidget | None = None
        self._given = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=False)
        self.hide()

    def cover(self) -> None:
        """Say that nothing shows through: a letter typed here then repaints this sheet and not the charts under it."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, self.theme.colour(Colour.PANEL))
        self.setPalette(palette)
        self.setAutoFillBackground(True)

    def open_over(self, area: QRect) -> None:
        """Show it inside `area` (parent's coordinates) and take the keyboard."""
        window = self.window()
        self._before = window.focusWidget() if self.isHidden() else self._before
        self._given = area
        self.setGeometry(area)
        self.show()
        self.raise_()

    def fit_height(self, body_px: int) -> None:
        """Take no more height than the body needs, nor more than was given when it was opened: no empty boxes."""
        height = min(self._given.height(), HEADER_PX + body_px + 2)
        if height != self.height():
            self.resize(self.width(), height)

    def carried(self) -> object:
        """Return whether it lies over the page (see shell.carried)."""
        return self.isVisible()

    def take_carried(self, kept: object) -> None:
        """Lie over the page again; whoever holds the window places it."""
        if kept:
            self.open_over(self.window().rect())

    def give_way(self) -> None:
        """Another page comes to the front. Most stay, for they are about what was in focus, not about a page; one that
        covers it all goes, or the key of that page would seem dead.
        """

    def close_over(self) -> bool:
        """Hide it; return False when it was not open."""
        if self.isHidden():
            return False
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None
        return True


def centred(area: QRect, width: int, height: int) -> QRect:
    """Return a rectangle at the top middle of `area`, no larger than it."""
    width, height = min(width, area.width() - SPACE_PX * 4), min(height, area.height() - SPACE_PX * 4)
    return QRect(area.x() + (area.width() - width) // 2, area.y() + SPACE_PX * 2, width, height)


def at_right(area: QRect, width: int) -> QRect:
    """Return a rectangle of full height at the right of `area`."""
    width = min(width, area.width() - SPACE_PX * 4)
    return QRect(area.right() - width - SPACE_PX * 2, area.y() + SPACE_PX * 2, width, area.height() - SPACE_PX * 4)

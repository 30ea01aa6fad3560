"""Where the map looks, as a state: jumps, the whole, the lock, the way back, and the card beside a place."""

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_widgets.mapping.canvas_drawing import CanvasDrawing
from chengyun_widgets.mapping.view import Bounds, MapView, fitting
from chengyun_widgets.theme import Theme

SPLIT_ZOOM = 18.0
"""Nothing is fitted nearer than this, no cluster opened: who lies on one spot there is listed instead."""
_CARD_GAP_PX = 12


class CanvasView(CanvasDrawing):
    """A locked view is moved by nothing: no hand, no key, no program. `return_to_kept` goes back to the view that was
    kept when it was locked, or before the program last jumped elsewhere."""

    view_did_change = Signal(object)
    """MapView."""
    lock_did_change = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._home: Bounds | None = None
        self._wanted: Bounds | None = None
        self._fitted: tuple[Bounds, MapView] | None = None
        """What was fitted last, and the view that showed it."""
        self._kept: MapView | None = None
        self._card: tuple[QWidget, float, float] | None = None

    def look_at(self, view: MapView) -> bool:
        """Jump to a view, keeping the one before for `return_to_kept`; returns False when the view is locked."""
        if self.is_locked:
            return False
        if view.kept_in() != self.view:
            self._kept = self.view
            self._wanted = None
            self._move(view)
        return True

    def fit(self, bounds: Bounds) -> bool:
        """Jump to where a rectangle of the world fits; waits for a window with room. False when locked.

        It goes on fitting while the window is resized, until the view is moved: a page that is just laid out has
        another size a moment later.
        """
        if self.is_locked:
            return False
        if not self.has_room:
            self._wanted = bounds
            return True
        self.look_at(fitting(bounds, self.width(), self.height(), SPLIT_ZOOM))
        self._fitted = bounds, self.view
        return True

    def set_home(self, bounds: Bounds) -> None:
        """Say what the whole is: the Home key shows it."""
        self._home = bounds

    def go_home(self) -> bool:
        """Show the whole; False when there is none or the view is locked."""
        return self._home is not None and self.fit(self._home)

    def lock_view(self, is_locked: bool) -> None:
        """Lock the view, keeping it, or let it go."""
        if is_locked == self.is_locked:
            return
        self.is_locked = is_locked
        if is_locked:
            self._kept = self.view
        self.lock_did_change.emit(is_locked)
        self.update()

    @property
    def kept(self) -> MapView | None:
        """The view `return_to_kept` would go to."""
        return self._kept

    def return_to_kept(self) -> bool:
        """Go back to the view that was kept; the one left is kept in its place. False when there is none or locked."""
        if self.is_locked or self._kept is None:
            return False
        return self.look_at(self._kept)

    def pan(self, dx: float, dy: float) -> None:
        """Move the window over the map by px."""
        if not self.is_locked:
            self._move(self.screen_now.moved(dx, dy))

    def zoom_by(self, steps: float, at: QPointF | None = None) -> None:
        """Go nearer (or farther); the place under `at`, else the middle, stays where it is."""
        if not self.is_locked:
            middle = QPointF(self.width() / 2, self.height() / 2)
            self._move(self.screen_now.zoomed(steps, middle if at is None else at))

    def show_card(self, card: QWidget | None, x: float = 0.0, y: float = 0.0) -> None:
        """Show a widget beside a place of the world, inside the window and not over the place; it becomes a child."""
        if self._card is not None and self._card[0] is not card:
            self._card[0].hide()
        self._card = None if card is None else (card, x, y)
        if card is not None:
            card.setParent(self)
            self._place_card()
            card.show()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wanted is not None and self.has_room:
            wanted, self._wanted = self._wanted, None
            self.fit(wanted)
        elif self._fitted is not None and self.has_room and not self.is_locked:
            self._fit_again(*self._fitted)
        self._place_card()

    def _fit_again(self, bounds: Bounds, shown: MapView) -> None:
        """Show a rectangle as large as the window lets it be now, where nobody moved the view since."""
        if self.view == shown:
            self._move(fitting(bounds, self.width(), self.height(), SPLIT_ZOOM))
            self._fitted = bounds, self.view

    def _move(self, view: MapView) -> None:
        view = view.kept_in()
        if view != self.view:
            self.view = view
            self._place_card()
            self._see_to_base()
            self.update()
            self.view_did_change.emit(view)

    def _place_card(self) -> None:
        if self._card is None:
            return
        card, x, y = self._card
        size, at = card.sizeHint().expandedTo(card.minimumSize()), self.screen_now.px(x, y).toPoint()
        card.setGeometry(QRect(_beside(at, size, self.size()), size))


def _beside(at: QPoint, size: QSize, window: QSize) -> QPoint:
    """Return where a card stands: right of the place, else left, else below, else above it; inside the window."""
    left, top = at.x() + _CARD_GAP_PX, at.y() - size.height() // 2
    if left + size.width() > window.width():
        left = at.x() - _CARD_GAP_PX - size.width()
    if left < 0:
        left, top = at.x() - size.width() // 2, at.y() + _CARD_GAP_PX
        if top + size.height() > window.height():
            top = at.y() - _CARD_GAP_PX - size.height()
    left, top = min(left, window.width() - size.width()), min(top, window.height() - size.height())
    return QPoint(max(0, left), max(0, top))

"""The rail of pages at the left: name, key and a badge where something waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

RAIL_PX = 76
_ITEM_PX = 64
_LEAST_ITEM_PX = 44
_BAR_PX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RailPage:
    """One page: its name, the key that opens it (as text), and the badge ("3", "99+") or nothing."""

    key: str
    text: str
    hint: str
    badge: str = ""


class Rail(Painted):
    """Up/Down move, Enter opens; the page that is open carries the teal bar."""

    page_was_asked = Signal(str)
    """The key of the page to open."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._pages: tuple[RailPage, ...] = ()
        self._current, self._hovered, self._aim = "", -1, 0
        self.setFixedWidth(RAIL_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)

    def show_pages(self, pages: Sequence[RailPage]) -> None:
        """Show these pages, top to bottom."""
        if tuple(pages) != self._pages:
            self._pages = tuple(pages)
            self._aim = min(self._aim, max(0, len(pages) - 1))
            self.updateGeometry()
            self.update()

    def set_current(self, key: str) -> None:
        """Mark the page that is open."""
        if key != self._current:
            self._current = key
            keys = [page.key for page in self._pages]
            self._aim = keys.index(key) if key in keys else self._aim
            self.update()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(RAIL_PX, _LEAST_ITEM_PX * len(self._pages))

    @override
    def sizeHint(self) -> QSize:
        return QSize(RAIL_PX, _ITEM_PX * len(self._pages))

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        painter.fillRect(self.rect(), theme.colour(Colour.BAR))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), theme.colour(Colour.LINE))
        for index, page in enumerate(self._pages):
            rect = self._rect(index)
            is_open = page.key == self._current
            if is_open or index == self._hovered:
                painter.fillRect(rect, theme.colour(Colour.RAISED))
            if is_open:
                painter.fillRect(QRectF(0, rect.y(), _BAR_PX, rect.height()), theme.colour(Colour.ACCENT))
            self._paint_page(painter, rect, page, is_open=is_open)

    @override
    def focus_rect(self) -> QRectF:
        return self._rect(self._aim)

    def click_targets(self) -> list[QRectF]:
        """Return where a click opens a page."""
        return [self._rect(at) for at in range(len(self._pages))]

    def aim_at(self, at: QPointF) -> str:
        """Light up the page at a point, for something that is carried there; return its key, empty for none."""
        index = self._index_at(at) if self.rect().contains(at.toPoint()) else -1
        self._hover(index)
        return self._pages[index].key if index >= 0 else ""

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._index_at(event.position()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.page_was_asked.emit(self._pages[index].key)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up:
                self._aim = max(0, self._aim - 1)
            case Qt.Key.Key_Down:
                self._aim = min(len(self._pages) - 1, self._aim + 1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._pages:
                self.page_was_asked.emit(self._pages[self._aim].key)
            case _:
                super().keyPressEvent(event)
                return
        self.update()

    def _paint_page(self, painter: QPainter, rect: QRectF, page: RailPage, *, is_open: bool) -> None:
        theme, middle = self.theme, rect.center().y()
        ink = theme.colour(Colour.TEXT if is_open else Colour.TEXT_SECOND)
        upper = QRectF(rect.x() + _BAR_PX, middle - 20, rect.width() - _BAR_PX - 2, 20)
        write(painter, upper, page.text, theme.font(TypeSize.LEAD), ink, CENTRE)
        third = theme.colour(Colour.TEXT_SECOND if is_open else Colour.TEXT_THIRD)
        write(painter, upper.translated(0, 20), page.hint, theme.font(TypeSize.SMALL), third, CENTRE)
        if page.badge:
            self._paint_badge(painter, rect, page.badge)

    def _paint_badge(self, painter: QPainter, rect: QRectF, text: str) -> None:
        font = self.theme.font(TypeSize.SMALL, bold=True)
        width = max(18.0, text_width(font, text) + SPACE_PX * 2)
        badge = QRectF(rect.right() - width - 4, rect.center().y() + 2, width, 18)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour(Colour.ACCENT_FILL))
        painter.drawRoundedRect(badge, 4, 4)
        painter.restore()
        write(painter, badge, text, font, self.theme.colour(Colour.ON_ACCENT), CENTRE)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def _rect(self, index: int) -> QRectF:
        height = min(_ITEM_PX, max(_LEAST_ITEM_PX, self.height() / max(1, len(self._pages))))
        return QRectF(0, index * height, self.width() - 1, height)

    def _index_at(self, at: QPointF) -> int:
        return next((i for i in range(len(self._pages)) if self._rect(i).contains(at)), -1)

"""Paints the rows of a fact list: ground, arrow, mark, title with badges, second line, age and status."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Opacity, TypeSize
from chengyun_widgets.fact_model import ROW_ROLE, FactRow, Flash, Fold, Ground
from chengyun_widgets.lettering import CENTRE, RIGHT, text_width, write
from chengyun_widgets.painted import paint_focus_ring
from chengyun_widgets.shapes import MARK_PX, mark_rect, paint_link, paint_mark, paint_tick

if TYPE_CHECKING:
    from chengyun_widgets.fact_list import FactList

ROW_PX = 49
HEADING_PX = 29
PICTURED_PX = 69
PICTURE_PX = (88, 60)
"""Room of a row's picture, width and height."""
_STATUS_PX = 76
_ARROW_PX = 12
_INDENT_PX = SPACE_PX * 4
_BADGE_PX = 17
_TICK_PX = 11


def fold_rect(rect: QRectF, row: FactRow) -> QRectF:
    """Return where a click means the arrow of a row that occupies `rect`: as wide as a finger, arrow and mark."""
    return QRectF(rect.x(), rect.y(), _mark_left(row) + MARK_PX + SPACE_PX, rect.height())


def _is_pictured(row: FactRow) -> bool:
    return row.picture is not None or bool(row.plate)


def _mark_left(row: FactRow) -> float:
    return float(SPACE_PX * 3 + row.depth * _INDENT_PX + (0 if row.fold is Fold.NONE else _ARROW_PX))


class FactDelegate(QStyledItemDelegate):
    """Paints one row of a FactList."""

    def __init__(self, view: "FactList") -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row: FactRow = index.data(ROW_ROLE)
        if row.is_heading:
            return QSize(200, HEADING_PX)
        return QSize(200, PICTURED_PX if _is_pictured(row) else ROW_PX)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: FactRow = index.data(ROW_ROLE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        rect = QRectF(area)
        painter.save()
        self._paint_ground(painter, rect, row, is_selected=bool(state & QStyle.StateFlag.State_Selected))
        self._paint_arrow(painter, rect, row)
        if row.is_heading:
            self._write_heading(painter, rect, row)
        elif _is_pictured(row):
            self._paint_picture(painter, rect, row)
            beside = rect.adjusted(PICTURE_PX[0] - MARK_PX, (PICTURED_PX - ROW_PX) / 2, 0, (ROW_PX - PICTURED_PX) / 2)
            self._write(painter, beside, row, is_washed=self._is_washed(row, state))
        else:
            self._paint_sign(painter, rect, row)
            self._write(painter, rect, row, is_washed=self._is_washed(row, state))
        if state & QStyle.StateFlag.State_HasFocus:
            paint_focus_ring(painter, self._view.theme, rect.adjusted(0, 0, 0, -1))
        painter.restore()

    def _is_washed(self, row: FactRow, state: QStyle.StateFlag) -> bool:
        """Return whether a colour lies under the row: greys and red words that are read on the panel are not on it."""
        return row.flash is Flash.FAST or bool(state & QStyle.StateFlag.State_Selected)

    def _paint_ground(self, painter: QPainter, rect: QRectF, row: FactRow, *, is_selected: bool) -> None:
        theme = self._view.theme
        if row.is_heading:
            painter.fillRect(rect, theme.colour(Colour.SUNKEN))
        if row.ground is Ground.HATCHED:
            painter.fillRect(rect, QBrush(theme.colour(Colour.LINE), Qt.BrushStyle.BDiagPattern))
        if is_selected:
            painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
        if row.is_marked:
            paint_tick(painter, theme, QRectF(rect.x() + 4, rect.y() + 3, _TICK_PX, _TICK_PX), Colour.ACCENT)
        self._paint_call(painter, rect, row)
        painter.fillRect(QRectF(rect.x(), rect.bottom() - 1, rect.width(), 1), theme.colour(Colour.LINE))

    def _paint_call(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        """Fill or frame a row that waits for somebody; a lost link calls in grey, whatever its severity."""
        theme, (fast, slow) = self._view.theme, self._view.flash_phase
        ink = theme.fill(0 if row.is_link else row.severity)
        if row.flash is Flash.FAST:
            ink.setAlphaF(theme.tokens.opacities[Opacity.WASH_FLASH if fast else Opacity.WASH])
            painter.fillRect(rect, ink)
        elif row.flash is Flash.SLOW:
            ink.setAlphaF(1.0 if slow else 0.35)
            painter.setPen(QPen(ink, 1.0, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(4.5, 2.5, -4.5, -4.5))

    def _paint_arrow(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        if row.fold is Fold.NONE:
            return
        at = QPointF(rect.x() + SPACE_PX * 2 + row.depth * _INDENT_PX + 4, rect.center().y())
        if row.fold is Fold.CLOSED:
            corners = [at + QPointF(-2, -4), at + QPointF(2, 0), at + QPointF(-2, 4)]
        else:
            corners = [at + QPointF(-4, -2), at + QPointF(0, 2), at + QPointF(4, -2)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._view.theme.colour(Colour.TEXT_SECOND), 1.4))
        painter.drawPolyline(QPolygonF(corners))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_sign(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        theme, place = self._view.theme, mark_rect(rect.x() + _mark_left(row), rect.center().y())
        if row.is_link:
            paint_link(painter, theme, place, stale=row.is_stale)
        else:
            paint_mark(painter, theme, place, row.severity, stale=row.is_stale)
        if row.ground is Ground.CROSSED:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            cross = place.adjusted(-4, -4, 4, 4)
            painter.setPen(QPen(theme.colour(Colour.TEXT), 1.6))
            painter.drawLine(cross.topLeft(), cross.bottomRight())
            painter.drawLine(cross.topRight(), cross.bottomLeft())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_picture(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        """Paint the picture in the middle of its room; the word of its plate where there is none."""
        theme, (width, height) = self._view.theme, PICTURE_PX
        room = QRectF(rect.x() + SPACE_PX * 3, rect.center().y() - height / 2 - 0.5, width, height)
        painter.fillRect(room, theme.colour(Colour.SUNKEN))
        if row.picture is not None:
            size = QSizeF(row.picture.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            corner = room.center() - QPointF(size.width() / 2, size.height() / 2)
            painter.drawImage(QRectF(corner, size), row.picture)
        else:
            write(painter, room, row.plate, theme.font(TypeSize.SMALL, bold=True), theme.colour(Colour.TEXT_SECOND),
                  CENTRE)  # fmt: skip

    def _write_heading(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        theme, font = self._view.theme, self._view.theme.font(TypeSize.SMALL)
        inner = rect.adjusted(_mark_left(row) + SPACE_PX, 0, -SPACE_PX * 3, -1)
        second = theme.colour(Colour.TEXT_SECOND)
        taken = write(painter, inner, row.title, theme.font(TypeSize.SMALL, bold=True), second)
        rest = inner.adjusted(taken + SPACE_PX * 3, 0, -text_width(font, row.status) - SPACE_PX * 2, 0)
        write(painter, rest, row.detail, font, theme.colour(Colour.TEXT_THIRD))
        write(painter, inner, row.status, font, second, RIGHT)

    def _write(self, painter: QPainter, rect: QRectF, row: FactRow, *, is_washed: bool) -> None:
        theme = self._view.theme
        body, small = theme.font(TypeSize.LEAD), theme.font(TypeSize.SMALL)
        second = theme.colour(Colour.FIGURE if is_washed else Colour.TEXT_SECOND)
        is_calling = row.flash is Flash.FAST
        status = theme.font(TypeSize.LEAD, bold=is_calling)
        inner = rect.adjusted(SPACE_PX * 3, 0, -SPACE_PX * 3, -1)
        right = inner.right() - max(_STATUS_PX if rect.width() > 320 else 0, text_width(status, row.status))
        # Age and status stand on the first line when there is a second one, which then has the whole width.
        upper = inner.y() + 4 if row.detail else inner.y()
        high = 21 if row.detail else inner.height()
        write(painter, QRectF(inner.x(), upper, inner.width(), high), row.status, status,
              theme.colour(_status_ink(row, is_washed=is_washed)), RIGHT)  # fmt: skip
        # As wide as its text: on a narrow screen the name needs every pixel the age leaves.
        age_px = text_width(body, row.age)
        age = QRectF(right - SPACE_PX * 4 - age_px, upper, age_px + SPACE_PX, high)
        write(painter, age, row.age, body, second, RIGHT)
        left = rect.x() + _mark_left(row) + MARK_PX + SPACE_PX * 5
        end = age.left() - SPACE_PX * 2 if row.age or row.status else inner.right()
        line = QRectF(left, upper, end - left, high)
        is_quiet = row.is_struck or row.is_stale or row.ground is not Ground.PLAIN
        title_ink = theme.colour((Colour.FIGURE if is_washed else Colour.TEXT_THIRD) if is_quiet else Colour.TEXT)
        # The name gives way to badges down to less than half its room; a badge that then has no room is left out.
        badges = self._fitting(row, line.width() - min(text_width(body, row.title), line.width() * 0.45))
        room = line.width() - self._badges_px(badges)
        taken = write(painter, QRectF(line.x(), line.y(), room, line.height()), row.title, body, title_ink)
        self._write_badges(painter, line.adjusted(taken + SPACE_PX * 2, 0, 0, 0), badges, second)
        write(painter, QRectF(left, line.y() + 20, inner.right() - left, line.height()), row.detail, small, second)
        if row.is_struck:
            painter.fillRect(QRectF(left, line.center().y(), taken, 1), title_ink)

    def _badges_px(self, badges: tuple[str, ...]) -> float:
        font = self._view.theme.font(TypeSize.SMALL)
        return sum(text_width(font, badge) + SPACE_PX * 3 for badge in badges) + SPACE_PX

    def _fitting(self, row: FactRow, room: float) -> tuple[str, ...]:
        """Return the badges that fit whole into `room`: half a badge says nothing."""
        fitting: tuple[str, ...] = ()
        for badge in row.badges:
            if self._badges_px((*fitting, badge)) + SPACE_PX * 2 <= room:
                fitting = (*fitting, badge)
        return fitting

    def _write_badges(self, painter: QPainter, line: QRectF, badges: tuple[str, ...], ink: QColor) -> None:
        theme, font = self._view.theme, self._view.theme.font(TypeSize.SMALL)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x = line.x()
        for badge in badges:
            width = text_width(font, badge) + SPACE_PX * 2
            frame = QRectF(x, line.center().y() - _BADGE_PX / 2, width, _BADGE_PX)
            painter.setPen(QPen(theme.colour(Colour.OUTLINE), 1.0))
            painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
            write(painter, frame, badge, font, ink, CENTRE)
            x += width + SPACE_PX


def _status_ink(row: FactRow, *, is_washed: bool) -> Colour:
    """Return the colour of the status: one a wash of its own hue would swallow gives way to plain text."""
    if row.flash is Flash.FAST:
        return Colour.TEXT
    return Colour.FIGURE if is_washed and row.status_colour is Colour.TEXT_SECOND else row.status_colour

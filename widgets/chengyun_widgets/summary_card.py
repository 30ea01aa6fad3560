"""A card that sums a group up: title, one big figure, its recent shape, two facts; outlined when abnormal."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import RADIUS_PX, SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.presence import Presence, paint_notice
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.sparkline import paint_sparkline
from chengyun_widgets.theme import Theme

_PAD_PX = SPACE_PX * 3
_SPARK_PX = 96


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SummaryRecord:
    """What a card shows. `spark` float64[n], oldest first, NaN for gaps; `facts` are (label, figure) pairs.

    `is_outlined` draws the frame in the severity's colour, for the groups that need an officer first. `hint` stands in
    place of the note while the card has the pointer or the keyboard: the keys that act on it.
    """

    key: str
    title: str
    note: str = ""
    figure: str = ""
    severity: Severity = Severity.NONE
    is_outlined: bool = False
    hint: str = ""
    spark: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    facts: tuple[tuple[str, str], ...] = ()
    presence: Presence = Presence.FRESH
    notice: str = ""
    age: str = ""


class SummaryCard(Painted):
    """Click, Enter or Space opens it; a click on the figure itself asks where the figure comes from."""

    was_opened = Signal(str)
    """The key of the record shown."""
    figure_was_asked = Signal(str)
    """The key of the record whose figure was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._record = SummaryRecord(key="", title="")
        self._is_selected = self._is_hovered = False
        self._figure_px = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def record(self) -> SummaryRecord:
        """What is shown."""
        return self._record

    def show_record(self, record: SummaryRecord) -> None:
        """Show a record; one that says the same costs nothing: in a flood one sector changes and seven do not."""
        if _told(record) == _told(self._record):
            return
        self._record = record
        facts = ", ".join(f"{label} {figure}" for label, figure in record.facts)
        self.setAccessibleName(f"{record.title} {record.figure}".strip())
        self.setAccessibleDescription(" ".join(filter(None, (facts, record.age, record.notice))))
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Mark the card as the one whose contents are open."""
        if selected != self._is_selected:
            self._is_selected = selected
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(216, 112)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(124, 96)

    @override
    def paint(self, painter: QPainter) -> None:
        rect, record = QRectF(self.rect()), self._record
        self._paint_box(painter, rect)
        inner = rect.adjusted(_PAD_PX, SPACE_PX * 2, -_PAD_PX, -SPACE_PX * 2)
        self._paint_head(painter, QRectF(inner.x(), inner.y(), inner.width(), 24))
        if record.presence in (Presence.EMPTY, Presence.REFUSED):
            paint_notice(painter, self.theme, rect.adjusted(0, 28, 0, 0), record.presence, record.notice)
            return
        body = QRectF(inner.x(), inner.y() + 24, inner.width(), 40)
        self._figure_px = taken = self._paint_figure(painter, body)
        spark = QRectF(0, 0, min(_SPARK_PX, body.width() - taken - SPACE_PX * 4), 20)
        spark.moveTo(body.right() - spark.width(), body.y() + 2)
        if spark.width() >= 24:
            paint_sparkline(painter, spark, record.spark, self._spark_ink())
        self._paint_facts(painter, QRectF(inner.x(), body.bottom(), inner.width(), 18))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.rect().contains(event.position().toPoint()):
            return
        asked = self.figure_was_asked if self.figure_rect().contains(event.position()) else self.was_opened
        asked.emit(self._record.key)

    @property
    def key(self) -> str:
        """The key of the record shown."""
        return self._record.key

    def figure_rect(self) -> QRectF:
        """Return where a click asks for the figure's origin; nowhere while there is no figure."""
        is_covered = self._record.presence in (Presence.EMPTY, Presence.REFUSED)
        return QRectF() if is_covered or not self._figure_px else QRectF(_PAD_PX, 32, max(28.0, self._figure_px), 40)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_activating(event):
            self.was_opened.emit(self._record.key)
        else:
            super().keyPressEvent(event)

    def _paint_box(self, painter: QPainter, rect: QRectF) -> None:
        outline = self.theme.colour(Colour.LINE)
        if self._record.is_outlined and self._record.presence is Presence.FRESH:
            outline = self.theme.fill(self._record.severity)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(outline, 1.0))
        painter.setBrush(self.theme.colour(Colour.ACCENT_WASH if self._is_selected else Colour.PANEL))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)

    def _paint_head(self, painter: QPainter, row: QRectF) -> None:
        theme, record = self.theme, self._record
        note = record.age if record.presence is Presence.STALE else record.note
        is_near = (self._is_hovered or self.hasFocus()) and record.presence is Presence.FRESH
        note = record.hint if is_near and record.hint else note
        second = theme.colour(Colour.FIGURE if self._is_selected else Colour.TEXT_SECOND)
        # The name goes before the note: half a name may be another sector's.
        room = row.width() - text_width(theme.font(TypeSize.LEAD, bold=True), record.title) - SPACE_PX * 2
        wide = room >= min(text_width(theme.font(TypeSize.SMALL), note), row.width() / 2)
        taken = write(painter, row, note, theme.font(TypeSize.SMALL), second, RIGHT) if wide else 0.0
        title = row.adjusted(0, 0, -taken - SPACE_PX, 0)
        write(painter, title, record.title, theme.font(TypeSize.LEAD, bold=True), theme.colour(Colour.TEXT))

    def _paint_figure(self, painter: QPainter, row: QRectF) -> float:
        theme, record = self.theme, self._record
        font = theme.font(TypeSize.HERO, bold=True)
        if record.presence is Presence.STALE:
            path = QPainterPath()
            path.addText(QPointF(row.x(), row.y() + 32), font, record.figure)
            painter.strokePath(path, QPen(theme.colour(Colour.TEXT_SECOND), 1.0))
            return text_width(font, record.figure)
        taken = write(painter, row, record.figure, font, theme.ink(record.severity))
        if record.severity:
            # Colour is never alone: the shape stands beside the figure.
            paint_mark(painter, theme, mark_rect(row.x() + taken + 6, row.bottom() - 10, 10), record.severity)
            taken += 16
        return taken

    def _spark_ink(self) -> QColor:
        record = self._record
        if record.presence is Presence.STALE:
            return self.theme.colour(Colour.ORNAMENT)
        return self.theme.ink(record.severity) if record.severity else self.theme.colour(Colour.ORNAMENT)

    def _paint_facts(self, painter: QPainter, row: QRectF) -> None:
        theme, x = self.theme, row.x()
        font, strong = theme.font(TypeSize.SMALL), theme.font(TypeSize.SMALL, bold=True)
        second = Colour.FIGURE if self._is_selected else Colour.TEXT_SECOND
        for label, figure in self._record.facts:
            # Half a figure is a wrong figure: a fact that does not fit goes to the next line as a whole.
            wide = text_width(font, label) + SPACE_PX + text_width(strong, figure)
            if x > row.x() and x + wide > row.right():
                row, x = row.translated(0, row.height()), row.x()
            for text, used, token in ((label, font, second), (figure, strong, Colour.TEXT)):
                place = QRectF(x, row.y(), row.right() - x, row.height())
                x += write(painter, place, text, used, theme.colour(token)) + SPACE_PX
            x += SPACE_PX * 2


def _told(record: SummaryRecord) -> tuple[object, ...]:
    told = {name: getattr(record, name) for name in record.__dataclass_fields__}
    return tuple(value.tobytes() if isinstance(value, np.ndarray) else value for value in told.values())

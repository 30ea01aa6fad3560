"""A sheet of facts under headings: label at the left, as many lines of text as it takes at the right; it scrolls."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted, paint_focus_ring
from chengyun_widgets.theme import Theme

_LABEL_PX = 92
_LINE_PX = 19
_HEAD_PX = 26
_EDGE_PX = SPACE_PX * 4
_WRAP = Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignTop.value | Qt.TextFlag.TextWordWrap.value


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """One fact. `colour` is a text token; the label may be empty."""

    label: str
    text: str
    colour: Colour = Colour.TEXT
    is_figure: bool = False
    """The label is a figure, and what is read first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSection:
    """Facts under one heading; `note` stands beside it."""

    title: str
    lines: tuple[SheetLine, ...]
    note: str = ""


class FactSheet(QScrollArea):
    """A function of its sections: the same ones cost nothing, others keep the place that was scrolled to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = _SheetText(theme, self)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self.text)
        # QScrollArea lets its widget fill itself with the ground colour.
        self.text.setAutoFillBackground(False)

    def show_sections(self, sections: tuple[SheetSection, ...]) -> None:
        """Show these sections."""
        self.text.show_sections(sections)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.text.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.text.update()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self.hasFocus():
            # The ring stays where it is while the text moves beneath it.
            self.text.update()

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.text.set_theme(theme)


class _SheetText(Painted):
    def __init__(self, theme: Theme, sheet: QWidget) -> None:
        super().__init__(theme)
        self._sheet = sheet
        self.sections: tuple[SheetSection, ...] = ()

    def show_sections(self, sections: tuple[SheetSection, ...]) -> None:
        if sections == self.sections:
            return
        self.sections = sections
        self.setAccessibleDescription("\n".join(line for section in sections for line in _spoken(section)))
        self._fit()
        self.update()

    @override
    def paint(self, painter: QPainter) -> None:
        self._paint_lines(painter)
        if self._sheet.hasFocus():
            paint_focus_ring(painter, self.theme, QRectF(self.visibleRegion().boundingRect()))

    def _paint_lines(self, painter: QPainter) -> None:
        y = float(SPACE_PX)
        for section in self.sections:
            self._paint_heading(painter, section, y)
            y += _HEAD_PX
            for line in section.lines:
                height = self._height(line)
                if self.dirty_rect.intersects(QRectF(0, y, self.width(), height)):
                    self._paint_line(painter, line, y, height)
                y += height
            y += SPACE_PX * 2

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, self.minimumHeight())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        heights = (sum(map(self._height, section.lines)) + _HEAD_PX + SPACE_PX * 2 for section in self.sections)
        self.setMinimumHeight(round(sum(heights) + SPACE_PX))

    def _paint_heading(self, painter: QPainter, section: SheetSection, y: float) -> None:
        theme = self.theme
        rect = QRectF(_EDGE_PX, y, self.width() - _EDGE_PX * 2, _HEAD_PX - 4)
        taken = write(painter, rect, section.title, theme.font(TypeSize.BODY, bold=True), theme.colour(Colour.TEXT))
        note = rect.adjusted(taken + SPACE_PX * 3, 0, 0, 0)
        write(painter, note, section.note, theme.font(TypeSize.SMALL), theme.colour(Colour.TEXT_SECOND))
        painter.fillRect(QRectF(_EDGE_PX, y + _HEAD_PX - 3, rect.width(), 1), theme.colour(Colour.LINE))

    def _paint_line(self, painter: QPainter, line: SheetLine, y: float, height: float) -> None:
        theme, font = self.theme, self._font()
        label = QRectF(_EDGE_PX, y, _LABEL_PX - SPACE_PX, _LINE_PX)
        size, ink = (TypeSize.BODY, Colour.TEXT) if line.is_figure else (TypeSize.SMALL, Colour.TEXT_SECOND)
        write(painter, label, line.label, theme.font(size, bold=line.is_figure), theme.colour(ink))
        painter.setFont(font)
        painter.setPen(theme.colour(line.colour))
        painter.drawText(QRectF(_EDGE_PX + _LABEL_PX, y, self._room(), height), _WRAP, line.text)

    def _height(self, line: SheetLine) -> float:
        room = QRectF(0, 0, self._room(), 10_000)
        taken = QFontMetricsF(self._font()).boundingRect(room, _WRAP, line.text).height()
        return max(float(_LINE_PX), taken + 1)

    def _room(self) -> float:
        return max(80.0, self.width() - _EDGE_PX * 2 - _LABEL_PX)

    def _font(self) -> QFont:
        return self.theme.font(TypeSize.BODY)


def _spoken(section: SheetSection) -> Iterator[str]:
    """Yield what is read aloud of a section; its heading only where a note beside it tells something."""
    if section.note:
        yield f"{section.title} {section.note}"
    for line in section.lines:
        yield f"{line.label} {line.text}".strip()

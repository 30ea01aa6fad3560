"""Rows with a bar against its limit and a few figures: how much falls to each of a handful of places."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

ROW_PX = 44
_HEAD_PX = 26
_CODE_PX = 60
_CELL_PX = 50
_BAR_TEXT_PX = 30
_BAR_HIGH_PX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """One row. `value` and `limit` in the same unit; above the limit the bar calls. `cells` are under the headings."""

    key: str
    code: str
    title: str
    detail: str = ""
    detail_colour: Colour = Colour.TEXT_SECOND
    value: float = 0.0
    limit: float = 1.0
    cells: tuple[str, ...] = ()
    calling: tuple[bool, ...] = ()
    """Which of the cells call."""
    is_own: bool = False
    is_stale: bool = False
    is_empty: bool = False
    """Nobody is there: told in grey."""


class LoadList(QScrollArea):
    """A function of its rows. Up and Down choose one."""

    row_was_chosen = Signal(str)

    def __init__(self, theme: Theme, headings: tuple[str, ...], bar: str, parent: QWidget | None = None) -> None:
        """`headings` stand over the cells, `bar` over the bars."""
        super().__init__(parent)
        self.text = _Rows(theme, self, headings, bar)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self.text)
        self.text.setAutoFillBackground(False)

    def show_rows(self, rows: tuple[LoadRow, ...], name: str) -> None:
        """Show these rows; the chosen one stays chosen while it is there."""
        self.text.show_rows(rows, name)

    @property
    def chosen(self) -> str:
        """Return the key of the chosen row, empty when none is."""
        return self.text.chosen

    def choose(self, key: str) -> None:
        """Choose a row when it is there."""
        self.text.choose(key)

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        self.text.set_theme(theme)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The rows have their place only after the layout was done.
        QTimer.singleShot(0, self, self.text.bring_into_view)


class _Rows(Painted):
    def __init__(self, theme: Theme, area: LoadList, headings: tuple[str, ...], bar: str) -> None:
        super().__init__(theme)
        self._area, self._headings, self._bar = area, headings, bar
        self.rows: tuple[LoadRow, ...] = ()
        self.chosen = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_rows(self, rows: tuple[LoadRow, ...], name: str) -> None:
        self.setAccessibleName(name)
        if rows == self.rows:
            return
        self.rows = rows
        self.setMinimumHeight(_HEAD_PX + len(rows) * ROW_PX)
        if rows and self._at() < 0:
            self.chosen = next((row.key for row in rows if row.is_own), rows[0].key)
        self._speak()
        self.update()

    def choose(self, key: str) -> None:
        if any(row.key == key for row in self.rows):
            self.chosen = key
            self.bring_into_view()
            self._speak()
            self._area.row_was_chosen.emit(key)
            self.update()

    def bring_into_view(self) -> None:
        """Scroll to the chosen row: a question at the foot of the pane takes room from the list."""
        if self._at() >= 0:
            self._area.ensureVisible(0, round(self._rect(self._at()).center().y()), 0, ROW_PX // 2)

    def click_targets(self) -> list[QRectF]:
        """Return where a click chooses a row."""
        return [self._rect(at) for at in range(len(self.rows))]

    @override
    def paint(self, painter: QPainter) -> None:
        self._paint_head(painter)
        for at, row in enumerate(self.rows):
            rect = self._rect(at)
            if self.dirty_rect.intersects(rect):
                self._paint_row(painter, rect, row)

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, self.minimumHeight())

    @override
    def focus_rect(self) -> QRectF:
        at, seen = self._at(), QRectF(self.visibleRegion().boundingRect())
        return self._rect(at) if at >= 0 and seen.intersects(self._rect(at)) else seen

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is not None and self.rows:
            self.choose(self.rows[min(max(self._at() + by, 0), len(self.rows) - 1)].key)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = [row for at, row in enumerate(self.rows) if self._rect(at).contains(event.position())]
        if found:
            self.setFocus()
            self.choose(found[0].key)

    def _at(self) -> int:
        return next((at for at, row in enumerate(self.rows) if row.key == self.chosen), -1)

    def _rect(self, at: int) -> QRectF:
        return QRectF(0, _HEAD_PX + at * ROW_PX, self.width(), ROW_PX)

    def _speak(self) -> None:
        """Tell who does not see the list the chosen row first, then the others."""
        ordered = sorted(self.rows, key=lambda row: row.key != self.chosen)
        self.setAccessibleDescription("\n".join(map(self._said, ordered)))

    def _said(self, row: LoadRow) -> str:
        figures = (f"{name} {cell}" for name, cell in zip(self._headings, row.cells, strict=False))
        return " ".join((row.code, row.title, row.detail, f"{self._bar} {row.value:g}", *figures)).strip()

    def _columns(self) -> tuple[QRectF, QRectF]:
        """Return where titles and bars stand across; the cells follow at the right."""
        cells = len(self._headings) * _CELL_PX
        left = SPACE_PX * 3 + _CODE_PX
        room = max(120.0, self.width() - left - cells - SPACE_PX * 3)
        bar = min(220.0, room * 0.38)
        return QRectF(left, 0, room - bar - SPACE_PX * 3, 0), QRectF(left + room - bar, 0, bar, 0)

    def _paint_head(self, painter: QPainter) -> None:
        theme, small = self.theme, self.theme.font(TypeSize.SMALL)
        ink = theme.colour(Colour.TEXT_SECOND)
        _title, bar = self._columns()
        painter.fillRect(QRectF(0, _HEAD_PX - 1, self.width(), 1), theme.colour(Colour.LINE))
        write(painter, QRectF(bar.x(), 0, bar.width(), _HEAD_PX), self._bar, small, ink)
        for at, name in enumerate(self._headings):
            write(painter, self._cell(at, 0, _HEAD_PX), name, small, ink, RIGHT)

    def _cell(self, at: int, top: float, height: float) -> QRectF:
        left = self.width() - SPACE_PX * 3 - (len(self._headings) - at) * _CELL_PX
        return QRectF(left, top, _CELL_PX, height)

    def _paint_row(self, painter: QPainter, rect: QRectF, row: LoadRow) -> None:
        theme, is_chosen = self.theme, row.key == self.chosen
        if is_chosen:
            painter.fillRect(rect, theme.colour(Colour.ACCENT_WASH))
            painter.fillRect(QRectF(rect.x(), rect.y(), 3, rect.height()), theme.colour(Colour.ACCENT))
        painter.fillRect(QRectF(0, rect.bottom() - 1, rect.width(), 1), theme.colour(Colour.LINE))
        quiet = theme.colour(Colour.FIGURE if is_chosen else Colour.TEXT_SECOND)
        ink = quiet if row.is_stale or row.is_empty else theme.colour(Colour.TEXT)
        code = QRectF(SPACE_PX * 3, rect.y(), _CODE_PX, rect.height())
        write(painter, code, row.code, theme.font(TypeSize.BODY, bold=row.is_own), ink)
        title, bar = self._columns()
        upper = QRectF(title.x(), rect.y() + (3 if row.detail else 0), title.width(), 20 if row.detail else ROW_PX)
        lower = QRectF(title.x(), rect.y() + 22, title.width(), 18)
        write(painter, upper, row.title, theme.font(TypeSize.BODY, bold=row.is_own), ink)
        told = quiet if row.detail_colour is Colour.TEXT_SECOND or is_chosen else theme.colour(row.detail_colour)
        write(painter, lower, row.detail, theme.font(TypeSize.SMALL), told)
        self._paint_bar(painter, QRectF(bar.x(), rect.y(), bar.width(), rect.height()), row)
        for at, cell in enumerate(row.cells):
            calls = at < len(row.calling) and row.calling[at] and not row.is_stale
            font = theme.font(TypeSize.BODY, bold=calls)
            cell_ink = theme.colour(Colour.RED_TEXT) if calls else quiet
            write(painter, self._cell(at, rect.y(), rect.height()), cell, font, cell_ink, RIGHT)

    def _paint_bar(self, painter: QPainter, area: QRectF, row: LoadRow) -> None:
        """Paint the bar on a scale of twice the limit, so that the mark stands at the same place in every row."""
        theme = self.theme
        over = row.value > row.limit and not row.is_stale
        text = QRectF(area.x(), area.y(), _BAR_TEXT_PX, area.height())
        font = theme.font(TypeSize.BODY, bold=over)
        write(painter, text, f"{row.value:g}", font, theme.colour(Colour.TEXT if over else Colour.FIGURE))
        line = QRectF(area.x() + _BAR_TEXT_PX, area.center().y() - _BAR_HIGH_PX / 2,
                      area.width() - _BAR_TEXT_PX - SPACE_PX * 2, _BAR_HIGH_PX)  # fmt: skip
        painter.fillRect(line, theme.colour(Colour.CELL))
        share = min(1.0, row.value / (2 * row.limit)) if row.limit else 0.0
        fill = Colour.TROUBLE if over else Colour.ORNAMENT
        if not row.is_stale:
            painter.fillRect(QRectF(line.x(), line.y(), line.width() * share, line.height()), theme.colour(fill))
        mark = line.x() + line.width() / 2
        painter.fillRect(QRectF(mark, line.y() - 3, 1, line.height() + 6), theme.colour(Colour.TEXT_SECOND))

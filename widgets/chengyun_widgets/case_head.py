"""The head of one case: shape and word of its grade, its title, a clock that counts up, and short words below them."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write, write_run
from chengyun_widgets.painted import Painted
from chengyun_widgets.shapes import mark_rect, paint_mark
from chengyun_widgets.theme import Theme

HEAD_PX = 64
_ROW_PX = 30.0
_GAP_PX = SPACE_PX * 3.0
_LEAST_PX = 60.0
"""Of a word that gives way; its tip tells it whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """What the head shows; `words` are pieces with their inks, `warning` stands at the right in its own ink."""

    severity: Severity
    grade: str
    title: str
    clock: str
    words: tuple[tuple[str, Colour], ...] = ()
    warning: str = ""
    warning_colour: Colour = Colour.TEXT_SECOND
    is_stale: bool = False


class CaseHeadView(Painted):
    """A function of its record; the title gives way before the clock does."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._shown: CaseHead | None = None
        self.setFixedHeight(HEAD_PX)

    def show_record(self, record: CaseHead) -> None:
        """Show a record; an equal one costs nothing."""
        if record == self._shown:
            return
        self._shown = record
        self.setAccessibleName(f"{record.grade} {record.title}")
        said = " ".join(text for text, _ink in record.words)
        self.setAccessibleDescription(f"{said} {record.clock} {record.warning}".strip())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, HEAD_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        shown = self._shown
        if shown is None:
            return
        self._paint_title(painter, shown)
        self._paint_words(painter, shown)

    def _paint_title(self, painter: QPainter, shown: CaseHead) -> None:
        theme = self.theme
        row = QRectF(SPACE_PX * 4, SPACE_PX, self.width() - SPACE_PX * 8, _ROW_PX)
        clock = theme.font(TypeSize.FIGURE, bold=True)
        clock_px = text_width(clock, shown.clock) + SPACE_PX * 3
        if shown.severity is not Severity.NONE:
            paint_mark(painter, theme, mark_rect(row.x(), row.center().y()), shown.severity, stale=shown.is_stale)
        x = row.x() + 22
        ink = theme.ink(shown.severity) if shown.severity is not Severity.NONE else theme.colour(Colour.TEXT_SECOND)
        title = theme.font(TypeSize.TITLE, bold=True)
        pieces = [(shown.grade, title, ink), (shown.title, title, theme.colour(Colour.TEXT))]
        room = QRectF(row.x(), row.y(), row.width() - clock_px, row.height())
        write_run(painter, x, room, pieces, gap=SPACE_PX * 2.0)
        write(painter, row, shown.clock, clock, theme.colour(Colour.TEXT), RIGHT)

    def _paint_words(self, painter: QPainter, shown: CaseHead) -> None:
        theme, font = self.theme, self.theme.font(TypeSize.BODY)
        row = QRectF(SPACE_PX * 4, SPACE_PX + _ROW_PX, self.width() - SPACE_PX * 8, HEAD_PX - _ROW_PX - SPACE_PX * 2)
        warning = theme.font(TypeSize.BODY, bold=True)
        taken = text_width(warning, shown.warning) + SPACE_PX * 3 if shown.warning else 0.0
        x = row.x()
        for (text, ink), wide in zip(shown.words, self._widths(shown, row.width() - taken), strict=True):
            write(painter, QRectF(x, row.y(), wide, row.height()), text, font, theme.colour(ink))
            x += wide + _GAP_PX
        write(painter, row, shown.warning, warning, theme.colour(shown.warning_colour), RIGHT)

    def _widths(self, shown: CaseHead, room_px: float) -> list[float]:
        """Return how wide each word stands: the longest gives way, so that a short one at the end is not lost."""
        font = self.theme.font(TypeSize.BODY)
        wide = [text_width(font, text) + 1.0 for text, _ink in shown.words]
        over = sum(wide) + _GAP_PX * max(0, len(wide) - 1) - room_px
        if over > 0:
            longest = wide.index(max(wide))
            wide[longest] = max(_LEAST_PX, wide[longest] - over)
        return wide

"""The banner under the risk strip while an official warning concerns this seat: the gravest, and how many more."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.warnings.concern import concerning
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.warning import OfficialWarning
from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import RIGHT, text_width, write
from chengyun_widgets.painted import Painted, is_activating
from chengyun_widgets.shapes import MARK_PX, paint_mark

HEIGHT_PX = 34


class WarningBanner(Painted):
    """Hidden while nothing concerns this seat. A click, or Enter on it, opens the warning that is shown."""

    warning_was_asked = Signal(int)
    """Number of the warning shown."""

    def __init__(self, desk: Desk, *, tells_key: bool = True) -> None:
        """`tells_key`: whether the key that opens the page stands there; a wall has no keys."""
        super().__init__(desk.theme)
        self._desk, self._tells_key = desk, tells_key
        self._shown: tuple[object, ...] = ()
        self._first: OfficialWarning | None = None
        self._texts = ("", "", "", "")
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def refresh(self) -> None:
        """Show what concerns this seat now; does something when a fact or a second changed."""
        desk = self._desk
        now_ns = desk.now_ns()
        state = (desk.session.facts.through, desk.session.signed_on, now_ns // NS_PER_S, desk.names)
        if state == self._shown:
            return
        self._shown = state
        found = concerning(desk)
        self._first = found[0] if found else None
        self.setVisible(self._first is not None)
        if self._first is not None:
            self._take(self._first, len(found) - 1, now_ns)

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        if self._first is None:
            return
        theme, severity = self.theme, int(self._first.colour)
        painter.fillRect(self.rect(), theme.colour(Colour.PANEL))
        painter.fillRect(QRectF(0, 0, SPACE_PX, self.height()), theme.fill(severity))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.fill(severity))
        middle = (self.height() - MARK_PX) / 2
        paint_mark(painter, theme, QRectF(SPACE_PX * 4, middle, MARK_PX, MARK_PX), severity)
        title, told, left, more = self._texts
        small, bold = theme.font(TypeSize.BODY), theme.font(TypeSize.LEAD, bold=True)
        right = self._write_right(painter, more, left)
        x = SPACE_PX * 6 + MARK_PX
        rect = QRectF(x, 0, max(0.0, right - x - SPACE_PX * 3), self.height())
        taken = write(painter, rect, title, bold, theme.ink(severity))
        rest = rect.adjusted(taken + SPACE_PX * 3, 0, 0, 0)
        write(painter, rest, told, small, theme.colour(Colour.TEXT))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._ask()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_activating(event):
            self._ask()
        else:
            super().keyPressEvent(event)

    def _write_right(self, painter: QPainter, more: str, left: str) -> float:
        """Write validity and count at the right; return where they begin."""
        theme, font = self.theme, self.theme.font(TypeSize.BODY)
        edge = float(self.width() - SPACE_PX * 4)
        for text, colour in ((more, Colour.TEXT_SECOND), (left, Colour.TEXT)):
            wide = text_width(font, text) if text else 0.0
            if wide:
                write(
                    painter,
                    QRectF(edge - wide - 1, 0, wide + 1, self.height()),
                    text,
                    font,
                    theme.colour(colour),
                    RIGHT,
                )
                edge -= wide + SPACE_PX * 4
        return edge

    def _take(self, first: OfficialWarning, others: int, now_ns: int) -> None:
        desk, words = self._desk, WarningWords(self._desk)
        say, between = desk.say, desk.say("events.pieces_between")
        issued = say("warnings.banner.issuer", issuer=first.issuer, time=desk.figures.axis(first.issued_at, now_ns))
        chain = say("warnings.banner.chain", count=len(first.references)) if first.references else ""
        told = between.join(part for part in (words.area(first), issued, chain) if part)
        more = say("warnings.banner.more", count=others) if others else ""
        key = say("warnings.banner.open") if self._tells_key else ""
        right = between.join(part for part in (more, key) if part)
        texts = (words.title(first), told, words.validity(first, now_ns), right)
        if texts == self._texts:
            return
        self._texts = texts
        self.setAccessibleName(say("warnings.banner.spoken", told=between.join(part for part in texts if part)))
        self.update()

    def _ask(self) -> None:
        if self._first is not None:
            self.warning_was_asked.emit(self._first.number)

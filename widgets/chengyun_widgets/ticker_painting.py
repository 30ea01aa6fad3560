"""Where everything on the risk strip is, and how it is painted; what it does when asked is in `ticker`."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.shapes import MARK_PX, mark_rect, paint_mark
from chengyun_widgets.theme import Theme
from chengyun_widgets.ticker_items import ItemPainter, TickerCount, TickerItem, TickerTexts
from chengyun_widgets.ticker_lane import Lane
from chengyun_widgets.ticker_pinned import PinnedLane

TICKER_PX = 44
CLASS_CODES = (1, 2, 3, 4, 5)
_GAP_PX = 36.0
_PINNED_GAP_PX = SPACE_PX * 2.0
_PINNED_SHARE = 0.5


class TickerPainting(Painted):
    """The base of `Ticker`: counts, pinned lane, rolling lane, hints; left to right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._painter = ItemPainter(theme)
        self._lane = Lane(_GAP_PX)
        self._standing = PinnedLane(_PINNED_GAP_PX)
        self._items: dict[str, TickerItem] = {}
        self._rolling: dict[str, TickerItem] = {}
        self._pictured: dict[int, TickerItem] = {}
        """What was placed on the belt, by serial: an item told anew meanwhile is shown anew when it comes again."""
        self._tails: Mapping[str, str] = {}
        self._counts: tuple[TickerCount, ...] = ()
        self._texts = TickerTexts()
        self._classes = frozenset(CLASS_CODES)
        self._is_paused = False
        self._aim = ""

    @override
    def theme_did_change(self) -> None:
        self._painter = ItemPainter(self.theme)

    @override
    def sizeHint(self) -> QSize:
        return QSize(1280, TICKER_PX)

    @override
    def paint(self, painter: QPainter) -> None:
        theme = self.theme
        painter.fillRect(self.rect(), theme.colour(Colour.BAR))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.colour(Colour.LINE))
        lane = self._lane_rect()
        if not lane.contains(self.dirty_rect):
            self._paint_counts(painter)
            self._paint_pinned(painter)
            self._paint_hints(painter)
        self._paint_lane(painter, lane)

    # Where things are.

    def _counts_width(self) -> float:
        font = self.theme.font(TypeSize.LEAD, bold=True)
        width = SPACE_PX * 4 + sum(MARK_PX + text_width(font, c.text) + SPACE_PX * 6 for c in self._counts)
        width += text_width(font, self._texts.waiting) + SPACE_PX * 4
        if self._texts.beside:
            width += text_width(self.theme.font(TypeSize.BODY), self._texts.beside) + SPACE_PX * 4
        stale = text_width(self.theme.font(TypeSize.BODY), self._texts.stale)
        return width + (stale + SPACE_PX * 6 if self._texts.stale else 0.0)

    def _pinned_room(self) -> float:
        """Return what pinned items may take: half of what counts and hints leave."""
        free = self.width() - self._counts_width() - self._hints_width() - SPACE_PX * 2
        return max(0.0, free * _PINNED_SHARE)

    def _pinned_rect(self) -> QRectF:
        return QRectF(self._counts_width() + SPACE_PX * 2, 0, self._standing.width, self.height() - 1)

    def _pinned_rects(self) -> list[tuple[TickerItem, QRectF]]:
        left, height = self._pinned_rect().x(), self.height() - 1
        return [
            (self._items[stand.key], QRectF(left + stand.x, 0, stand.width, height))
            for stand in self._standing.stands
            if stand.key in self._items
        ]

    def _overflow_rect(self) -> QRectF:
        left = self._pinned_rect().right() + SPACE_PX
        font = self.theme.font(TypeSize.LEAD, bold=True)
        width = text_width(font, self._overflow_text()) + SPACE_PX * 3 if self._standing.waiting else 0.0
        return QRectF(left, 0, width, self.height() - 1)

    def _overflow_text(self) -> str:
        return f"+{self._standing.waiting}"

    def _lane_rect(self) -> QRectF:
        left = self._overflow_rect().right() + SPACE_PX * 3
        return QRectF(left, 0, max(0.0, self.width() - self._hints_width() - left), self.height() - 1)

    def _hints(self) -> list[str]:
        pause = self._texts.resume_hint if self._is_held() else self._texts.pause_hint
        named = zip(CLASS_CODES, self._texts.classes, strict=False)
        muted = [name for code, name in named if code not in self._classes]
        return [text for text in ("−" + "−".join(muted) if muted else "", pause, self._texts.unfold_hint) if text]

    def _is_held(self) -> bool:
        return self._is_paused

    def _hints_width(self) -> float:
        font = self.theme.font(TypeSize.BODY)
        return sum(text_width(font, text) + SPACE_PX * 3 for text in self._hints()) + SPACE_PX * 4

    # How they are painted.

    def _paint_counts(self, painter: QPainter) -> None:
        theme, x, height = self.theme, float(SPACE_PX * 4), self.height() - 1
        font = theme.font(TypeSize.LEAD, bold=True)
        for count in self._counts:
            grey = theme.colour(Colour.ORNAMENT) if count.is_quiet else None
            ink = theme.colour(Colour.TEXT_THIRD) if count.is_quiet else theme.ink(count.severity)
            is_stale = bool(self._texts.stale)
            paint_mark(painter, theme, mark_rect(x, height / 2), count.severity, colour=grey, stale=is_stale)
            x += MARK_PX + SPACE_PX * 2
            x += write(painter, QRectF(x, 0, 200, height), count.text, font, ink) + SPACE_PX * 4
        waiting = theme.colour(Colour.RED_TEXT if self._texts.is_anyone_waiting else Colour.TEXT_THIRD)
        x += write(painter, QRectF(x, 0, 300, height), self._texts.waiting, font, waiting) + SPACE_PX * 4
        if self._texts.beside:
            quiet, ink = theme.font(TypeSize.BODY), theme.colour(Colour.TEXT_SECOND)
            x += write(painter, QRectF(x, 0, 300, height), self._texts.beside, quiet, ink) + SPACE_PX * 4
        self._paint_stale(painter, x)
        painter.setPen(QPen(theme.colour(Colour.LINE), 1))
        edge = round(self._counts_width())
        painter.drawLine(edge, 0, edge, height)

    def _paint_stale(self, painter: QPainter, x: float) -> None:
        """Say since when nothing new can have come: what is shown is of then."""
        if not self._texts.stale:
            return
        theme, font = self.theme, self.theme.font(TypeSize.BODY)
        rect = QRectF(x, 9.5, text_width(font, self._texts.stale) + SPACE_PX * 4, self.height() - 20)
        painter.setPen(QPen(theme.colour(Colour.TEXT_SECOND), 1))
        painter.drawRect(rect)
        write(painter, rect, self._texts.stale, font, theme.colour(Colour.TEXT), CENTRE)

    def _paint_pinned(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self._pinned_rect())
        for item, rect in self._pinned_rects():
            self._paint_item(painter, item, item.key, rect)
        painter.restore()
        if self._standing.waiting:
            font = self.theme.font(TypeSize.LEAD, bold=True)
            write(painter, self._overflow_rect(), self._overflow_text(), font, self.theme.colour(Colour.TEXT), CENTRE)

    def _paint_lane(self, painter: QPainter, lane: QRectF) -> None:
        if not self._lane.slots and not self._standing.stands:
            third = self.theme.colour(Colour.TEXT_THIRD)
            write(painter, lane, self._texts.empty, self.theme.font(TypeSize.LEAD), third)
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.setClipRect(lane)
        for slot in self._lane.slots:
            # Whole device pixels only: text between two of them is a blur.
            x = round((lane.x() + slot.x - self._lane.offset) * ratio) / ratio
            item = self._pictured.get(slot.serial)
            if item is None or x >= lane.right() or x + slot.width <= lane.x():
                continue
            painter.setOpacity(slot.opacity)
            self._paint_item(painter, item, slot.key if slot.is_live else "", QRectF(x, 0, slot.width, lane.height()))
        painter.restore()

    def _paint_item(self, painter: QPainter, item: TickerItem, key: str, rect: QRectF) -> None:
        theme, ratio, is_stale = self.theme, self.devicePixelRatioF(), bool(self._texts.stale)
        painter.drawPixmap(rect.topLeft(), self._painter.picture(item, round(rect.height()), ratio, is_stale=is_stale))
        tail = self._tails.get(item.key, "")
        if tail:
            second = theme.colour(Colour.FIGURE if item.is_pinned else Colour.TEXT_SECOND)
            write(painter, self._painter.tail_rect(item, rect), tail, theme.font(TypeSize.BODY), second)
        if key and key == self._aim and self.hasFocus():
            painter.fillRect(QRectF(rect.x(), rect.bottom() - 3, rect.width(), 2), theme.colour(Colour.ACCENT))

    def _paint_hints(self, painter: QPainter) -> None:
        theme, font = self.theme, self.theme.font(TypeSize.BODY)
        ink = theme.colour(Colour.TEXT_SECOND)
        x = self.width() - self._hints_width() + SPACE_PX * 4
        painter.setPen(QPen(theme.colour(Colour.LINE), 1))
        painter.drawLine(round(x - SPACE_PX * 4), 0, round(x - SPACE_PX * 4), self.height() - 2)
        for text in self._hints():
            x += write(painter, QRectF(x, 0, 400, self.height() - 1), text, font, ink) + SPACE_PX * 3

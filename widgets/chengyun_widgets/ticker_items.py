"""What the risk strip shows, as records, and the picture of one item."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap

from chengyun_resources.theme.tokens import SPACE_PX, Colour, Opacity, Severity, TypeSize
from chengyun_widgets.lettering import text_width, write
from chengyun_widgets.shapes import MARK_PX, mark_rect, paint_mark
from chengyun_widgets.theme import Theme
from chengyun_widgets.ticker_classes import ICON_PX, paint_class

_GAP = SPACE_PX * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerItem:
    """One item. `word` is the grade or band in words (红, 特别重大), `head` what it is about.

    `class_code` 1..5 is the filter key (vital, official warning, event, overdue order, duty). `is_pinned`
    items stand still in their own lane until they are no longer pinned. `tails` are the widest texts its living end
    (state and age) may become: the room is kept from the start, so that nothing beside it ever moves.
    """

    key: str
    severity: Severity
    word: str
    head: str
    text: str
    time: str
    class_code: int = 1
    is_pinned: bool = False
    tails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerCount:
    """A count that stays put at the left: shape and figure. `is_quiet` (a count of none) is drawn grey."""

    severity: Severity
    text: str
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerTexts:
    """Finished sentences: the count that waits, the hints at the right, an empty strip's words, the five classes.

    `is_anyone_waiting` False draws `waiting` (未确认 0) grey. `stale` says since when nothing new can have come.
    """

    waiting: str = ""
    is_anyone_waiting: bool = True
    pause_hint: str = ""
    resume_hint: str = ""
    unfold_hint: str = ""
    empty: str = ""
    spoken_name: str = ""
    stale: str = ""
    beside: str = ""
    """Said quietly after what waits; empty: nothing."""
    classes: tuple[str, ...] = ()


_WIDTHS_KEPT = 1024
"""Twice as many as the strip ever holds at a time; the items themselves are kept by this."""


class ItemPainter:
    """Paints items into pixmaps once and keeps the latest few: a strip shows a dozen, and each is some 70 KiB."""

    def __init__(self, theme: Theme, keep: int = 64) -> None:
        self._theme = theme
        self._keep = keep
        self._pictures: dict[tuple[TickerItem, int, float, bool], QPixmap] = {}
        self._widths: dict[TickerItem, float] = {}

    def width(self, item: TickerItem) -> float:
        """Return the width of an item's picture in px."""
        width = self._widths.get(item)
        if width is None:
            if len(self._widths) > _WIDTHS_KEPT:
                self._widths.clear()
            texts = (item.word, item.head, item.text)
            width = ICON_PX + MARK_PX + _GAP + sum(text_width(self._font(), text) + _GAP for text in texts if text)
            width += text_width(self._small(), item.time) + _GAP * 2 + self._tail_width(item)
            self._widths[item] = width = float(round(width + 0.5))
        return width

    def tail_rect(self, item: TickerItem, rect: QRectF) -> QRectF:
        """Return where the living end of an item is written that is painted at `rect`."""
        width = self._tail_width(item)
        return QRectF(rect.right() - width, rect.y() + 1, width, rect.height())

    def picture(self, item: TickerItem, height: int, ratio: float, *, is_stale: bool = False) -> QPixmap:
        """Return the picture of an item for a strip `height` px high on a screen of `ratio` device px per px.

        Stale: shapes are hollow and no word is in colour.
        """
        place = (item, height, ratio, is_stale)
        picture = self._pictures.pop(place, None) or self._paint(item, height, ratio, is_stale=is_stale)
        self._pictures[place] = picture
        if len(self._pictures) > self._keep:
            self._pictures.pop(next(iter(self._pictures)))
        return picture

    def _tail_width(self, item: TickerItem) -> float:
        return max((text_width(self._small(), tail) + _GAP for tail in item.tails), default=0.0)

    def _paint(self, item: TickerItem, height: int, ratio: float, *, is_stale: bool) -> QPixmap:
        width = self.width(item)
        picture = QPixmap(round(width * ratio), round(height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        if item.is_pinned and not is_stale:
            ground = self._theme.fill(item.severity)
            ground.setAlphaF(self._theme.tokens.opacities[Opacity.WASH_FLASH])
            painter.fillRect(QRectF(0, 8, width, height - 16), ground)
        self._write(painter, item, QRectF(0, 0, width, height), is_stale=is_stale)
        painter.end()
        return picture

    def _write(self, painter: QPainter, item: TickerItem, rect: QRectF, *, is_stale: bool) -> None:
        theme, x = self._theme, _GAP / 2.0
        paint_class(painter, theme, mark_rect(x, rect.center().y(), ICON_PX), item.class_code)
        x += ICON_PX + _GAP
        paint_mark(painter, theme, mark_rect(x, rect.center().y()), item.severity, stale=is_stale)
        x += MARK_PX + _GAP
        second = theme.colour(Colour.TEXT_SECOND)
        ink = second if is_stale else theme.ink(item.severity)
        plain = second if is_stale else theme.colour(Colour.TEXT)
        for text, colour in ((item.word, ink), (item.head, ink), (item.text, plain)):
            if text:
                x += write(painter, QRectF(x, 0, rect.width(), rect.height()), text, self._font(), colour) + _GAP
        # On a wash the third grey would be swallowed.
        third = theme.colour(Colour.FIGURE if item.is_pinned else Colour.TEXT_THIRD)
        write(painter, QRectF(x, 1, rect.width(), rect.height()), item.time, self._small(), third)

    def _font(self) -> QFont:
        return self._theme.font(TypeSize.TITLE)

    def _small(self) -> QFont:
        return self._theme.font(TypeSize.BODY)

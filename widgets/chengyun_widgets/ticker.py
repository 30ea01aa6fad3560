"""The rolling risk strip: counts that stay put, items that stand, items that roll at a speed that can be read."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX, Colour, TypeSize
from chengyun_widgets.lettering import CENTRE, text_width, write
from chengyun_widgets.painted import Painted
from chengyun_widgets.shapes import MARK_PX, mark_rect, paint_mark
from chengyun_widgets.theme import Theme
from chengyun_widgets.ticker_items import ItemPainter, TickerCount, TickerItem, TickerTexts
from chengyun_widgets.ticker_lane import Lane

TICKER_PX = 44
SPEED_PX_S = 60.0
CLASS_CODES = (1, 2, 3, 4, 5)
_MAX_STEP_S = 0.25
_GAP_PX = 36.0
_PINNED_SHARE = 0.5


class Ticker(Painted):
    """Give it items, counts and texts; call `tick` each frame with monotonic seconds. It keeps no clock of its own.

    Space pauses, 1..5 switch classes, Left/Right choose an item, Enter or a click opens it; a click on the counts
    unfolds the list.
    """

    item_was_opened = Signal(str)
    """The key of the item that was clicked or chosen with Enter."""
    unfold_was_asked = Signal()
    """The list is wanted: the counts, the unfold hint or the "+n" of the pinned lane was clicked."""
    pause_did_change = Signal(bool)
    """The belt was stopped or released by Space."""
    classes_did_change = Signal(object)
    """frozenset[int] of the classes still shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._painter = ItemPainter(theme)
        self._lane = Lane(_GAP_PX)
        self._items: dict[str, TickerItem] = {}
        self._pictured: dict[str, TickerItem] = {}
        self._pinned: list[TickerItem] = []
        self._hidden_pinned = 0
        self._counts: tuple[TickerCount, ...] = ()
        self._texts = TickerTexts()
        self._classes = frozenset(CLASS_CODES)
        self._is_paused = self._is_hovered = False
        self._last_s: float | None = None
        self._aim = ""
        # Before the first resize the width is a guess, and what is placed on the belt cannot be placed again.
        self._is_sized = False
        self.setFixedHeight(TICKER_PX)
        self.setMinimumWidth(480)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)

    @property
    def is_paused(self) -> bool:
        """Whether the belt is held, by Space or by the mouse resting on it."""
        return self._is_paused or self._is_hovered

    def set_items(self, items: Sequence[TickerItem]) -> None:
        """Set all items, gravest and newest first. Those already rolling stay where they are; keys must be unique."""
        self._items = {item.key: item for item in items}
        self._arrange()

    def set_counts(self, counts: Sequence[TickerCount]) -> None:
        """Set the counts at the left, gravest first."""
        self._counts = tuple(counts)
        self._arrange()

    def set_texts(self, texts: TickerTexts) -> None:
        """Set the finished sentences; an unchanged record costs nothing."""
        if texts != self._texts:
            self._texts = texts
            self.setAccessibleName(texts.spoken_name)
            self._arrange()

    def set_classes(self, classes: frozenset[int]) -> None:
        """Show only items of these classes (1..5); pinned items stay whatever their class."""
        if classes != self._classes:
            self._classes = classes
            self._arrange()
            self.classes_did_change.emit(classes)

    def set_paused(self, paused: bool) -> None:
        """Stop or release the belt, as Space does."""
        if paused != self._is_paused:
            self._is_paused = paused
            self.update()
            self.pause_did_change.emit(paused)

    def shown_counts(self) -> dict[str, int]:
        """Return for every rolling item how often it has been shown in full: the proof that none was skipped."""
        return self._lane.shown_counts()

    def tick(self, now_s: float) -> None:
        """Move the belt to monotonic time `now_s`. A long gap (suspend, stall) counts as 0.25 s: nothing is skipped."""
        step = 0.0 if self._last_s is None else min(_MAX_STEP_S, max(0.0, now_s - self._last_s))
        self._last_s = now_s
        if step and not self.is_paused and self._lane.advance(SPEED_PX_S * step, step):
            self.update(self._lane_rect().toRect())

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

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._is_sized = True
        self._arrange()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover(is_over=self._lane_rect().contains(event.position()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(is_over=self._lane_rect().contains(event.position()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(is_over=False)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        key = self._key_at(event.position())
        if key:
            self.item_was_opened.emit(key)
        elif not self._lane_rect().contains(event.position()):
            self.unfold_was_asked.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Space:
                self.set_paused(not self._is_paused)
            case Qt.Key.Key_Left:
                self._choose(-1)
            case Qt.Key.Key_Right:
                self._choose(1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._aim in self._visible_keys():
                self.item_was_opened.emit(self._aim)
            case key if 0 <= key - Qt.Key.Key_1 < len(CLASS_CODES):
                self.set_classes(self._classes ^ {key - Qt.Key.Key_1 + 1})
            case _:
                super().keyPressEvent(event)

    def _hover(self, *, is_over: bool) -> None:
        if is_over != self._is_hovered:
            self._is_hovered = is_over
            self.update()

    def _choose(self, step: int) -> None:
        keys = self._visible_keys()
        if keys:
            at = keys.index(self._aim) + step if self._aim in keys else 0
            self._aim = keys[max(0, min(len(keys) - 1, at))]
            self.update()

    def _visible_keys(self) -> list[str]:
        room, offset = self._lane_rect().width(), self._lane.offset
        rolling = [s.key for s in self._lane.slots if s.is_live and s.right > offset and s.x < offset + room]
        return [item.key for item in self._pinned] + rolling

    def _key_at(self, at: QPointF) -> str:
        for item, rect in self._pinned_rects():
            if rect.contains(at):
                return item.key
        lane = self._lane_rect()
        slot = self._lane.slot_at(at.x() - lane.x()) if lane.contains(at) else None
        return slot.key if slot else ""

    def _arrange(self) -> None:
        """Split items between the two lanes; pinned ones without room roll with the others, counted as "+n"."""
        if not self._is_sized:
            return
        room = (self.width() - self._counts_width() - self._hints_width()) * _PINNED_SHARE
        self._pinned, self._hidden_pinned = [], 0
        for item in self._items.values():
            if not item.is_pinned:
                continue
            room -= self._painter.width(item) + SPACE_PX * 2
            if room >= 0 and not self._hidden_pinned:
                self._pinned.append(item)
            else:
                self._hidden_pinned += 1
        standing = {item.key for item in self._pinned}
        rolling = {
            key: item
            for key, item in self._items.items()
            if key not in standing and (item.is_pinned or item.class_code in self._classes)
        }
        self._pictured = {**{s.key: self._pictured[s.key] for s in self._lane.slots}, **rolling}
        self._lane.set_items({key: self._painter.width(item) for key, item in rolling.items()})
        self._lane.set_room(self._lane_rect().width())
        self.update()

    def _counts_width(self) -> float:
        font = self.theme.font(TypeSize.LEAD, bold=True)
        width = SPACE_PX * 4 + sum(MARK_PX + text_width(font, c.text) + SPACE_PX * 6 for c in self._counts)
        return width + text_width(font, self._texts.waiting) + SPACE_PX * 4

    def _pinned_rects(self) -> list[tuple[TickerItem, QRectF]]:
        x, rects = self._counts_width() + SPACE_PX * 2, []
        for item in self._pinned:
            rects.append((item, QRectF(x, 0, self._painter.width(item), self.height() - 1)))
            x += self._painter.width(item) + SPACE_PX * 2
        return rects

    def _overflow_rect(self) -> QRectF:
        rects = self._pinned_rects()
        x = rects[-1][1].right() + SPACE_PX if rects else self._counts_width() + SPACE_PX
        width = text_width(self.theme.font(TypeSize.LEAD, bold=True), f"+{self._hidden_pinned}") + SPACE_PX * 3
        return QRectF(x, 0, width if self._hidden_pinned else 0.0, self.height() - 1)

    def _lane_rect(self) -> QRectF:
        left = self._overflow_rect().right() + SPACE_PX * 3
        return QRectF(left, 0, max(0.0, self.width() - self._hints_width() - left), self.height() - 1)

    def _hints(self) -> list[str]:
        pause = self._texts.resume_hint if self._is_paused else self._texts.pause_hint
        named = zip(CLASS_CODES, self._texts.classes, strict=False)
        muted = [name for code, name in named if code not in self._classes]
        return [text for text in ("−" + "−".join(muted) if muted else "", pause, self._texts.unfold_hint) if text]

    def _hints_width(self) -> float:
        font = self.theme.font(TypeSize.BODY)
        return sum(text_width(font, text) + SPACE_PX * 3 for text in self._hints()) + SPACE_PX * 4

    def _paint_counts(self, painter: QPainter) -> None:
        theme, x, height = self.theme, float(SPACE_PX * 4), self.height() - 1
        font = theme.font(TypeSize.LEAD, bold=True)
        for count in self._counts:
            grey = theme.colour(Colour.ORNAMENT) if count.is_quiet else None
            ink = theme.colour(Colour.TEXT_THIRD) if count.is_quiet else theme.ink(count.severity)
            paint_mark(painter, theme, mark_rect(x, height / 2), count.severity, colour=grey)
            x += MARK_PX + SPACE_PX * 2
            x += write(painter, QRectF(x, 0, 200, height), count.text, font, ink) + SPACE_PX * 4
        waiting = theme.colour(Colour.RED_TEXT if self._texts.is_anyone_waiting else Colour.TEXT_THIRD)
        write(painter, QRectF(x, 0, 300, height), self._texts.waiting, font, waiting)
        painter.setPen(QPen(theme.colour(Colour.LINE), 1))
        edge = round(self._counts_width())
        painter.drawLine(edge, 0, edge, height)

    def _paint_pinned(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        for item, rect in self._pinned_rects():
            painter.drawPixmap(rect.topLeft(), self._painter.picture(item, round(rect.height()), ratio))
            self._paint_aim(painter, item.key, rect)
        if self._hidden_pinned:
            font = self.theme.font(TypeSize.LEAD, bold=True)
            ink = self.theme.colour(Colour.TEXT)
            write(painter, self._overflow_rect(), f"+{self._hidden_pinned}", font, ink, CENTRE)

    def _paint_lane(self, painter: QPainter, lane: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        if not self._lane.slots and not self._pinned:
            third = self.theme.colour(Colour.TEXT_THIRD)
            write(painter, lane, self._texts.empty, self.theme.font(TypeSize.LEAD), third)
        painter.save()
        painter.setClipRect(lane)
        for slot in self._lane.slots:
            # Whole device pixels only: text between two of them is a blur.
            x = round((lane.x() + slot.x - self._lane.offset) * ratio) / ratio
            if x >= lane.right() or x + slot.width <= lane.x():
                continue
            painter.setOpacity(slot.opacity)
            picture = self._painter.picture(self._pictured[slot.key], round(lane.height()), ratio)
            painter.drawPixmap(QPointF(x, 0), picture)
            self._paint_aim(painter, slot.key, QRectF(x, 0, slot.width, lane.height()))
        painter.restore()

    def _paint_aim(self, painter: QPainter, key: str, rect: QRectF) -> None:
        if key == self._aim and self.hasFocus():
            painter.fillRect(QRectF(rect.x(), rect.bottom() - 3, rect.width(), 2), self.theme.colour(Colour.ACCENT))

    def _paint_hints(self, painter: QPainter) -> None:
        theme, font = self.theme, self.theme.font(TypeSize.BODY)
        ink = theme.colour(Colour.TEXT_SECOND)
        x = self.width() - self._hints_width() + SPACE_PX * 4
        painter.setPen(QPen(theme.colour(Colour.LINE), 1))
        painter.drawLine(round(x - SPACE_PX * 4), 0, round(x - SPACE_PX * 4), self.height() - 2)
        for text in self._hints():
            x += write(painter, QRectF(x, 0, 400, self.height() - 1), text, font, ink) + SPACE_PX * 3

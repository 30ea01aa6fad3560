"""The rolling risk strip: counts that stay put, items that stand, items that roll at a speed that can be read."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from chengyun_widgets.theme import Theme
from chengyun_widgets.ticker_items import TickerCount, TickerItem, TickerTexts
from chengyun_widgets.ticker_painting import CLASS_CODES, TICKER_PX, TickerPainting
from chengyun_widgets.ticker_sequence import DWELL_S, SequenceCount

__all__ = ["CLASS_CODES", "SPEED_PX_S", "TICKER_PX", "Ticker"]
SPEED_PX_S = 60.0
"""As fast as can be read; a lane too narrow for a dwell of DWELL_S moves slower."""
_MAX_STEP_S = 0.25


class Ticker(TickerPainting):
    """Give it items, counts and texts; call `tick` each frame with monotonic seconds. It keeps no clock of its own.

    Space pauses, 1..5 switch classes, Left/Right choose an item, Enter or a click opens it; a click on the counts
    unfolds the list. It stands while the mouse rests on it or the keyboard is here.
    """

    item_was_opened = Signal(str)
    """The key of the item that was clicked or chosen with Enter."""
    item_was_chosen = Signal(str)
    """The key of the item the arrows (or the keyboard's coming) went to: keys of deeds mean this one."""
    unfold_was_asked = Signal()
    """The list is wanted: the counts, the unfold hint or the "+n" of the pinned lane was clicked."""
    pause_did_change = Signal(bool)
    """The belt was stopped or released by Space."""
    classes_did_change = Signal(object)
    """frozenset[int] of the classes still shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._is_hovered = self._has_keyboard = False
        self._last_s: float | None = None
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
        """Whether the belt is held: by Space, by the mouse resting on it, or by the keyboard being here."""
        return self._is_held() or self._is_hovered

    @property
    def classes(self) -> frozenset[int]:
        """The classes shown."""
        return self._classes

    def set_items(self, items: Sequence[TickerItem]) -> None:
        """Set all items, gravest and newest first. Those already rolling stay where they are; keys must be unique."""
        self._items = {item.key: item for item in items}
        self._arrange()

    def set_tails(self, tails: Mapping[str, str]) -> None:
        """Set the living end of each item (state and age) by its key; it takes the room the item keeps for it."""
        if tails != self._tails:
            self._tails = dict(tails)
            self.update()

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

    def switch_class(self, code: int) -> None:
        """Hide a class, or show it again."""
        if code in CLASS_CODES:
            self.set_classes(self._classes ^ {code})

    def set_paused(self, paused: bool) -> None:
        """Stop or release the belt, as Space does."""
        if paused != self._is_paused:
            self._is_paused = paused
            self._arrange()
            self.pause_did_change.emit(paused)

    def shown_counts(self) -> dict[str, int]:
        """Return for every rolling item how often it has been shown in full."""
        return self._lane.shown_counts()

    def sequence(self) -> SequenceCount:
        """Return what became of every item that came to either lane: the proof that none was skipped."""
        return self._lane.sequence.count() + self._standing.sequence.count()

    def tick(self, now_s: float) -> None:
        """Move the belt to monotonic time `now_s`. A long gap (suspend, stall) counts as 0.25 s: nothing is skipped."""
        step = 0.0 if self._last_s is None else min(_MAX_STEP_S, max(0.0, now_s - self._last_s))
        self._last_s = now_s
        if not step:
            return
        if self.is_paused:
            self._lane.dwell(step)
            return
        if self._standing.advance(step):
            self._place()
            self.update()
        speed = min(SPEED_PX_S, self._lane_rect().width() / DWELL_S)
        if self._lane.advance(speed * step, step):
            self._take_pictures()
            self.update(self._lane_rect().toRect())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._is_sized = True
        self._arrange()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover(is_over=self._holds(event.position()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(is_over=self._holds(event.position()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(is_over=False)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A click holds by the pointer; holding on after it has left would stop the belt unseen.
        self._keep(keyboard=event.reason() is not Qt.FocusReason.MouseFocusReason)
        if self._aim not in self._visible_keys():
            self._choose(0)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._keep(keyboard=False)

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
                self._toggle()
            case Qt.Key.Key_Left:
                self._choose(-1)
            case Qt.Key.Key_Right:
                self._choose(1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._aim in self._visible_keys():
                self.item_was_opened.emit(self._aim)
            case key if 0 <= key - Qt.Key.Key_1 < len(CLASS_CODES):
                self.switch_class(key - Qt.Key.Key_1 + 1)
            case _:
                super().keyPressEvent(event)

    @override
    def _is_held(self) -> bool:
        return self._is_paused or self._has_keyboard

    def _toggle(self) -> None:
        """Space: what stands rolls on, also with the keyboard here; what rolls stands, also after it has left."""
        wanted = not self._is_held()
        self._has_keyboard = False
        self.set_paused(wanted)
        self._arrange()

    def _keep(self, *, keyboard: bool) -> None:
        if keyboard != self._has_keyboard:
            self._has_keyboard = keyboard
            self._arrange()

    def _holds(self, at: QPointF) -> bool:
        return self._lane_rect().contains(at) or self._pinned_rect().contains(at)

    def _hover(self, *, is_over: bool) -> None:
        if is_over != self._is_hovered:
            self._is_hovered = is_over
            self.update()

    def _choose(self, step: int) -> None:
        keys = self._visible_keys()
        if keys:
            at = keys.index(self._aim) + step if self._aim in keys else 0
            self._aim = keys[max(0, min(len(keys) - 1, at))]
            self.item_was_chosen.emit(self._aim)
            self.update()

    def _visible_keys(self) -> list[str]:
        room, offset = self._lane_rect().width(), self._lane.offset
        rolling = [s.key for s in self._lane.slots if s.is_live and s.right > offset and s.x < offset + room]
        return [item.key for item, _rect in self._pinned_rects()] + rolling

    def _key_at(self, at: QPointF) -> str:
        for item, rect in self._pinned_rects():
            if rect.contains(at):
                return item.key
        lane = self._lane_rect()
        slot = self._lane.slot_at(at.x() - lane.x()) if lane.contains(at) else None
        return slot.key if slot else ""

    def _arrange(self) -> None:
        """Split items between the two lanes."""
        if not self._is_sized:
            return
        pinned = {key: self._painter.width(item) for key, item in self._items.items() if item.is_pinned}
        self._standing.set_items(pinned, self._pinned_room())
        self._rolling = {
            key: item for key, item in self._items.items() if not item.is_pinned and item.class_code in self._classes
        }
        self._place()
        self._lane.set_items({key: self._painter.width(item) for key, item in self._rolling.items()})
        self._take_pictures()
        self.update()

    def _place(self) -> None:
        """Tell the belt where its window is now; the items on it stay where they are on the screen."""
        lane = self._lane_rect()
        self._lane.set_room(lane.width(), lane.x())
        self._take_pictures()

    def _take_pictures(self) -> None:
        old, rolling = self._pictured, self._rolling
        self._pictured = {
            slot.serial: old.get(slot.serial) or rolling[slot.key]
            for slot in self._lane.slots
            if slot.serial in old or slot.key in rolling
        }

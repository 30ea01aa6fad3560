"""Panes side by side, 1, 4, 9 or 16: one of them is current, one may be large, and keys reach all of it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.theme import Theme
from chengyun_widgets.video.pane import VideoPane
from chengyun_widgets.video.record import PaneRecord, Pixels

COUNTS = (1, 4, 9, 16)
_STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class VideoGrid(QWidget):
    """Arrows move the current pane, Enter or a double click makes it large, `step_back` (Esc) makes it small again."""

    current_did_change = Signal(int)
    large_was_asked = Signal()
    """Enter or a double click, where somebody else shows one pane in large: see `opens_large`."""
    opens_large = True
    """Whether it makes a pane large in its own place; a small grid leaves that to who has more room."""
    seen_did_change = Signal()
    """Other panes can be seen, or at other sizes: see `seen`."""

    def __init__(self, theme: Theme, read: Callable[[int], Pixels | None], parent: QWidget | None = None) -> None:
        """`read` finds the newest picture of a pane, asked while it paints."""
        super().__init__(parent)
        self._side, self._current, self._large = 2, 0, False
        self.panes = [VideoPane(theme, partial(read, at), self) for at in range(COUNTS[-1])]
        for pane in self.panes:
            pane.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(192, 108)
        self._place()

    @property
    def count(self) -> int:
        """How many panes there are: 1, 4, 9 or 16."""
        return self._side**2

    @property
    def current(self) -> int:
        """The pane that keys are about."""
        return self._current

    @property
    def is_large(self) -> bool:
        """Whether the current pane alone is shown."""
        return self._large

    @property
    def paint_count(self) -> int:
        """Return how often panes were painted, all together."""
        return sum(pane.paint_count for pane in self.panes)

    def set_theme(self, theme: Theme) -> None:
        """Change to another theme at once."""
        for pane in self.panes:
            pane.set_theme(theme)

    def show_count(self, count: int) -> None:
        """Show so many panes; raises ValueError for another number than 1, 4, 9 or 16."""
        if count not in COUNTS:
            raise ValueError(f"no grid of {count} panes")
        self._side, self._large = round(count**0.5), False
        self.set_current(min(self._current, count - 1))
        self._place()

    def show_records(self, records: Sequence[PaneRecord]) -> None:
        """Show the words of the panes in order; a pane without a record is empty."""
        for at, pane in enumerate(self.panes):
            pane.show_record(records[at] if at < len(records) else PaneRecord())

    def set_current(self, at: int) -> None:
        """Make a pane the one that keys are about; the large pane follows."""
        if not 0 <= at < self.count:
            return
        is_other, self._current = at != self._current, at
        self._frame()
        if is_other:
            if self._large:
                self._place()
            self.current_did_change.emit(at)

    def show_large(self, *, large: bool) -> None:
        """Show the current pane alone, or all of them again."""
        if large != self._large and not (large and self.count == 1):
            self._large = large
            self._place()

    def step_back(self) -> bool:
        """Make the large pane small again; return whether there was one."""
        was = self._large
        self.show_large(large=False)
        return was

    def seen(self) -> tuple[tuple[int, int, int], ...]:
        """Return (pane, width, height) in px of the screen of every pane an eye can see now.

        What a sheet covers is not seen, although Qt calls it visible; no signal tells of that.
        """
        if not self.isVisible() or self.window().isMinimized():
            return ()
        shown = ((at, pane) for at, pane in enumerate(self.panes) if not pane.isHidden())
        return tuple((at, *pane.wanted_px()) for at, pane in shown if not pane.visibleRegion().isEmpty())

    def tick(self, now_s: float) -> None:
        """Let flashes end; called with each beat."""
        for pane in self.panes:
            pane.tick(now_s)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._go(*step)
        elif event.key() in _OPENING and not event.isAutoRepeat():
            self._turn_large()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and isinstance(watched, VideoPane):
            self._on_mouse(self.panes.index(watched), event)
        return False

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._frame()
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._frame()
        super().focusOutEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self.seen_did_change.emit()
        return done

    def _on_mouse(self, at: int, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.type() is QEvent.Type.MouseButtonPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.set_current(at)
        elif event.type() is QEvent.Type.MouseButtonDblClick:
            self._turn_large()

    def _turn_large(self) -> None:
        if self.opens_large or self._large:
            self.show_large(large=not self._large)
        else:
            self.large_was_asked.emit()

    def _go(self, across: int, down: int) -> None:
        """Go to a neighbour; while one pane is large all of them are one row."""
        if self._large:
            self.set_current(self._current + (across or down))
            return
        row, column = divmod(self._current, self._side)
        if 0 <= row + down < self._side and 0 <= column + across < self._side:
            self.set_current((row + down) * self._side + column + across)

    def _frame(self) -> None:
        for at, pane in enumerate(self.panes):
            pane.set_current(current=at == self._current, held=self.hasFocus())

    def _place(self) -> None:
        """Lay the panes out so that they fill the grid to the pixel, with a gap of one step between them."""
        for at, pane in enumerate(self.panes):
            row, column = divmod(at, self._side)
            if self._large:
                pane.setVisible(at == self._current)
                pane.setGeometry(self.rect())
            else:
                pane.setVisible(at < self.count)
                pane.setGeometry(self._cell(row, column))
        self._frame()
        self.seen_did_change.emit()

    def _cell(self, row: int, column: int) -> QRect:
        left, right = self._edges(column, self.width())
        top, bottom = self._edges(row, self.height())
        return QRect(left, top, right - left, bottom - top)

    def _edges(self, at: int, length: int) -> tuple[int, int]:
        room = length - SPACE_PX * (self._side - 1)
        begin = at * SPACE_PX + at * room // self._side
        return begin, at * SPACE_PX + (at + 1) * room // self._side

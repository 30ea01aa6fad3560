"""What hands do to a pinned chart: drag it, step it with Alt and arrows, size it, unpin it, or choose from its menu."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from typing_extensions import override

from chengyun_console.actions.action import Action, Say
from chengyun_console.actions.table import BY_ID
from chengyun_console.layouts.overlay import SIZES
from chengyun_widgets.painted import Painted, paint_focus_ring
from chengyun_widgets.theme import Theme

STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_SIZE_KEYS = {Qt.Key.Key_1: 1, Qt.Key.Key_2: 2, Qt.Key.Key_4: 4}
_WORDS = ("left", "right", "up", "down")


class ChartHands(QObject):
    """Watches the charts it is given; says what is wanted, by the code of the chart's vital. Changes nothing itself."""

    step_was_asked = Signal(str, int, int)
    """Code, steps to the right, steps down."""
    place_was_asked = Signal(str, str)
    """Code, and the code of the chart it was dropped on."""
    size_was_asked = Signal(str, int)
    unpin_was_asked = Signal(str)

    def __init__(self, theme: Theme, say: Say, room: QWidget) -> None:
        """`room`: the widget the charts lie in."""
        super().__init__(room)
        self._say, self._room = say, room
        self._codes: dict[QObject, str] = {}
        self._names: dict[str, str] = {}
        self._pressed: QPoint | None = None
        self._is_dragging = False
        self._mark = _DropMark(theme, room)

    def watch(self, chart: QWidget, code: str, name: str) -> None:
        """Follow the hands on a chart from now on."""
        self._names[code] = name
        if chart not in self._codes:
            chart.installEventFilter(self)
        self._codes[chart] = code

    def forget(self, chart: QWidget) -> None:
        """A chart is taken away."""
        self._codes.pop(chart, None)
        chart.removeEventFilter(self)

    def aim_at(self, at: QPoint | None) -> None:
        """Frame the chart at a point of the room, for something that comes from elsewhere; None: no frame."""
        target = self._chart_at(at) if at is not None else None
        self._mark.setVisible(target is not None)
        if target is not None:
            self._mark.setGeometry(target.geometry())
            self._mark.raise_()

    def code_at(self, at: QPoint) -> str:
        """Return the code of the vital whose chart is at a point of the room, empty where there is none."""
        target = self._chart_at(at)
        return self._codes[target] if target is not None else ""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        code = self._codes.get(watched)
        if code is None or not isinstance(watched, QWidget):
            return False
        match event:
            case QKeyEvent() if event.type() == QEvent.Type.KeyPress:
                return self._key(code, event)
            case QContextMenuEvent():
                self.menu(code).popup(event.globalPos())
                return True
            case QMouseEvent():
                return self._mouse(watched, code, event)
        return False

    def menu(self, code: str) -> QMenu:
        """Return the menu of a chart, each row with its key; it goes with its last use."""
        menu = QMenu(self._room)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self._names.get(code, code))
        for word, (right, down) in zip(_WORDS, STEPS.values(), strict=True):
            step = partial(self.step_was_asked.emit, code, right, down)
            self._row(menu, self._say(f"console.layout.move.{word}"), f"Alt+{word.title()}", step)
        menu.addSeparator()
        for size in SIZES:
            choose = partial(self.size_was_asked.emit, code, size)
            self._row(menu, self._say(f"console.layout.size.{size}"), f"Alt+{size}", choose)
        menu.addSeparator()
        unpin: Action = BY_ID["chart.unpin"]
        self._row(menu, self._say(unpin.title), unpin.keys[0], partial(self.unpin_was_asked.emit, code))
        return menu

    def _row(self, menu: QMenu, text: str, key: str, do: Callable[[], object]) -> None:
        # The key is printed only: the chart handles it, a shortcut of the menu's would be ambiguous.
        menu.addAction(f"{text}\t{key}").triggered.connect(lambda _checked=False: do())

    def _key(self, code: str, event: QKeyEvent) -> bool:
        key, is_alt = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_alt and key in STEPS:
            self.step_was_asked.emit(code, *STEPS[key])
        elif is_alt and key in _SIZE_KEYS:
            self.size_was_asked.emit(code, _SIZE_KEYS[key])
        elif key == Qt.Key.Key_Delete:
            self.unpin_was_asked.emit(code)
        else:
            return False
        return True

    def _mouse(self, chart: QWidget, code: str, event: QMouseEvent) -> bool:
        at = chart.mapTo(self._room, event.position().toPoint())
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                self._pressed, self._is_dragging = at, False
            case QEvent.Type.MouseMove if self._pressed is not None:
                far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
                self._is_dragging = self._is_dragging or far
                if self._is_dragging:
                    self._show_target(chart, at)
                    return True
            case QEvent.Type.MouseButtonRelease if self._is_dragging:
                # The chart never sees this release: a drop is no click that opens it.
                self._end(code, at)
                return True
            case QEvent.Type.MouseButtonRelease:
                self._pressed = None
        return False

    def _show_target(self, chart: QWidget, at: QPoint) -> None:
        target = self._chart_at(at)
        self._mark.setVisible(target is not None and target is not chart)
        if target is not None:
            self._mark.setGeometry(target.geometry())
            self._mark.raise_()

    def _end(self, code: str, at: QPoint) -> None:
        self._pressed, self._is_dragging = None, False
        self._mark.hide()
        target = self._chart_at(at)
        if target is not None and self._codes[target] != code:
            self.place_was_asked.emit(code, self._codes[target])

    def _chart_at(self, at: QPoint) -> QWidget | None:
        charts: Sequence[QWidget] = [chart for chart in self._codes if isinstance(chart, QWidget)]
        return next((chart for chart in charts if chart.isVisible() and chart.geometry().contains(at)), None)


class _DropMark(Painted):
    """The frame around the place a dragged chart would take."""

    def __init__(self, theme: Theme, room: QWidget) -> None:
        super().__init__(theme, room)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @override
    def paint(self, painter: QPainter) -> None:
        paint_focus_ring(painter, self.theme, QRectF(self.rect()).adjusted(2, 2, -2, -2))

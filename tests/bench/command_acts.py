"""What an officer does in the command view while it is measured: acts with their seconds, played by a timer."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from chengyun_console.maps.panel import MapPanel
from chengyun_console.pages.command.page import CommandPage
from chengyun_console.pages.map.page import MapPage
from chengyun_console.shell.window import ConsoleWindow
from chengyun_widgets.mapping.canvas import MapCanvas

MOVE_MS = 16
"""A mouse tells of itself as often as a screen shows."""
NOTCH = 120
REACH_PX, TURNS_PER_S = 180.0, 0.4
WHEEL_EVERY = 12
"""Moves from one notch of the wheel to the next: five a second."""
_NO = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that is done and how long what it brings is looked at. `kind` is the class it is told in."""

    kind: str
    seconds: float
    do: Callable[[], object]
    undo: Callable[[], object] = lambda: None


class Hand(QObject):
    """The mouse over a map: drags it round in circles, and turns the wheel in and out meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=MOVE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._move)
        self._canvas: MapCanvas | None = None
        self._moves, self._began_s = 0, 0.0
        self._zooms = False

    def begin(self, canvas: MapCanvas, *, zooms: bool) -> None:
        """Take hold of a map."""
        self._canvas, self._zooms, self._moves, self._began_s = canvas, zooms, 0, time.perf_counter()
        if not zooms:
            self._send(QEvent.Type.MouseButtonPress, self._at())
        self._timer.start()

    def end(self) -> None:
        """Let go; harmless when nothing is held."""
        if self._canvas is not None and not self._zooms:
            self._send(QEvent.Type.MouseButtonRelease, self._at())
        self._timer.stop()
        self._canvas = None

    def _move(self) -> None:
        self._moves += 1
        if not self._zooms:
            self._send(QEvent.Type.MouseMove, self._at())
        elif self._moves % WHEEL_EVERY == 0:
            self._wheel()

    def _at(self) -> QPointF:
        """Return where the hand is by the time: a hand does not wait for the screen."""
        assert self._canvas is not None
        turned = 2 * math.pi * TURNS_PER_S * (time.perf_counter() - self._began_s)
        middle = QPointF(self._canvas.rect().center())
        return middle + QPointF(REACH_PX * math.sin(turned), REACH_PX * 0.6 * math.sin(turned * 0.7))

    def _send(self, kind: QEvent.Type, at: QPointF) -> None:
        canvas = self._canvas
        assert canvas is not None
        left = Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else left
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else left
        QApplication.sendEvent(canvas, QMouseEvent(kind, at, canvas.mapToGlobal(at), button, held, _NO))

    def _wheel(self) -> None:
        canvas = self._canvas
        assert canvas is not None
        at = QPointF(canvas.rect().center())
        notches = NOTCH if self._moves // WHEEL_EVERY % 12 < 6 else -NOTCH
        QApplication.sendEvent(
            canvas,
            QWheelEvent(at, canvas.mapToGlobal(at), QPoint(), QPoint(0, notches), Qt.MouseButton.NoButton, _NO,
                        Qt.ScrollPhase.NoScrollPhase, False),
        )  # fmt: skip


class Player(QObject):
    """Plays acts one after another; `began` has when each began, seconds since the first."""

    def __init__(self, acts: Sequence[Act], *, again: bool = False) -> None:
        super().__init__()
        self._acts, self._again = list(acts), again
        self.began: list[tuple[float, str]] = []
        self._at, self._first_s = -1, 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._next)

    @property
    def seconds(self) -> float:
        """Return how long all of it takes."""
        return sum(act.seconds for act in self._acts)

    def start(self) -> None:
        """Begin with the first act."""
        self._first_s = time.perf_counter()
        self._next()

    def stop(self) -> None:
        """End the act that is played."""
        self._timer.stop()
        if 0 <= self._at < len(self._acts):
            self._acts[self._at].undo()
        self._at = len(self._acts)

    def kind_at(self, at_s: float) -> str:
        """Return the class of what was done last at a time."""
        return next((kind for began_s, kind in reversed(self.began) if began_s <= at_s), "")

    def _next(self) -> None:
        if 0 <= self._at < len(self._acts):
            self._acts[self._at].undo()
        self._at += 1
        if self._again and self._at == len(self._acts):
            self._at = 0
        if self._at >= len(self._acts):
            return
        act = self._acts[self._at]
        self.began.append((time.perf_counter() - self._first_s, act.kind))
        self._timer.start(round(act.seconds * 1000))
        act.do()


class Officer:
    """The hands of who sits at the window: keys, mouse, and the pages they lead to."""

    def __init__(self, window: ConsoleWindow) -> None:
        self._window, self.hand = window, Hand()
        self.command, self.map = window.stack.of(CommandPage), window.stack.of(MapPage)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = _NO) -> None:
        """Press a key where the keyboard is."""
        focus: QWidget | None = self._window.focusWidget()
        QTest.keyClick(focus or self._window, key, held)

    def go(self, page: str) -> None:
        """Go to a page with a key of its own by it."""
        self.key(getattr(Qt.Key, f"Key_{page}"))

    def lay(self, layout: int) -> None:
        """Take a layout of F6 by its key."""
        self.key(Qt.Key(Qt.Key.Key_0 + layout), Qt.KeyboardModifier.AltModifier)

    def show_panes(self, count: int) -> None:
        """Show so many panes by their key: 9 for nine, 4 for four."""
        self.command.video.focus_front()
        self.key(Qt.Key(Qt.Key.Key_0 + count))

    def show_everything(self) -> None:
        """Turn on what a map may show of its own and every layer of the centre, on both maps."""
        for panel in (self.command.map, self.map.map):
            for row in panel.toggles.rows():
                if not row.is_on:
                    panel.toggles.turn(row.id)

    def turn_layer(self, digit: int) -> None:
        """Turn what has a digit on the map of F6."""
        self.command.map.canvas.setFocus()
        self.key(Qt.Key(Qt.Key.Key_0 + digit))

    def move(self, panel: MapPanel, seconds: float, *, zooms: bool) -> Act:
        """Return the act of moving a map."""
        kind = f"{'zoom' if zooms else 'pan'} the map of {'F6' if panel is self.command.map else 'F5'}"
        return Act(
            kind=kind, seconds=seconds, do=partial(self.hand.begin, panel.canvas, zooms=zooms), undo=self.hand.end
        )

    def page(self, page: str, seconds: float, kind: str = "") -> Act:
        """Return the act of going to a page."""
        return Act(kind=kind or f"go to {page}", seconds=seconds, do=partial(self.go, page))

    def layouts(self, seconds: float) -> list[Act]:
        """Return the acts of taking each layout, the first one at the end."""
        return [Act(kind=f"take layout {at}", seconds=seconds, do=partial(self.lay, at)) for at in (2, 3, 4, 1)]

    def event(self, number: int, seconds: float) -> Act:
        """Return the act of opening an event from the strip, which leads to F3."""
        return Act(kind="open an event", seconds=seconds,
                   do=partial(self._window.routes.open_strip_item, f"event:{number}"))  # fmt: skip

    def panes(self, count: int, seconds: float) -> Act:
        """Return the act of showing so many panes."""
        return Act(kind=f"{count} panes", seconds=seconds, do=partial(self.show_panes, count))

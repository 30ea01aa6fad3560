"""Drawing and measuring on the map: points by clicks or by a cross the keys move, taken back one by one."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_widgets.mapping.canvas_painting import MapPainting
from chengyun_widgets.mapping.layers import Sketch, World
from chengyun_widgets.mapping.pencil import Pencil
from chengyun_widgets.mapping.tools import MEASURING, Tool
from chengyun_widgets.theme import Theme

_CROSS_STEP_PX = 16.0
_FINE_STEP_PX = 1.0
_GRIP_PX = 12.0
_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0), Qt.Key.Key_Right: (1.0, 0.0), Qt.Key.Key_Up: (0.0, -1.0), Qt.Key.Key_Down: (0.0, 1.0),
}  # fmt: skip


class CanvasDrawing(MapPainting):
    """While something is drawn: a click or Space puts a point, arrows move the cross (Shift: by one px), Backspace or a
    right click takes the last point back, Enter or a double click finishes, Esc gives up. Handles can be dragged.
    The map is panned by dragging and by the wheel as ever, so that a drawing may be larger than the window.
    While a drawing is edited: Tab goes from handle to handle, arrows move the handle, Backspace takes it away.
    """

    was_drawn = Signal(object, object)
    """Tool, tuple of world places: AREA, CLOSURE, ARROW, NOTE, CIRCLE (centre and a point of the edge)."""
    was_redrawn = Signal(str, object)
    """Id of the sketch that was being edited, and its places now."""
    was_measured = Signal(object)
    """Measured: after LENGTH and SURFACE."""
    drawing_was_refused = Signal(object, object)
    """Tool, Lack: it cannot be finished like that; nothing was lost."""
    drawing_did_end = Signal()
    """Finished or given up: no tool is in the hand any more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._edited = ""
        self._grip: int | None = None
        self._handle = 0

    @property
    def is_drawing(self) -> bool:
        """Whether a tool is in the hand."""
        return self.pencil is not None

    def begin_drawing(self, tool: Tool, severity: int = 0) -> None:
        """Take a tool in the hand; what was being drawn is given up. `severity` is what the drawing will mean."""
        self._begin(Pencil(tool), "", severity)

    def begin_editing(self, sketch: Sketch) -> None:
        """Take a drawing in the hand: its points become handles. Leave it out of the layers meanwhile."""
        self._begin(Pencil(Tool(sketch.kind), sketch.points), sketch.id, sketch.severity)

    def cancel_drawing(self) -> None:
        """Give up what is being drawn."""
        if self.pencil is not None:
            self._end()

    def undo_point(self) -> bool:
        """Take the last point back; returns whether there was one."""
        if self.pencil is None:
            return False
        was_there = self.pencil.take_away(self._handle) if self._edited else self.pencil.undo()
        self._handle = min(self._handle, len(self.pencil.points) - 1)
        self.update()
        return was_there

    def finish_drawing(self) -> bool:
        """Finish what is being drawn and tell it; refused and told why when it is not complete."""
        pencil = self.pencil
        if pencil is None:
            return False
        lack = pencil.lack()
        if lack is not None:
            self.drawing_was_refused.emit(pencil.tool, lack)
            return False
        # Measured as it stands: the cross is not a point of it.
        pencil.cursor = None
        edited = self._edited
        self._end()
        if edited:
            self.was_redrawn.emit(edited, tuple(pencil.points))
        elif pencil.tool in MEASURING and pencil.tool is not Tool.CIRCLE:
            self.was_measured.emit(pencil.measured())
        else:
            self.was_drawn.emit(pencil.tool, tuple(pencil.points))
        return True

    def put_at(self, at: QPointF) -> None:
        """Put a point where a finger is; a drawing that has all its points is finished by that."""
        if self.put_world(self.screen_now.world(at)):
            self.finish_drawing()

    def put_world(self, place: World) -> bool:
        """Put a point at a place of the world; returns whether the drawing has all its points."""
        if self.pencil is None or self._edited:
            return False
        self.update()
        return self.pencil.put(place)

    def point_at(self, at: QPointF) -> None:
        """Move the cross to where the mouse is."""
        if self.pencil is not None and not self._edited:
            self.pencil.cursor = self.screen_now.world(at)
            self.update()

    def grip_at(self, at: QPointF) -> None:
        """Take hold of the handle under a finger, if there is one."""
        if self.pencil is None:
            return
        screen = self.screen_now
        away = [(screen.px(*point) - at).manhattanLength() for point in self.pencil.points]
        nearest = min(range(len(away)), key=away.__getitem__, default=None)
        self._grip = nearest if nearest is not None and away[nearest] <= _GRIP_PX else None
        if self._grip is not None:
            self._handle = self._grip

    def drag_grip(self, at: QPointF) -> bool:
        """Move the handle that is held; returns whether one is."""
        if self.pencil is None or self._grip is None:
            return False
        self.pencil.points[self._grip] = self.screen_now.world(at)
        self.update()
        return True

    def let_grip_go(self) -> None:
        """Let the handle go."""
        self._grip = None

    def drawing_takes(self, event: QKeyEvent) -> bool:
        """Do what a key means while something is drawn; returns whether it meant anything."""
        if self.pencil is None:
            return False
        key = Qt.Key(event.key())
        if key in _ARROWS:
            is_fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._move_cross(*_ARROWS[key], _FINE_STEP_PX if is_fine else _CROSS_STEP_PX)
        elif key == Qt.Key.Key_Space:
            self.put_at(self._cross())
        elif key == Qt.Key.Key_Backspace:
            self.undo_point()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish_drawing()
        elif key == Qt.Key.Key_Escape:
            self.cancel_drawing()
        else:
            return False
        return True

    def _begin(self, pencil: Pencil, edited: str, severity: int) -> None:
        self.pencil, self._edited, self._grip, self._handle = pencil, edited, None, 0
        self.pencil_severity = severity
        if not edited:
            # The keyboard begins in the middle; a mouse that moves takes the cross with it.
            pencil.cursor = self.view.x, self.view.y
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()

    def _end(self) -> None:
        self.pencil, self._edited, self._grip, self._handle = None, "", None, 0
        self.unsetCursor()
        self.update()
        self.drawing_did_end.emit()

    def next_handle(self, step: int) -> bool:
        """Go to another handle of the drawing that is edited; returns whether one is."""
        if self.pencil is None or not self._edited or not self.pencil.points:
            return False
        self._handle = (self._handle + step) % len(self.pencil.points)
        self.update()
        return True

    @override
    def held_handle(self) -> int | None:
        """Return which handle the keys move, None while nothing is edited."""
        return self._handle if self._edited else None

    def _cross(self) -> QPointF:
        cursor = self.pencil.cursor if self.pencil is not None else None
        return self.screen_now.px(*(cursor if cursor is not None else (self.view.x, self.view.y)))

    def _move_cross(self, dx: float, dy: float, step: float) -> None:
        """Move the cross, or the handle of a drawing that is edited; it stays in the window."""
        if self.pencil is None:
            return
        begin = self.screen_now.px(*self.pencil.points[self._handle]) if self._edited else self._cross()
        at = begin + QPointF(dx * step, dy * step)
        held = QPointF(min(max(0.0, at.x()), self.width()), min(max(0.0, at.y()), self.height()))
        if self._edited:
            self.pencil.points[self._handle] = self.screen_now.world(held)
        else:
            self.pencil.cursor = self.screen_now.world(held)
        self.update()

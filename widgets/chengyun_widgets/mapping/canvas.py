"""The map in an officer's hands: mouse, wheel, fingers and keys move it, choose on it, and draw on it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget
from typing_extensions import override

from chengyun_widgets.mapping import finger
from chengyun_widgets.mapping.canvas_view import SPLIT_ZOOM, CanvasView
from chengyun_widgets.mapping.layers import MapItem
from chengyun_widgets.mapping.symbols import Symbol
from chengyun_widgets.mapping.view import MOST_ZOOM, fitting
from chengyun_widgets.theme import Theme

PAN_PX = 96.0
FINE_PAN_PX = 16.0
ZOOM_STEP = 0.5
_WHEEL_NOTCH = 120.0
_DRAG_PX = 4
_PANS = {
    Qt.Key.Key_Left: (-1.0, 0.0), Qt.Key.Key_Right: (1.0, 0.0), Qt.Key.Key_Up: (0.0, -1.0), Qt.Key.Key_Down: (0.0, 1.0),
}  # fmt: skip
_ZOOMS = {
    Qt.Key.Key_Plus: ZOOM_STEP, Qt.Key.Key_Equal: ZOOM_STEP, Qt.Key.Key_Minus: -ZOOM_STEP,
    Qt.Key.Key_Underscore: -ZOOM_STEP,
}  # fmt: skip
_WALKS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
"""From mark to mark of those in the window, the gravest first."""
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapAsk:
    """A menu is wanted: at which place of the world, on what, and where on the screen it should open."""

    x: float
    y: float
    item: MapItem | None
    at: QPoint


class MapCanvas(CanvasView):
    """Keys: arrows pan (Shift: a little), +/- zoom, Home shows the whole, PgDn and PgUp walk over what is in the window
    gravest first, Enter opens it (a cluster: its members), Esc lets go. Mouse and touch: drag, wheel or two fingers,
    double click to open or to go nearer, click to choose (an area once more: the one beneath it), right click for a
    menu. While something is drawn see `CanvasDrawing`.
    """

    was_hovered = Signal(object)
    """MapItem, None when the mouse left it. What the keyboard walks to counts as hovered."""
    was_chosen = Signal(object)
    """MapItem: a click on it; None: a click beside it, or Esc, let go of what was chosen."""
    was_opened = Signal(object)
    """MapItem: Enter, or a double click on it."""
    group_was_opened = Signal(object)
    """tuple[MapItem, …], gravest first: a cluster that going nearer would not split, or may not."""
    was_asked = Signal(object)
    """MapAsk."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._pressed: QPointF | None = None
        self._has_dragged = False
        self._chosen_before: MapItem | None = None
        """What was chosen before the last click: a double click is about that, not about what its first half chose."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.grabGesture(Qt.GestureType.PinchGesture)

    def pick(self, x: float, y: float) -> tuple[MapItem, ...]:
        """Return what is under a point of the window: marks and members of clusters, dots, lines, then areas."""
        at = QPointF(x, y)
        ground = self._ground(at, is_drawn_told=True)
        return (*self._points(at), *ground.lines, *ground.areas)

    def choose(self, item: MapItem | None) -> None:
        """Put the ring of choice on an item, or take it away; says nothing to anybody."""
        if item != self.chosen:
            is_drawn = any(self.area_of(one) is not None for one in (item, self.chosen))
            self.chosen, self.touched = item, None
            self.setAccessibleDescription(self._spoken(item))
            if is_drawn:
                self.refresh()
            self.update()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture) and pinch.scaleFactor() > 0:
                # Two fingers: the drag the first one began is none.
                self._pressed = None
                self.zoom_by(math.log2(pinch.scaleFactor()), QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint())))
                return True
        return super().event(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._has_dragged = event.position(), False
            self.grip_at(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            self.point_at(at)
            self._hover(at)
        elif self._has_dragged or (at - self._pressed).manhattanLength() >= _DRAG_PX:
            self._has_dragged = True
            if not self.drag_grip(at):
                self.pan(self._pressed.x() - at.x(), self._pressed.y() - at.y())
                self._pressed = at

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # Nothing is pressed at the end of a double click, nor after two fingers.
        was_click, self._pressed = self._pressed is not None and not self._has_dragged, None
        self.let_grip_go()
        if event.button() != Qt.MouseButton.LeftButton or not was_click:
            return
        if self.is_drawing:
            self.put_at(event.position())
        else:
            self._click(event.position())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        found = finger.symbols_at(self.scene, self.screen_now, self.theme, at)
        area = self._area_opened(at)
        if self.is_drawing:
            self.finish_drawing()
        elif found and not found[0].is_cluster:
            self.was_opened.emit(found[0].item)
        elif not found and area is not None:
            self._choose_at(area, at)
            self.was_opened.emit(area)
        elif not found:
            self.zoom_by(1.0, at)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(None)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() / _WHEEL_NOTCH
        if turned:
            self.zoom_by(turned * ZOOM_STEP, event.position())
        event.accept()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.is_drawing:
            self.undo_point()
            return
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        rect = self.rect_of(self.chosen) if by_key and self.chosen is not None else None
        at = (
            rect.center()
            if rect is not None
            else QPointF(self.width() / 2, self.height() / 2)
            if by_key
            else QPointF(event.pos())
        )
        items = (self.chosen,) if rect is not None else self.pick(at.x(), at.y())
        x, y = self.screen_now.world(at)
        self.was_asked.emit(MapAsk(x=x, y=y, item=items[0] if items else None, at=self.mapToGlobal(at.toPoint())))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.drawing_takes(event):
            return
        if key in _PANS:
            step = FINE_PAN_PX if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else PAN_PX
            self.pan(*(part * step for part in _PANS[key]))
        elif key in _ZOOMS:
            self.zoom_by(_ZOOMS[key])
        elif key in _WALKS:
            self._walk(_WALKS[key])
        elif key == Qt.Key.Key_Home:
            self.go_home()
        elif key in _ENTERS and self.chosen is not None:
            self._open(self.chosen)
        elif key == Qt.Key.Key_Escape and self.chosen is not None:
            self.choose(None)
            self._set_hovered(None)
            self.was_chosen.emit(None)
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes over the handles of what is edited; else it leaves the map: hundreds of marks are no way through."""
        if self.next_handle(1 if next else -1):
            return True
        return super().focusNextPrevChild(next)

    def _click(self, at: QPointF) -> None:
        self._chosen_before = self.chosen
        found = finger.symbols_at(self.scene, self.screen_now, self.theme, at)
        if found and found[0].is_cluster:
            self.choose(found[0].item)
            self._open_group(found[0])
            return
        ground = self._ground(at, is_drawn_told=True)
        items = (*self._points(at), *ground.lines) or self._beneath(ground.areas)
        self._choose_at(items[0] if items else None, at)

    def _choose_at(self, item: MapItem | None, at: QPointF) -> None:
        """Choose what was clicked on, and tell it; a click on nothing only where something was chosen."""
        had = self.chosen is not None
        self.choose(item)
        self.touched = self.screen_now.world(at) if item is not None else None
        if had or item is not None:
            self.was_chosen.emit(item)

    def _beneath(self, areas: tuple[MapItem, ...]) -> tuple[MapItem, ...]:
        """Return areas from the one beneath what is chosen on: a warning may lie wholly under another one."""
        after = areas.index(self.chosen) + 1 if self.chosen in areas else 0
        return (*areas[after:], *areas[:after])

    def _area_opened(self, at: QPointF) -> MapItem | None:
        """Return the area drawn over the map that a double click opens: what was chosen already, else the foremost."""
        ground = self._ground(at, is_drawn_told=True)
        if ground.lines or next(self._dots(at), None) is not None:
            return None
        foremost = self._chosen_before if self._chosen_before in ground.areas else next(iter(ground.areas), None)
        return foremost if self.area_of(foremost) is not None else None

    def _points(self, at: QPointF) -> tuple[MapItem, ...]:
        found = finger.symbols_at(self.scene, self.screen_now, self.theme, at)
        return (*(item for one in found for item in one.items), *self._dots(at))

    def _dots(self, at: QPointF) -> Iterator[MapItem]:
        return finger.dots_at(self.layers, self.screen_now, at)

    def _ground(self, at: QPointF, *, is_drawn_told: bool) -> finger.Ground:
        return finger.ground_at(self.layers, self._shapes, self.screen_now, at, is_drawn_told=is_drawn_told)

    def _open(self, item: MapItem) -> None:
        group = next((one for one in self.scene.symbols if one.is_cluster and one.item == item), None)
        if group is not None:
            self._open_group(group)
        else:
            self.was_opened.emit(item)

    def _open_group(self, group: Symbol) -> None:
        """Go nearer until the members come apart; where that does not help, let them be listed."""
        nearer = fitting(group.bounds, self.width(), self.height(), SPLIT_ZOOM)
        if self.is_locked or nearer.zoom < self.view.zoom + ZOOM_STEP or self.view.zoom >= MOST_ZOOM:
            self.group_was_opened.emit(group.items)
        else:
            self.look_at(nearer)

    def _walk(self, step: int) -> None:
        order = finger.walk(self.scene, self.layers, self.screen_now)
        at = order.index(self.chosen) + step if self.chosen in order else (0 if step > 0 else len(order) - 1)
        if not 0 <= at < len(order):
            self.choose(None)
            return
        self.choose(order[at])
        self._set_hovered(order[at])

    def _hover(self, at: QPointF) -> None:
        """Point at what is under the mouse, but for areas drawn over the map: in a storm it is always in one."""
        if not self.is_drawing:
            ground = self._ground(at, is_drawn_told=False)
            self._set_hovered(next(iter((*self._points(at), *ground.lines, *ground.areas)), None))

    def _set_hovered(self, item: MapItem | None) -> None:
        if item != self.hovered:
            self.hovered = item
            self.update()
            self.was_hovered.emit(item)

    def _spoken(self, item: MapItem | None) -> str:
        """Return what a screen reader says of an item: its name, or how many a cluster holds, and how grave it is."""
        if item is None:
            return ""
        group = next((one for one in self.scene.symbols if one.is_cluster and one.item == item), None)
        found, area = self.row_of(item), self.area_of(item)
        if group is not None:
            return self.texts.cluster.format(count=group.count, severity=self.texts.severities[group.severity])
        if area is not None:
            return self.texts.point.format(name=area.label or area.id, severity=self.texts.severities[area.severity])
        if found is None:
            return item.id
        layer, row = found
        return self.texts.point.format(name=layer.names[row], severity=self.texts.severities[layer.severity[row]])

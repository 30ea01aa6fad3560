"""The heat grid: every vital a cell in titled groups, the abnormal first; it zooms, and marks what is searched for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour, Severity, TypeSize
from chengyun_widgets.heat_layout import LARGEST_PX, Block, GroupPlace, cell_map, centres, in_rows, lay_out
from chengyun_widgets.heat_marks import MOST_NAMED, NAMED_PX, paint_counts, paint_name, paint_shape
from chengyun_widgets.heat_picture import DIMMED, GROUND, NO_DATA, HeatPicture
from chengyun_widgets.heat_view import HeatView
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

NO_VITAL = -1
_REACH_PX = 14.0
_DRAG_PX = 5.0
_SHAPE_PX = 12
"""From this pitch on an abnormal cell carries its severity's shape: colour is never alone where there is room."""
_MOST_DRAWN = 600
"""Shapes and frames drawn one by one at most; more are seen by their colour."""
_MOST_FRAMED = 60
"""More hits are told from the rest by being the bright ones; frames round tiny neighbours would run together."""
_ZOOM_KEYS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_Underscore: -1}
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatGroup:
    """One group: `members` int32[n], the indices of its vitals in the arrays given to `set_states`.

    `names`: what each member is called in a cell with room for it; empty: nothing.
    """

    key: str
    title: str
    members: NDArray[np.int32]
    names: tuple[str, ...] = ()


class HeatGrid(Painted):
    """Cells as large as the room allows; where that is small, the abnormal ones stand in a strip of large cells.

    Arrow keys walk from cell to cell, Enter opens; the wheel or + and - zoom, 0 shows all again, dragging moves what is
    zoomed. `set_marked` dims everything but what is searched for. A pointer within 14 px of an abnormal cell
    means that cell: fingers and tired hands do not hit 3 px.
    """

    cell_is_hovered = Signal(int)
    """Index of the vital under the pointer or the keyboard's aim, -1 for none."""
    cell_was_opened = Signal(int)
    """Index of the vital that was clicked or chosen with Enter."""
    group_was_opened = Signal(str)
    """Key of the group whose title was clicked."""
    zoom_did_change = Signal(float)
    """How many times larger than the room the grid is now; 1 shows everything."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._groups: tuple[HeatGroup, ...] = ()
        self._group_columns = 4
        self._severity = np.zeros(0, dtype=np.uint8)
        self._has_data = np.zeros(0, dtype=bool)
        self._places: tuple[GroupPlace, ...] = ()
        self._size: tuple[int, int, float] = (0, 0, 0.0)
        self._centres = centres(())
        self._vital_of_slot = np.zeros(0, dtype=np.int32)
        self._name_of: dict[int, str] = {}
        self._counts: list[list[int]] = []
        self._marked: NDArray[np.bool_] | None = None
        self._view = HeatView()
        self._picture = HeatPicture(theme)
        self._pressed: QPointF | None = None
        self._is_dragged = False
        self._is_arranged = False
        self._aim = NO_VITAL
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 120)

    def set_groups(self, groups: Sequence[HeatGroup]) -> None:
        """Set the groups, left to right and top to bottom."""
        self._groups, self._aim = tuple(groups), NO_VITAL
        self._name_of = {
            vital: name for group in groups for vital, name in zip(group.members.tolist(), group.names, strict=False)
        }
        self._places = ()
        self._rearrange()

    def set_column_count(self, columns: int) -> None:
        """Set how many groups stand side by side."""
        self._group_columns = max(1, columns)
        self._rearrange()

    def set_states(self, severity: NDArray[np.uint8], has_data: NDArray[np.bool_]) -> None:
        """Set the states of all vitals: uint8[N] Severity and bool[N]. Copied; equal states cost no painting."""
        if np.array_equal(severity, self._severity) and np.array_equal(has_data, self._has_data):
            return
        self._severity, self._has_data = severity.copy(), has_data.copy()
        self._rearrange()

    def set_marked(self, marked: NDArray[np.bool_] | None) -> None:
        """Dim every cell but the marked ones, bool[N]; None shows all alike again."""
        if marked is None and self._marked is None:
            return
        self._marked = None if marked is None else marked.copy()
        self._picture.forget()
        self.update()

    def step_marked(self, step: int) -> int:
        """Aim at the next (+1) or the one before (-1) of the marked cells, round about; returns it, -1 for none."""
        self._arrange()
        vitals = self._vital_of_slot[self._vital_of_slot >= 0]
        if self._marked is None or not self._marked[vitals].any():
            return NO_VITAL
        found = vitals[self._marked[vitals]]
        here = np.flatnonzero(found == self._aim)
        at = (int(here[0]) + step) % len(found) if len(here) else (0 if step > 0 else len(found) - 1)
        self._aim_at(int(found[at]))
        self._reveal()
        return self._aim

    @property
    def aim(self) -> int:
        """The vital under the pointer or the keyboard's aim, -1 for none."""
        return self._aim

    @property
    def zoom(self) -> float:
        """How many times larger than its room the grid is."""
        return self._view.zoom

    def zoom_by(self, steps: int, under: QPointF | None = None) -> None:
        """Zoom in or out; what is under the point (or the aimed cell, or the middle) stays where it is."""
        at = under if under is not None else self._aim_centre()
        held, share = self._vital_at(at), self._share(at)
        if self._view.step(steps):
            self._place(at, held, share)

    def show_all(self) -> None:
        """Zoom out altogether."""
        if self._view.reset():
            self._rearrange()
            self.zoom_did_change.emit(self._view.zoom)

    def cell_rect(self, vital: int) -> QRectF | None:
        """Return where a vital's cell is, in px of this widget; None when it has none."""
        self._arrange()
        slots = np.flatnonzero(self._vital_of_slot == vital)
        return None if vital < 0 or not len(slots) else self._cell(int(slots[0]))

    @override
    def theme_did_change(self) -> None:
        self._picture.set_theme(self.theme)

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 240)

    @override
    def paint(self, painter: QPainter) -> None:
        self._arrange()
        theme = self.theme
        for group, place, counts in zip(self._groups, self._places, self._counts, strict=True):
            second = theme.colour(Colour.TEXT_SECOND)
            # A title whose beginning has been moved out of sight stays readable at the edge.
            title = place.title.adjusted(max(0.0, -place.title.x()), 0, 0, 0)
            taken = write(painter, title, group.title, theme.font(TypeSize.BODY), second)
            paint_counts(painter, theme, title.adjusted(taken, 0, 0, 0), counts)
        painter.drawImage(0, 0, self._picture.image(self._codes(), self._size[2]))
        self._paint_shapes(painter)
        aim = self.cell_rect(self._aim)
        if aim is not None:
            painter.setPen(QPen(theme.colour(Colour.TEXT), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(aim.adjusted(-1.5, -1.5, 0.5, 0.5))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._rearrange()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is not None and self._view.zoom > 1.0:
            moved = self._pressed - at
            self._is_dragged |= abs(moved.x()) + abs(moved.y()) >= _DRAG_PX
            if self._is_dragged and self._view.pan(moved.x(), moved.y()):
                self._rearrange()
                self._pressed = at
            return
        self._aim_at(self._vital_at(at))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._is_dragged = event.position(), False

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = (event.angleDelta().y() > 0) - (event.angleDelta().y() < 0)
        self.zoom_by(steps, event.position())
        event.accept()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._aim_at(NO_VITAL)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragged, self._pressed, self._is_dragged = self._is_dragged, None, False
        if event.button() != Qt.MouseButton.LeftButton or was_dragged:
            return
        vital = self._vital_at(event.position())
        if vital != NO_VITAL:
            self.cell_was_opened.emit(vital)
            return
        for group, place in zip(self._groups, self._places, strict=True):
            if place.title.contains(event.position()):
                self.group_was_opened.emit(group.key)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        direction = _DIRECTIONS.get(Qt.Key(event.key()))
        if direction is not None:
            self._aim_at(self._neighbour(*direction))
            self._reveal()
        elif event.key() in _ZOOM_KEYS:
            self.zoom_by(_ZOOM_KEYS[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_0:
            self.show_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._aim != NO_VITAL:
            self.cell_was_opened.emit(self._aim)
        else:
            super().keyPressEvent(event)

    def _rearrange(self) -> None:
        self._is_arranged = False
        self._picture.forget()
        self.update()

    def _place(self, at: QPointF, held: int, share: tuple[float, float]) -> None:
        """After a zoom: bring back under `at` the vital that was there, or the same share of the canvas."""
        width, height = self._view.canvas(self.width(), self.height())
        self._view.put(QPointF(share[0] * width, share[1] * height), at)
        self._rearrange()
        rect = self.cell_rect(held)
        if rect is not None:
            self._view.put(rect.center() + self._view.corner, at)
            self._rearrange()
        self.zoom_did_change.emit(self._view.zoom)

    def _share(self, at: QPointF) -> tuple[float, float]:
        """Return where on the canvas a point of the window is, in shares of its width and height."""
        width, height = self._view.canvas(self.width(), self.height())
        on = at + self._view.corner
        return on.x() / max(1, width), on.y() / max(1, height)

    def _aim_centre(self) -> QPointF:
        rect = self.cell_rect(self._aim)
        return rect.center() if rect is not None else QRectF(self.rect()).center()

    def _reveal(self) -> None:
        rect = self.cell_rect(self._aim)
        if rect is not None and self._view.reveal(rect):
            self._rearrange()

    def _blocks(self) -> list[Block]:
        return [block for place in self._places for block in place.blocks]

    def _gravity(self, group: HeatGroup) -> NDArray[np.uint8]:
        """Severity of each member, 0 without data: what is not known is not abnormal, it is dashed."""
        if not len(group.members) or int(group.members.max()) >= len(self._severity):
            return np.zeros(len(group.members), dtype=np.uint8)
        return np.where(self._has_data[group.members], self._severity[group.members], 0).astype(np.uint8)

    def _arrange(self) -> None:
        if self._is_arranged:
            return
        self._is_arranged = True
        gravities = [self._gravity(group) for group in self._groups]
        size = (self.width(), self.height(), self.devicePixelRatioF())
        abnormal = [int(np.count_nonzero(gravity)) for gravity in gravities]
        counts = [len(group.members) for group in self._groups]
        canvas = self._view.canvas(size[0], size[1])
        largest = round(LARGEST_PX * self._view.zoom)
        corner = self._view.corner
        laid_out = in_rows(counts, *canvas, self._view.zoom) or lay_out(
            counts, abnormal, *canvas, self._group_columns, largest
        )
        self._counts = [np.bincount(gravity, minlength=len(Severity)).tolist() for gravity in gravities]
        places = tuple(place.moved(-corner.x(), -corner.y()) for place in laid_out)
        if places != self._places or size != self._size:
            self._places, self._size = places, size
            self._picture.set_map(cell_map(self._blocks(), *size))
            self._centres = centres(self._blocks())
        slots = [_fill(g, gravity, p) for g, gravity, p in zip(self._groups, gravities, places, strict=True)]
        self._vital_of_slot = np.concatenate([np.zeros(0, dtype=np.int32), *slots])

    def _codes(self) -> NDArray[np.uint8]:
        """Return what each slot shows, uint8[slots + 1]; the first is the ground between the cells."""
        vital = self._vital_of_slot
        codes = np.full(len(vital) + 1, GROUND, dtype=np.uint8)
        codes[1:][vital >= 0] = NO_DATA
        known = np.flatnonzero((vital >= 0) & (vital < len(self._severity)))
        held = known[self._has_data[vital[known]]]
        codes[held + 1] = self._severity[vital[held]]
        if self._marked is not None:
            inside = known[vital[known] < len(self._marked)]
            codes[inside[~self._marked[vital[inside]]] + 1] += DIMMED
        return codes

    def _paint_shapes(self, painter: QPainter) -> None:
        """Put the severity's shape on abnormal cells that have the room, and a frame round what is searched for."""
        vital, at = self._vital_of_slot, self._centres
        seen = (vital >= 0) & (vital < len(self._severity))
        seen &= (at[:, 0] >= 0) & (at[:, 0] < self.width()) & (at[:, 1] >= 0) & (at[:, 1] < self.height())
        slots = np.flatnonzero(seen)
        slots = slots[self._has_data[vital[slots]] & (self._severity[vital[slots]] > 0)][:_MOST_DRAWN]
        pitch = self._pitches()
        for slot in slots[pitch[slots] >= _SHAPE_PX].tolist():
            cell = self._cell(slot)
            if cell.width() < NAMED_PX or not self._name_of:
                paint_shape(painter, self.theme, cell, int(self._severity[vital[slot]]))
        self._paint_names(painter)
        self._paint_marked(painter)

    def _paint_names(self, painter: QPainter) -> None:
        """Write into wide cells what they are, the shape of their severity before it."""
        if not self._name_of or not any(block.pitch_x > NAMED_PX for block in self._blocks()):
            return
        known = (self._vital_of_slot >= 0) & (self._vital_of_slot < len(self._severity))
        for slot in np.flatnonzero(known)[:MOST_NAMED].tolist():
            vital, cell = int(self._vital_of_slot[slot]), self._cell(slot)
            if cell.width() >= NAMED_PX and cell.intersects(QRectF(self.rect())):
                severity = int(self._severity[vital]) if self._has_data[vital] else 0
                is_dim = self._marked is not None and vital < len(self._marked) and not self._marked[vital]
                paint_name(painter, self.theme, cell, self._name_of.get(vital, ""), severity, is_dim=is_dim)

    def _paint_marked(self, painter: QPainter) -> None:
        if self._marked is None:
            return
        known = (self._vital_of_slot >= 0) & (self._vital_of_slot < len(self._marked))
        slots = np.flatnonzero(known)
        slots = slots[self._marked[self._vital_of_slot[slots]]]
        if len(slots) > _MOST_FRAMED:
            return
        painter.setPen(QPen(self.theme.colour(Colour.ACCENT), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pitch = self._pitches()
        for slot in slots.tolist():
            side = max(6.0, float(pitch[slot]) + 1)
            painter.drawRect(
                QRectF(self._centres[slot, 0] - side / 2 - 0.5, self._centres[slot, 1] - side / 2 - 0.5, side, side)
            )

    def _cell(self, slot: int) -> QRectF:
        """Return where a slot's cell is, in px of this widget."""
        block = next(block for block in self._blocks() if (slot := slot - block.count) < 0)
        row, column = divmod(slot + block.count, block.columns)
        corner = QPointF(block.x + column * block.pitch_x, block.y + row * block.pitch_y)
        return QRectF(corner, QSizeF(max(1, block.pitch_x - 1), max(1, block.pitch_y - 1)))

    def _pitches(self) -> NDArray[np.int64]:
        """Return the smaller pitch of every slot's block, int64[slots]."""
        parts = [np.full(block.count, min(block.pitch_x, block.pitch_y)) for block in self._blocks()]
        return np.concatenate([np.zeros(0, np.int64), *parts])

    def _vital_at(self, at: QPointF) -> int:
        """Return the vital under the pointer; an abnormal one within reach wins over a calm one."""
        self._arrange()
        used = np.flatnonzero(self._vital_of_slot >= 0)
        if not len(used):
            return NO_VITAL
        vital = self._vital_of_slot[used]
        away = np.hypot(self._centres[used, 0] - at.x(), self._centres[used, 1] - at.y())
        known = vital < len(self._severity)
        abnormal = known & (away <= _REACH_PX)
        abnormal[abnormal] &= (self._severity[vital[abnormal]] > 0) & self._has_data[vital[abnormal]]
        if abnormal.any():
            return int(vital[np.argmin(np.where(abnormal, away, np.inf))])
        nearest = int(np.argmin(away))
        return int(vital[nearest]) if away[nearest] <= self._blocks()[0].pitch_x else NO_VITAL

    def _neighbour(self, dx: int, dy: int) -> int:
        """Return the nearest vital in a direction; straight on counts more than near."""
        self._arrange()
        used = np.flatnonzero(self._vital_of_slot >= 0)
        here = np.flatnonzero(self._vital_of_slot == self._aim)
        if not len(used) or self._aim == NO_VITAL or not len(here):
            return int(self._vital_of_slot[used[0]]) if len(used) else NO_VITAL
        offset = self._centres[used] - self._centres[here[0]]
        ahead, aside = offset @ np.array([dx, dy]), np.abs(offset @ np.array([dy, dx]))
        cost = np.where(ahead > 0.5, ahead + 4 * aside, np.inf)
        best = int(np.argmin(cost))
        return int(self._vital_of_slot[used[best]]) if np.isfinite(cost[best]) else self._aim

    def _aim_at(self, vital: int) -> None:
        if vital != self._aim:
            self._aim = vital
            self.cell_is_hovered.emit(vital)
            self.update()


def _fill(group: HeatGroup, gravity: NDArray[np.uint8], place: GroupPlace) -> NDArray[np.int32]:
    """Return int32[slots]: the vital in each slot, gravest first, calm ones in their own order; -1 leaves it empty."""
    order = group.members[np.argsort(-gravity.astype(np.int16), kind="stable")]
    if place.strip is None:
        return order.astype(np.int32)
    large = min(int(np.count_nonzero(gravity)), place.strip.count)
    slots = np.full(place.strip.count + place.cells.count, NO_VITAL, dtype=np.int32)
    slots[:large] = order[:large]
    slots[place.strip.count : place.strip.count + len(order) - large] = order[large:]
    return slots

"""The heat grid: every vital a cell, groups with titles, the abnormal first and large, those without data dashed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import Colour, Severity, TypeSize
from chengyun_widgets.heat_layout import BODY, DASH, Block, GroupPlace, cell_map, centres, lay_out
from chengyun_widgets.lettering import write
from chengyun_widgets.painted import Painted
from chengyun_widgets.theme import Theme

NO_VITAL = -1
_REACH_PX = 14.0
_NO_DATA = len(Severity)
_GROUND = _NO_DATA + 1
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatGroup:
    """One group: `members` int32[n], the indices of its vitals in the arrays given to `set_states`."""

    key: str
    title: str
    members: NDArray[np.int32]


class HeatGrid(Painted):
    """Cells as large as the room allows; where that is small, the abnormal ones stand in a strip of large cells.

    Arrow keys walk from cell to cell, Enter opens. A pointer within 14 px of an abnormal cell means that cell: fingers
    and tired hands do not hit 3 px.
    """

    cell_is_hovered = Signal(int)
    """Index of the vital under the pointer or the keyboard's aim, -1 for none."""
    cell_was_opened = Signal(int)
    """Index of the vital that was clicked or chosen with Enter."""
    group_was_opened = Signal(str)
    """Key of the group whose title was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._groups: tuple[HeatGroup, ...] = ()
        self._group_columns = 4
        self._severity = np.zeros(0, dtype=np.uint8)
        self._has_data = np.zeros(0, dtype=bool)
        self._places: tuple[GroupPlace, ...] = ()
        self._size: tuple[int, int, float] = (0, 0, 0.0)
        self._map = cell_map((), 1, 1, 1.0)
        self._centres = centres(())
        self._vital_of_slot = np.zeros(0, dtype=np.int32)
        self._pixels = np.zeros((1, 1), dtype=np.uint32)
        self._lut = self._look_up_table()
        self._is_arranged = False
        self._aim = NO_VITAL
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 120)

    def set_groups(self, groups: Sequence[HeatGroup]) -> None:
        """Set the groups, left to right and top to bottom."""
        self._groups, self._aim = tuple(groups), NO_VITAL
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

    def cell_rect(self, vital: int) -> QRectF | None:
        """Return where a vital's cell is, in px of this widget; None when it has none."""
        self._arrange()
        slots = np.flatnonzero(self._vital_of_slot == vital)
        if vital < 0 or not len(slots):
            return None
        slot = int(slots[0])
        for block in self._blocks():
            if slot < block.count:
                row, column = divmod(slot, block.columns)
                corner = QPointF(block.x + column * block.pitch_x, block.y + row * block.pitch_y)
                return QRectF(corner, QSizeF(max(1, block.pitch_x - 1), max(1, block.pitch_y - 1)))
            slot -= block.count
        return None

    @override
    def theme_did_change(self) -> None:
        self._lut = self._look_up_table()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 240)

    @override
    def paint(self, painter: QPainter) -> None:
        self._arrange()
        theme = self.theme
        for group, place in zip(self._groups, self._places, strict=True):
            second = theme.colour(Colour.TEXT_SECOND)
            write(painter, place.title, group.title, theme.font(TypeSize.BODY), second)
        painter.drawImage(0, 0, self._image())
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
        self._aim_at(self._vital_at(event.position()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._aim_at(NO_VITAL)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
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
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._aim != NO_VITAL:
            self.cell_was_opened.emit(self._aim)
        else:
            super().keyPressEvent(event)

    def _rearrange(self) -> None:
        self._is_arranged = False
        self.update()

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
        places = lay_out(counts, abnormal, size[0], size[1], self._group_columns)
        if places != self._places or size != self._size:
            self._places, self._size = places, size
            self._map, self._centres = cell_map(self._blocks(), *size), centres(self._blocks())
        slots = [_fill(g, gravity, p) for g, gravity, p in zip(self._groups, gravities, places, strict=True)]
        self._vital_of_slot = np.concatenate([np.zeros(0, dtype=np.int32), *slots])

    def _image(self) -> QImage:
        vital = self._vital_of_slot
        codes = np.full(len(vital) + 1, _GROUND, dtype=np.uint8)
        codes[1:][vital >= 0] = _NO_DATA
        known = np.flatnonzero((vital >= 0) & (vital < len(self._severity)))
        held = known[self._has_data[vital[known]]]
        codes[held + 1] = self._severity[vital[held]]
        self._pixels = self._lut[codes[self._map.slot], self._map.part]
        height, width = self._pixels.shape
        image = QImage(self._pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(self._size[2])
        return image

    def _look_up_table(self) -> NDArray[np.uint32]:
        """uint32[code, part]: severities are filled, no data is a dashed outline, ground is transparent."""
        table = np.zeros((_GROUND + 1, 4), dtype=np.uint32)
        for severity in Severity:
            table[severity, BODY:] = (self.theme.fill(severity) if severity else self.theme.colour(Colour.CELL)).rgba()
        table[_NO_DATA, DASH] = self.theme.colour(Colour.ORNAMENT).rgba()
        return table

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

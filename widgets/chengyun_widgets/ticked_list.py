"""A list to be ticked off: a box at the left says whether a row is settled, the mark beside it how grave it is."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_resources.theme.tokens import SPACE_PX
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_painting import FactDelegate
from chengyun_widgets.shapes import MARK_PX, mark_rect
from chengyun_widgets.step_list import Sign, StepList, StepRow, paint_sign
from chengyun_widgets.theme import Theme


class TickedList(StepList):
    """A StepList whose rows keep the shape of their severity: give them a depth of one, the box stands before it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ticked = _TickedDelegate(self)
        self.setItemDelegate(self._ticked)


class _TickedDelegate(FactDelegate):
    @override
    def _paint_sign(self, painter: QPainter, rect: QRectF, row: FactRow) -> None:
        super()._paint_sign(painter, rect, row)
        if isinstance(row, StepRow) and row.sign is not Sign.NONE:
            place = mark_rect(rect.x() + SPACE_PX * 2, rect.center().y(), MARK_PX + 1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_sign(painter, self._view.theme, place, row.sign)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

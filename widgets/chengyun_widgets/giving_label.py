"""A line of plain text that gives way to its neighbours: cut with an ellipsis, whole where the mouse rests on it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from chengyun_widgets.plain_tip import plain_tip


class GivingLabel(QLabel):
    """As wide as its text where there is room, and never in the way of what needs its width."""

    def __init__(self, least_px: int = 0, parent: QWidget | None = None) -> None:
        """`least_px`: width it keeps when its text is that wide."""
        super().__init__(parent)
        self._least_px = least_px
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show a text; nothing is laid out when it is the same."""
        if text != self._whole:
            self._whole = text
            self.setAccessibleName(text)
            self._fit()
            self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        # One px more than the advance: rounding must not bring an ellipsis.
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 1, super().sizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._least_px, self.sizeHint().width()), super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")
        if shown != self.text():
            self.setText(shown)

"""A row of buttons of which one is down: which side of the editor is shown."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX


class SideTabs(QWidget):
    """Buttons, so that Tab reaches each and shows where the keyboard is."""

    currentChanged = Signal(int)
    """Place of the button that is down now, from 0."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, SPACE_PX)
        row.setSpacing(SPACE_PX)
        for place, title in enumerate(titles):
            button = QPushButton(title)
            button.setFlat(True)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            self._group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.currentChanged)

    def setCurrentIndex(self, place: int) -> None:
        """Turn to a side."""
        self._group.button(place).setChecked(True)
        self.currentChanged.emit(place)

    def carried(self) -> object:
        """Return which side is shown, for a window that takes this one's place."""
        return self._group.checkedId()

    def take_carried(self, kept: object) -> None:
        """Turn to the side that was shown."""
        match kept:
            case int(place) if self._group.button(place) is not None:
                self.setCurrentIndex(place)

"""The buttons over the right side of F8, each with its key: log, contacts, hand-overs, call-outs, coverage."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX


class DutyTabs(QWidget):
    """Plain buttons that know of each other: in Qt's exclusive groups Tab reaches the one that is down only."""

    did_turn = Signal(int)
    """Place of the button that is down now, from 0."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 2, SPACE_PX)
        row.setSpacing(SPACE_PX)
        self.buttons = tuple(QPushButton(title) for title in titles)
        for place, button in enumerate(self.buttons):
            button.setFlat(True)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(partial(self._on_clicked, place))
            row.addWidget(button)
        row.addStretch(1)
        self.turn_to(0)

    @property
    def current(self) -> int:
        """Return the place of the button that is down."""
        return next((place for place, button in enumerate(self.buttons) if button.isChecked()), 0)

    def turn_to(self, place: int) -> None:
        """Press a button."""
        for at, button in enumerate(self.buttons):
            button.setChecked(at == place)
        self.did_turn.emit(place)

    def carried(self) -> object:
        """Return which side is shown, for a window that takes this one's place."""
        return self.current

    def take_carried(self, kept: object) -> None:
        """Turn to the side that was shown."""
        match kept:
            case int(place) if 0 <= place < len(self.buttons):
                self.turn_to(place)

    def _on_clicked(self, place: int, _checked: bool = False) -> None:
        self.turn_to(place)

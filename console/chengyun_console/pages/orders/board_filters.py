"""The reasons for which receipts stand on the supervision board, as buttons with their counts: a filter (WF6)."""

from collections import Counter
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton

from chengyun_console.desk import Desk
from chengyun_console.pages.flow_row import FlowRow
from chengyun_core.model.supervision_rules import Why
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX

REASONS: tuple[Why | None, ...] = (None, *Why)


class BoardFilters(FlowRow):
    """One reason, or all, is chosen; S on the page goes on to the next that has something."""

    why_was_chosen = Signal(object)
    """Why, or None for everything."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.buttons: dict[Why | None, QPushButton] = {}
        self._shown: tuple[object, ...] = ()
        self.flow.setContentsMargins(SPACE_PX * 2, 0, SPACE_PX * 2, SPACE_PX)
        group = QButtonGroup(self)
        for why in REASONS:
            button = QPushButton(self)
            button.setFlat(True)
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.clicked.connect(partial(self._on_clicked, why))
            group.addButton(button)
            self.flow.addWidget(button)
            self.buttons[why] = button

    def show_counts(self, counts: Counter[Why], total: int, chosen: Why | None) -> None:
        """Show how many stand there for each reason for which something does, and the chosen one."""
        shown = (tuple(counts[why] for why in Why), total, chosen)
        if shown == self._shown:
            return
        self._shown = shown
        for why, button in self.buttons.items():
            count = total if why is None else counts[why]
            title = self._desk.say(f"tasks.why.{why.value}" if why is not None else "tasks.why.all")
            button.setText(f"{title} {count}")
            button.setVisible(why is None or count > 0 or why is chosen)
            button.setChecked(why is chosen)
            # Tab comes to the chosen one, arrows go on from there: Qt does that by itself only once one has the focus.
            policy = Qt.FocusPolicy.StrongFocus if why is chosen else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
        self.flow.invalidate()
        self.updateGeometry()

    def _on_clicked(self, why: Why | None, _checked: bool = False) -> None:
        self.why_was_chosen.emit(why)

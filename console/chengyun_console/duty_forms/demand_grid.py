"""The least a shift must have of each role, in 平时 and in 急时: a small grid of numbers, empty where none is asked."""

import json
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_core.model.duty import Demand, DutyRole
from chengyun_core.model.scales import Mode
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, TypeSize

MODES = (Mode.PEACETIME, Mode.EMERGENCY)
_FIELD_PX = 64
_MOST = 99


class DemandGrid(QWidget):
    """What a demand says besides role, count and mode (a kind of post, a unit) stays with it."""

    did_change = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._others: tuple[Demand, ...] = ()
        """Demands for a kind of post or a unit: kept as they are."""
        self.fields: dict[tuple[DutyRole, str], QLineEdit] = {}
        self._lay_out()

    def show_demands(self, demands: Sequence[Demand]) -> None:
        """Fill the grid."""
        self._others = tuple(one for one in demands if one.post)
        plain = {(one.role, one.mode): one.count for one in demands if not one.post}
        for place, field in self.fields.items():
            field.setText(str(plain[place]) if place in plain else "")

    def demands(self) -> tuple[Demand, ...] | None:
        """Return what the grid asks for; None when something in it is no number from 0 to 99."""
        made = []
        for (role, mode), field in self.fields.items():
            text = field.text().strip()
            if not text:
                continue
            if not (text.isascii() and text.isdecimal()) or int(text) > _MOST:
                return None
            made.append(Demand(role=role, count=int(text), mode=mode))
        return (*made, *self._others)

    def text(self) -> str:
        """Return what was typed, as a draft keeps it."""
        return json.dumps([field.text().strip() for field in self.fields.values()])

    def put_text(self, text: str) -> None:
        """Fill in what a draft kept."""
        # A draft may be older than the roles there are now.
        for field, typed in zip(self.fields.values(), json.loads(text), strict=False):
            field.setText(str(typed))

    def _lay_out(self) -> None:
        grid, say = QGridLayout(self), self._desk.say
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_PX * 2)
        grid.setVerticalSpacing(SPACE_PX)
        for at, mode in enumerate(MODES, 1):
            head = Lettered(self._desk.theme, TypeSize.SMALL, text=say(f"word.mode.{mode.value}"))
            grid.addWidget(head, 0, at, Qt.AlignmentFlag.AlignLeft)
        for row, role in enumerate(DutyRole, 1):
            name = say(f"console.duty.role.{role.value}")
            grid.addWidget(Lettered(self._desk.theme, TypeSize.BODY, text=name), row, 0)
            for at, mode in enumerate(MODES, 1):
                field = self.fields[(role, mode.value)] = QLineEdit()
                field.setFixedWidth(_FIELD_PX)
                field.setMinimumHeight(TARGET_PX)
                field.setMaxLength(2)
                told = say("console.duty.form.demand", role=name, mode=say(f"word.mode.{mode.value}"))
                field.setAccessibleName(told)
                field.textEdited.connect(lambda _text: self.did_change.emit())
                grid.addWidget(field, row, at)
        grid.setColumnStretch(len(MODES) + 1, 1)

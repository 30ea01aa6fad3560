"""The scorecard of the unit in focus beneath the supervision board: asked anew as soon as its receipts change (WF6)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.pages.flow_row import FlowRow
from chengyun_console.pages.orders.deed_bar import is_offered, subject_here
from chengyun_console.wording.orders import OrderWords
from chengyun_console.wording.unit_score import cells
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Supervision
from chengyun_core.wire.order_asks import AskScorecard, Score, Scorecard
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX
from chengyun_widgets.ratio_grid import RatioGrid

PERIOD_DAYS = 30
_DAY_NS = 86_400 * NS_PER_S
AT_LEAST_NS = 60 * NS_PER_S
"""Ratios with deadlines in them change though nobody does anything."""
BUTTONS = ("order.mark_unit", "order.urge", "order.escalate")


class UnitPane(QWidget):
    """`look` on each frame; what changed since the scorecard was told first is shown on a wash until another unit."""

    action_was_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.unit = ""
        self.score: Score | None = None
        self._first: Score | None = None
        self._versions: tuple[object, ...] = ()
        self._asked_at = 0
        self._shown: tuple[object, ...] = ()
        self.grid = RatioGrid(desk.theme)
        self.buttons = {name: self._button(name) for name in BUTTONS}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = FlowRow()
        row.flow.setContentsMargins(SPACE_PX * 2, SPACE_PX, SPACE_PX * 2, SPACE_PX)
        for button in self.buttons.values():
            row.flow.addWidget(button)
        column.addWidget(row)
        column.addWidget(self.grid)

    def look(self, unit: str, sheets: tuple[Supervision, ...], marked: int) -> None:
        """Show a unit, `marked` of whose (and of others') receipts are chosen; "" shows nothing."""
        self.setVisible(bool(unit))
        if not unit:
            return
        if unit != self.unit:
            self.unit, self.score, self._first, self._versions = unit, None, None, ()
        self._ask(unit)
        names = self._desk.names
        subject, allowed = subject_here(self._desk), self._desk.allowed()
        offered = tuple(name for name in BUTTONS if is_offered(BY_ID[name], subject, allowed))
        shown = (unit, self.score, sheets[:1], marked, names, offered)
        if shown != self._shown:
            self._shown = shown
            self._show(unit, sheets)
            self._offer(offered, marked)

    def _show(self, unit: str, sheets: tuple[Supervision, ...]) -> None:
        words = OrderWords(self._desk.figures, self._desk.names)
        found = words.names.unit(unit) if words.names is not None else None
        parts = [found.phone if found is not None else "", self._desk.say("tasks.score.period", days=PERIOD_DAYS)]
        if sheets:
            until = words.until(sheets[0].answer_by, self._desk.now_ns())
            parts.insert(0, self._desk.say("tasks.score.sheet", sheet=sheets[0].code, time=until))
        note = self._desk.say("events.pieces_between").join(part for part in parts if part)
        self.grid.show_ratios(words.who(unit), note, cells(words, self.score, self._first))

    def _offer(self, offered: tuple[str, ...], marked: int) -> None:
        """Show the deeds on what is marked, with how many that is; a sheet is for one unit alone."""
        for name, button in self.buttons.items():
            action = BY_ID[name]
            count = f" {marked}" if marked and name != "order.mark_unit" else ""
            button.setText(f"{action.keys[0]} {self._desk.say(action.title)}{count}")
            button.setVisible(name in offered)

    def _ask(self, unit: str) -> None:
        """Ask when a receipt of the unit is another one than before, and from time to time."""
        now_ns, facts = self._desk.now_ns(), self._desk.session.facts
        versions = tuple((key, row.version) for key, row in facts.receipts.items() if row.recipient == unit)
        if versions == self._versions and 0 <= now_ns - self._asked_at < AT_LEAST_NS:
            return
        self._versions, self._asked_at = versions, now_ns
        ask = AskScorecard(units=(unit,), from_ns=max(0, now_ns - PERIOD_DAYS * _DAY_NS), to_ns=now_ns + _DAY_NS)
        self._desk.session.ask("unit.scorecard", ask, self._take, slot="tasks scorecard")

    def _take(self, answer: object) -> None:
        if not isinstance(answer, Scorecard):
            return
        for score in answer.scores:
            if score.unit == self.unit:
                self._first = self._first or score
                self.score = score

    def _button(self, name: str) -> QPushButton:
        button = QPushButton(self)
        button.setFlat(True)
        button.setMinimumHeight(TARGET_PX)
        button.clicked.connect(lambda _checked=False: self.action_was_asked.emit(name))
        return button

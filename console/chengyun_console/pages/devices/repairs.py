"""Repair tickets: the living ones as the centre tells them, and the ended ones when they are asked for."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.wording.devices import DeviceWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.device_file import Repair
from chengyun_core.wire.device_asks import AskRepairs, Repairs
from chengyun_resources.theme.tokens import TARGET_PX
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_PAGE = 200


class RepairPanel(Panel):
    """The living ones stand first, the soonest due at the top."""

    repair_was_chosen = Signal(str)
    repair_was_opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("devices.repairs"))
        self._desk, self._words = desk, DeviceWords(desk)
        self._told = Repairs()
        self._is_stale = True
        self._state: tuple[object, ...] = ()
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("devices.repairs"))
        self.ended = QPushButton(desk.say("devices.ended"))
        self.ended.setCheckable(True)
        self.ended.setFlat(True)
        self.ended.setMinimumHeight(TARGET_PX)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self.ended)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.list.current_did_change.connect(self.repair_was_chosen)
        self.list.row_was_opened.connect(self.repair_was_opened)
        self.ended.toggled.connect(lambda _on: self.mark_stale())

    def mark_stale(self) -> None:
        """Ask again when it is in front."""
        self._is_stale = True

    def refresh(self) -> None:
        """Bring the rows to now."""
        if self._is_stale:
            self._is_stale = False
            self._desk.session.ask("repair.page", AskRepairs(limit=_PAGE), self._take, slot="devices.repairs")
        facts, now_ns = self._desk.session.facts, self._desk.now_ns()
        state = (facts.through, now_ns // (10 * NS_PER_S), self._told, self.ended.isChecked(), self._desk.names)
        if state == self._state:
            return
        self._state = state
        names = self._desk.names
        rows = self.shown()
        self.list.set_rows(
            [
                self._words.repair_row(one, names.view.device(one.device) if names is not None else None, now_ns)
                for one in rows
            ]
        )
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("devices.no_repairs"))
        living = facts.devices.repairs.values()
        overdue = sum(one.due_at < now_ns for one in living)
        self.set_note(self._desk.say("devices.repairs_note", open=len(living), overdue=overdue))

    def shown(self) -> tuple[Repair, ...]:
        """Return the tickets of the list: the living ones by when they are due, then those that ended."""
        living = self._desk.session.facts.devices.repairs
        first = sorted(living.values(), key=lambda one: (one.due_at, one.number))
        if not self.ended.isChecked():
            return tuple(first)
        return (*first, *(one for one in self._told.repairs if one.number not in living and one.ended_at is not None))

    def current(self) -> Repair | None:
        """Return the ticket in focus."""
        key = self.list.current_key()
        return next((one for one in self.shown() if str(one.number) == key), None)

    def _take(self, told: object) -> None:
        if isinstance(told, Repairs):
            self._told = told

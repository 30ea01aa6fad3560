"""导入排班: a table of people and shifts, its faults by row and column, then taken whole or not at all (H3)."""

from pathlib import Path

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.roster_file import RosterFile
from chengyun_console.shell.intake_sheet import MOST_SHOWN, IntakeSheet, IntakeWords
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import RosterChecked
from chengyun_resources.theme.tokens import Colour
from chengyun_widgets.fact_model import FactRow

_WORDS = IntakeWords(
    title="console.roster.title", hint="console.roster.hint", choose="console.roster.choose",
    confirm="console.roster.confirm", which="console.roster.which", rows="console.roster.faults",
)  # fmt: skip


class RosterSheet(IntakeSheet):
    """A roster is chosen or dropped here."""

    was_taken = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, _WORDS, parent)
        self._file: RosterFile | None = None

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(area)
        if self._file is None:
            self._show_rows([], self._desk.say("console.roster.columns"))

    @override
    def look_at(self, path: Path) -> None:
        if self._file is not None:
            self._file.deleteLater()
        made = self._file = RosterFile(self._desk, path, self)
        made.was_checked.connect(self._on_checked)
        made.did_fail.connect(self._on_failed)
        made.was_taken.connect(self._on_taken)
        self._let(is_good=False)
        self._tell(self._desk.say("console.roster.checking", file=path.name), Colour.TEXT_SECOND)
        made.look()

    @override
    def take(self) -> None:
        if self._file is not None:
            self._file.send()

    def _on_checked(self, told: object) -> None:
        assert isinstance(told, RosterChecked)
        assert self._file is not None
        file, say = self._file.path.name, self._desk.say
        if told.faults:
            self._show_rows([self._fault(at, fault) for at, fault in enumerate(told.faults[:MOST_SHOWN])], "")
            self._tell(say("console.roster.faulty", file=file, count=len(told.faults)), Colour.RED_TEXT)
            self.choose.setFocus()
            return
        good = say("console.roster.good", file=file, people=told.people, shifts=told.shifts, changed=told.changed)
        self._show_rows([], good)
        self._tell(good, Colour.TEXT)
        self._let(is_good=True)
        self.confirm.setFocus()

    def _on_failed(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._tell(self._desk.refusal(reason), Colour.RED_TEXT)

    def _on_taken(self) -> None:
        told = self._desk.say("console.roster.taken")
        self._tell(told, Colour.DONE)
        self._desk.message_came.emit(told, False)
        self.was_taken.emit()

    def _fault(self, at: int, fault: Reason) -> FactRow:
        told = {name: fault.params.get(name, "") for name in ("line", "column", "value")}
        return self._fault_row(at, self._desk.refusal(fault), **told)

"""导入排班: a table of people and shifts, its faults by row and column, then taken whole or not at all (H3)."""

from pathlib import Path

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.file_dialog import FileDialog
from chengyun_console.file_intake import has_files, paths_in
from chengyun_console.lettered import Lettered
from chengyun_console.roster_file import RosterFile
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.failure import Reason
from chengyun_core.wire.duty_asks import RosterChecked
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 980, 560
MOST_SHOWN = 500


class RosterSheet(Overlay):
    """A file is chosen or dropped here; Ctrl+Enter takes what was found good."""

    was_taken = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("console.roster.title"), desk.say("console.roster.hint"), parent)
        self._desk = desk
        self._file: RosterFile | None = None
        self.list = FactList(desk.theme)
        self.told = Lettered(desk.theme, TypeSize.BODY)
        self.choose = QPushButton(desk.say("console.roster.choose"))
        self.confirm = QPushButton(desk.say("console.roster.confirm"))
        self._lay_out()
        self.setAcceptDrops(True)
        self.choose.clicked.connect(lambda _checked=False: self.ask_file())
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        if self._file is None:
            self._show_rows([], self._desk.say("console.roster.columns"))
        self.choose.setFocus()

    def ask_file(self) -> None:
        """Ask for the file beside the window."""
        dialog = FileDialog(self._desk, self.window(), title="console.roster.which")
        dialog.file_was_chosen.connect(lambda name: self.look_at(Path(name)))
        dialog.show()

    def look_at(self, path: Path) -> None:
        """Check a file; nothing of it is taken."""
        if self._file is not None:
            self._file.deleteLater()
        made = self._file = RosterFile(self._desk, path, self)
        made.was_checked.connect(self._on_checked)
        made.did_fail.connect(self._on_failed)
        made.was_taken.connect(self._on_taken)
        self.confirm.setEnabled(False)
        self._tell(self._desk.say("console.roster.checking", file=path.name), Colour.TEXT_SECOND)
        made.look()

    def send(self) -> None:
        """Take what was found good."""
        if self._file is not None and self.confirm.isEnabled():
            self.confirm.setEnabled(False)
            self._file.send()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if has_files(event.mimeData()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = paths_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.look_at(paths[0])

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
        self.confirm.setEnabled(True)
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
        line, column = fault.params.get("line", ""), fault.params.get("column", "")
        where = self._desk.say("events.import.where", line=line, column=column) if line else ""
        value = fault.params.get("value", "")
        return FactRow(
            key=f"fault:{at}", severity=Severity.NONE, title=self._desk.refusal(fault),
            detail=self._desk.say("events.pieces_between").join(filter(None, (where, value))),
        )  # fmt: skip

    def _show_rows(self, rows: list[FactRow], empty: str) -> None:
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, empty)

    def _tell(self, text: str, ink: Colour) -> None:
        self.told.show_text(text)
        self.told.set_colour(ink)

    def _lay_out(self) -> None:
        self.told.setWordWrap(True)
        self.list.setAccessibleName(self._desk.say("console.roster.faults"))
        self.confirm.setEnabled(False)
        body = QWidget()
        column, row = QVBoxLayout(body), QHBoxLayout()
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        for button in (self.choose, self.confirm):
            button.setMinimumHeight(TARGET_PX)
            row.addWidget(button)
        row.addStretch(1)
        column.addWidget(self.told)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")

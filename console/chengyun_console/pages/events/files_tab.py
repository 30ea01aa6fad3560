"""The files of an event: thumbnails, names, digests, who added them when; opened, saved, added by key or drop."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout
from typing_extensions import override

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.event_case import Case
from chengyun_console.lettered import Yielding
from chengyun_console.pages.events.case_tab import CaseTab
from chengyun_console.thumbnails import Thumbnails
from chengyun_console.wording.event_files import file_rows, listed
from chengyun_core.model.event import Attachment
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.presence import Presence

DEEDS = ("event.attach", "event.paste_file", "event.open_file", "event.save_file")


class FilesTab(CaseTab):
    """The chosen file is the desk's (`event_focus.file`): keys act on it."""

    action_was_asked = Signal(str)
    """Id of an action of the table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._case: Case | None = None
        self._files: tuple[Attachment, ...] = ()
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("events.tab.files"))
        self.thumbnails = Thumbnails(desk.session, self)
        self.buttons = {name: self._button(name) for name in DEEDS}
        self._lay_out()
        self.thumbnails.did_change.connect(self._show)
        self.list.current_did_change.connect(self._on_current)
        self.list.row_was_opened.connect(lambda _key: self.action_was_asked.emit("event.open_file"))

    @override
    def show_case(self, case: Case, now_ns: int) -> None:
        self._case, files = case, listed(case)
        if files != self._files:
            self._files = files
            self.thumbnails.want(files)
        self._desk.event_focus.files = files
        self._show()

    @override
    def count(self, case: Case) -> int:
        return len(case.file.attachments) if case.file else 0

    @override
    def left(self) -> None:
        self._desk.event_focus.file = None

    @override
    def entered(self) -> None:
        self._on_current(self.list.current_key())

    def _show(self) -> None:
        if self._case is None:
            return
        rows = file_rows(self._desk, self._case, self.thumbnails.of)
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say("events.tab.files.none"))
        if rows and not self.list.current_key():
            self.list.select(rows[0].key)
        for name in ("event.open_file", "event.save_file"):
            self.buttons[name].setEnabled(bool(rows))

    def _on_current(self, key: str) -> None:
        if self.isVisible():
            self._desk.event_focus.file = next((file for file in self._files if str(file.number) == key), None)

    def _button(self, name: str) -> QPushButton:
        action = BY_ID[name]
        key = QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.PortableText).replace("Return", "Enter")
        button = QPushButton(f"{key} {self._desk.say(action.title)}")
        button.setFlat(True)
        button.setMinimumHeight(TARGET_PX)
        button.clicked.connect(lambda _checked=False: self.action_was_asked.emit(name))
        return button

    def _lay_out(self) -> None:
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row.setContentsMargins(SPACE_PX * 2, 0, SPACE_PX * 2, 0)
        row.setSpacing(SPACE_PX)
        for button in self.buttons.values():
            row.addWidget(button)
        hint = Yielding(self._desk.theme, TypeSize.SMALL)
        hint.show_text(self._desk.say("events.files.hint"))
        row.addWidget(hint, 1)
        column.addLayout(row)
        column.addWidget(self.list, 1)

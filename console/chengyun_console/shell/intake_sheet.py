"""A sheet that takes a file: chosen or dropped, looked at first, its faults as rows, taken whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.file_dialog import FileDialog
from chengyun_console.file_intake import has_files, paths_in
from chengyun_console.lettered import Lettered
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 980, 560
MOST_SHOWN = 500
"""Rows of faults, or of what was found good: more help nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeWords:
    """Codes of what a sheet says: its title and hint, its two buttons, the dialogue's title, its rows' name."""

    title: str
    hint: str
    choose: str
    confirm: str
    which: str
    rows: str


class IntakeSheet(Overlay):
    """Subclasses say what a file is (`look_at`) and how what was found good is sent (`take`); Ctrl+Enter takes it."""

    def __init__(self, desk: Desk, words: IntakeWords, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say(words.title), desk.say(words.hint), parent)
        self._desk, self._which = desk, words.which
        self._is_good = False
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say(words.rows))
        self.told = Lettered(desk.theme, TypeSize.BODY)
        self.choose, self.confirm = QPushButton(desk.say(words.choose)), QPushButton(desk.say(words.confirm))
        self._column = self._laid_out()
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
        self.choose.setFocus()

    def ask_file(self) -> None:
        """Ask for the file beside the window."""
        dialog = FileDialog(self._desk, self.window(), title=self._which)
        dialog.file_was_chosen.connect(lambda name: self.look_at(Path(name)))
        dialog.show()

    def look_at(self, path: Path) -> None:
        """Check a file; nothing of it is taken. For subclasses."""
        raise NotImplementedError

    def take(self) -> None:
        """Take what was found good. For subclasses."""
        raise NotImplementedError

    def send(self) -> None:
        """Take what was found good, once."""
        if self._is_good:
            self._let(is_good=False)
            self.take()

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

    def _let(self, *, is_good: bool) -> None:
        self._is_good = is_good
        self.confirm.setEnabled(is_good)

    def _tell(self, text: str, ink: Colour) -> None:
        self.told.show_text(text)
        self.told.set_colour(ink)

    def _show_rows(self, rows: list[FactRow], empty: str) -> None:
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, empty)

    def _fault_row(self, at: int, sentence: str, *, line: object = "", column: str = "", value: str = "") -> FactRow:
        """Return the row of a fault: what is wrong, and below it where and what stood there."""
        where = self._desk.say("events.import.where", line=line, column=column) if line else ""
        return FactRow(
            key=f"fault:{at}", severity=Severity.NONE, title=sentence,
            detail=self._desk.say("events.pieces_between").join(filter(None, (where, value))),
        )  # fmt: skip

    def _laid_out(self) -> QVBoxLayout:
        self.told.setWordWrap(True)
        self._let(is_good=False)
        body = QWidget()
        column, row = QVBoxLayout(body), QHBoxLayout()
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        for button in (self.choose, self.confirm):
            button.setMinimumHeight(TARGET_PX)
            row.addWidget(button)
        row.setStretch(1, 1)
        column.addWidget(self.told)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        return column

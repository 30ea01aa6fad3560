"""导入事件: a file of events looked at row by row, its faults by line and column, then imported whole or not at all."""

from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.event_import import EventImport, Looked
from chengyun_console.file_dialog import FileDialog
from chengyun_console.lettered import Lettered
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.events import EventWords
from chengyun_core.model.catalogue_rows import CellFault
from chengyun_core.model.event_commands import ImportedEvent
from chengyun_core.model.failure import Reason
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 980, 560
MOST_SHOWN = 500


class ImportSheet(Overlay):
    """Opened by its key it asks for the file at once; Ctrl+Enter imports what was found good."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("events.import.title"), desk.say("events.import.hint"), parent)
        self._desk = desk
        self._import: EventImport | None = None
        self._is_good = False
        self.list = FactList(desk.theme)
        self.told = Lettered(desk.theme, TypeSize.BODY)
        self.choose = QPushButton(desk.say("events.import.choose"))
        self.confirm = QPushButton(desk.say("events.import.confirm"))
        self._lay_out()
        self.choose.clicked.connect(lambda _checked=False: self.ask_file())
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))
        if self._import is None:
            self._show_rows([], self._desk.say("events.import.columns"))
        self.list.setFocus()

    def ask_file(self) -> None:
        """Ask for the file beside the window."""
        dialog = FileDialog(self._desk, self.window(), title="events.import.which")
        dialog.file_was_chosen.connect(lambda name: self.look_at(Path(name)))
        dialog.show()

    def look_at(self, path: Path) -> None:
        """Check a file; nothing of it is sent."""
        if self._import is not None:
            self._import.deleteLater()
        made = self._import = EventImport(self._desk, path, self)
        made.did_advance.connect(lambda share: self._say("events.import.going", file=path.name, share=share))
        made.was_looked_at.connect(self._on_looked)
        made.did_fail.connect(self._on_failed)
        made.was_done.connect(self._on_done)
        self._let(is_good=False)
        self._say("events.import.going", file=path.name, share=0.0)
        made.look()

    def send(self) -> None:
        """Import what was found good."""
        if self._import is not None and self._is_good:
            self._let(is_good=False)
            self._import.send()

    def _on_looked(self, looked: object) -> None:
        assert isinstance(looked, Looked)
        assert self._import is not None
        file = self._import.path.name
        if looked.faults:
            self._show_rows([self._fault(at, fault) for at, fault in enumerate(looked.faults[:MOST_SHOWN])], "")
            self._tell(self._desk.say("events.import.faulty", file=file, count=len(looked.faults)), Colour.RED_TEXT)
            return
        self._show_rows([self._event(row) for row in looked.events[:MOST_SHOWN]], "")
        self._let(is_good=True)
        code = "events.import.good_but" if self._import.unnumbered else "events.import.good"
        told = self._desk.say(code, file=file, count=self._import.count, unnumbered=self._import.unnumbered)
        self._tell(told, Colour.ORANGE_TEXT if self._import.unnumbered else Colour.TEXT)

    def _on_failed(self, reason: object) -> None:
        assert isinstance(reason, Reason)
        self._tell(self._desk.refusal(reason), Colour.RED_TEXT)

    def _on_done(self, count: int, known: int) -> None:
        self._tell(self._desk.say("events.import.done", count=count, known=known), Colour.DONE)
        self._desk.message_came.emit(self._desk.say("events.import.done", count=count, known=known), False)

    def _event(self, row: ImportedEvent) -> FactRow:
        event, words = row.event, EventWords(self._desk.figures, self._desk.names)
        centre = words.names.place(event.centre) if words.names else event.centre
        parts = (self._desk.say("events.import.line", line=row.line), centre, event.place, event.source_ref)
        return FactRow(
            key=str(row.line), severity=Severity.NONE, title=event.title,
            detail=self._desk.say("events.pieces_between").join(filter(None, parts)),
            status=self._desk.say(f"event.source.{event.source.value}"),
        )  # fmt: skip

    def _fault(self, at: int, fault: CellFault) -> FactRow:
        where = self._desk.say("events.import.where", line=fault.line, column=fault.column) if fault.line else ""
        return FactRow(
            key=f"fault:{at}", severity=Severity.NONE,
            title=self._desk.refusal(Reason(code=fault.code, params=fault.params)),
            detail=self._desk.say("events.pieces_between").join(filter(None, (where, fault.value))),
        )  # fmt: skip

    def _show_rows(self, rows: list[FactRow], empty: str) -> None:
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, empty)

    def _let(self, *, is_good: bool) -> None:
        self._is_good = is_good
        self.confirm.setEnabled(is_good)

    def _say(self, code: str, *, file: str, share: float) -> None:
        self._tell(self._desk.say(code, file=file, percent=self._desk.figures.percent(share)), Colour.TEXT_SECOND)

    def _tell(self, text: str, ink: Colour) -> None:
        self.told.show_text(text)
        self.told.set_colour(ink)

    def _lay_out(self) -> None:
        self.told.setWordWrap(True)
        self.list.setAccessibleName(self._desk.say("events.import.rows"))
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

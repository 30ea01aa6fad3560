"""导入预警: the centre looks at a file first; what it would become, or every fault with its line, stands here."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.file_dialog import FileDialog
from chengyun_console.file_intake import has_files, paths_in
from chengyun_console.lettered import Lettered
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.session.background import Background
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.warning_commands import TakeWarning
from chengyun_core.wire.warning_asks import AskWarningCheck, WarningChecked
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 900, 520
LARGEST = 2**20
_SLOT = "warnings.check"


class WarningImport(Overlay):
    """Nothing is taken before it was looked at; Ctrl+Enter takes what was found good."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, desk.say("warnings.import.title"), desk.say("warnings.import.hint"), parent)
        self._desk = desk
        self._name, self._data = "", b""
        self._is_good = False
        self._background = Background(self)
        self.list = FactList(desk.theme)
        self.told = Lettered(desk.theme, TypeSize.BODY)
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.choose = QPushButton(desk.say("warnings.import.choose"))
        self.confirm = QPushButton(desk.say("warnings.import.confirm"))
        self.setAcceptDrops(True)
        self._lay_out()
        self._show([], desk.say("warnings.import.empty"))
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

    def ask_file(self) -> None:
        """Ask for the file beside the window."""
        dialog = FileDialog(self._desk, self.window(), title="warnings.import.choose")
        dialog.file_was_chosen.connect(lambda name: self.look_at(Path(name)))
        dialog.show()

    def look_at(self, path: Path) -> None:
        """Read a file on another thread and have the centre look at it; nothing of it is taken."""
        self._name, self._data = path.name, b""
        self._let(is_good=False)
        self._tell("warnings.import.checking", Colour.TEXT_SECOND)
        self._background.run("warning", _read(path), self._on_read)

    def send(self) -> None:
        """Take what was found good."""
        if self._is_good and not self.sending.is_busy:
            self._let(is_good=False)
            made = TakeWarning(name=self._name, data=self._data)
            told = self._desk.say("warnings.deed.take", file=self._name)
            self.sending.send(made, told, lambda _done: self._on_done())

    def _on_read(self, told: object) -> None:
        if isinstance(told, Reason):
            self._show([], self._desk.refusal(told))
            self.told.show_text("")
        elif isinstance(told, bytes):
            self._data = told
            body = AskWarningCheck(name=self._name, data=told)
            self._desk.session.ask("warning.check", body, self._on_checked, slot=_SLOT)

    def _on_checked(self, told: object) -> None:
        if isinstance(told, Reason):
            self._show([self._fault(0, told)], "")
            self._tell("warnings.import.faulty", Colour.RED_TEXT, count=1)
        elif isinstance(told, WarningChecked) and told.faults:
            self._show([self._fault(at, fault) for at, fault in enumerate(told.faults)], "")
            self._tell("warnings.import.faulty", Colour.RED_TEXT, count=len(told.faults))
        elif isinstance(told, WarningChecked):
            words, now_ns = WarningWords(self._desk), self._desk.now_ns()
            self._show([words.row(one, now_ns) for one in told.warnings], "")
            self._let(is_good=bool(told.warnings))
            code = "warnings.import.good" if told.warnings else "warnings.import.nothing"
            self._tell(code, Colour.TEXT if told.warnings else Colour.ORANGE_TEXT, count=len(told.warnings))

    def _on_done(self) -> None:
        self._tell("warnings.import.done", Colour.DONE)

    def _fault(self, at: int, reason: Reason) -> FactRow:
        where = self._desk.refusal(reason)
        return FactRow(key=f"fault:{at}", severity=Severity.NONE, title=where, detail=reason.params.get("value", ""))

    def _show(self, rows: list[FactRow], empty: str) -> None:
        self.list.set_rows(rows)
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, empty)

    def _let(self, *, is_good: bool) -> None:
        self._is_good = is_good
        self.confirm.setEnabled(is_good)

    def _tell(self, code: str, ink: Colour, **params: object) -> None:
        self.told.show_text(self._desk.say(code, file=self._name, **params))
        self.told.set_colour(ink)

    def _lay_out(self) -> None:
        self.told.setWordWrap(True)
        self.list.setAccessibleName(self._desk.say("warnings.import.rows"))
        self._let(is_good=False)
        body, row = QWidget(), QHBoxLayout()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        for button in (self.choose, self.confirm):
            button.setMinimumHeight(TARGET_PX)
            row.addWidget(button)
        row.setStretch(1, 1)
        column.addWidget(self.told)
        column.addWidget(self.list, 1)
        column.addWidget(self.status)
        column.addLayout(row)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")


def _read(path: Path) -> Callable[[], object]:
    """Return a job that answers the bytes of a file, or the Reason why they cannot be taken."""

    def job() -> object:
        try:
            size = path.stat().st_size
            if size > LARGEST:
                params = {"file": path.name, "size": str(-(-size // 1024))}
                return Reason(code="warnings.import.too_large", params=params)
            return path.read_bytes()
        except OSError as fault:
            return Reason(code="upload.unreadable", params={"file": path.name, "fault": str(fault)})

    return job

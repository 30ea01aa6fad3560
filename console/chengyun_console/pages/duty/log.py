"""The shift log: journal rows as sentences with free lines among them, and the line at its foot to write another."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Yielding
from chengyun_console.pages.duty.known import DutyKnown
from chengyun_console.wording.duty_log import LogWords
from chengyun_core.model.duty import LogKind
from chengyun_core.wire.duty_asks import LogRow
from chengyun_resources.theme.tokens import SPACE_PX, TypeSize
from chengyun_widgets.field import SearchField
from chengyun_widgets.time_lines import TimeLines

FREE = frozenset({LogKind.FREE, LogKind.NOTICE})
FILTERS: tuple[tuple[LogKind, ...], ...] = (
    (), (LogKind.FREE, LogKind.NOTICE), (LogKind.NOTICE,), (LogKind.SNAPSHOT,), (LogKind.CALL,), (LogKind.AUTOMATIC,),
)  # fmt: skip
"""What Alt+F goes through: all, what people wrote, notices, snapshots, calls, what the program wrote."""


class LogPane(QWidget):
    """Newest at the top. Enter writes the line; it goes on standing there until the centre has it."""

    line_was_written = Signal(str)
    line_was_opened = Signal()
    """Enter or a double click on a line."""
    line_was_chosen = Signal()

    def __init__(self, desk: Desk, known: DutyKnown) -> None:
        super().__init__()
        self._desk, self._known = desk, known
        self.lines = TimeLines(desk.theme, is_choosable=True)
        self.told = Yielding(desk.theme, TypeSize.SMALL)
        self.field = SearchField(
            desk.theme, desk.say("console.duty.log.write_here"), desk.say("console.duty.log.enter")
        )
        self._build()
        self.field.was_submitted.connect(self._write)
        self.lines.line_was_opened.connect(lambda _key: self.line_was_opened.emit())
        self.lines.line_was_chosen.connect(lambda _key: self.line_was_chosen.emit())

    def refresh(self) -> None:
        """Show the log as it is known now."""
        words = LogWords(self._desk.figures, self._desk.names)
        rows = sorted(self._known.log.values(), key=lambda row: row.number)
        after = {row.sentence.params.get("line", ""): row for row in rows}
        self.lines.show_lines([words.line(row, after.get(str(row.corrected_by))) for row in rows])
        if self._known.log_failed is not None:
            self.told.show_text(self._desk.refusal(self._known.log_failed))
        elif not rows:
            self.told.show_text(self._filtered(self._desk.say("console.duty.log.empty")))
        else:
            code = "console.duty.log.more" if self._known.log_next else "console.duty.log.whole"
            self.told.show_text(self._filtered(self._desk.say(code, count=len(rows))))
        self.field.setVisible("log.write" in self._desk.allowed())

    @property
    def chosen(self) -> LogRow | None:
        """Return the line that is chosen."""
        key = self.lines.chosen
        return self._known.log.get(int(key)) if key else None

    def to_correct(self) -> LogRow | None:
        """Return the chosen line when this officer may correct it, else the newest that he may."""
        own = [row for row in self._known.log.values() if self._is_own(row)]
        chosen = self.chosen
        return chosen if chosen in own else max(own, key=lambda row: row.number, default=None)

    def to_settle(self) -> LogRow | None:
        """Return the chosen line when it is a notice nobody settled; where none is chosen, the only one there is."""
        notices = [row for row in self._known.log.values() if row.kind is LogKind.NOTICE and row.corrected_by is None]
        chosen = self.chosen
        if chosen is not None:
            return chosen if chosen in notices else None
        return notices[0] if len(notices) == 1 else None

    def to_view(self) -> int | None:
        """Return the number of the file of the snapshot that is chosen, None when none is."""
        chosen = self.chosen
        return chosen.file if chosen is not None else None

    def show_next_kind(self) -> None:
        """Show the next kind of lines, after the last all of them again."""
        at = FILTERS.index(self._known.log_kinds) if self._known.log_kinds in FILTERS else 0
        self._known.show_kinds(FILTERS[(at + 1) % len(FILTERS)])

    def _is_own(self, row: LogRow) -> bool:
        signed_on = self._desk.session.signed_on
        account = signed_on.account if signed_on is not None else ""
        return row.kind in FREE and row.account == account and not row.locked and row.corrected_by is None

    def _filtered(self, told: str) -> str:
        """Return what is told of the list, with the kinds before it when not all are shown."""
        kinds = self._known.log_kinds
        if not kinds:
            return told
        only = self._desk.say(f"console.duty.log.only_{kinds[0].value}")
        return self._desk.say("events.pieces_between").join((only, told))

    def written(self) -> None:
        """Clear the field: the centre has the line."""
        self.field.clear()

    def _write(self, text: str) -> None:
        if text:
            self.line_was_written.emit(text)

    def _build(self) -> None:
        self.lines.setAccessibleName(self._desk.say("console.duty.side.log"))
        self.told.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_PX * 2)
        column.setSpacing(SPACE_PX)
        column.addWidget(self.told)
        column.addWidget(self.lines, 1)
        row = QVBoxLayout()
        row.setContentsMargins(SPACE_PX * 3, 0, SPACE_PX * 3, 0)
        row.addWidget(self.field)
        column.addLayout(row)

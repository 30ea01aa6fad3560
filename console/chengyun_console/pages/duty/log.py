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


class LogPane(QWidget):
    """Newest at the top. Enter writes the line; it goes on standing there until the centre has it."""

    line_was_written = Signal(str)

    def __init__(self, desk: Desk, known: DutyKnown) -> None:
        super().__init__()
        self._desk, self._known = desk, known
        self.lines = TimeLines(desk.theme)
        self.told = Yielding(desk.theme, TypeSize.SMALL)
        self.field = SearchField(
            desk.theme, desk.say("console.duty.log.write_here"), desk.say("console.duty.log.enter")
        )
        self._build()
        self.field.was_submitted.connect(self._write)

    def refresh(self) -> None:
        """Show the log as it is known now."""
        words = LogWords(self._desk.figures, self._desk.names)
        rows = sorted(self._known.log.values(), key=lambda row: row.number)
        self.lines.show_lines([words.line(row) for row in rows])
        if self._known.log_failed is not None:
            self.told.show_text(self._desk.refusal(self._known.log_failed))
        elif not rows:
            self.told.show_text(self._desk.say("console.duty.log.empty"))
        else:
            code = "console.duty.log.more" if self._known.log_next else "console.duty.log.whole"
            self.told.show_text(self._desk.say(code, count=len(rows)))
        self.field.setVisible("log.write" in self._desk.allowed())

    def own_last(self) -> LogRow | None:
        """Return the newest free line of this officer that may still be corrected."""
        signed_on = self._desk.session.signed_on
        account = signed_on.account if signed_on is not None else ""
        own = (
            row for row in self._known.log.values()
            if row.kind in FREE and row.account == account and not row.locked and row.corrected_by is None
        )  # fmt: skip
        return max(own, key=lambda row: row.number, default=None)

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

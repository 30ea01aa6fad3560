"""The list of warnings: those in force or all, found by name, area or issuer, the newest first."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.warnings.wording import WarningWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.failure import Reason
from chengyun_core.model.warning import OfficialWarning
from chengyun_core.wire.warning_asks import AskWarnings, Warnings
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.field import SearchField
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_SLOT = "warnings.page"
_MORE = "more"
_PAGE = 50


class WarningList(Panel):
    """Asked of the centre; what the mirror knows of a warning is newer and wins."""

    warning_was_chosen = Signal(int)
    warning_was_opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("warnings.list.title"))
        self._desk = desk
        self._told: tuple[OfficialWarning, ...] = ()
        self._next, self._in_force, self._wanted = 0, 0, 0
        self._is_stale = True
        self._state: tuple[object, ...] = ()
        self._all = QPushButton(desk.say("warnings.list.all"))
        self.field = SearchField(desk.theme, desk.say("warnings.list.find"))
        self.list = FactList(desk.theme)
        self.list.setAccessibleName(desk.say("warnings.list.title"))
        self._lay_out()
        self.field.search_did_change.connect(lambda _text: self.ask())
        self.field.row_was_asked.connect(lambda _step: self.list.setFocus())
        self.list.row_was_opened.connect(self._on_opened)
        self.list.current_did_change.connect(self._on_current)
        self._all.toggled.connect(lambda _on: self.ask())

    def mark_stale(self) -> None:
        """Ask again when it is in front: a warning came or changed."""
        self._is_stale = True

    def ask(self, before: int = 0) -> None:
        """Ask for the warnings that fit."""
        self._is_stale = False
        body = AskWarnings(
            in_force=not self._all.isChecked(), words=self.field.text().strip(), before=before, limit=_PAGE
        )  # fmt: skip
        self._desk.session.ask("warning.page", body, partial(self._take, before=before), slot=_SLOT)
        if not self._told:
            self.list.show_notice(Presence.EMPTY, self._desk.say("warnings.list.asking"))

    def refresh(self) -> None:
        """Bring the rows to now; asks when something changed."""
        if self._is_stale:
            self.ask()
        facts, now_ns = self._desk.session.facts, self._desk.now_ns()
        state = (facts.through, now_ns // NS_PER_S, self._desk.names, self._told, self._all.isChecked())
        if state != self._state:
            self._state = state
            self._show(now_ns)

    def warning(self, number: int) -> OfficialWarning | None:
        """Return a warning of the list as it stands now."""
        living = self._desk.session.facts.warned.warnings.get(number)
        return living or next((one for one in self._told if one.number == number), None)

    def current(self) -> int:
        """Return the number of the warning in focus, 0 for none."""
        key = self.list.current_key()
        return int(key) if key.isdigit() else 0

    def select(self, number: int) -> None:
        """Put a warning in focus, at once or when the list is told; one that the filter hides is shown among all."""
        self._wanted = 0 if self.list.select(str(number)) else number
        if self._wanted and self._told and not self._all.isChecked():
            self._all.setChecked(True)

    def _show(self, now_ns: int) -> None:
        words, living = WarningWords(self._desk), self._desk.session.facts.warned.warnings
        rows = [words.row(living.get(one.number, one), now_ns) for one in self._told]
        if self._next and self._told:
            more = self._desk.say("warnings.list.more")
            rows.append(FactRow(key=_MORE, severity=Severity.NONE, title=more))
        before = self.list.current_key()
        self.list.set_rows(rows)
        code = "warnings.list.none" if self._all.isChecked() or self.field.text() else "warnings.list.none_in_force"
        self.list.show_notice(Presence.FRESH if rows else Presence.EMPTY, self._desk.say(code))
        self.set_note(self._desk.say("warnings.list.count", count=self._in_force))
        if self._wanted and self.list.select(str(self._wanted)):
            self._wanted = 0
        elif rows and not before:
            self.list.select(rows[0].key)

    def _take(self, told: object, before: int) -> None:
        if isinstance(told, Reason):
            self.list.show_notice(Presence.REFUSED, self._desk.refusal(told))
        elif isinstance(told, Warnings):
            earlier = self._told if before else ()
            self._told = (*earlier, *told.warnings)
            self._next, self._in_force, self._state = told.next, told.in_force, ()
            self.refresh()

    def _on_current(self, key: str) -> None:
        if key.isdigit():
            self.warning_was_chosen.emit(int(key))

    def _on_opened(self, key: str) -> None:
        if key == _MORE:
            self.ask(self._next)
        elif key.isdigit():
            self.warning_was_opened.emit(int(key))

    def _lay_out(self) -> None:
        body, row = QWidget(), QHBoxLayout()
        self._all.setCheckable(True)
        self._all.setFlat(True)
        self._all.setMinimumHeight(TARGET_PX)
        row.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX)
        row.addWidget(self.field, 1)
        row.addWidget(self._all)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")

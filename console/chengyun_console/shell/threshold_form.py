"""申请修改阈值: before and after of one vital's rule side by side, what it would do now, from when, and why (A20)."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.shell import last_change
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_console.wording.moments import moment_of
from chengyun_console.wording.threshold_edit import COLUMNS, Edit, band_of, edited, texts_of
from chengyun_core.model.command import ProposeThreshold
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 720, 600
_LONGEST_REASON = 200
_COLUMNS_OF_FORM = 2


class ThresholdForm(Overlay):
    """Ctrl+Enter sends, Alt+Z asks to take the last change back; Esc leaves, and the draft is there at the next T."""

    was_written = Signal(object, str)
    """ProposeThreshold or RollBackThreshold, and the deed in words."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("console.form.hint"), parent)
        self._desk = desk
        self._vital: int | None = None
        self._rule: dict[str, str] = {}
        self._drafts: dict[int, tuple[dict[str, str], str, str]] = {}
        self.fields = {column: QLineEdit() for column in COLUMNS}
        self.reason, self.begins = QLineEdit(), QLineEdit()
        self.undo = QPushButton()
        self._last = Lettered(desk.theme, TypeSize.SMALL)
        self._befores = {column: Lettered(desk.theme, TypeSize.SMALL) for column in COLUMNS}
        self.told = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self._lay_out()
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)
        for key in BY_ID[last_change.ACTION].keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.take_back)

    def open_for(self, vital: int, area: QRect) -> None:
        """Show the rule of a vital in the set in force, with the draft left there."""
        names = self._desk.names
        row = names.vital(vital) if names else None
        if names is None or row is None:
            return
        self._vital = vital
        self._rule = texts_of(names.view.threshold(vital))
        texts, reason, begins = self._drafts.get(vital, (self._rule, "", ""))
        for column, field in self.fields.items():
            field.setText(texts[column])
            was = self._rule[column] or self._desk.say("console.form.none")
            self._befores[column].show_text(self._desk.say("console.form.before", value=was))
        self.reason.setText(reason)
        self.begins.setText(begins)
        self._show_last()
        called = names.set_called(names.view.set_of(vital))
        self.set_title(self._desk.say("console.form.title", name=row.name, set=called))
        self.open_over(area)
        self._preview()
        self.fields["high_red"].setFocus()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        if self.isVisible() and self._vital is not None:
            self._drafts[self._vital] = self._draft()
        return super().close_over()

    @override
    def carried(self) -> object:
        drafts = self._drafts if self.isHidden() or self._vital is None else self._drafts | {self._vital: self._draft()}
        return dict(drafts), self._vital if self.isVisible() else None

    @override
    def take_carried(self, kept: object) -> None:
        match kept:
            case (dict(drafts), int() | None as vital):
                self._drafts = drafts
                if vital is not None:
                    self.open_for(vital, self.window().rect())

    def send(self) -> None:
        """Hand the proposal on, or say what is missing."""
        edit, names = self._edit(), self._desk.names
        row = names.vital(self._vital) if names and self._vital is not None else None
        fault = self._fault(edit)
        if fault or names is None or row is None:
            self.told.show_text(fault)
            return
        changes, reason = edit.changes, self.reason.text().strip()
        made = ProposeThreshold(
            threshold_set=names.view.set_of(row.number), vital_code=row.code, changes=changes, reason=reason,
            effective_at=self._effective_at(),
        )  # fmt: skip
        self.close_over()
        self._drafts.pop(row.number, None)
        self.was_written.emit(made, self._desk.say("console.form.deed", name=row.name, count=len(changes)))

    def take_back(self) -> None:
        """Hand on the wish to undo the last change, or say what is missing."""
        names = self._desk.names
        row = names.vital(self._vital) if names and self._vital is not None else None
        change = last_change.last_change(self._desk, row) if row else None
        reason = self.reason.text().strip()
        if row is None or change is None or not reason:
            self.told.show_text(self._desk.say("console.form.no_reason" if change else "console.form.no_last"))
            return
        self.close_over()
        self._drafts.pop(row.number, None)
        made = last_change.command_for(change, reason)
        self.was_written.emit(made, self._desk.say("console.form.undo_deed", name=row.name))

    def _show_last(self) -> None:
        """Show what could be taken back; a form without such a change says so."""
        names = self._desk.names
        row = names.vital(self._vital) if names and self._vital is not None else None
        change = last_change.last_change(self._desk, row) if row else None
        self.undo.setEnabled(change is not None)
        told = last_change.told(self._desk, change) if change else self._desk.say("console.form.no_last")
        self._last.show_text(told)

    def _draft(self) -> tuple[dict[str, str], str, str]:
        return self._wanted(), self.reason.text(), self.begins.text()

    def _effective_at(self) -> int | None:
        return moment_of(self.begins.text(), self._desk.figures.moment(self._desk.now_ns()))

    def _wanted(self) -> dict[str, str]:
        return {column: field.text() for column, field in self.fields.items()}

    def _edit(self) -> Edit:
        return edited(self._rule, self._wanted())

    def _fault(self, edit: Edit) -> str:
        """Return the first thing that is in the way of sending, in words; nothing when nothing is."""
        say = self._desk.say
        for column, code in edit.faults.items():
            return say("console.form.fault", column=say(f"console.limit.{column}"), fault=say(code))
        if not edit.changes:
            return say("console.form.no_change")
        try:
            self._effective_at()
        except ValueError as fault:
            return say(str(fault), text=self.begins.text())
        return "" if self.reason.text().strip() else say("console.form.no_reason")

    def _preview(self) -> None:
        """Say what the value of now would be under the new limits."""
        vital, names, state = self._vital, self._desk.names, self._desk.session.state
        row = names.vital(vital) if names and vital is not None else None
        if vital is None or row is None or not self._rule:
            return
        edit = self._edit()
        if edit.faults:
            self.told.show_text(self._fault(edit))
            return
        value = float(state.value[vital]) if vital < state.count else float("nan")
        was = band_of(value, edited(self._rule, self._rule).limits)
        self.told.show_text(
            self._desk.say(
                "console.form.preview",
                value=self._desk.figures.with_unit(value, row.decimals, row.unit),
                before=self._desk.say(f"console.band.{int(was)}"),
                after=self._desk.say(f"console.band.{int(band_of(value, edit.limits))}"),
                count=len(edit.changes),
            )
        )

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 3)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        grid.setVerticalSpacing(SPACE_PX * 2)
        for place, name in enumerate(COLUMNS):
            self._add(grid, place, name)
        column.addLayout(grid)
        self.reason.setMaxLength(_LONGEST_REASON)
        for field, code in ((self.reason, "console.form.reason"), (self.begins, "console.form.begins")):
            column.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=self._desk.say(code)))
            field.setMinimumHeight(TARGET_PX)
            field.setAccessibleName(self._desk.say(code))
            column.addWidget(field)
        column.addLayout(self._undo_row())
        self.told.setWordWrap(True)
        column.addWidget(self.told)
        column.addStretch(1)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")

    def _undo_row(self) -> QHBoxLayout:
        keys = " / ".join(BY_ID[last_change.ACTION].keys)
        self.undo.setText(self._desk.say("console.form.undo", key=keys))
        self.undo.setAccessibleName(self._desk.say(BY_ID[last_change.ACTION].title))
        self.undo.setMinimumHeight(TARGET_PX)
        self.undo.clicked.connect(lambda _checked=False: self.take_back())
        self._last.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(SPACE_PX * 3)
        row.addWidget(self.undo)
        row.addWidget(self._last, 1)
        return row

    def _add(self, grid: QGridLayout, place: int, name: str) -> None:
        rows = len(COLUMNS) // _COLUMNS_OF_FORM
        at, row = (place // rows) * 3, place % rows
        title = self._desk.say(f"console.limit.{name}")
        field = self.fields[name]
        field.setMinimumHeight(TARGET_PX)
        field.setAccessibleName(title)
        field.textEdited.connect(lambda _text: self._preview())
        grid.addWidget(Lettered(self._desk.theme, TypeSize.BODY, text=title), row, at)
        grid.addWidget(self._befores[name], row, at + 1)
        grid.addWidget(field, row, at + 2)

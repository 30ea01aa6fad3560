"""The sheet that asks how to print a pane: format, paper, place. Inline, never modal."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.paper import place
from chengyun_console.paper.errand import Ended, PressErrand, PrinterQuestion
from chengyun_console.paper.folder_dialog import FolderDialog
from chengyun_console.paper.heading import file_name, head_of
from chengyun_console.paper.job import PrintOrder
from chengyun_console.paper.panes import printed_of, title_of
from chengyun_console.paper.printed import Printed, PrintHead
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.failure import Reason
from chengyun_core.model.rights import LONGEST_TAKEN, LONGEST_WORD
from chengyun_core.model.rights_commands import NoteExport
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

WIDTH_PX, HEIGHT_PX = 760, 330
FORMATS = ("pdf", "png", "csv", "printer")
SIDES = ("landscape", "portrait")
PRINTER = "printer"


class PrintSheet(Overlay):
    """Opened for the pane that had the keyboard; another one on the page may be chosen in it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk.theme, "", desk.say("paper.sheet.hint"), parent)
        self._desk = desk
        self._panes: tuple[QWidget, ...] = ()
        self._errand: PressErrand | None = None
        self._dialog: FolderDialog | None = None
        self._question = PrinterQuestion(self)
        self._question.answered.connect(self._on_printers)
        self.pane, self.printer = ChoiceBox(desk.theme), ChoiceBox(desk.theme)
        self.file = QLineEdit()
        self.formats, self.sides = QButtonGroup(self), QButtonGroup(self)
        self.go_button = QPushButton(desk.say("paper.sheet.go"))
        self._where = Lettered(desk.theme, TypeSize.SMALL, Colour.TEXT_SECOND)
        self._told = Lettered(desk.theme, TypeSize.BODY, Colour.TEXT)
        self._rows: dict[str, tuple[QWidget, QWidget]] = {}
        self._lay_out()
        self._connect()

    @property
    def is_busy(self) -> bool:
        """Whether a job is on its way."""
        return self._errand is not None

    @property
    def told(self) -> str:
        """What the sheet says of the job: how far it is, or what went wrong."""
        return self._told.text()

    def open_for(self, panes: Sequence[QWidget], focused: QWidget, area: QRect) -> None:
        """Ask how to print; `panes` may be chosen among, `focused` is offered."""
        self._panes = tuple(panes)
        self.pane.blockSignals(True)
        self.pane.clear()
        for pane in self._panes:
            self.pane.addItem(title_of(pane, self._desk))
        self.pane.setCurrentIndex(self._panes.index(focused))
        self.pane.blockSignals(False)
        if not self.is_busy:
            self._told.show_text("")
        self._offer()
        self.open_over(area)
        checked = self.formats.checkedButton()
        checked.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, WIDTH_PX, HEIGHT_PX))

    @override
    def close_over(self) -> bool:
        """Leave the sheet; while a job is on its way the first Esc cancels that."""
        if self.isVisible() and self._errand is not None:
            self._errand.cancel()
            return True
        return super().close_over()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go()
        elif text.isdigit() and 1 <= int(text) <= len(FORMATS):
            self.formats.button(int(text) - 1).click()
        else:
            super().keyPressEvent(event)

    @override
    def carried(self) -> object:
        """Return nothing: the panes it was opened for go with their window."""
        return None

    def go(self) -> None:
        """Begin: take what the pane shows now and hand it to the press."""
        if self._errand is not None:
            self._complain("paper.busy")
            return
        target = place.whole_path(self.file.text(), self._format()) if self._format() != PRINTER else Path()
        if target is None:
            self._complain("paper.sheet.no_path")
            return
        if self._format() == PRINTER and not self.printer.currentText():
            self._complain("paper.sheet.no_printer")
            return
        printed = printed_of(self._panes[self.pane.currentIndex()], self._desk)
        head = head_of(self._desk, self._desk.session.links(), printed)
        self._begin(self._order(target, head), printed)

    def _begin(self, order: PrintOrder, printed: Printed) -> None:
        # The desk owns the errand: a window that is made anew for another language does not stop a print-out.
        errand = PressErrand(order, printed, self._desk)
        self._errand = errand
        errand.progressed.connect(self._on_progress)
        errand.leave_was_asked.connect(partial(_note, self._desk, errand))
        errand.ended.connect(partial(_tell_desk, self._desk, errand))
        errand.ended.connect(self._on_ended)
        self._tell(self._desk.say("paper.sheet.starting"))
        self.go_button.setEnabled(False)
        errand.start()

    def _order(self, target: Path, head: PrintHead) -> PrintOrder:
        desk = self._desk
        return PrintOrder(
            format=self._format(),
            target=str(target),
            printer=self.printer.currentText() if self._format() == PRINTER else "",
            landscape=self.sides.checkedId() == 0,
            language=desk.texts.language,
            utc_offset_minutes=desk.preferences.utc_offset_minutes,
            record_file=str(place.ledger_file(desk)),
            own_folder=str(place.own_folder(desk)),
            head=head,
            asks_leave=True,
        )

    def _on_progress(self, page: int, pages: int) -> None:
        self._tell(self._desk.say("paper.sheet.making", page=page, pages=pages))

    def _on_ended(self, ended: Ended) -> None:
        self._errand = None
        self.go_button.setEnabled(True)
        if ended.is_cancelled:
            self._tell(self._desk.say("paper.cancelled"))
        elif ended.code:
            # The sheet stays as it is: the next try needs another name, not another start.
            self._tell(self._desk.refusal(Reason(code=ended.code, params=ended.params)), is_trouble=True)
        else:
            self._tell("")
            self.close_over()

    def _offer(self) -> None:
        """Offer a name for the pane and format chosen, and show what this format needs."""
        pane, chosen = self._panes[self.pane.currentIndex()], self._format()
        self.set_title(self._desk.say("paper.sheet.title", pane=title_of(pane, self._desk)))
        folder = place.folder(self._desk)
        if chosen != PRINTER:
            head = head_of(self._desk, self._desk.session.links(), Printed(title="", blocks=()))
            name = file_name(self._desk, title_of(pane, self._desk), place.ENDINGS[chosen], is_drill=head.is_drill)
            self.file.setText(str(folder / name))
        self._show_format()

    def _on_format(self, _button: object = None) -> None:
        if self._format() == PRINTER:
            self.printer.clear()
            self._tell(self._desk.say("paper.sheet.asking_printers"))
            self._question.ask()
        elif self.file.text():
            self.file.setText(place.with_ending(self.file.text(), self._format()))
        self._show_format()

    def _show_format(self) -> None:
        chosen = self._format()
        for name, is_shown in (("file", chosen != PRINTER), ("printers", chosen == PRINTER), ("side", chosen != "csv")):
            for widget in self._rows[name]:
                widget.setVisible(is_shown)
        target = place.whole_path(self.file.text(), chosen) if chosen != PRINTER else None
        folder = target.parent if target else place.folder(self._desk)
        self._where.show_text(self._desk.say(f"paper.sheet.where.{chosen}", folder=folder))

    def _on_printers(self, names: tuple[str, ...]) -> None:
        self.printer.clear()
        for name in names:
            self.printer.addItem(name)
        if self._format() == PRINTER:
            self._tell("" if names else self._desk.say("paper.sheet.no_printer"), is_trouble=not names)

    def _browse(self) -> None:
        if self._dialog is None:
            self._dialog = FolderDialog(self._desk, self.window())
            self._dialog.folder_was_chosen.connect(self._take_folder)
        self._dialog.show_near(Path(self.file.text()).parent)

    def _take_folder(self, folder: str) -> None:
        """Keep the name, change the folder."""
        self.file.setText(str(Path(folder) / Path(self.file.text()).name))
        self.file.setFocus()

    def _complain(self, code: str) -> None:
        self._tell(self._desk.say(code), is_trouble=True)

    def _tell(self, text: str, *, is_trouble: bool = False) -> None:
        self._told.set_colour(Colour.RED_TEXT if is_trouble else Colour.TEXT)
        self._told.show_text(text)

    def _format(self) -> str:
        return FORMATS[self.formats.checkedId()]

    def _connect(self) -> None:
        self.formats.buttonClicked.connect(self._on_format)
        self.pane.currentIndexChanged.connect(lambda _at: self._offer())
        self.file.returnPressed.connect(self.go)
        self.file.textChanged.connect(lambda _text: self._show_format())
        self.go_button.clicked.connect(self.go)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 4, SPACE_PX * 3, SPACE_PX * 4, SPACE_PX * 3)
        column.setSpacing(SPACE_PX * 2)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        grid.setVerticalSpacing(SPACE_PX * 2)
        grid.setColumnStretch(1, 1)
        self._add(grid, "pane", self.pane)
        self._add(grid, "format", self._buttons(self.formats, FORMATS))
        self._add(grid, "side", self._buttons(self.sides, SIDES))
        self._add(grid, "file", self._file_row())
        self._add(grid, "printers", self.printer)
        column.addLayout(grid)
        for label in (self._where, self._told):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(1)
        column.addLayout(self._end_row())
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self._show_format()

    def _add(self, grid: QGridLayout, name: str, widget: QWidget) -> None:
        label = Lettered(
            self._desk.theme, TypeSize.BODY, Colour.TEXT_SECOND, text=self._desk.say(f"paper.sheet.{name}")
        )
        row = grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(widget, row, 1)
        widget.setAccessibleName(label.text())
        self._rows[name] = (label, widget)

    def _buttons(self, group: QButtonGroup, names: Sequence[str]) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX * 2)
        for at, name in enumerate(names):
            button = QPushButton(self._desk.say(f"paper.sheet.{name}"))
            button.setCheckable(True)
            button.setMinimumHeight(TARGET_PX)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            group.addButton(button, at)
            row.addWidget(button)
        row.addStretch(1)
        # Tab comes to the chosen one of a group, the arrows go on from there; Qt itself does so after the first click.
        group.buttonToggled.connect(_let_tab_in)
        group.button(0).setChecked(True)
        return box

    def _file_row(self) -> QWidget:
        browse = self._button("paper.sheet.browse", self._browse)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_PX * 2)
        self.file.setMinimumHeight(TARGET_PX)
        self.file.setAccessibleName(self._desk.say("paper.sheet.file"))
        row.addWidget(self.file, 1)
        row.addWidget(browse)
        return box

    def _end_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_PX * 2)
        row.addStretch(1)
        row.addWidget(self._button("paper.sheet.cancel", self.close_over))
        self.go_button.setMinimumHeight(TARGET_PX)
        row.addWidget(self.go_button)
        return row

    def _button(self, code: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(self._desk.say(code))
        button.setMinimumHeight(TARGET_PX)
        button.clicked.connect(lambda _checked=False: do())
        return button


def _let_tab_in(button: QAbstractButton, is_chosen: bool) -> None:
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus)


def _note(desk: Desk, errand: PressErrand, told: dict[str, object]) -> None:
    """Have the journal note what the press made, before it leaves."""
    head = errand.order.head
    note = NoteExport(
        what=f"print.{head.title}"[:LONGEST_WORD], form=str(told["form"]), rows=int(str(told["pages"])),
        digest=str(told["digest"]),
    )  # fmt: skip
    desk.exports.ask(note, f"{head.seat} {head.account} {head.as_of_iso}"[:LONGEST_TAKEN], errand.answer)


def _tell_desk(desk: Desk, errand: PressErrand, ended: Ended) -> None:
    """Say how a job ended, whatever became of the sheet that began it, and keep the folder it went to."""
    order = errand.order
    if ended.code:
        desk.message_came.emit(desk.refusal(Reason(code=ended.code, params=ended.params)), True)
    elif not ended.is_cancelled:
        kept = str(Path(order.target).parent)
        if order.format != PRINTER and kept != str(place.folder(desk)):
            desk.keep(replace(desk.preferences, export_folder=kept))
        desk.message_came.emit(_done(desk, order, ended), False)
    errand.deleteLater()


def _done(desk: Desk, order: PrintOrder, ended: Ended) -> str:
    """Return where it went."""
    if order.format == PRINTER:
        return desk.say("paper.done.printed", printer=order.printer)
    size = desk.say("paper.bytes", count=desk.figures.count(sum(size for _, size in ended.files)))
    first = ended.files[0][0] if ended.files else order.target
    if len(ended.files) > 1:
        return desk.say("paper.done.files", count=len(ended.files), file=first, size=size)
    return desk.say("paper.done.file", file=first, size=size)

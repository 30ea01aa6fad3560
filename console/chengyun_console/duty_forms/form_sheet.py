"""A form over the page: faults at their fields, a draft that stays, and a word when somebody else was faster."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.draft_keeper import DraftKeeper
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.shell.overlay import Overlay, centred
from chengyun_core.model.failure import Reason
from chengyun_core.wire.envelope import Done
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.presence import Presence

_LONGEST = 200
_CHANGED = frozenset({"shift.changed", "person.changed", "call_list.changed", "mode.preset_changed"})
"""Refusals of a form that was filled in over an older version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A command, and its deed in words."""

    command: object
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a form cannot be sent with: the name of the field, and the sentence."""

    field: str
    told: str


class FormSheet(Overlay):
    """Subclasses lay out fields and say what they hold (`texts`, `put`), what they make of it, and a draft's name.

    Only what differs from the record is kept as a draft: what others change meanwhile is not written over by it.
    """

    was_saved = Signal(str)
    """Key the centre gave or knows it by."""
    fault_fields: ClassVar[Mapping[str, str]] = {}
    """Code of a refusal → field at which it is told."""

    def __init__(self, desk: Desk, parent: QWidget, *, hint: str, size: tuple[int, int],
                 doers: Mapping[str, Callable[[], object]] | None = None) -> None:  # fmt: skip
        """`doers`: what else can be done here, by action; `size`: width and height in px."""
        super().__init__(desk.theme, "", desk.say(hint), parent)
        self._desk, self._size = desk, size
        self._kept: dict[str, str] = {}
        """Texts of the record as it was opened."""
        self._is_filling = False
        self.lines: dict[str, QWidget] = {}
        self.faults: dict[str, Lettered] = {}
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.confirm = QPushButton(desk.say("console.duty.form.save"))
        self.confirm.setDefault(True)
        self.confirm.setMinimumHeight(TARGET_PX)
        self.deeds = KeyedButtons(
            desk, {**(doers or {}), "form.reload": self.reload, "form.discard": self.discard}
        )  # fmt: skip
        self.keeper = DraftKeeper(self._keep, self)
        self.confirm.clicked.connect(lambda _checked=False: self.send())
        self.deeds.bind_to(self)
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(sequence), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.send)

    # What subclasses say.

    def draft_name(self) -> str:
        """Return under which name what is typed is kept."""
        raise NotImplementedError

    def texts(self) -> dict[str, str]:
        """Return what the fields hold."""
        raise NotImplementedError

    def put(self, texts: Mapping[str, str]) -> None:
        """Fill the fields."""
        raise NotImplementedError

    def made(self) -> Made | Fault:
        """Return what is to be sent, or what is wrong and where."""
        raise NotImplementedError

    def ask_newest(self) -> None:
        """Ask for the record as it stands now; answered by `renew`."""
        raise NotImplementedError

    def look(self) -> None:
        """Something was typed: show what it would mean."""

    def possible(self) -> set[str]:
        """Return which of its own deeds make sense now."""
        return set()

    # What all do alike.

    def fill(self, texts: Mapping[str, str]) -> None:
        """Show a record's texts with the draft that was left for it."""
        self._kept = dict(texts)
        left = self._desk.drafts.read(self.draft_name())
        self._put(self._kept | {name: text for name, text in left.items() if name in self._kept})
        self.clear_faults()
        self.sending.tell("")
        self._show_deeds(is_old=False)
        if left:
            self.sending.tell(self._desk.say("console.duty.form.draft"))

    def renew(self, texts: Mapping[str, str]) -> None:
        """Go on over a newer record: what was typed here stays, the rest is as the other one wrote it."""
        own = self.changed()
        self._kept = dict(texts)
        self._put(self._kept | own)
        self.clear_faults()
        self._show_deeds(is_old=False)
        self.sending.tell(self._desk.say("console.duty.form.renewed"))

    def tell_gone(self) -> None:
        """Say that the record is not there any more; what was typed stays."""
        self.sending.tell(self._desk.say("console.duty.form.gone"), is_trouble=True)

    def changed(self) -> dict[str, str]:
        """Return the fields that differ from the record."""
        return {name: text for name, text in self.texts().items() if text != self._kept.get(name, "")}

    def touched(self) -> None:
        """Something was typed."""
        if self._is_filling:
            return
        self.clear_faults()
        self.keeper.touch()
        self._show_deeds(is_old=self.deeds.by_id["form.reload"].isVisibleTo(self))
        self.look()

    def send(self) -> None:
        """Send what is filled in, or say at its field what is wrong."""
        if self.sending.is_busy:
            return
        made = self.made()
        if isinstance(made, Fault):
            self.show_fault(made.field, made.told)
            return
        self.clear_faults()
        self.sending.send(made.command, made.told, self._on_saved, self._on_failed)

    def discard(self) -> None:
        """Alt+D: forget what was typed; the record is as it was."""
        self._desk.drafts.drop(self.draft_name())
        self.keeper.stop()
        self._put(self._kept)
        self.clear_faults()
        self.sending.tell(self._desk.say("console.duty.form.discarded"))
        self._show_deeds(is_old=False)

    def reload(self) -> None:
        """Alt+R: take the newer version under what was typed."""
        self.ask_newest()

    def show_fault(self, field: str, told: str) -> None:
        """Say what is wrong at a field and go there; of no field of its own at the foot."""
        line = self.faults.get(field)
        if line is None:
            self.sending.tell(told, is_trouble=True)
        else:
            line.show_text(told)
            line.show()
        if field in self.lines:
            self.lines[field].setFocus()

    def clear_faults(self) -> None:
        """Nothing is known to be wrong."""
        for line in self.faults.values():
            line.hide()

    @override
    def open_over(self, area: QRect) -> None:
        super().open_over(centred(area, *self._size))

    @override
    def close_over(self) -> bool:
        if self.isVisible():
            self.keeper.now()
        return super().close_over()

    def add_line(self, grid: QGridLayout, row: int, name: str, field: QWidget, column: int = 0, wide: int = 1) -> None:
        """Lay a field with its title at a row of a grid, and below it where its fault is told (two rows each)."""
        title = self._desk.say(f"console.duty.form.{name}")
        field.setAccessibleName(title)
        field.setMinimumHeight(TARGET_PX)
        fault = self.add_fault(name, field)
        grid.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=title), row * 2, column)
        grid.addWidget(field, row * 2, column + 1, 1, wide)
        grid.addWidget(fault, row * 2 + 1, column + 1, 1, wide)
        if isinstance(field, QLineEdit):
            field.setMaxLength(_LONGEST)
            field.textEdited.connect(lambda _text: self.touched())
        elif isinstance(field, ChoiceBox):
            field.activated.connect(lambda _at: self.touched())

    def heading(self, code: str) -> Lettered:
        """Return the heading of a part of the form."""
        return Lettered(self._desk.theme, TypeSize.BODY, Colour.TEXT, bold=True, text=self._desk.say(code))

    def add_fault(self, name: str, field: QWidget) -> Lettered:
        """Return the line at which faults of a field are told that has no row of its own in a grid."""
        self.lines[name] = field
        fault = self.faults[name] = Lettered(self._desk.theme, TypeSize.SMALL, Colour.RED_TEXT)
        fault.setWordWrap(True)
        fault.hide()
        return fault

    def lay_foot(self, column: QVBoxLayout) -> None:
        """Lay what is told, and what can be done, at the foot."""
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_PX * 4, 0, SPACE_PX * 2, SPACE_PX)
        row.addWidget(self.confirm)
        row.addWidget(self.deeds, 1)
        column.addWidget(self.status)
        column.addLayout(row)

    def set_whole(self, body: QWidget) -> None:
        """Take the body of the form."""
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")

    def _put(self, texts: Mapping[str, str]) -> None:
        self._is_filling = True
        self.put(texts)
        self._is_filling = False
        self.look()

    def _keep(self) -> None:
        self._desk.drafts.write(self.draft_name(), self.changed())

    def _show_deeds(self, *, is_old: bool) -> None:
        shown = self.possible() | ({"form.reload"} if is_old else set())
        self.deeds.show_only(shown | ({"form.discard"} if self.changed() else set()))

    def _on_saved(self, done: Done) -> None:
        self.keeper.stop()
        self._desk.drafts.drop(self.draft_name())
        self._kept = self.texts()
        super().close_over()
        self.was_saved.emit(done.key)

    def _on_failed(self, reason: Reason) -> None:
        told = self._desk.refusal(reason)
        field = self.fault_fields.get(reason.code, reason.params.get("field", ""))
        if reason.code in _CHANGED:
            self._show_deeds(is_old=True)
            self.sending.tell(self._desk.say("console.duty.form.old", why=told), is_trouble=True)
        elif field in self.faults:
            self.sending.tell("")
            self.show_fault(field, told)


def fill_box(box: ChoiceBox, rows: list[tuple[str, str]], chosen: str = "") -> None:
    """Offer (text, key) rows; a chosen key that is not among them is offered as itself, so that nothing is lost."""
    box.blockSignals(True)
    box.clear()
    known = [*rows, *([(chosen, chosen)] if chosen and all(key != chosen for _text, key in rows) else [])]
    for text, key in known:
        box.addItem(text, key)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(False)


def fill_lines(lines: Mapping[str, QLineEdit], texts: Mapping[str, str]) -> None:
    """Show the text of each name in its line, from its beginning: of a long one the first words tell what it is."""
    for name, line in lines.items():
        line.setText(texts[name])
        line.setCursorPosition(0)

"""The editor of a risk point: name, place, kind, measured attributes, who answers for it, the vitals that watch it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.plans import point_edit as edit
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.wording.plans import PlanWords
from chengyun_core.model.plan import RiskPoint
from chengyun_core.model.plan_commands import SavePoint
from chengyun_core.wire.envelope import Done
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_MANY_PX = 96


class PointEditor(Panel):
    """Ctrl+Enter saves at the centre; Esc leaves, and what was written is there when the point is edited again."""

    was_saved = Signal(str)
    """Code of the risk point."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, "", desk.say("console.points.edit_hint"))
        self._desk = desk
        self._stamp, self._of = "", ""
        self._filling = False
        self._sent = ""
        self.fields: dict[str, QLineEdit | QPlainTextEdit] = {
            name: QPlainTextEdit() if name in edit.MANY else QLineEdit() for name in edit.FIELDS
        }
        self.faults = {name: Lettered(desk.theme, TypeSize.SMALL, Colour.ORANGE_TEXT) for name in edit.FIELDS}
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.deeds = KeyedButtons(desk, {"form.send": self.save}, {"form.send": "console.plans.edit.save"})
        self._lay_out()

    def open_for(self, point: RiskPoint | None, stamp: str = "") -> None:
        """Edit a point as it was seen; without one, write a new one. What was written earlier is taken up again."""
        self._of, self._stamp = point.code if point is not None else "", stamp
        shown = edit.texts_of(point or RiskPoint(code="", name="", centre="", kind=""), self._desk.names)
        shown |= {name: text for name, text in self._desk.drafts.read(self._key()).items() if name in shown}
        self._filling = True
        for name, field in self.fields.items():
            _fill(field, shown[name])
        self._filling = False
        self.fields["code"].setReadOnly(point is not None)
        title = "console.points.edit" if point is not None else "console.points.new"
        self.set_title(self._desk.say(title, name=point.name if point is not None else ""))
        self.sending.tell("")
        self._show_faults(touched=point is not None)
        self.fields["name" if point is not None else "code"].setFocus()

    def save(self) -> None:
        """Send the point, or say what is wrong and go there."""
        if self.sending.is_busy:
            return
        found = edit.read(self.texts(), self._desk.names)
        if found.point is None:
            self._show_faults()
            first = next(name for name in edit.FIELDS if name in found.faults)
            self.fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
            self.sending.tell(self._desk.say("console.plans.edit.cannot", count=len(found.faults)), is_trouble=True)
            return
        told = self._desk.say("console.points.deed", name=found.point.name)
        self._sent = found.point.code
        self.sending.send(SavePoint(point=found.point, stamp=self._stamp), told, self._on_saved)

    def texts(self) -> dict[str, str]:
        """Return what the fields hold."""
        return {name: _text(field) for name, field in self.fields.items()}

    def _on_changed(self) -> None:
        if not self._filling:
            self._desk.drafts.write(self._key(), self.texts())
            self._show_faults()

    def _show_faults(self, *, touched: bool = True) -> None:
        found = edit.read(self.texts(), self._desk.names).faults if touched else {}
        words = PlanWords(self._desk.figures, self._desk.names)
        for name, label in self.faults.items():
            label.show_text(words.reason(found[name]) if name in found else "")
            label.setVisible(name in found)

    def _on_saved(self, _done: Done) -> None:
        self._desk.drafts.drop(self._key())
        self.was_saved.emit(self._sent)

    def _key(self) -> str:
        return f"risk_point.edit.{self._of}" if self._of else "risk_point.new"

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        grid.setVerticalSpacing(SPACE_PX)
        for place, name in enumerate(edit.FIELDS):
            self._add(grid, place * 2, name)
        body, inner = QWidget(), QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        column.addLayout(grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        inner.setAutoFillBackground(False)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(body)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(self.status)
        outer.addWidget(self.deeds)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.deeds.show_only(("form.send",))
        self.deeds.bind_to(self)

    def _add(self, grid: QGridLayout, row: int, name: str) -> None:
        field, title = self.fields[name], self._desk.say(f"console.points.field.{name}")
        hint = self._desk.say(f"console.points.hint.{name}")
        field.setAccessibleName(title)
        field.setPlaceholderText(hint)
        if isinstance(field, QPlainTextEdit):
            field.setFixedHeight(_MANY_PX)
            field.setTabChangesFocus(True)
        else:
            field.setMinimumHeight(TARGET_PX)
        field.textChanged.connect(self._on_changed)
        self.faults[name].setWordWrap(True)
        self.faults[name].hide()
        grid.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=title), row, 0)
        grid.addWidget(field, row, 1)
        grid.addWidget(self.faults[name], row + 1, 1)


def _fill(field: QLineEdit | QPlainTextEdit, text: str) -> None:
    if isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    else:
        field.setText(text)


def _text(field: QLineEdit | QPlainTextEdit) -> str:
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()

"""The fields of one step in the editor: a change is told at once, a fault stands under the fields it is about."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans.plan_edit import NARROW, condition_read, minutes_read
from chengyun_console.wording.plans import PlanWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import LADDER
from chengyun_core.model.plan import Action, DoneBy, PlanTemplate
from chengyun_core.model.plan_conditions import text_of
from chengyun_core.model.plan_tables import CRITICAL
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize

_TEXT_PX = 64
_LINES = ("code", "unit", "capability", "within_min", "after", "vital", "condition")
_CHOICES = ("tier", "done_by", "reached", "critical")
_ORDER = (
    "code", "text", "tier", "capability", "unit", "lead", "within_min", "after", "done_by", "reached", "vital",
    "condition", "critical",
)  # fmt: skip


class StepFields(QScrollArea):
    """Holds nothing: `show_step` fills it, `did_change` says what was changed to what."""

    did_change = Signal(str, object)
    """Field of model.plan.Action and its new value; a Reason: what was typed cannot be read."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._filling = False
        self.lines = {name: QLineEdit() for name in _LINES}
        self.choices = {name: ChoiceBox(desk.theme) for name in _CHOICES}
        self.text, self.lead = QPlainTextEdit(), QCheckBox(desk.say("console.plans.field.lead"))
        self.titles: dict[str, Lettered] = {}
        self.faults = {name: Lettered(desk.theme, TypeSize.SMALL, Colour.ORANGE_TEXT) for name in _ORDER}
        self._lay_out()

    def show_step(self, template: PlanTemplate, action: Action | None) -> None:
        """Fill the fields from a step; without one they are empty and closed."""
        self._filling = True
        self.setEnabled(action is not None)
        shown = action or Action(code="", text="")
        self._offer("tier", [("", self._desk.say("console.plans.always")), *((t.code, t.code) for t in template.tiers)])
        for name, text in (
            ("code", shown.code), ("unit", shown.unit), ("capability", shown.capability), ("vital", shown.vital),
            ("within_min", f"{shown.within_min:g}"), ("after", ", ".join(shown.after)),
            ("condition", text_of((shown.condition,)) if shown.condition else ""),
        ):  # fmt: skip
            if self.lines[name].text() != text:
                self.lines[name].setText(text)
        for name in _CHOICES:
            value = str(getattr(shown, name))
            self.choices[name].setCurrentIndex(self.choices[name].findData(value))
        if self.text.toPlainText() != shown.text:
            self.text.setPlainText(shown.text)
        self.lead.setChecked(shown.lead)
        self._show_ends(shown.done_by)
        self._filling = False

    def show_faults(self, faults: dict[str, str]) -> None:
        """Show what is wrong with the step, by the names of its fields."""
        for name, label in self.faults.items():
            label.show_text(faults.get(name, ""))
            label.setVisible(bool(faults.get(name)))

    def _show_ends(self, done_by: DoneBy) -> None:
        """Show only the fields that say something of how the step ends."""
        for names, way in ((("reached",), DoneBy.RECEIPT), (("vital", "condition"), DoneBy.VITAL)):
            for name in names:
                field: QWidget = self.lines[name] if name in self.lines else self.choices[name]
                for widget in (self.titles[name], field):
                    widget.setVisible(done_by is way)

    def _offer(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        box = self.choices[name]
        box.clear()
        for value, said in options:
            box.addItem(said, value)

    def _tell(self, name: str, value: object) -> None:
        if not self._filling:
            self.did_change.emit(name, value)

    def _read(self, name: str, text: str) -> object:
        match name:
            case "within_min":
                return minutes_read(text)
            case "after":
                return tuple(part.strip() for part in text.translate(NARROW).split(",") if part.strip())
            case "condition":
                return condition_read(text)
            case _:
                return text.strip()

    def _lay_out(self) -> None:
        body = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        grid.setVerticalSpacing(SPACE_PX)
        for place, name in enumerate(_ORDER):
            field = self._field(name)
            title = self._desk.say(f"console.plans.field.{name}")
            field.setAccessibleName(title)
            self.titles[name] = Lettered(self._desk.theme, TypeSize.SMALL, text="" if name == "lead" else title)
            grid.addWidget(self.titles[name], place * 2, 0)
            grid.addWidget(field, place * 2, 1)
            self.faults[name].setWordWrap(True)
            self.faults[name].hide()
            grid.addWidget(self.faults[name], place * 2 + 1, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(body)
        body.setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._offer("done_by", ((str(way), self._desk.say(f"console.plans.done_by.{way.value}")) for way in DoneBy))
        self._offer("reached", ((str(step), self._desk.say(f"receipt.step.{step.value}")) for step in LADDER))
        none = ("", self._desk.say("console.plans.no_second"))
        self._offer("critical", (none, *((code, self._desk.say(f"order.critical.{code}")) for code in CRITICAL)))
        self._connect()

    def _field(self, name: str) -> QWidget:
        if name == "text":
            self.text.setFixedHeight(_TEXT_PX)
            self.text.setTabChangesFocus(True)
            return self.text
        if name == "lead":
            self.lead.setMinimumHeight(TARGET_PX)
            return self.lead
        field: QWidget = self.lines[name] if name in self.lines else self.choices[name]
        field.setMinimumHeight(TARGET_PX)
        return field

    def _connect(self) -> None:
        for name, line in self.lines.items():
            line.textEdited.connect(self._teller(name))
        for name, box in self.choices.items():
            box.currentIndexChanged.connect(self._chooser(name, box))
        self.text.textChanged.connect(lambda: self._tell("text", self.text.toPlainText()))
        self.lead.toggled.connect(lambda is_on: self._tell("lead", is_on))

    def _teller(self, name: str) -> Callable[[str], None]:
        return lambda text: self._tell(name, self._read(name, text))

    def _chooser(self, name: str, box: ChoiceBox) -> Callable[[int], None]:
        def chosen(_at: int) -> None:
            value = box.currentData()
            if value is not None and name == "done_by":
                self._show_ends(DoneBy(value))
            if value is not None:
                self._tell(name, DoneBy(value) if name == "done_by" else value)

        return chosen


def said(words: PlanWords, faults: dict[str, Reason]) -> dict[str, str]:
    """Return faults as sentences."""
    return {name: words.reason(reason) for name, reason in faults.items()}

"""The four factors as keys, the grade they suggest with its reasons, the officer's own grade and why (办法 §24)."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.wording.events import GRADES
from chengyun_core.model.event import Factor
from chengyun_core.model.event_commands import GradeEvent
from chengyun_core.model.event_grading import Suggestion, suggest
from chengyun_core.model.failure import Reason
from chengyun_core.model.scales import EventGrade
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize
from chengyun_widgets.level_pad import LevelPad, PadRow

SUGGESTED, OWN_RULES, LATER = "suggested", "own_rules", "later"
_LONGEST = 500
_INKS = (Colour.TEXT, Colour.BLUE_TEXT, Colour.YELLOW_TEXT, Colour.ORANGE_TEXT, Colour.RED_TEXT)


class GradingPane(QWidget):
    """A part of a form: says when something changed, and when Enter was pressed on the factors."""

    did_change = Signal()
    was_confirmed = Signal()

    def __init__(self, desk: Desk, *, may_wait: bool) -> None:
        """`may_wait`: whether «not yet» is offered, where an event is opened."""
        super().__init__()
        self._desk = desk
        self.pad = LevelPad(desk.theme, tuple(self._row(factor) for factor in Factor))
        self.pad.setAccessibleName(desk.say("events.form.factors"))
        self.told = Lettered(desk.theme, TypeSize.LEAD, Colour.TEXT)
        self.told.setWordWrap(True)
        self.grade = ChoiceBox(desk.theme)
        self.reason = QLineEdit()
        self.escalates = QCheckBox(desk.say("events.may_escalate"))
        self._fill(may_wait=may_wait)
        self._lay_out()
        self.pad.did_change.connect(self._on_change)
        self.pad.was_confirmed.connect(self.was_confirmed)
        self.grade.currentIndexChanged.connect(lambda _at: self._on_change())
        self.reason.textEdited.connect(lambda _text: self.did_change.emit())
        self.escalates.toggled.connect(lambda _on: self.did_change.emit())

    @property
    def factors(self) -> dict[Factor, int]:
        """Return the factors chosen, 1 … 4."""
        return {Factor(key): level for key, level in self.pad.values.items()}

    @property
    def suggestion(self) -> Suggestion:
        """Return what the rule makes of the factors."""
        return suggest(self.factors)

    def put(self, factors: Mapping[Factor, int], *, chosen: str = SUGGESTED, reason: str = "") -> None:
        """Show these factors and this choice."""
        self.pad.set_values({factor.value: level for factor, level in factors.items()})
        self.grade.setCurrentIndex(max(0, self.grade.findData(chosen)))
        self.reason.setText(reason)
        self.escalates.setChecked(self.suggestion.may_escalate)
        self._tell()

    def fault(self) -> str:
        """Return what is in the way of grading, in words; nothing when nothing is."""
        chosen, suggestion = str(self.grade.currentData()), self.suggestion
        if chosen in (LATER, OWN_RULES):
            return ""
        if suggestion.grade is None and chosen == SUGGESTED:
            names = self._desk.say("console.names_between").join(
                self._desk.say(f"event.factor.{factor.value}") for factor in suggestion.missing
            )
            return self._desk.say("event.factors_missing", factors=names)
        if chosen == SUGGESTED or suggestion.grade is None or self.reason.text().strip():
            return ""
        own = EventGrade(int(chosen))
        if own is not suggestion.grade:
            said = (self._desk.say(GRADES[own]), self._desk.say(GRADES[suggestion.grade]))
            return self._desk.say("event.grade_needs_reason", grade=said[0], suggested=said[1])
        return ""

    def command(self, event: int, version: int) -> GradeEvent | None:
        """Return the command that grades; None when it is left for later."""
        chosen = str(self.grade.currentData())
        if chosen == LATER or (chosen == SUGGESTED and self.suggestion.grade is None):
            return None
        own = EventGrade(int(chosen)) if chosen.isdigit() else None
        return GradeEvent(
            event=event, version=version, factors=self.factors, grade=own, by_rules_of_its_own=chosen == OWN_RULES,
            reason=self.reason.text().strip(), may_escalate=self.escalates.isChecked(),
        )  # fmt: skip

    def _row(self, factor: Factor) -> PadRow:
        say = self._desk.say
        levels = tuple(say(f"events.level_of.{factor.value}.{level}") for level in range(1, 5))
        return PadRow(key=factor.value, name=say(f"event.factor.{factor.value}"), levels=levels)

    def _on_change(self) -> None:
        self.escalates.setChecked(self.escalates.isChecked() or self.suggestion.may_escalate)
        self._tell()
        self.did_change.emit()

    def _tell(self) -> None:
        """Say what is suggested and why, in the ink of the grade."""
        suggestion, say = self.suggestion, self._desk.say
        if suggestion.grade is None:
            names = self._desk.say("console.names_between").join(
                say(f"event.factor.{factor.value}") for factor in suggestion.missing
            )
            self.told.show_text(say("event.factors_missing", factors=names))
            self.told.set_colour(Colour.TEXT_SECOND)
            return
        why = " ".join(self._why(reason) for reason in suggestion.reasons)
        self.told.show_text(say("events.form.suggests", grade=say(GRADES[suggestion.grade]), why=why))
        self.told.set_colour(_INKS[int(suggestion.grade)])

    def _why(self, reason: Reason) -> str:
        named = self._desk.say("console.names_between").join(
            self._desk.say(f"event.factor.{word}") for word in reason.params.get("factors", "").split()
        )  # fmt: skip
        return self._desk.say(reason.code, **{**reason.params, "factors": named})

    def _fill(self, *, may_wait: bool) -> None:
        say = self._desk.say
        self.grade.addItem(say("events.form.as_suggested"), SUGGESTED)
        for grade in reversed(EventGrade):
            self.grade.addItem(say(GRADES[grade]), str(int(grade)))
        self.grade.addItem(say("event.grade.own_rules"), OWN_RULES)
        if may_wait:
            self.grade.addItem(say("events.form.later"), LATER)
        self.grade.setAccessibleName(say("events.filter.grade"))
        self.reason.setPlaceholderText(say("events.form.grade_reason"))
        self.reason.setAccessibleName(say("events.form.grade_reason"))
        self.reason.setMaxLength(_LONGEST)
        for widget in (self.reason, self.escalates):
            widget.setMinimumHeight(TARGET_PX)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_PX * 2)
        column.addWidget(self.pad)
        column.addWidget(self.told)
        row = QHBoxLayout()
        row.setSpacing(SPACE_PX * 2)
        row.addWidget(self.grade)
        row.addWidget(self.reason, 1)
        row.addWidget(self.escalates)
        column.addLayout(row)

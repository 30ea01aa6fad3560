"""绑定: a plan at a risk point, step by step: who does it here, in which words, by when, whether it applies at all."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans import binding_edit as edit
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.wording.plans import PlanWords, numbers_of
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import Action, PlanBinding, PlanTemplate, RiskPoint
from chengyun_core.model.plan_commands import BindPlan
from chengyun_core.model.plan_conditions import figure_of
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.plan_asks import AskPlan, AskPlans, PlanHead, Plans, PlanTold
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, Severity, TypeSize
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.step_list import Sign, StepList, StepRow

_TEXT_PX = 76


class BindingPanel(Panel):
    """Ctrl+Enter binds; Esc leaves, and what was written is there when the binding is opened again."""

    was_saved = Signal(str)
    """Code of the risk point."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, "", desk.say("console.points.edit_hint"))
        self._desk = desk
        self._point: RiskPoint | None = None
        self._template: PlanTemplate | None = None
        self._stamp, self._wanted = "", ""
        self._unread = False
        self._filling = False
        self.binding: PlanBinding | None = None
        self.plan = ChoiceBox(desk.theme)
        self.cameras = QLineEdit()
        self.list = StepList(desk.theme)
        self.unit, self.minutes, self.text = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.left_out = QCheckBox(desk.say("console.bind.left_out"))
        self.own = Lettered(desk.theme, TypeSize.SMALL)
        self.told = Lettered(desk.theme, TypeSize.BODY)
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.deeds = KeyedButtons(desk, {"form.send": self.save}, {"form.send": "console.plans.edit.save"})
        self._lay_out()

    def open_for(self, point: RiskPoint, template: str = "") -> None:
        """Edit the binding of a plan to a point; without a plan, one is chosen first."""
        self._point, self._template, self.binding, self._unread = point, None, None, False
        self._wanted = template
        self.set_title(self._desk.say("console.bind.title", point=point.name))
        self.sending.tell("")
        self.plan.setEnabled(not template)
        self._show_all()
        ask = AskPlans(limit=1)
        self._desk.session.ask("plan.page", ask, self._on_plans, slot="plans.bindable")
        if template:
            self._ask(template)
        (self.list if template else self.plan).setFocus()

    def save(self) -> None:
        """Send the binding, or say what is wrong with it."""
        if self.binding is None or self._template is None or self.sending.is_busy:
            return
        if self._unread:
            self.minutes.setFocus(Qt.FocusReason.OtherFocusReason)
            self.sending.tell(self._desk.say("console.bind.minutes"), is_trouble=True)
            return
        told = self._desk.say("console.bind.deed", plan=self._template.name)
        command = BindPlan(binding=self.binding, stamp=self._stamp)
        self.sending.send(command, told, self._on_saved)

    def _ask(self, template: str) -> None:
        assert self._point is not None
        ask = AskPlan(code=template, risk_point=self._point.code)
        self._desk.session.ask("plan.get", ask, self._on_told, slot="plans.binding")

    def _on_plans(self, told: object) -> None:
        if not isinstance(told, Plans):
            return
        in_force = {head.code: head for head in told.templates if head.state == "in_force"}
        self._offer(tuple(in_force.values()))

    def _offer(self, heads: tuple[PlanHead, ...]) -> None:
        self._filling = True
        self.plan.clear()
        self.plan.addItem(self._desk.say("console.bind.choose"), "")
        for head in heads:
            self.plan.addItem(head.name, head.code)
        self.plan.setCurrentIndex(max(0, self.plan.findData(self._wanted)))
        self._filling = False

    def _on_told(self, told: object) -> None:
        if isinstance(told, Reason):
            self.sending.tell(self._words().reason(told), is_trouble=True)
            return
        if not isinstance(told, PlanTold) or self._point is None or told.template.code != self._wanted:
            return
        self._template, self._stamp = told.template, told.binding_stamp
        held = told.binding or PlanBinding(risk_point=self._point.code, template=told.template.code)
        draft = edit.unkept(self._desk.drafts.read(self._key()).get("binding", ""))
        gone = edit.lost(held, told.template)
        self.binding = edit.of_template(draft or held, told.template)
        self._filling = True
        self.cameras.setText(", ".join(self.binding.cameras))
        self._filling = False
        if gone:
            self.sending.tell(self._desk.say("console.bind.gone", steps=", ".join(gone)), is_trouble=True)
        self._show_all()
        self.list.select(told.template.actions[0].code if told.template.actions else "")

    def _show_all(self) -> None:
        template, binding = self._template, self.binding
        if template is None or binding is None:
            self.list.set_rows(())
            code = "console.plans.waiting" if self._wanted else "console.bind.choose_first"
            self.list.show_notice(Presence.EMPTY, self._desk.say(code))
            self.told.show_text("")
            self._show_step()
            return
        numbers = numbers_of(template.actions)
        self.list.set_rows([self._row(action, binding, numbers) for action in template.actions])
        self.list.show_notice(Presence.FRESH, "")
        self.told.show_text(self._words().override_count(binding))
        self._show_step()

    def _row(self, action: Action, binding: PlanBinding, numbers: dict[str, str]) -> StepRow:
        words = self._words()
        changed = words.step_overrides(action, binding)
        is_out = action.code in binding.left_out
        return StepRow(
            key=action.code, severity=Severity.NONE, sign=Sign.SKIPPED if is_out else Sign.READY, is_stale=is_out,
            title=words.say(
                "console.plans.run.numbered", number=numbers[action.code],
                text=words.written(binding.texts.get(action.code, action.text)),
            ),
            detail=changed or words.step_detail(action, numbers),
            badges=(words.say("console.bind.here"),) if changed else (), status=action.tier,
            status_colour=Colour.TEXT_SECOND,
        )  # fmt: skip

    def _current(self) -> Action | None:
        key = self.list.current_key()
        return next((one for one in self._template.actions if one.code == key), None) if self._template else None

    def _show_step(self) -> None:
        action, binding = self._current(), self.binding
        self._filling = True
        for field in (self.unit, self.minutes, self.text, self.left_out):
            field.setEnabled(action is not None)
        code = action.code if action is not None else ""
        held = binding if binding is not None else PlanBinding(risk_point="", template="")
        self.unit.setText(held.units.get(code, ""))
        within = held.within_min.get(code)
        self.minutes.setText("" if within is None else f"{within:g}")
        self.text.setPlainText(held.texts.get(code, ""))
        self.left_out.setChecked(code in held.left_out)
        words = self._words()
        self.own.show_text("" if action is None else words.say(
            "console.bind.own", who=words.assigned(action), minutes=words.minutes(action.within_min),
            text=words.written(action.text),
        ))  # fmt: skip
        self._unread = False
        self._filling = False

    def _on_field(self) -> None:
        """Take all fields of the step in focus; a figure that is none is told and keeps the binding from leaving."""
        action, binding = self._current(), self.binding
        if self._filling or action is None or binding is None:
            return
        minutes, typed = figure_of(self.minutes.text()), self.minutes.text().strip()
        self._unread = bool(typed) and (minutes is None or minutes <= 0)
        self.sending.tell(self._desk.say("console.bind.minutes") if self._unread else "", is_trouble=self._unread)
        binding = edit.with_unit(binding, action, self._unit_code())
        binding = edit.with_text(binding, action, self.text.toPlainText())
        binding = edit.with_left_out(binding, action, is_left_out=self.left_out.isChecked())
        self._take(binding if self._unread else edit.with_minutes(binding, action, minutes))

    def _unit_code(self) -> str:
        """Return the code of the unit that is named, by code or by name."""
        said, names = self.unit.text().strip(), self._desk.names
        if names is None or names.unit(said) is not None:
            return said
        found = [row.code for row in names.view.catalogue.units if row.name == said]
        return found[0] if len(found) == 1 else said

    def _on_cameras(self) -> None:
        if not self._filling and self.binding is not None:
            parts = self.cameras.text().translate({0xFF0C: ","}).split(",")
            cameras = tuple(part.strip() for part in parts if part.strip())
            self._take(edit.with_cameras(self.binding, cameras))

    def _take(self, binding: PlanBinding) -> None:
        """Keep and show a change without filling the field that is being typed in anew."""
        template = self._template
        if binding == self.binding or template is None:
            return
        self.binding = binding
        self._desk.drafts.write(self._key(), {"binding": edit.kept(binding)})
        numbers = numbers_of(template.actions)
        self.list.blockSignals(True)
        self.list.set_rows([self._row(action, binding, numbers) for action in template.actions])
        self.list.blockSignals(False)
        self.told.show_text(self._words().override_count(binding))

    def _on_plan(self, _at: int) -> None:
        code = str(self.plan.currentData() or "")
        if self._filling or self._point is None or not code:
            return
        self._wanted = code
        self._template = self.binding = None
        self._show_all()
        self._ask(code)

    def _on_saved(self, _done: Done) -> None:
        self._desk.drafts.drop(self._key())
        if self._point is not None:
            self.was_saved.emit(self._point.code)

    def _key(self) -> str:
        return f"plan.bind.{self._point.code if self._point else ''}.{self._wanted}"

    def _words(self) -> PlanWords:
        return PlanWords(self._desk.figures, self._desk.names)

    def _lay_out(self) -> None:
        steps = QHBoxLayout()
        steps.setSpacing(0)
        steps.addWidget(self.list, 56)
        steps.addWidget(self._fields(), 44)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addLayout(steps, 1)
        for widget in (self.told, self.status, self.deeds):
            column.addWidget(widget)
        self.told.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, 0)
        self.list.setAccessibleName(self._desk.say("console.plans.module.actions"))
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.deeds.show_only(("form.send",))
        self.deeds.bind_to(self)
        self._connect()

    def _head(self) -> QGridLayout:
        head = QGridLayout()
        head.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        head.setHorizontalSpacing(SPACE_PX * 3)
        head.setVerticalSpacing(SPACE_PX * 2)
        for place, (field, code) in enumerate(((self.plan, "plan"), (self.cameras, "cameras"))):
            self._titled(head, place, field, code)
        return head

    def _fields(self) -> QWidget:
        fields = QWidget()
        grid = QGridLayout(fields)
        grid.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        grid.setHorizontalSpacing(SPACE_PX * 3)
        self.own.setWordWrap(True)
        grid.addWidget(self.own, 0, 0, 1, 2)
        self.text.setFixedHeight(_TEXT_PX)
        self.text.setTabChangesFocus(True)
        for place, (field, code) in enumerate(
            ((self.unit, "unit"), (self.minutes, "within_min"), (self.text, "text")), 1
        ):  # fmt: skip
            self._titled(grid, place, field, code)
        self.left_out.setMinimumHeight(TARGET_PX)
        grid.addWidget(self.left_out, 4, 1)
        grid.setRowStretch(5, 1)
        return fields

    def _titled(self, grid: QGridLayout, row: int, field: QWidget, code: str) -> None:
        title = self._desk.say(f"console.bind.field.{code}")
        field.setMinimumHeight(TARGET_PX)
        field.setAccessibleName(title)
        grid.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=title), row, 0)
        grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        self.plan.currentIndexChanged.connect(self._on_plan)
        self.cameras.textEdited.connect(lambda _text: self._on_cameras())
        self.unit.textEdited.connect(lambda _text: self._on_field())
        self.minutes.textEdited.connect(lambda _text: self._on_field())
        self.text.textChanged.connect(self._on_field)
        self.left_out.toggled.connect(lambda _on: self._on_field())
        self.list.current_did_change.connect(lambda _key: self._show_step())
        self.list.row_was_opened.connect(lambda _key: self.unit.setFocus(Qt.FocusReason.OtherFocusReason))

"""Name, matter, triggers, validity and the tier table in the editor, and the modules that are lists of lines."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.choice_box import ChoiceBox
from chengyun_console.pages.plans import plan_edit as edit
from chengyun_console.pages.plans.plan_edit import Place
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import PlanTemplate
from chengyun_core.model.plan_conditions import text_of
from chengyun_core.model.scales import ResponseLevel
from chengyun_resources.theme.tokens import SPACE_PX, TARGET_PX, Colour, TypeSize

_HEAD = ("code", "name", "triggers", "valid_from", "valid_to")
_MODULES = ("parties", "resources", "messages", "stop_rules", "cameras", "layers")
_MODULE_PX = 84


class HeadFields(QScrollArea):
    """Emits whole editions: a cell is read where it was typed, what cannot be read is told with its place."""

    did_change = Signal(object)
    """model.plan.PlanTemplate as changed."""
    was_unread = Signal(object, object)
    """Place, and the Reason; None: it can be read (again)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._plan: PlanTemplate | None = None
        self._filling = False
        self.lines = {name: QLineEdit() for name in _HEAD}
        self.matter = ChoiceBox(desk.theme)
        self.tiers: list[tuple[QLineEdit, QLineEdit, QLineEdit, ChoiceBox]] = []
        self.modules = {name: QPlainTextEdit() for name in _MODULES}
        self.add_tier = QPushButton(desk.say("console.plans.edit.add_tier"))
        self.fault = Lettered(desk.theme, TypeSize.SMALL, Colour.ORANGE_TEXT)
        self._table = QGridLayout()
        self._lay_out()

    def show_plan(self, plan: PlanTemplate) -> None:
        """Fill everything from an edition."""
        self._plan, self._filling = plan, True
        self._offer_matters(plan)
        self.lines["code"].setReadOnly(plan.version > 0 or plan.edition == 0)
        texts = {"code": plan.code, "name": plan.name, "triggers": text_of(plan.triggers),
                 "valid_from": plan.valid_from, "valid_to": plan.valid_to}  # fmt: skip
        for name, text in texts.items():
            self.lines[name].setText(text)
        lists = {"parties": "\n".join(plan.parties), "cameras": "\n".join(plan.cameras),
                 "layers": "\n".join(plan.layers), "resources": edit.resources_text(plan.resources),
                 "messages": edit.messages_text(plan.messages),
                 "stop_rules": edit.rules_text(plan.stop_rules)}  # fmt: skip
        for name, text in lists.items():
            self.modules[name].setPlainText(text)
        self._show_tiers(plan)
        self._filling = False

    def show_faults(self, text: str) -> None:
        """Show what is wrong here."""
        self.fault.show_text(text)
        self.fault.setVisible(bool(text))
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the wrapped sentences need: a scroll area asks only for what a single line would."""
        layout = self.widget().layout() if self.widget() is not None else None
        if layout is not None:
            self.widget().setMinimumHeight(max(0, layout.totalHeightForWidth(self.viewport().width())))

    def _offer_matters(self, plan: PlanTemplate) -> None:
        names = self._desk.names
        self.matter.clear()
        known = names.view.catalogue.matters if names is not None else ()
        for matter in known:
            self.matter.addItem(matter.name, matter.code)
        if self.matter.findData(plan.matter) < 0:
            self.matter.addItem(plan.matter, plan.matter)
        self.matter.setCurrentIndex(self.matter.findData(plan.matter))

    def _show_tiers(self, plan: PlanTemplate) -> None:
        """Make a row of fields per tier anew: there are few, and they change in number."""
        while self._table.count():
            widget = self._table.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.tiers = []
        for at, name in enumerate(("code", "name", "conditions", "response")):
            title = Lettered(self._desk.theme, TypeSize.SMALL, text=self._desk.say(f"console.plans.field.{name}"))
            self._table.addWidget(title, 0, at)
        for place, tier in enumerate(plan.tiers):
            self._tier_row(place, (tier.code, tier.name, text_of(tier.conditions)), tier.response)

    def _tier_row(self, place: int, texts: tuple[str, str, str], response: ResponseLevel | None) -> None:
        code, name, conditions = (QLineEdit(text) for text in texts)
        level = ChoiceBox(self._desk.theme)
        level.addItem("—", "")
        for number in "1234":
            level.addItem(self._desk.say(f"console.plans.response.{number}"), number)
        level.setCurrentIndex(level.findData("" if response is None else str(int(response))))
        drop = QPushButton(self._desk.say("console.plans.edit.drop_tier"))
        rise = QPushButton(self._desk.say("console.plans.edit.raise_tier"))
        rise.setEnabled(place > 0)
        said = self._desk.say("console.plans.module.tiers")
        for line in (code, name, conditions):
            line.setCursorPosition(0)
        for at, field in enumerate((code, name, conditions, level, rise, drop)):
            field.setMinimumHeight(TARGET_PX)
            field.setAccessibleName(f"{said} {place + 1}.{at + 1}")
            self._table.addWidget(field, place + 1, at)
        code.editingFinished.connect(lambda: self._on_tier(place, code=code.text().strip()))
        name.textEdited.connect(lambda text: self._on_tier(place, name=text))
        conditions.textEdited.connect(lambda text: self._on_conditions(place, text))
        level.currentIndexChanged.connect(
            lambda _at: self._on_tier(place, response=edit.response_read(level.currentData() or ""))
        )
        rise.clicked.connect(lambda _on=False: self._on_rows(edit.tier_raised, place))
        drop.clicked.connect(lambda _on=False: self._on_rows(edit.tier_removed, place))
        self.tiers.append((code, name, conditions, level))

    def _on_tier(self, place: int, **changes: object) -> None:
        if self._plan is not None and not self._filling:
            self._take(edit.with_tier(self._plan, place, **changes))

    def _on_conditions(self, place: int, text: str) -> None:
        if self._plan is None:
            return
        read = edit.conditions_read(text)
        at: Place = ("tiers", self._plan.tiers[place].code, "conditions")
        self.was_unread.emit(at, read if isinstance(read, Reason) else None)
        if not isinstance(read, Reason):
            self._on_tier(place, conditions=read)

    def _on_rows(self, change: Callable[..., PlanTemplate], *given: int) -> None:
        if self._plan is None:
            return
        plan = change(self._plan, *given)
        self._filling = True
        self._show_tiers(plan)
        self._filling = False
        self._take(plan)

    def _on_line(self, name: str, text: str) -> None:
        if self._plan is None or self._filling:
            return
        if name != "triggers":
            changes: dict[str, Any] = {name: text.strip()}
            self._take(replace(self._plan, **changes))
            return
        read = edit.conditions_read(text)
        at: Place = ("templates", self._plan.code, "triggers")
        self.was_unread.emit(at, read if isinstance(read, Reason) else None)
        if not isinstance(read, Reason):
            self._take(replace(self._plan, triggers=read))

    def _on_module(self, name: str) -> None:
        if self._plan is None or self._filling:
            return
        text = self.modules[name].toPlainText()
        reads: dict[str, Callable[[str], object]] = {
            "resources": edit.resources_read, "messages": edit.messages_read, "stop_rules": edit.rules_read,
        }  # fmt: skip
        read = reads.get(name, edit.bars_read)(text)
        self.was_unread.emit(("modules", "", name), read if isinstance(read, Reason) else None)
        if not isinstance(read, Reason):
            self._take(replace(self._plan, **{name: read}))  # type: ignore[arg-type]

    def _on_matter(self, _at: int) -> None:
        code = self.matter.currentData()
        if self._plan is not None and not self._filling and code:
            self._take(replace(self._plan, matter=code))

    def _take(self, plan: PlanTemplate) -> None:
        self._plan = plan
        self.did_change.emit(plan)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_PX * 3, SPACE_PX * 2, SPACE_PX * 3, SPACE_PX * 2)
        column.setSpacing(SPACE_PX * 2)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_PX * 3)
        self._add(grid, 0, "matter", self.matter)
        for place, (name, line) in enumerate(self.lines.items(), 1):
            self._add(grid, place, name, line)
            line.textEdited.connect(lambda text, name=name: self._on_line(name, text))
        column.addLayout(grid)
        heading = self._desk.say("console.plans.module.tiers")
        column.addWidget(Lettered(self._desk.theme, TypeSize.BODY, Colour.TEXT, bold=True, text=heading))
        for at, share in ((0, 2), (1, 5), (2, 7)):
            self._table.setColumnStretch(at, share)
        column.addLayout(self._table)
        self.add_tier.setMinimumHeight(TARGET_PX)
        column.addWidget(self.add_tier)
        self.fault.setWordWrap(True)
        column.addWidget(self.fault)
        for name, field in self.modules.items():
            said = self._desk.say("console.plans.edit.module", module=self._desk.say(f"console.plans.module.{name}"),
                                  shape=self._desk.say(f"console.plans.edit.shape.{name}"))  # fmt: skip
            column.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=said))
            field.setAccessibleName(said)
            field.setFixedHeight(_MODULE_PX)
            field.setTabChangesFocus(True)
            field.textChanged.connect(lambda name=name: self._on_module(name))
            column.addWidget(field)
        column.addStretch(1)
        self.setWidget(body)
        body.setAutoFillBackground(False)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.matter.currentIndexChanged.connect(self._on_matter)
        self.add_tier.clicked.connect(lambda _on=False: self._on_rows(edit.tier_added))

    def _add(self, grid: QGridLayout, place: int, name: str, field: QWidget) -> None:
        code = "trigger" if name == "triggers" else name
        table = "module" if name == "triggers" else "field"
        title = self._desk.say(f"console.plans.{table}.{code}")
        field.setMinimumHeight(TARGET_PX)
        field.setAccessibleName(title)
        grid.addWidget(Lettered(self._desk.theme, TypeSize.SMALL, text=title), place, 0)
        grid.addWidget(field, place, 1)

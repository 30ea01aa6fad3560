"""The editor of an edition: steps moved, added and taken away at the left, head and modules at the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.lettered import Lettered
from chengyun_console.pages.plans import plan_edit as edit
from chengyun_console.pages.plans.head_fields import HeadFields
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.plan_edit import Place
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.pages.plans.side_tabs import SideTabs
from chengyun_console.pages.plans.step_fields import StepFields, said
from chengyun_console.wording.plans import PlanWords, numbers_of
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import Action, PlanTemplate
from chengyun_core.model.plan_check import Known
from chengyun_core.model.plan_commands import SavePlan
from chengyun_core.wire.envelope import Done
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity, TypeSize
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.step_list import Sign, StepList, StepRow


class EditorPanel(Panel):
    """Ctrl+Enter saves the draft at the centre; Esc leaves, and what was written is there at the next Alt+E."""

    was_saved = Signal(str, int)
    """Code of the plan and number of the edition."""
    was_left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, "", desk.say("console.plans.edit.hint"))
        self._desk = desk
        self.plan: PlanTemplate | None = None
        self._base_version = 0
        self._draft = "plan.edit"
        self._unread: dict[Place, Reason] = {}
        self.list = StepList(desk.theme, movable=True)
        self.tabs = SideTabs([desk.say("console.plans.edit.step"), desk.say("console.plans.edit.head")])
        self.sides = QStackedWidget()
        self.step, self.head = StepFields(desk), HeadFields(desk)
        self.told = Lettered(desk.theme, TypeSize.BODY)
        self.status = status_line(desk)
        self.sending = Sender(desk, self.status)
        self.deeds = KeyedButtons(desk, {
            "form.send": self.save, "plan.step_add": self.add, "plan.step_remove": self.remove,
        }, {"form.send": "console.plans.edit.save"})  # fmt: skip
        self._lay_out()

    def open_for(self, template: PlanTemplate) -> None:
        """Edit a draft, or begin a new edition; what was written of it earlier is taken up again."""
        begun = edit.begun(template)
        self._base_version = begun.version
        self._draft = f"plan.edit.{begun.code}.{begun.version}" if begun.code else f"plan.new.{begun.name}"
        self.plan = begun
        found = edit.unkept(self._desk.drafts.read(self._key()).get("plan", ""))
        if found is not None and begun.code in ("", found.code):
            self.plan = found
        self._unread = {}
        self.sending.tell("")
        self.head.show_plan(self.plan)
        self._show_all(select=self.plan.actions[0].code if self.plan.actions else "")
        is_first = not begun.code
        self.tabs.setCurrentIndex(1 if is_first else 0)
        (self.head.lines["code"] if is_first else self.list).setFocus()

    def save(self) -> None:
        """Send the draft, or say what is wrong and go there."""
        plan = self.plan
        if plan is None or self.sending.is_busy:
            return
        faults = self._faults()
        if faults:
            self._go_to(next(iter(faults)))
            self.sending.tell(self._desk.say("console.plans.edit.cannot", count=len(faults)), is_trouble=True)
            return
        told = self._desk.say("console.plans.edit.deed", name=plan.name)
        self.sending.send(SavePlan(template=plan, version=self._base_version), told, self._on_saved)

    def add(self) -> None:
        """Put a new step behind the one in focus."""
        if self.plan is not None:
            self.plan, code = edit.added(self.plan, self.list.current_key())
            self._changed(select=code)
            self.tabs.setCurrentIndex(0)
            self.step.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self) -> None:
        """Take the step in focus away; its neighbour is in focus then."""
        key = self.list.current_key()
        if self.plan is None or not key:
            return
        codes = [action.code for action in self.plan.actions]
        at = codes.index(key)
        rest = codes[:at] + codes[at + 1 :]
        self._unread = {place: reason for place, reason in self._unread.items() if place[1] != key}
        self.plan = edit.removed(self.plan, key)
        self._changed(select=rest[min(at, len(rest) - 1)] if rest else "")

    def leave(self) -> None:
        """Leave the editor; the draft stays."""
        self.was_left.emit()

    def _faults(self) -> dict[Place, Reason]:
        return edit.faults(self.plan, self._known(), self._unread) if self.plan is not None else {}

    def _known(self) -> Known:
        names = self._desk.names
        if names is None:
            return Known()
        city = names.view.catalogue
        return edit.known_of(
            (one.code for one in city.matters), (one.code for one in city.units), (one.code for one in city.vitals)
        )

    def _changed(self, *, select: str = "") -> None:
        """Keep what was written, and show it."""
        if self.plan is not None:
            self._desk.drafts.write(self._key(), {"plan": edit.kept(self.plan)})
        self._show_all(select=select)

    def _show_all(self, *, select: str = "") -> None:
        plan = self.plan
        if plan is None:
            return
        faults, words = self._faults(), self._words()
        title = "console.plans.edit.title" if plan.edition else "console.plans.edit.title_new"
        title = title if self._base_version or not plan.edition else "console.plans.edit.title_first"
        self.set_title(self._desk.say(title, name=plan.name, **({"edition": plan.edition} if plan.edition else {})))
        numbers = numbers_of(plan.actions)
        self.list.set_rows([self._row(action, numbers, faults) for action in plan.actions])
        self.list.show_notice(Presence.FRESH if plan.actions else Presence.EMPTY, words.say("console.plans.edit.empty"))
        if select:
            self.list.select(select)
        count = len(faults)
        self.told.set_colour(Colour.ORANGE_TEXT if count else Colour.TEXT_SECOND)
        self.told.show_text(
            self._desk.say("console.plans.edit.faults" if count else "console.plans.edit.sound", count=count)
        )
        self._show_step()
        rest = [words.placed(place, reason) for place, reason in faults.items() if place[0] != "actions"]
        self.head.show_faults("\n".join(rest))

    def _row(self, action: Action, numbers: dict[str, str], faults: dict[Place, Reason]) -> StepRow:
        words = self._words()
        wrong = [reason for (table, key, _), reason in faults.items() if table == "actions" and key == action.code]
        detail = words.reason(wrong[0]) if wrong else words.step_detail(action, numbers)
        text = words.written(action.text) or words.say("console.plans.edit.no_text")
        return StepRow(
            key=action.code, severity=Severity.NONE, sign=Sign.CROSSED if wrong else Sign.READY,
            title=words.say("console.plans.run.numbered", number=numbers[action.code], text=text), detail=detail,
            status=action.tier, status_colour=Colour.TEXT_SECOND,
        )  # fmt: skip

    def _current(self) -> Action | None:
        key = self.list.current_key()
        return next((action for action in self.plan.actions if action.code == key), None) if self.plan else None

    def _show_step(self) -> None:
        action = self._current()
        if self.plan is None:
            return
        self.step.show_step(self.plan, action)
        self._show_step_faults()

    def _show_step_faults(self) -> None:
        action = self._current()
        own = {column: reason for (table, key, column), reason in self._faults().items()
               if action is not None and table == "actions" and key == action.code}  # fmt: skip
        self.step.show_faults(said(self._words(), own))

    def _on_field(self, name: str, value: object) -> None:
        action = self._current()
        if self.plan is None or action is None:
            return
        place: Place = ("actions", action.code, name)
        self._unread.pop(place, None)
        if isinstance(value, Reason):
            self._unread[place] = value
            self._changed_step(action.code)
            return
        self.plan = edit.with_action(self.plan, action.code, **{name: value})
        self._changed_step(str(value) if name == "code" else action.code)

    def _changed_step(self, code: str) -> None:
        """Keep and show a change without filling the field that is being typed in anew."""
        plan = self.plan
        if plan is None:
            return
        self._desk.drafts.write(self._key(), {"plan": edit.kept(plan)})
        faults, numbers = self._faults(), numbers_of(plan.actions)
        self.list.blockSignals(True)
        if len({action.code for action in plan.actions}) == len(plan.actions):
            self.list.set_rows([self._row(action, numbers, faults) for action in plan.actions])
            self.list.select(code)
        self.list.blockSignals(False)
        self._show_step_faults()

    def _on_head(self, plan: PlanTemplate) -> None:
        self.plan = plan
        self._changed()

    def _on_unread(self, place: Place, reason: Reason | None) -> None:
        self._unread.pop(place, None)
        if reason is not None:
            self._unread[place] = reason
        self._show_all()

    def _on_place(self, key: str, place: int) -> None:
        if self.plan is not None:
            self.plan = edit.moved(self.plan, key, place)
            self._changed(select=key)

    def _go_to(self, place: Place) -> None:
        table, key, _column = place
        self.tabs.setCurrentIndex(0 if table == "actions" else 1)
        if table == "actions":
            self.list.select(key)

    def _on_saved(self, done: Done) -> None:
        self._desk.drafts.drop(self._key())
        plan = self.plan
        if plan is not None:
            _, _, edition = done.key.rpartition(".")
            self.was_saved.emit(plan.code, int(edition) if edition.isdecimal() else plan.edition)

    def _key(self) -> str:
        return self._draft

    def _words(self) -> PlanWords:
        return PlanWords(self._desk.figures, self._desk.names)

    def _lay_out(self) -> None:
        self.list.setAccessibleName(self._desk.say("console.plans.module.actions"))
        steps = QWidget()
        row = QHBoxLayout(steps)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list, 56)
        row.addWidget(self.step, 44)
        for side in (steps, self.head):
            self.sides.addWidget(side)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.sides, 1)
        for widget in (self.told, self.status, self.deeds):
            column.addWidget(widget)
        self.told.setContentsMargins(SPACE_PX * 3, SPACE_PX, SPACE_PX * 3, 0)
        self.set_body(body)
        self.show_notice(Presence.FRESH, "")
        self.deeds.show_only(("form.send", "plan.step_add", "plan.step_remove"))
        self.deeds.bind_to(self)
        self.tabs.currentChanged.connect(self.sides.setCurrentIndex)
        self.list.current_did_change.connect(lambda _key: self._show_step())
        self.list.place_was_asked.connect(self._on_place)
        self.list.row_was_opened.connect(lambda _key: self.step.text.setFocus(Qt.FocusReason.OtherFocusReason))
        self.step.did_change.connect(self._on_field)
        self.head.did_change.connect(self._on_head)
        self.head.was_unread.connect(self._on_unread)

"""One risk point of F7: where it is, what is measured, what watches it, every plan bound to it with what differs."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.pages.plans.ask_line import AskLine
from chengyun_console.pages.plans.keyed import KeyedButtons
from chengyun_console.pages.plans.sender import Sender, status_line
from chengyun_console.wording.plans import PlanWords
from chengyun_core.model.failure import Reason
from chengyun_core.model.plan import RiskPoint
from chengyun_core.model.plan_commands import DropPoint, UnbindPlan
from chengyun_core.wire.envelope import Done
from chengyun_core.wire.plan_asks import AskPoint, BoundHere, PointTold
from chengyun_resources.theme.tokens import SPACE_PX, Colour, Severity
from chengyun_widgets.fact_list import FactList
from chengyun_widgets.fact_model import FactRow
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence

_MOST_FACTS_PX = 320
"""What is known of a point leaves room for its plans."""
ANOTHER = "+"
"""Key of the row that binds another plan."""


class PointCard(Panel):
    """Asks `risk_point.get` for what is chosen. Enter on a plan, or on the last row, opens its binding."""

    edit_was_asked = Signal(object, str)
    """model.plan.RiskPoint and its mark."""
    binding_was_asked = Signal(object, str)
    """model.plan.RiskPoint and the code of the plan that is bound there, "" for another one."""
    library_did_change = Signal()
    """A plan was unbound, or the point taken away: lists are to be asked anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme)
        self._desk = desk
        self.told: PointTold | None = None
        self._code = ""
        self.sheet, self.list = FactSheet(desk.theme), FactList(desk.theme)
        self.ask_line, self.status = AskLine(desk), status_line(desk)
        self.sending = Sender(desk, self.status)
        self.deeds = KeyedButtons(desk, {
            "plan.bind": self.bind, "plan.unbind": self._ask_unbind, "point.edit": self._edit,
            "point.drop": self._ask_drop,
        })  # fmt: skip
        self._lay_out()

    def show_point(self, code: str) -> None:
        """Ask for a risk point and show it."""
        if code != self._code:
            self.sending.tell("")
        self._code = code
        self._desk.session.ask("risk_point.get", AskPoint(code=code), self._on_told, slot="plans.point")

    def reload(self) -> None:
        """Ask for the same point again."""
        if self._code:
            self.show_point(self._code)

    def step_back(self) -> bool:
        """Leave the question that stands; return False when none does."""
        return self.ask_line.close_over()

    def show_told(self) -> None:
        """Show what is known."""
        told = self.told
        if told is None:
            self.deeds.show_only(())
            self.show_notice(Presence.EMPTY, self._desk.say("console.points.choose_one"))
            return
        words = self._words()
        self.set_title(told.point.name)
        self.set_note(words.point_code(told.point))
        self.sheet.show_sections((words.point_section(told.point),))
        self.sheet.setFixedHeight(min(self.sheet.text.sizeHint().height() + 2 * SPACE_PX, _MOST_FACTS_PX))
        self.list.set_rows([*(self._row(one) for one in told.bound), self._another()])
        if not self.list.current_key():
            self.list.select(told.bound[0].binding.template if told.bound else ANOTHER)
        self.show_notice(Presence.FRESH, "")
        self._show_deeds()

    def bind(self) -> None:
        """Open the binding in focus, or bind another plan."""
        if self.told is not None:
            key = self.list.current_key()
            self.binding_was_asked.emit(self.told.point, "" if key == ANOTHER else key)

    def _row(self, one: BoundHere) -> FactRow:
        words, head = self._words(), one.head
        flags = (words.say("console.plans.stale"),) if head is not None and head.flags else ()
        told = words.override_count(one.binding)
        status = words.state(head.state) if head is not None else words.state("retired")
        return FactRow(
            key=one.binding.template, severity=Severity.NONE, title=head.name if head else one.binding.template,
            detail=told, badges=flags, status=status, status_colour=Colour.TEXT_SECOND,
        )  # fmt: skip

    def _another(self) -> FactRow:
        title = self._desk.say("console.points.another")
        return FactRow(key=ANOTHER, severity=Severity.NONE, title=title, detail=self._desk.say("console.points.by"))

    def _show_deeds(self) -> None:
        if self.told is None:
            return
        bound = self.list.current_key() not in ("", ANOTHER)
        drop = {"point.drop"} if not self.told.bound else set()
        self.deeds.show_only({"plan.bind", "point.edit", *drop, *({"plan.unbind"} if bound else ())})

    def _edit(self) -> None:
        if self.told is not None:
            self.edit_was_asked.emit(self.told.point, self.told.stamp)

    def _ask_unbind(self) -> None:
        template = self.list.current_key()
        point = self.told.point if self.told is not None else None
        if point is None or template in ("", ANOTHER):
            return
        row = next(row for row in self.list.rows() if row.key == template)
        question = self._desk.say("console.points.ask_unbind", plan=row.title, point=point.name)

        def answered(reason: str) -> None:
            command = UnbindPlan(risk_point=point.code, template=template, reason=reason)
            self._send(command, "unbind", point)

        self.ask_line.ask(f"unbind:{point.code}:{template}", question, answered)

    def _ask_drop(self) -> None:
        told = self.told
        if told is None:
            return
        point, stamp = told.point, told.stamp

        def answered(reason: str) -> None:
            self._send(DropPoint(code=point.code, stamp=stamp, reason=reason), "point_drop", point)

        question = self._desk.say("console.points.ask_drop", point=point.name)
        self.ask_line.ask(f"drop:{point.code}", question, answered)

    def _send(self, command: object, code: str, point: RiskPoint) -> None:
        action = self._desk.say(f"console.plans.action.{code}")
        told = self._desk.say("console.deed", action=action, alarm=point.name)
        self.sending.send(command, told, self._on_done)

    def _on_done(self, _done: Done) -> None:
        self.reload()
        self.library_did_change.emit()

    def _on_told(self, told: object) -> None:
        if isinstance(told, PointTold):
            self.told = told
            self.show_told()
        elif isinstance(told, Reason):
            self.told = None
            self.deeds.show_only(())
            self.show_notice(Presence.REFUSED, self._words().reason(told))

    def _words(self) -> PlanWords:
        return PlanWords(self._desk.figures, self._desk.names)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sheet)
        column.addWidget(self.list, 1)
        for widget in (self.status, self.ask_line, self.deeds):
            column.addWidget(widget)
        self.list.setAccessibleName(self._desk.say("console.points.bound"))
        self.sheet.setAccessibleName(self._desk.say("console.plans.points"))
        self.set_body(body)
        self.setFocusProxy(self.list)
        self.list.row_was_opened.connect(lambda _key: self.bind())
        self.list.current_did_change.connect(lambda _key: self._show_deeds())
        self.show_told()

"""One order: head with its clock, receipts matrix, facts with requests and feedback, timeline, and the deeds."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps
from chengyun_console.pages.orders.deed_bar import DeedBar
from chengyun_console.pages.orders.matrix_pane import ReceiptMatrixPane
from chengyun_console.pages.split_panes import SplitPanes
from chengyun_console.wording import order_sheet
from chengyun_console.wording.orders import OrderWords
from chengyun_core.model.clock import NS_PER_S
from chengyun_core.model.order import Order, Receipt, SideRequest
from chengyun_core.wire.order_asks import AskOrder, OrderTold
from chengyun_widgets.case_head import CaseHeadView
from chengyun_widgets.fact_sheet import FactSheet
from chengyun_widgets.panel import Panel
from chengyun_widgets.presence import Presence
from chengyun_widgets.time_lines import TimeLines


class OrderCard(Panel):
    """Follows the order focus of the desk; asks `order.get` when the order is another one or changed."""

    receipt_was_opened = Signal(str)
    action_was_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, desk.say("tasks.card"))
        self._desk = desk
        self.head = CaseHeadView(desk.theme)
        self.matrix = ReceiptMatrixPane(desk)
        self.facts, self.lines = FactSheet(desk.theme), TimeLines(desk.theme)
        self.deeds = DeedBar(desk)
        self._asked: tuple[object, ...] = ()
        desk.label_watch.did_change.connect(self._forget)
        self._state: tuple[object, ...] = ()
        self._lay_out()
        self.matrix.receipt_was_opened.connect(self.receipt_was_opened)
        self.deeds.action_was_asked.connect(self.action_was_asked)

    def steps(self) -> Steps:
        """Bring the card to now, pane by pane."""
        desk, focus = self._desk, self._desk.order_focus
        order = focus.order
        self._ask(order)
        now_ns = desk.now_ns()
        state = (order, focus.place, focus.told, desk.session.facts.through, now_ns // NS_PER_S, desk.names,
                 desk.allowed(), focus.marked)  # fmt: skip
        if state != self._state:
            self._state = state
            if order is None:
                empty = "tasks.card.loading" if focus.number is not None else "tasks.card.empty"
                self.show_notice(Presence.EMPTY, desk.say(empty))
                return
            self.show_notice(Presence.FRESH, "")
            self._show_facts(order, focus.receipt, now_ns)
        if order is not None:
            yield
            self.matrix.show_orders(((order, focus.receipts),))
            self.matrix.refresh()

    def _show_facts(self, order: Order, receipt: Receipt | None, now_ns: int) -> None:
        desk = self._desk
        words = OrderWords(desk.figures, desk.names)
        event = desk.session.facts.events.get(order.event) if order.event is not None else None
        self.set_title(desk.say("tasks.card.title", number=order.code))
        self.head.show_record(order_sheet.head(words, order, event, now_ns))
        self.facts.show_sections(order_sheet.sections(words, order, receipt, self._requests(order), now_ns))
        told = desk.order_focus.told
        self.lines.show_lines(order_sheet.lines(words, told.history) if told is not None else ())
        self.deeds.look()

    def _requests(self, order: Order) -> list[SideRequest]:
        """Return its requests: those told, as the mirror knows them now; what waits first."""
        told = self._desk.order_focus.told
        rows = {row.number: row for row in told.requests} if told is not None else {}
        rows |= {row.number: row for row in self._desk.session.facts.requests.values() if row.order == order.number}
        return sorted(rows.values(), key=lambda row: (row.decided_at is not None, -row.number))

    def _ask(self, order: Order | None) -> None:
        """Ask for the whole of an order once for each of its versions and of its receipts'."""
        number = self._desk.order_focus.number
        if number is None:
            return
        living = self._desk.session.facts.receipts
        versions = tuple(row.version for row in living.values() if row.order == number)
        wanted = (number, order.version if order is not None else 0, versions)
        if wanted != self._asked:
            self._asked = wanted
            self._desk.session.ask("order.get", AskOrder(order=number), self._take, slot="tasks order")

    def _forget(self) -> None:
        self._asked, self._state = (), ()

    def _take(self, answer: object) -> None:
        if isinstance(answer, OrderTold):
            self._desk.order_focus.take(answer)
            self._state = ()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        # Above, as on F3: a message lies over the foot of the page, and would take the click meant for a deed.
        column.addWidget(self.deeds)
        self.parts = SplitPanes(self._desk, "tasks.card", Qt.Orientation.Vertical, (54, 46))
        self.parts.addWidget(self.matrix)
        below = SplitPanes(self._desk, "tasks.below", Qt.Orientation.Horizontal, (50, 50))
        for widget, name in ((self.facts, "tasks.facts"), (self.lines, "tasks.timeline")):
            widget.setAccessibleName(self._desk.say(name))
            below.addWidget(widget)
        self.parts.addWidget(below)
        column.addWidget(self.parts, 1)
        self.set_body(body)

"""What the keys of orders and receipts do in the window, beside the deeds that are only asked about and sent."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.frame_turns import Steps
from chengyun_console.pages.orders.page import OrdersPage
from chengyun_console.session.replies import done_of
from chengyun_console.shell.batch_desk import BatchDesk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.matrix_sheet import MatrixSheet
from chengyun_console.shell.order_form import About, OrderForm
from chengyun_console.shell.overlay import Overlay
from chengyun_console.shell.page_stack import PageStack
from chengyun_console.shell.receipt_form import ReceiptForm
from chengyun_console.shell.roll_call_sheet import RollCallSheet
from chengyun_console.subjects import subject_of
from chengyun_core.model.failure import Reason
from chengyun_core.model.order import ReceiptState, Step, key_of
from chengyun_core.model.order_commands import SendOrders
from chengyun_core.model.receipt_commands import ConfirmReceipt, FeedBackReceipt
from chengyun_core.model.room_commands import LinkDecision
from chengyun_core.wire.envelope import Done, Reply
from chengyun_widgets.toast import MessageTone

TASKS = "F4"


class TaskDesk(QObject):
    """Made once by the window; owns the sheets of orders and sends what they write."""

    action_was_asked = Signal(object)
    """Actions of the table that a sheet's button stands for."""

    def __init__(
        self, desk: Desk, parent: QWidget, stack: PageStack, deeds: Deeds, *, area: Callable[[], QRect]
    ) -> None:  # fmt: skip
        """`area` says where the page is, in the window's coordinates."""
        super().__init__(parent)
        self._desk, self._stack, self._deeds, self._area = desk, stack, deeds, area
        self._parent, self._page = parent, stack.of(OrdersPage)
        self._sending: dict[str, About] = {}
        self._telling: dict[str, tuple[object, str]] = {}

    def making(self) -> Steps:
        """Make the sheets, one at a time; nothing else is asked of the desk before the last."""
        desk, parent, deeds = self._desk, self._parent, self._deeds
        self.form = OrderForm(desk, parent)
        yield
        self.receipt_form, self.matrix = ReceiptForm(desk, deeds, parent), MatrixSheet(desk, parent)
        yield
        self.roll_call = RollCallSheet(desk, parent)
        self.batch = BatchDesk(desk, deeds, self.form, self._area)
        self._connect()

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Return what Esc leaves, the nearest first."""
        return self.receipt_form, self.form, self.roll_call, self.matrix

    def doers(self) -> dict[str, Callable[[], object]]:
        """Return what the window does for the actions of this room, by their ids."""
        return {
            "order.compose": lambda: self.compose(self._desk.event_focus.number),
            "order.compose_next": self._compose_next,
            "order.confirm": lambda: self._open_receipt_form("order.confirm", for_him=True),
            "order.feed_back": lambda: self._open_receipt_form("order.feed_back", for_him=False),
            "order.receipts": self._open_matrix,
            "roll_call.open": self._open_roll_call,
            "order.mark_unit": self._page.lists.mark_unit,
            "order.mark_all": self._page.lists.mark_all,
            "order.send_batch": self.batch.choose,
            "tasks.supervision": self._open_board,
            "tasks.next_reason": self._page.lists.turn_why,
            "tasks.next_list": lambda: self._page.lists.turn(1),
            "tasks.previous_list": lambda: self._page.lists.turn(-1),
        }

    def refresh(self) -> None:
        """Do what is owed; called on each frame."""
        self.matrix.refresh()
        self.roll_call.refresh()

    def compose(self, event: int | None) -> None:
        """D: write an order for an event, or for none."""
        self.compose_for(About(event=event))

    def compose_for(self, about: About) -> None:
        """Write an order for an event, or for a step of a plan."""
        if self._deeds.may(BY_ID["order.compose"]):
            self.form.open_for(about, self._area())

    def open_receipt(self, order: int, place: int | None = None) -> None:
        """Go to an order, and to one of its receipts."""
        self._desk.order_focus.select(order, place)
        self._stack.bring_forward(TASKS)

    def _connect(self) -> None:
        self._page.lists.row_was_opened.connect(self.batch.open_row)
        self.form.was_written.connect(self._on_written)
        self.receipt_form.was_written.connect(self._on_told)
        self.matrix.receipt_was_opened.connect(self.open_receipt)
        self.matrix.action_was_asked.connect(lambda name: self.action_was_asked.emit((BY_ID[name],)))
        self.roll_call.was_asked.connect(self._deeds.send)
        self._desk.session.command_ended.connect(self._on_ended)

    def _open_receipt_form(self, action: str, *, for_him: bool) -> None:
        """C and 4: write for the recipient in focus, if that makes sense."""
        receipt = self._desk.order_focus.receipt
        reason = BY_ID[action].why_not(subject_of(self._desk))
        if reason is not None:
            self._deeds.tell(MessageTone.REFUSED, self._desk.refusal(reason))
        elif receipt is not None and self._deeds.may(BY_ID[action]):
            self.receipt_form.open_for(receipt, self._area(), for_him=for_him)

    def _open_matrix(self) -> None:
        event = self._desk.event_focus.record
        if self.matrix.close_over():
            return
        if event is None:
            self._deeds.tell(MessageTone.NOTE, self._desk.say("events.none_in_focus"))
        else:
            self.matrix.open_for(event, self._area())

    def _open_roll_call(self) -> None:
        """Ctrl+Shift+D: call the roll, look at the one that runs, or answer it; the same key closes it."""
        if not self.roll_call.close_over():
            self.roll_call.open_over(self._area())

    def _compose_next(self) -> None:
        """D on F4: another order for the same event; for a returned receipt the one that replaces it."""
        focus = self._desk.order_focus
        order, receipt = focus.order, focus.receipt
        if order is not None and receipt is not None and receipt.state is ReceiptState.RETURNED:
            self.compose_for(
                About(event=order.event, title=order.title, text=order.text, instead_of=key_of(receipt))
            )  # fmt: skip
        else:
            self.compose_for(About(event=order.event if order is not None else None))

    def _open_board(self) -> None:
        """/dd: the supervision board in front, its heaviest receipt in focus."""
        self._stack.bring_forward(TASKS, self._page.lists.open_board)

    def _on_written(self, command: SendOrders, about: About) -> None:
        told = self._desk.say("tasks.compose.deed", title=command.drafts[0].title)
        self._sending[self._deeds.send_quietly(command)] = about
        self._deeds.tell(MessageTone.NOTE, self._desk.say("console.sent", deed=told))

    def _on_told(self, command: ConfirmReceipt | FeedBackReceipt, draft: str) -> None:
        step = command.step if isinstance(command, ConfirmReceipt) else Step.FED_BACK
        receipt = self._desk.order_focus.receipt
        names = self._desk.names
        who = names.who(receipt.recipient) if names is not None and receipt is not None else ""
        told = self._desk.say("tasks.form.deed", step=self._desk.say(f"receipt.step.{step.value}"), who=who)
        self._telling[self._deeds.send(command, told)] = (command, draft)

    def _end_told(self, command: ConfirmReceipt | FeedBackReceipt, draft: str, reply: Reply) -> None:
        """Drop the draft of what the centre has; bring back what it refused, as it stands now."""
        if reply.outcome == "done":
            self._desk.drafts.drop(draft)
            return
        receipt = self._desk.session.facts.receipts.get(f"{command.order}.{command.place}")
        if receipt is not None and self.receipt_form.isHidden():
            text = self._desk.refusal(Reason(code=reply.code, params=reply.params))
            for_him = isinstance(command, ConfirmReceipt)
            self.receipt_form.show_refusal(receipt, text, self._area(), for_him=for_him)

    def _on_ended(self, command: str, reply: Reply) -> None:
        """Drop the draft of what was sent and go to it, or show it again with why it was not."""
        match self._telling.pop(command, None):
            case (ConfirmReceipt() | FeedBackReceipt() as told, str(draft)):
                self._end_told(told, draft, reply)
        about = self._sending.pop(command, None)
        if about is None:
            return
        if reply.outcome != "done":
            text = self._desk.refusal(Reason(code=reply.code, params=reply.params))
            self._deeds.tell(MessageTone.REFUSED, text)
            if self.form.isHidden():
                self.form.show_refusal(about, text, self._area())
            return
        self._desk.drafts.drop(about.draft)
        done = done_of(reply)
        if about.decision is not None:
            self._link(about.decision, done)
        self._tell_sent(done)

    def _link(self, decision: tuple[int, int], done: Done) -> None:
        """Tell which orders were sent upon a decision of a consultation."""
        orders = tuple(int(number) for number in done.key.split())
        self._deeds.send_quietly(LinkDecision(room=decision[0], decision=decision[1], orders=orders))

    def _tell_sent(self, done: Done) -> None:
        number = int(done.key.split()[0]) if done.key.split() else None
        order = self._desk.session.facts.orders.get(number) if number is not None else None
        code = order.code if order is not None else str(number or "")
        waits = "order.waits" in done.warnings
        told = self._desk.say("order.waits") if waits else self._desk.say("tasks.compose.sent", order=code)
        self._deeds.tell(MessageTone.DONE, told)

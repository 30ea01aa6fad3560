"""What is done with the batch of orders: collected from the form, opened again, sent or put on hold as a whole (T7)."""

import json
from collections.abc import Callable

from PySide6.QtCore import QObject, QRect

from chengyun_console.actions.table import BY_ID
from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.order_form import About, OrderForm
from chengyun_core.model.failure import Reason
from chengyun_core.model.order_commands import OrderDraft, SendOrders
from chengyun_core.wire.envelope import Reply
from chengyun_widgets.toast import MessageTone

ROW = "batch:"
"""What the key of a row of the batch begins with; its place follows."""


class BatchDesk(QObject):
    """Owned by the desk of tasks. The batch stays as it is until the centre has all of it."""

    def __init__(self, desk: Desk, deeds: Deeds, form: OrderForm, area: Callable[[], QRect]) -> None:
        super().__init__(form)
        self._desk, self._deeds, self._form, self._area = desk, deeds, form, area
        self._sent: dict[str, int] = {}
        form.was_collected.connect(self._on_collected)
        desk.session.command_ended.connect(self._on_ended)

    def open_row(self, key: str) -> None:
        """Enter on an order of the batch: it goes back into the form."""
        draft = self._desk.order_batch.take(int(key.removeprefix(ROW))) if key.startswith(ROW) else None
        if draft is None:
            return
        about = About(event=draft.event, plan_run=draft.plan_run, plan_step=draft.plan_step,
                      instead_of=draft.instead_of)  # fmt: skip
        self._desk.drafts.write(about.draft, _texts(draft))
        self._form.open_for(about, self._area())

    def choose(self) -> None:
        """Shift+D: send all, put all on hold, or take them out; nothing is done before a digit."""
        count, say = len(self._desk.order_batch.orders), self._desk.say
        if not self._deeds.may(BY_ID["order.send_batch"]):
            return
        if not count or self._sent:
            self._deeds.tell(MessageTone.NOTE, say("tasks.batch.under_way" if self._sent else "tasks.batch.none"))
        else:
            notes = [say("tasks.batch.send"), say("tasks.batch.hold"), say("tasks.batch.clear")]
            self._deeds.ask(say("tasks.batch.question", count=count), notes, self._do)

    def _do(self, answer: int) -> None:
        orders = self._desk.order_batch.orders
        if answer == 2:
            self._desk.order_batch.clear()
            self._deeds.tell(MessageTone.DONE, self._desk.say("tasks.batch.cleared", count=len(orders)))
        elif orders:
            command = self._deeds.send_quietly(SendOrders(drafts=orders, hold=answer == 1))
            self._sent[command] = answer
            told = self._desk.say("tasks.batch.deed", count=len(orders))
            self._deeds.tell(MessageTone.NOTE, self._desk.say("console.sent", deed=told))

    def _on_collected(self, draft: OrderDraft, about: About) -> None:
        if not self._desk.order_batch.add(draft):
            self._form.show_refusal(about, self._desk.say("tasks.batch.full"), self._area())
            return
        self._desk.drafts.drop(about.draft)
        count = len(self._desk.order_batch.orders)
        self._deeds.tell(MessageTone.DONE, self._desk.say("tasks.batch.added", title=draft.title, count=count))

    def _on_ended(self, command: str, reply: Reply) -> None:
        """Empty the batch once the centre has all of it; else say why, and leave it as it is."""
        answer = self._sent.pop(command, None)
        if answer is None:
            return
        if reply.outcome != "done":
            self._deeds.tell(MessageTone.REFUSED, self._desk.refusal(Reason(code=reply.code, params=reply.params)))
            return
        count = len(self._desk.order_batch.orders)
        self._desk.order_batch.clear()
        code = "tasks.batch.held" if answer == 1 else "tasks.batch.sent"
        self._deeds.tell(MessageTone.DONE, self._desk.say(code, count=count))


def _texts(draft: OrderDraft) -> dict[str, str]:
    """Return an order as the form keeps it."""
    return {
        "title": draft.title, "text": draft.text, "place": draft.place, "critical": draft.critical,
        "recipients": json.dumps({one.code: one.role.value for one in draft.recipients}),
    }  # fmt: skip

"""What is owed when something comes for a unit of this seat: the officer is told, and the centre that it is here."""

from PySide6.QtCore import QObject

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_console.shell.receipt_duties import ReceiptDuties
from chengyun_console.sound.order_news import OrderNews
from chengyun_core.mirror.news import FactNews
from chengyun_core.model.order import Receipt, RollCall
from chengyun_widgets.toast import MessageTone

_TOLD = {
    "receipt.carry": "order.told.carry",
    "receipt.lapse": "order.told.lapse",
    "receipt.recall": "order.told.recall",
    "receipt.void": "order.told.void",
}
"""What the centre did to a receipt without its recipient → the sentence that tells him."""


class OrderCalls(QObject):
    """Made once by the window: it hears the centre also before anybody went to the orders."""

    def __init__(self, desk: Desk, deeds: Deeds) -> None:
        super().__init__(deeds)
        self._desk, self._deeds = desk, deeds
        self._news = OrderNews(desk)
        self.duties = ReceiptDuties(desk, deeds, self)
        desk.session.facts_came.connect(self._on_facts)

    def look(self, *, is_shown: bool) -> None:
        """Tell the centre what is here, and what is read; called on frames. `is_shown`: orders are in front."""
        self.duties.look(is_shown=is_shown)

    def _on_facts(self, news: FactNews) -> None:
        """Say once that something came for a unit of this seat: an order, a supervision, a roll call; or that it ended.

        What ended is no fact any more, and would only be gone from the list: its change says what became of it.
        """
        for change in news.changes:
            if change.action in _TOLD and own_receipts.is_own(self._desk, change.params.get("recipient", "")):
                told = {name: change.params.get(name, "") for name in ("order", "reason")}
                self._deeds.tell(MessageTone.NOTE, self._desk.say(_TOLD[change.action], **told))
        for fact in news.facts:
            record = fact.record
            if isinstance(record, Receipt) and self._news.is_news(record):
                self._deeds.tell(MessageTone.NOTE, self._news_of(record))
            elif isinstance(record, RollCall) and record.version == 1 and self._is_called(record):
                self._deeds.tell(MessageTone.NOTE, self._desk.say("tasks.roll.called", title=record.title))

    def _news_of(self, receipt: Receipt) -> str:
        if receipt.supervision:
            names = self._desk.names
            who = names.who(receipt.recipient) if names is not None else receipt.recipient
            return self._desk.say("tasks.supervised", supervision=receipt.supervision, who=who)
        order = self._desk.session.facts.orders.get(receipt.order)
        return self._desk.say("tasks.came", order=order.code if order is not None else receipt.order)

    def _is_called(self, call: RollCall) -> bool:
        return call.ended_at is None and any(own_receipts.is_own(self._desk, code) for code in call.called)

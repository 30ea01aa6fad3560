"""Tells the centre by itself that an order is here (已达) and was opened (已阅), for the units of this seat."""

from PySide6.QtCore import QObject

from chengyun_console import own_receipts
from chengyun_console.desk import Desk
from chengyun_console.shell.deeds import Deeds
from chengyun_core.model.order import Receipt, ReceiptState, Step, key_of
from chengyun_core.model.receipt_commands import DeliverReceipt, ReadReceipt


class ReceiptDuties(QObject):
    """Sends nothing twice; told twice, the centre would tell it once all the same. Dies with its window."""

    def __init__(self, desk: Desk, deeds: Deeds, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._deeds = desk, deeds
        self._told: set[tuple[str, Step]] = set()
        self._through: tuple[object, ...] = ()

    def look(self, *, is_shown: bool) -> None:
        """Tell what is here, and read what is shown; called on frames. `is_shown`: the page of tasks is in front."""
        desk = self._desk
        state = (desk.session.facts.through, own_receipts.posts(desk), desk.order_focus.number, is_shown, desk.names)
        if state == self._through or desk.session.signed_on is None:
            return
        self._through = state
        own = own_receipts.own(desk)
        if "receipt.deliver" in desk.allowed():
            for receipt in own:
                self._tell(receipt, Step.DELIVERED)
        if is_shown and "receipt.read" in desk.allowed():
            for receipt in own:
                if receipt.order == desk.order_focus.number:
                    self._tell(receipt, Step.READ)

    def _tell(self, receipt: Receipt, step: Step) -> None:
        key = key_of(receipt), step
        if receipt.state is not ReceiptState.OPEN or step in receipt.climbed or key in self._told:
            return
        if step is Step.DELIVERED and Step.READ in receipt.climbed:
            return
        self._told.add(key)
        record = DeliverReceipt if step is Step.DELIVERED else ReadReceipt
        self._deeds.send_quietly(record(order=receipt.order, place=receipt.place))

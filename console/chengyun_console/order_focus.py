"""Which order and which of its receipts is in focus at this desk, and which receipts are marked for a deed on many."""

from PySide6.QtCore import QObject, Signal

from chengyun_core.mirror.facts import FactMirror
from chengyun_core.model.order import Order, Receipt, SideRequest, key_of
from chengyun_core.wire.order_asks import OrderTold

ABOUT_RECEIPTS = "about_receipts"
"""Property of a list whose single letters are about the receipt that is current there, as they are in the matrix."""


class OrderFocus(QObject):
    """Pages, sheets and keys follow it. Living records are read from the mirror; ended ones are those told last."""

    did_change = Signal()
    """Another order or receipt is in focus, or other receipts are marked."""

    def __init__(self, facts: FactMirror) -> None:
        super().__init__()
        self._facts = facts
        self.number: int | None = None
        self.place: int | None = None
        self.marked: frozenset[str] = frozenset()
        """Keys of receipts, of one order or of many."""
        self.told: OrderTold | None = None
        """What the centre told of the order in focus last: its history, and what has ended."""

    @property
    def order(self) -> Order | None:
        """Return the order as it stands, an ended one as it was told."""
        if self.number is None:
            return None
        return self._facts.orders.get(self.number) or (self.told.order if self.told else None)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Return its receipts by place."""
        told = {row.place: row for row in self.told.receipts} if self.told else {}
        for row in self._facts.receipts.values():
            if row.order == self.number and row.version >= _version(told.get(row.place)):
                told[row.place] = row
        return tuple(told[place] for place in sorted(told))

    @property
    def receipt(self) -> Receipt | None:
        """Return the receipt in focus."""
        return next((row for row in self.receipts if row.place == self.place), None)

    @property
    def request(self) -> SideRequest | None:
        """Return the request that waits about the receipt in focus, else the oldest about its order."""
        waiting = sorted((row for row in self._facts.requests.values() if row.order == self.number), key=_number)
        return next((row for row in waiting if row.place == self.place), None) or next(iter(waiting), None)

    @property
    def chosen(self) -> tuple[Receipt, ...]:
        """Return what a deed on many is about: the living receipts that are marked, else the one in focus."""
        marked = tuple(self._facts.receipts[key] for key in sorted(self.marked) if key in self._facts.receipts)
        return marked or ((self.receipt,) if self.receipt is not None else ())

    def select(self, number: int | None, place: int | None = None) -> None:
        """Put an order in focus, and one of its receipts."""
        if (number, place) == (self.number, self.place):
            return
        if number != self.number:
            self.told = None
        self.number, self.place = number, place
        self.did_change.emit()

    def take(self, told: OrderTold) -> None:
        """Keep what the centre told of the order in focus."""
        if told.order.number == self.number:
            self.told = told

    def forget(self) -> None:
        """Forget what was told: a label changed; what the mirror has it has anew."""
        self.told = None
        self.did_change.emit()

    def mark(self, keys: frozenset[str]) -> None:
        """Mark exactly these receipts."""
        if keys != self.marked:
            self.marked = keys
            self.did_change.emit()

    def turn_mark(self, key: str) -> None:
        """Mark a receipt, or take its mark away."""
        self.mark(self.marked ^ {key})

    def mark_unit_of(self, receipt: Receipt) -> None:
        """Mark every open receipt of a receipt's unit: what is told to a unit is told once."""
        same = (row for row in self._facts.receipts.values() if row.recipient == receipt.recipient)
        self.mark(frozenset(key_of(row) for row in same))


def parted(key: str) -> tuple[int, int]:
    """Return order and place of a receipt's key, `12.3`."""
    order, _, place = key.partition(".")
    return int(order), int(place)


def _version(receipt: Receipt | None) -> int:
    return receipt.version if receipt is not None else 0


def _number(request: SideRequest) -> int:
    return request.number

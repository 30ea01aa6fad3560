"""Orders and receipts as rows: columns to find by, and the whole record packed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update

from chengyun_core.model.order import Order, Receipt, ReceiptState, Step, is_living_order
from chengyun_core.model.receipt_rules import ENDED, heard_at, is_living
from chengyun_core.store.chain_tables import ORDERS, RECEIPTS
from chengyun_core.wire import codec

COUNTER = "order"


@dataclass(frozen=True, slots=True)
class Stored:
    """A receipt on its way to its row."""

    receipt: Receipt
    due_at: int | None
    """Its next deadline, profile ns UTC; None when none runs."""
    change: int
    """Journal number of its last change."""


def get(connection: Connection, number: int) -> Order | None:
    """Return an order, living or ended; None for a number never given."""
    packed = connection.execute(_GET_ORDER, {"which": number}).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Order)


def of_event(connection: Connection, event: int) -> list[Order]:
    """Return every order of an event, oldest first."""
    statement = select(ORDERS.c.record).where(ORDERS.c.event == event).order_by(ORDERS.c.number)
    return [codec.unpack(packed, Order) for packed in connection.execute(statement).scalars()]


def living(connection: Connection) -> list[tuple[Order, int]]:
    """Return the living orders with the journal number of their last change, by number."""
    statement = select(ORDERS.c.record, ORDERS.c.change).where(ORDERS.c.living.is_(True)).order_by(ORDERS.c.number)
    return [(codec.unpack(row.record, Order), row.change) for row in connection.execute(statement)]


def add(connection: Connection, order: Order, change: int) -> None:
    """Write a new order with the journal number of its row."""
    connection.execute(insert(ORDERS).values(_order_row(order, change)))


def replace(connection: Connection, order: Order, change: int) -> None:
    """Write a known order anew."""
    connection.execute(update(ORDERS).where(ORDERS.c.number == order.number).values(_order_row(order, change)))


def receipt(connection: Connection, order: int, place: int) -> Receipt | None:
    """Return one receipt, living or ended; None when there is none."""
    packed = connection.execute(_GET_RECEIPT, {"which": order, "where": place}).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Receipt)


def receipts_of(connection: Connection, order: int) -> list[Receipt]:
    """Return the receipts of an order, by place."""
    return _receipts(connection, _records().where(RECEIPTS.c.order_number == order).order_by(RECEIPTS.c.place))


def living_after(connection: Connection, order: int, place: int, limit: int) -> list[Receipt]:
    """Return the living receipts of an order with a greater place, the lowest places first, at most `limit`."""
    return _receipts(connection, _LIVING_AFTER, {"which": order, "where": place, "most": limit})


def first_under_way(connection: Connection, order: int) -> Receipt | None:
    """Return the receipt with the lowest place that is not open, or was read; None while nobody has looked at any."""
    packed = connection.execute(_FIRST_UNDER_WAY, {"which": order}).scalar_one_or_none()
    return None if packed is None else codec.unpack(packed, Receipt)


def count_ended(connection: Connection, order: int) -> int:
    """Return how many receipts of an order have ended; one that was given back has, whoever has it now."""
    return int(connection.execute(_COUNT_ENDED, {"which": order}).scalar_one())


def numbers_with_living(connection: Connection, event: int) -> frozenset[int]:
    """Return the orders that have a living receipt of an event."""
    where = (RECEIPTS.c.event == event, RECEIPTS.c.living.is_(True))
    return frozenset(connection.execute(select(RECEIPTS.c.order_number).where(*where).distinct()).scalars())


def receipts_of_event(connection: Connection, event: int) -> list[Receipt]:
    """Return the receipts of all orders of an event, by order and place."""
    return _receipts(connection, _records().where(RECEIPTS.c.event == event).order_by(*_BY_KEY))


def living_receipts(connection: Connection) -> list[tuple[Receipt, int]]:
    """Return the living receipts with the journal number of their last change, by order and place."""
    statement = select(RECEIPTS.c.record, RECEIPTS.c.change).where(RECEIPTS.c.living.is_(True)).order_by(*_BY_KEY)
    return [(codec.unpack(row.record, Receipt), row.change) for row in connection.execute(statement)]


def living_rows(connection: Connection) -> Iterator[tuple[str, int, int, bytes]]:
    """Yield (key, version, journal number of the last change, packed record) of the living receipts: as a snapshot
    tells them, thousands at a time, without unpacking one.
    """
    columns = (*_BY_KEY, RECEIPTS.c.version, RECEIPTS.c.change, RECEIPTS.c.record)
    statement = select(*columns).where(RECEIPTS.c.living.is_(True)).order_by(*_BY_KEY)
    for order, place, version, change, record in connection.execute(statement):
        yield f"{order}.{place}", version, change, record


def add_receipts(connection: Connection, receipts: Sequence[Stored]) -> None:
    """Write new receipts."""
    if receipts:
        connection.execute(insert(RECEIPTS), [_receipt_row(stored) for stored in receipts])


def replace_receipt(connection: Connection, stored: Stored) -> None:
    """Write a known receipt anew."""
    row = {f"new_{name}": value for name, value in _receipt_row(stored).items()}
    connection.execute(_REPLACE, {"which": stored.receipt.order, "where": stored.receipt.place, **row})


_BY_KEY = (RECEIPTS.c.order_number, RECEIPTS.c.place)
_THIS = (RECEIPTS.c.order_number == bindparam("which"), RECEIPTS.c.place == bindparam("where"))
# Made once: to put a statement together takes SQLAlchemy longer than the database takes to carry it out, and an order
# to every town is a thousand receipts in one transaction.
_GET_ORDER = select(ORDERS.c.record).where(ORDERS.c.number == bindparam("which"))
_GET_RECEIPT = select(RECEIPTS.c.record).where(*_THIS)
_LIVING_AFTER = (
    select(RECEIPTS.c.record)
    .where(RECEIPTS.c.order_number == bindparam("which"), RECEIPTS.c.place > bindparam("where"), RECEIPTS.c.living)
    .order_by(RECEIPTS.c.place)
    .limit(bindparam("most"))
)
_UNREAD = [step.value for step in (Step.SENT, Step.DELIVERED)]
_FIRST_UNDER_WAY = (
    select(RECEIPTS.c.record)
    .where(RECEIPTS.c.order_number == bindparam("which"))
    .where(or_(RECEIPTS.c.state != ReceiptState.OPEN.value, RECEIPTS.c.step.not_in(_UNREAD)))
    .order_by(RECEIPTS.c.place)
    .limit(1)
)
_COUNT_ENDED = (
    select(func.count())
    .select_from(RECEIPTS)
    .where(RECEIPTS.c.order_number == bindparam("which"), RECEIPTS.c.state.in_(sorted(ENDED)))
)
_REPLACE = (
    update(RECEIPTS).where(*_THIS).values({column.name: bindparam(f"new_{column.name}") for column in RECEIPTS.columns})
)


def _records() -> Select[tuple[bytes]]:
    return select(RECEIPTS.c.record)


def _receipts(
    connection: Connection, statement: Select[tuple[bytes]], values: Mapping[str, object] | None = None
) -> list[Receipt]:  # fmt: skip
    return [codec.unpack(row.record, Receipt) for row in connection.execute(statement, values)]


def _order_row(order: Order, change: int) -> dict[str, object]:
    return {
        "number": order.number, "code": order.code, "event": order.event, "state": order.state.value,
        "living": is_living_order(order), "centre": order.centre, "issued_at": order.issued_at,
        "record": codec.pack(order), "version": order.version, "change": change,
    }  # fmt: skip


def _receipt_row(stored: Stored) -> dict[str, object]:
    held = stored.receipt
    return {
        "order_number": held.order, "place": held.place, "event": held.event, "recipient": held.recipient,
        "step": held.step.value, "state": held.state.value, "living": is_living(held), "due_at": stored.due_at,
        "heard_at": heard_at(held), "record": codec.pack(held), "version": held.version, "change": stored.change,
    }  # fmt: skip

"""Pages of orders and receipts: each a range of one index, continued from the last key told (no OFFSET, no sort)."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from chengyun_core.model.order import Order, Receipt, ReceiptState, Step
from chengyun_core.store.chain_tables import ORDERS, RECEIPTS
from chengyun_core.wire import codec

After = tuple[int, int, int]
"""(time, order, place) of the last receipt told."""
_TIMED = {"due_at": RECEIPTS.c.due_at, "heard_at": RECEIPTS.c.heard_at}


def orders(
    connection: Connection, before: int | None, limit: int, *, living: bool | None, event: int | None, centre: str
) -> list[Order]:  # fmt: skip
    """Return orders newest first, below a number when one is given."""
    where: list[ColumnElement[bool]] = []
    if before is not None:
        where.append(ORDERS.c.number < before)
    if living is not None:
        where.append(ORDERS.c.living.is_(living))
    if event is not None:
        where.append(ORDERS.c.event == event)
    if centre:
        where.append(ORDERS.c.centre == centre)
    statement = select(ORDERS.c.record).where(*where).order_by(ORDERS.c.number.desc()).limit(limit)
    return [codec.unpack(row.record, Order) for row in connection.execute(statement)]


def received(
    connection: Connection, recipient: str, state: ReceiptState | None, after: After | None, limit: int
) -> list[Receipt]:  # fmt: skip
    """Return the receipts of one recipient, newest order first."""
    where = [RECEIPTS.c.recipient == recipient]
    if state is not None:
        where.append(RECEIPTS.c.state == state.value)
    return _newest(connection, where, after, limit)


def returned(connection: Connection, recipient: str, after: After | None, limit: int) -> list[Receipt]:
    """Return the returned receipts that nobody has settled, newest order first; empty recipient: everybody's."""
    where = [RECEIPTS.c.living.is_(True), RECEIPTS.c.state == ReceiptState.RETURNED.value]
    return _newest(connection, where + _of(recipient), after, limit)


def timed(
    connection: Connection, column: str, recipient: str, between: tuple[int, int], after: After | None, limit: int
) -> list[Receipt]:  # fmt: skip
    """Return living receipts whose `due_at` or `heard_at` lies in [from, to), profile ns UTC, the earliest first."""
    at, (from_ns, to_ns) = _TIMED[column], between
    where: list[ColumnElement[bool]] = [RECEIPTS.c.living.is_(True), at >= from_ns, at < to_ns, *_of(recipient)]
    if after is not None:
        time, order, place = after
        same = and_(at == time, or_(RECEIPTS.c.order_number > order, _same_order(order, RECEIPTS.c.place > place)))
        # The first bound says nothing new: it lets the index begin where the page before ended.
        where += [at >= time, or_(at > time, same)]
    statement = select(RECEIPTS.c.record).where(*where).order_by(at, RECEIPTS.c.order_number, RECEIPTS.c.place)
    return [codec.unpack(row.record, Receipt) for row in connection.execute(statement.limit(limit))]


def issued_between(connection: Connection, from_ns: int, to_ns: int) -> tuple[int, int]:
    """Return the first and last number of the orders issued in [from, to); (1, 0) when there is none."""
    where = (ORDERS.c.issued_at >= from_ns, ORDERS.c.issued_at < to_ns)
    row = connection.execute(select(func.min(ORDERS.c.number), func.max(ORDERS.c.number)).where(*where)).one()
    return (1, 0) if row[0] is None else (row[0], row[1])


def of_unit(connection: Connection, recipient: str, numbers: tuple[int, int], limit: int) -> list[Receipt]:
    """Return a recipient's receipts of the orders first … last, newest first."""
    where = [RECEIPTS.c.recipient == recipient, RECEIPTS.c.order_number.between(*numbers)]
    return _newest(connection, where, None, limit)


def count_between(connection: Connection, numbers: tuple[int, int], recipient: str) -> int:
    """Return how many receipts the orders first … last have; empty recipient: everybody's."""
    where = (RECEIPTS.c.order_number.between(*numbers), *_of(recipient))
    statement = select(func.count()).select_from(RECEIPTS).where(*where)
    return int(connection.execute(statement).scalar_one())


def unread(connection: Connection) -> list[tuple[str, Step, int]]:
    """Return (recipient, step, count) of the open receipts that nobody has read."""
    steps = [Step.SENT.value, Step.DELIVERED.value]
    where = (RECEIPTS.c.living.is_(True), RECEIPTS.c.state == ReceiptState.OPEN.value, RECEIPTS.c.step.in_(steps))
    keys = (RECEIPTS.c.recipient, RECEIPTS.c.step)
    counted = select(*keys, func.count().label("count")).where(*where).group_by(*keys).order_by(*keys)
    return [(row.recipient, Step(row.step), int(row[2])) for row in connection.execute(counted)]


def _newest(
    connection: Connection, where: Iterable[ColumnElement[bool]], after: After | None, limit: int
) -> list[Receipt]:  # fmt: skip
    wanted = list(where)
    if after is not None:
        _, order, place = after
        below = or_(RECEIPTS.c.order_number < order, _same_order(order, RECEIPTS.c.place < place))
        wanted += [RECEIPTS.c.order_number <= order, below]
    statement = select(RECEIPTS.c.record).where(*wanted)
    statement = statement.order_by(RECEIPTS.c.order_number.desc(), RECEIPTS.c.place.desc()).limit(limit)
    return [codec.unpack(row.record, Receipt) for row in connection.execute(statement)]


def _same_order(order: int, more: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(RECEIPTS.c.order_number == order, more)


def _of(recipient: str) -> list[ColumnElement[bool]]:
    return [RECEIPTS.c.recipient == recipient] if recipient else []

"""How much every unit carries, and the guard that gives none more than it can (D4)."""

from sqlalchemy import ColumnElement, Connection, and_, func, select

from chengyun_core.centre.desk import Desk
from chengyun_core.centre.work import Work
from chengyun_core.model.failure import Refused
from chengyun_core.model.order import ReceiptState
from chengyun_core.store.chain_tables import RECEIPTS


def load(connection: Connection) -> dict[str, int]:
    """Return recipient → how many open receipts it carries. Suspended ones are nobody's burden until they go on."""
    count = func.count().label("open")
    statement = select(RECEIPTS.c.recipient, count).where(_open()).group_by(RECEIPTS.c.recipient)
    return {row.recipient: row.open for row in connection.execute(statement)}


def load_of(connection: Connection, recipient: str) -> int:
    """Return how many open receipts one recipient carries, those of this very transaction included."""
    statement = select(func.count()).select_from(RECEIPTS).where(RECEIPTS.c.recipient == recipient, _open())
    return int(connection.execute(statement).scalar_one())


def guard(desk: Desk, work: Work, recipient: str, over_capacity_reason: str = "") -> None:
    """Refuse one more receipt for a unit that is full, unless the officer gave a reason in writing.

    Called in the transaction that writes the receipt, before it is written: two officers who fill the last place at
    once are told apart by the database, not by what their screens showed (D4). Posts have no capacity.

    Raises:
        Refused: `unit.full`, with load and capacity.
    """
    unit = desk.city.units.get(recipient)
    if unit is None or over_capacity_reason.strip():
        return
    carried = load_of(work.connection, recipient)
    if carried >= unit.capacity:
        raise Refused("unit.full", unit=unit.code, name=unit.name, load=carried, capacity=unit.capacity)


def _open() -> ColumnElement[bool]:
    return and_(RECEIPTS.c.living.is_(True), RECEIPTS.c.state == ReceiptState.OPEN.value)

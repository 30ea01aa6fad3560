"""The chain at work under the recorder: events opened, rewritten and graded, orders sent and signed, texts indexed."""

import random
from collections.abc import Callable

from sqlalchemy import Connection, select

from chengyun_core.centre import order_sweeps
from chengyun_core.centre.event_indexer import EventIndexer
from chengyun_core.centre.workers import Job, Result
from chengyun_core.model.event import Event
from chengyun_core.model.event_commands import EditEvent, GradeEvent, VerifyEvent, VoidEvent
from chengyun_core.model.order import Order, Receipt, ReceiptState, Role, Sweep
from chengyun_core.model.order_commands import OrderDraft, Recipient, SendOrders
from chengyun_core.model.receipt_commands import SignReceipt
from chengyun_core.store import counters, event_search, event_segments, event_table, order_table
from chengyun_core.store.tables import JOURNAL
from chengyun_core.wire import codec
from tests.core.centre.event_room import GENERAL, LEAD, manual
from tests.core.centre.room import Room

BITS = (2, 3, 4)
"""Blocks of the index small enough that a run of some minutes fills all its levels."""
TOWNS = tuple(f"500103.unit.{place}" for place in range(100, 190))
"""Recipients of an order that is written over several transactions."""
_TALE = "来电人称人行道冒水，交通受阻，请尽快派人处理。" * 12


def set_up(room: Room) -> str:
    """Have the index take small blocks and return the session of who signs for the unit."""
    event_segments.LEVEL_BITS = BITS
    return room.officer("unit", "500103.unit.1", seat="A-02")


def indexer(room: Room) -> EventIndexer:
    """Return what keeps the index, its worker done at once."""

    def undertake(job: Job, then: Callable[[Result], None]) -> bool:
        then(Result(0, value=job()))
        return True

    return EventIndexer(room.ledger, undertake)


def deed(room: Room, officer: str, unit: str, chance: random.Random) -> tuple[object, str]:
    """Return a command the chain allows now, and the session of who gives it."""
    events = sorted(room.desk.events.values(), key=lambda event: event.number)
    if not events or chance.random() < 0.3:
        return manual(title=f"第{chance.randrange(1000)}次爆管", narrative=_TALE), officer
    event = chance.choice(events)
    with room.ledger.reading() as connection:
        open_ones = (one for one, _ in order_table.living_receipts(connection))
        unsigned = [one for one in open_ones if one.state is ReceiptState.OPEN and one.recipient == LEAD]
    if unsigned and chance.random() < 0.5:
        receipt = chance.choice(unsigned)
        return SignReceipt(order=receipt.order, place=receipt.place, version=receipt.version), unit
    people = TOWNS if chance.random() < 0.12 else ()
    recipients = (Recipient(code=LEAD, role=Role.LEAD), *(Recipient(code=code) for code in people))
    draft = OrderDraft(event=event.number, title="立即到场", text=_TALE, centre="500103", recipients=recipients)
    return chance.choice((
        EditEvent(event=event.number, version=event.version, title=f"第{chance.randrange(1000)}次停水"),
        VerifyEvent(event=event.number, version=event.version),
        GradeEvent(event=event.number, version=event.version, factors=GENERAL),
        SendOrders(drafts=(draft,)),
        SendOrders(drafts=(draft,)),
        VoidEvent(event=event.number, version=event.version, reason="误报"),
    )), officer  # fmt: skip


def go_on(room: Room) -> None:
    """Write some more of an order that was begun, as the loop does between requests."""
    order_sweeps.tend(room.desk, room.ledger)


def half_done(connection: Connection) -> list[str]:
    """Return where events, orders and receipts differ from the journal, or the search from the texts."""
    events, orders, receipts = (_last(connection, kind, record) for kind, record in _RECORDS)
    broken = [f"event and journal differ: {key}" for key, one in events.items() if _event(connection, key) != one]
    broken += [f"order and journal differ: {key}" for key, one in orders.items() if _order(connection, key) != one]
    broken += [
        f"receipt and journal differ: {key}" for key, one in receipts.items() if _receipt(connection, key) != one
    ]
    broken += [f"order has not the receipts it says: {key}" for key in orders if not _is_complete(connection, key)]
    if counters.last(connection, event_table.COUNTER) != len(events):
        broken.append("counter of events differs from the journal")
    return broken + _unfound(connection)


_RECORDS: tuple[tuple[str, type], ...] = (("event", Event), ("order", Order), ("receipt", Receipt))


def _last(connection: Connection, kind: str, record: type) -> dict[str, object]:
    columns = select(JOURNAL.c.key, JOURNAL.c.record).where(JOURNAL.c.kind == kind).order_by(JOURNAL.c.number)
    return {row.key: codec.unpack(row.record, record) for row in connection.execute(columns) if row.record}


def _event(connection: Connection, key: str) -> Event | None:
    return event_table.get(connection, int(key))


def _order(connection: Connection, key: str) -> Order | None:
    return order_table.get(connection, int(key))


def _receipt(connection: Connection, key: str) -> Receipt | None:
    order, _, place = key.partition(".")
    return order_table.receipt(connection, int(order), int(place))


def _is_complete(connection: Connection, key: str) -> bool:
    """Every recipient has his receipt, or is one of those the order still has to reach (0256)."""
    order = _order(connection, key)
    if order is None:
        return False
    there = len(order_table.receipts_of(connection, order.number))
    return there == (order.swept if order.sweeping is Sweep.ADDRESS else order.recipients)


def _unfound(connection: Connection) -> list[str]:
    """The index is written in transactions of its own: whatever is left of it, the search is exact."""
    event_segments.LEVEL_BITS = BITS
    last = counters.last(connection, event_table.COUNTER)
    texts = {number: text for number, _, text in event_segments.texts(connection, 0, last + 1)}
    for word in ("爆管", "停水", "第7"):
        page = event_search.search(connection, [word], {}, above=0, below=last + 1, limit=last + 1)
        found = [codec.unpack(record, Event).number for record in page.records]
        if found != [number for number in sorted(texts, reverse=True) if word in texts[number]]:
            return [f"search and texts differ: {word}"]
    return []
